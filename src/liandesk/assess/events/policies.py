"""Who enters disruptions and who says how likely they are. They name suppliers: no enterprise sees them."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_LOOKS: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}

EVENT = declare(
    Resource(
        "event",
        {
            "read": {**_LOOKS, Role.OFFICER: ALL},
            "enter": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL},
            # confirm, match, end, take back
            "change": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: Rows("office", ScopeKind.OFFICE)},
        },
    )
)

FORECAST = declare(
    Resource(
        "forecast",
        {
            "read": {
                **_LOOKS,
                Role.OFFICER: Rows("owner_office", ScopeKind.OFFICE, among="with_offices"),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
            },
            "try": {Role.CHAIN_OFFICE: ALL},  # the model on earlier days
            # an office's own number beside the model's, on an entry it sees
            "make": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: Rows("owner_office", ScopeKind.OFFICE)},
        },
    )
)
