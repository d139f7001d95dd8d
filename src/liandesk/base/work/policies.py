"""Who sees and opens cases. What somebody may do in a case follows from the roles they hold in it."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OF_ORGANISATION = Rows("parties__scope_id", ScopeKind.ORGANISATION)

CASE = declare(
    Resource(
        "case",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.OFFICER: Rows("parties__scope_id", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("parties__scope_id", ScopeKind.TOWN),
                Role.ENTERPRISE: _OF_ORGANISATION,
                Role.HOSPITAL: _OF_ORGANISATION,
            },
            "open": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL},
        },
    )
)
