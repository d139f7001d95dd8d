"""Who asks what would happen, and who sees which part of the answer.

The answer tells of many enterprises at once: an enterprise sees none of it. A town sees, as on the risk list, the rows
of its own enterprises; who fails, by whom it came and the note stay with the offices.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_ALL_SEEN: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}

WHAT_IF = declare(
    Resource(
        "what_if",
        {
            "read": dict(_ALL_SEEN),  # who fails, the note, the picture
            "ask": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # and cancel
        },
    )
)

WHAT_IF_HIT = declare(
    Resource(
        "what_if_hit",
        {"read": {**_ALL_SEEN, Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN)}},
        hidden={Role.TOWN_OFFICER: frozenset({"before_line", "before_owner", "before_name", "origin_name"})},
    )
)
"""What a what-if does to an enterprise's product, and the title under which it was asked."""
