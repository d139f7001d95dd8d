"""Who sees the listing library: the district all, a town its own enterprises, an enterprise its own line.

Whom the office thinks of as a target of a merger is nothing that the enterprise, or its town, is shown.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_MERGER = frozenset({"merger", "merger_reason"})

LISTING = declare(
    Resource(
        "listing",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
            },
            "keep": {Role.CHAIN_OFFICE: ALL},  # the state of the coaching, the mark for mergers
            "confirm": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # as the second person
        },
        hidden={Role.TOWN_OFFICER: _MERGER, Role.ENTERPRISE: _MERGER},
    )
)

OUTLOOK = declare(
    Resource(
        "listing_outlook",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "count": {Role.CHAIN_OFFICE: ALL},
        },
    )
)
