"""What follows from an event of a case in other apps: each process key has the effects that apps register.

An effect runs in the transaction of the event, after the event and the columns are written: what it raises undoes all
of it. It is given the case, the event, the state after it, and who acts.
"""

from __future__ import annotations

from collections.abc import Callable

from liandesk.base.accounts.roles import Viewer
from liandesk.base.work.models import Case
from liankit.process import Event, State

Effect = Callable[[Case, Event, State, Viewer], None]

EFFECTS: dict[str, list[Effect]] = {}
"""By key of the process; an app registers its own in ``ready()``."""


def run_effects(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Run what apps registered for the process of a case."""
    for effect in EFFECTS.get(case.process, ()):
        effect(case, event, state, by)


def held_by(state: State, role: str) -> str:
    """Return the id of the one scope that holds a role; empty where nobody does."""
    return next((holder.partition(":")[2] for holder in state.holders.get(role, ())), "")
