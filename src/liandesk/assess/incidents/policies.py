"""Who opens and sees incident rooms: the chain office and the offices of the room.

A room tells of many enterprises at once, so no enterprise sees it: it sees the messages to itself, each a case of its
own. Lessons stand on the entries' pages for officials.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OF_THE_ROOM = Rows("case__parties__scope_id", ScopeKind.OFFICE)

INCIDENT = declare(
    Resource(
        "incident",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.OFFICER: _OF_THE_ROOM},
            "open": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL},
            # trace anew, give tasks, state why none is needed, write and send messages
            "work": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: _OF_THE_ROOM},
        },
    )
)

LESSON = declare(
    Resource(
        "lesson",
        {"read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL, Role.OFFICER: ALL}},
    )
)
"""What a room left behind, on the pages of the entries that its reader sees, and in the search."""
