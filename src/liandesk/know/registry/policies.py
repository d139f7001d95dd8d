"""Who sees which organisation."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OWN = Rows("id", ScopeKind.ORGANISATION)

ORGANISATION = declare(
    Resource(
        "organisation",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: _OWN,
                Role.HOSPITAL: _OWN,
            }
        },
    )
)
