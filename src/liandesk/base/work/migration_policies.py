"""Who takes running cases over to another version: whoever may publish definitions."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role

_MAY: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL}

MIGRATION = declare(Resource("case_migration", {"read": _MAY, "apply": _MAY}))
