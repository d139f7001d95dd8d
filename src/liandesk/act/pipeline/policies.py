"""Who sees projects: the district all, an office those it coordinates, a town those it hosts or has a share of."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

PROJECT = declare(
    Resource(
        "project",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: Rows("office", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN, among="credited"),
            },
        },
    )
)
"""A lead is opened and led on as a case; what happens to it is the right of the roles held there."""
