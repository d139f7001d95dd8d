"""A case laid out for its page: the line of stages, who is waited for, the history with its corrections visible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.utils.dateparse import parse_datetime

from liandesk.base.work.models import CaseEvent, Party
from liandesk.base.work.queries import Opened, as_event
from liandesk.base.work.wording import answer, said
from liandesk.base.work.writers import turn_of, writers
from liankit.process import NextAction, Process, State
from liankit.process.state import EventKind


@dataclass(frozen=True)
class StagePoint:
    """One stage of the line; ``is_near``: the one before or after where the case is, which a phone shows too."""

    title: str
    place: Literal["passed", "current", "ahead"]
    since: datetime | None = None
    is_near: bool = False


def stage_line(process: Process, state: State) -> list[StagePoint]:
    """Return the stages in the order of the definition; of the ends only one that was reached."""
    shown = [stage for stage in process.stages if stage.outcome is None or stage.key in state.active]
    current = [place for place, stage in enumerate(shown) if stage.key in state.active]
    visited = {visit.stage for visit in state.visits}
    since = {visit.stage: visit.entered for visit in state.visits if visit.left is None}
    return [
        StagePoint(
            said(stage.title),
            "current" if stage.key in state.active else "passed" if stage.key in visited else "ahead",
            since.get(stage.key),
            any(abs(place - at) <= 1 for at in current),
        )
        for place, stage in enumerate(shown)
    ]


def in_order(steps: Iterable[NextAction]) -> list[NextAction]:
    """Return steps as they are offered: what can be done now first, then what still lacks something."""
    return sorted(steps, key=lambda step: not (step.is_open or step.proposal))


@dataclass(frozen=True)
class Wait:
    """Steps that are others' to take: by which role, who holds it, which steps."""

    role: str
    holders: tuple[Party, ...]
    steps: tuple[str, ...]


def waits(opened: Opened) -> list[Wait]:
    """Return whom the case waits for beside the viewer, by role in the order of the steps."""
    by_role: dict[str, list[NextAction]] = {}
    for action in opened.actions:
        if not action.is_for(opened.roles):
            for role in action.roles:
                by_role.setdefault(role, []).append(action)
    return [
        Wait(
            role,
            tuple(party for party in opened.parties if party.role == role),
            tuple(dict.fromkeys(said(action.transition.title) for action in actions)),
        )
        for role, actions in by_role.items()
    ]


@dataclass(frozen=True)
class Change:
    """What a correction put in place of what: ``key`` is a field, or empty for the time of the event."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Correction:
    """One correction of an entry: who said it when (its row) and what it changed."""

    row: CaseEvent
    changes: tuple[Change, ...]


@dataclass
class Entry:
    """One entry of the history as it holds now, with each correction it had."""

    row: CaseEvent
    at: datetime
    data: dict[str, Any]
    corrections: list[Correction] = field(default_factory=list)


def history(rows: Iterable[CaseEvent]) -> list[Entry]:
    """Return the entries of a log in the order of their entry; corrections stand with what they correct."""
    found: dict[int, Entry] = {}
    for row in rows:
        if row.kind != "correct":
            found[row.number] = Entry(row, row.at, dict(row.data))
        elif entry := found.get(int(row.name)):
            _correct(entry, row)
    return list(found.values())


def last_answers(opened: Opened) -> list[tuple[str, str]]:
    """Return what the latest step answered, each with its question: what the next to act wants to read."""
    known = opened.process.fields
    told = next((entry for entry in reversed(history(opened.events)) if set(entry.data) & set(known)), None)
    given = told.data.items() if told else ()
    return [(said(known[key].title), answer(known[key], value)) for key, value in given if key in known and value]


def may_write(opened: Opened, kind: EventKind, name: str = "") -> bool:
    """Say whether the viewer's roles may write an event of a kind in a running case."""
    by = writers(opened.process, kind, name, turn_of(opened.actions))
    return not opened.state.ended and not opened.roles.isdisjoint(by)


def may_correct(opened: Opened, entry: Entry) -> bool:
    """Say whether the viewer's roles may write such an entry, and so correct it."""
    return may_write(opened, as_event(entry.row).kind, entry.row.name)


def _correct(entry: Entry, row: CaseEvent) -> None:
    answers: Mapping[str, Any] = row.data.get("data", {})
    changes = [Change(key, entry.data.get(key), new) for key, new in answers.items()]
    entry.data.update(answers)
    if at := parse_datetime(row.data.get("at") or ""):
        changes.insert(0, Change("", entry.at, at))
        entry.at = at
    entry.corrections.append(Correction(row, tuple(changes)))
