"""Who sees the start-up of trials: the district all, an office those it follows, a site and a sponsor their own."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_ENTERING = (Role.CHAIN_OFFICE, Role.OFFICER, Role.ENTERPRISE, Role.HOSPITAL)

STARTUP = declare(
    Resource(
        "startup",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.OFFICER: Rows("office", ScopeKind.OFFICE),
                Role.ENTERPRISE: Rows("sponsor", ScopeKind.ORGANISATION),
                Role.HOSPITAL: Rows("site", ScopeKind.ORGANISATION),
            },
            "enter": dict.fromkeys(_ENTERING, ALL),  # by a sheet; each row asks the rights of its case
            "convene": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL},  # a joint session with reviewers
        },
    )
)
