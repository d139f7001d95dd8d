"""Who sees what an organisation's failure would bring down: it tells of others' output."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

SCORE = declare(Resource("cascade_score", {"read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}}))
