"""Who sees deals: the district all, an office those it leads, a town its own, an enterprise or hospital those it makes.

Of a restricted deal nobody but the persons named in it sees anything, whatever their role.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OWN = Rows("organisation", ScopeKind.ORGANISATION)

DEAL = declare(
    Resource(
        "deal",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: Rows("office", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: _OWN,
                Role.HOSPITAL: _OWN,
            },
            # take a copy of who is named in a restricted deal, for those whom it names
            "copy_insiders": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
        },
    )
)
