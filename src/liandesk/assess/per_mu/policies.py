"""Who sees how land is judged by its yield: the district all, a town its own enterprises, an enterprise itself."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

PER_MU = declare(
    Resource(
        "per_mu",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("id", ScopeKind.ORGANISATION),
            },
            "weigh": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # other weights, who moves, who is at an edge
            "land": {Role.CHAIN_OFFICE: ALL},  # take over what the per-mu office published
        },
    )
)
