"""The computed columns of a case and the rows of its parties: what its log gives, written with each event.

Lists, the inbox and boards read these columns and replay nothing; ``liandesk doctor`` recomputes a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from liandesk.base.clock import today
from liandesk.base.work.models import Case, Party, Stay
from liankit import calendars
from liankit.process import Process, Reading, State, next_actions, read_clocks


def zone() -> ZoneInfo:
    """Return the time zone in which days are counted."""
    return ZoneInfo(settings.TIME_ZONE)


def columns_of(process: Process, state: State) -> dict[str, object]:
    """Return the computed columns of a case by name; they follow from its state alone, not from the day."""
    due = None if state.ended else _earliest(read_clocks(process, state, today(), zone()))
    standing = (visit.entered for visit in state.visits if visit.left is None)
    return {
        "stages": list(state.active),
        "opened_at": state.opened,
        "entered_at": max(standing, default=state.opened),
        "ended_at": state.ended,
        "outcome": state.outcome,
        "reason": state.reason,
        "due": due.due if due else None,
        "due_clock": due.clock.key if due else "",
        "warn_from": _warns_from(due) if due else None,
        "is_paused": state.is_paused and not state.ended,
    }


def _earliest(readings: tuple[Reading, ...]) -> Reading | None:
    running = [reading for reading in readings if reading.due and not reading.stopped]
    return min(running, key=lambda reading: reading.due or date.max, default=None)


def _warns_from(reading: Reading) -> date | None:
    """Return the first day on which a clock warns: as many of its days are left as it warns before."""
    if reading.due is None or not reading.clock.warn:
        return None
    day = reading.due
    count = calendars.working_days if reading.clock.unit == "working_days" else calendars.calendar_days
    while count(day - timedelta(1), reading.due).days <= reading.clock.warn:
        day -= timedelta(1)
    return day


@dataclass(frozen=True)
class Part:
    """One row of parties as the log gives it; ``barred`` are persons who may take none of the open steps."""

    role: str
    scope_kind: str
    scope_id: str
    is_open: bool
    acts: bool
    barred: str = ""


def parts_of(process: Process, state: State) -> frozenset[Part]:
    """Return who holds which role, and whether the role has a step it can take or a proposal to answer."""
    actions = [action for action in next_actions(process, state) if action.is_open or action.proposal]
    found = set()
    for role, holders in state.holders.items():
        own = [action for action in actions if action.is_for([role])]
        barred = frozenset[str].intersection(*(action.barred for action in own)) if own else frozenset()
        named = f"|{'|'.join(sorted(barred))}|" if barred else ""
        for holder in holders:
            kind, _, scope_id = holder.partition(":")
            found.add(Part(role, kind, scope_id, state.ended is None, bool(own), named))
    return frozenset(found)


@dataclass(frozen=True)
class Stayed:
    """One row of stays as the log gives it."""

    number: int
    stage: str
    entered_at: datetime
    left_at: datetime | None
    step: str


def stays_of(state: State) -> list[Stayed]:
    """Return the stays of a case in their order, with those in which it stands, or in which it ended."""
    return [Stayed(n, v.stage, v.entered, v.left, v.step) for n, v in enumerate(state.visits, start=1)]


def write_columns(case: Case, process: Process, state: State) -> None:
    """Write the columns of a case and the rows of its parties and stages; only rows that changed are touched."""
    for name, value in columns_of(process, state).items():
        setattr(case, name, value)
    case.save()
    _write_parts(case, parts_of(process, state))
    _write_stays(case, stays_of(state))


def _write_parts(case: Case, wanted: frozenset[Part]) -> None:
    standing = {as_part(row): row for row in case.parties.all()}
    Party.objects.filter(pk__in=[row.pk for part, row in standing.items() if part not in wanted]).delete()
    Party.objects.bulk_create(Party(case=case, **vars(part)) for part in sorted(wanted - set(standing), key=_order))


def _write_stays(case: Case, wanted: list[Stayed]) -> None:
    standing = {as_stayed(row): row.pk for row in case.stays.all()}
    case.stays.filter(pk__in=[pk for stayed, pk in standing.items() if stayed not in wanted]).delete()
    new = [stayed for stayed in wanted if stayed not in standing]
    Stay.objects.bulk_create(Stay(case=case, process=case.process, **vars(stayed)) for stayed in new)


def as_stayed(row: Stay) -> Stayed:
    """Return a row of stays as the log would give it."""
    return Stayed(row.number, row.stage, row.entered_at, row.left_at, row.step)


def as_part(row: Party) -> Part:
    """Return a row of parties as the log would give it."""
    return Part(row.role, row.scope_kind, row.scope_id, row.is_open, row.acts, row.barred)


def _order(part: Part) -> tuple[str, str, str]:
    return part.role, part.scope_kind, part.scope_id
