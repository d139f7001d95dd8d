"""Who sees how an organisation stands under the rules: whoever may open the organisation itself."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

GRADE = declare(
    Resource(
        "grade",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("id", ScopeKind.ORGANISATION),
            },
            "compare": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # grade everybody by another law
        },
    )
)
