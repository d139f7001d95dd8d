"""Who chases overdue cases. What is said around a case is for whoever sees the case."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

CHASE = declare(Resource("chase", {"send": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL}}))
