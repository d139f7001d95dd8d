"""Which roles of a case may write an event.

A step is its roles'; evidence anybody's in the case; an answer filled in or a pause is for those whose turn it is; a
role is handed over by them or by its holder; an entry is corrected by whoever may write such an entry.
"""

from __future__ import annotations

from collections.abc import Iterable

from liankit.process import NextAction, Process
from liankit.process.state import EventKind


def turn_of(actions: Iterable[NextAction]) -> frozenset[str]:
    """Return the roles whose turn it is: those of the next actions."""
    return frozenset(role for action in actions for role in action.roles)


def writers(process: Process, kind: EventKind, name: str, turn: frozenset[str]) -> frozenset[str]:
    """Return the roles that may write an event other than a correction; ``turn`` is that of :func:`turn_of`."""
    transition = process.transition(name)
    if kind == "do" and transition:
        return frozenset(process.roles_of(transition))
    if kind in ("approve", "refuse") and transition and transition.approval:
        return frozenset({transition.approval.role})
    if kind == "open":
        return frozenset(process.opens_as)
    if kind in ("fill", "pause", "resume"):
        return turn
    return turn | {name} if kind == "assign" else frozenset(role.key for role in process.roles)
