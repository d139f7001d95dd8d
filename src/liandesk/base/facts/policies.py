"""Who may see and add facts."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

FACT = declare(
    Resource(
        "fact",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
                Role.HOSPITAL: Rows("organisation", ScopeKind.ORGANISATION),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
            },
            "state": {
                Role.CHAIN_OFFICE: ALL,
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
                Role.HOSPITAL: Rows("organisation", ScopeKind.ORGANISATION),
            },
        },
    )
)

LANDING = declare(
    Resource(
        "landing",
        {
            "read": {Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL, Role.OPERATOR: ALL},
            "load": {Role.CHAIN_OFFICE: ALL, Role.OPERATOR: ALL},
            "withdraw": {Role.CHAIN_OFFICE: ALL, Role.OPERATOR: ALL},
        },
    )
)
