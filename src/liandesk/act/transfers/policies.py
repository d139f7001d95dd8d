"""Who sees transfers: the district all, an office those it keeps, a town its own, each side those it has a part in."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_SIDES = Rows("supply", ScopeKind.ORGANISATION, among="organisations")

TRANSFER = declare(
    Resource(
        "transfer",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: Rows("office", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: _SIDES,
                Role.HOSPITAL: _SIDES,
            },
            "count": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},  # see the district's number
        },
    )
)
"""A transfer is opened and led on as a case; what happens to it is the right of the roles held there."""
