"""Clocks of a case, computed from its events: when they started, when they are due, what is left.

A period is counted in the days of the district's time zone from the day after the moment it starts. Days on which the
case is paused for a reason that stops the clock do not count: the day of the pause still counts, the day of the
resumption does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from liankit import calendars
from liankit.process.definition import Clock, Process, Unit
from liankit.process.state import Pause, State


class ClockState(StrEnum):
    """How a clock stands; ``unset`` has no period yet (待核定)."""

    WAITING = "waiting"  # not started
    RUNNING = "running"
    WARNING = "warning"  # as many days are left as it warns before, or fewer
    BREACHED = "breached"  # running, and the last day has passed
    PAUSED = "paused"
    MET = "met"  # stopped in time
    LATE = "late"  # stopped after the last day
    UNSET = "unset"


@dataclass(frozen=True)
class Reading:
    """One clock read on one day. ``used`` and ``left`` are in its unit; ``left`` is negative when it is over.

    ``due`` is None while it has not started, is paused, or has no period. Not ``is_published``: a year is touched whose
    working days are not published, so the days are preliminary.
    """

    clock: Clock
    state: ClockState
    started: date | None = None
    stopped: date | None = None
    due: date | None = None
    used: int | None = None
    left: int | None = None
    is_published: bool = True


def read_clocks(process: Process, state: State, today: date, zone: tzinfo) -> tuple[Reading, ...]:
    """Return every clock of the process as it stands at the end of a day; of several runs, the last."""
    return tuple(_read(clock, state, today, zone) for clock in process.clocks)


def _read(clock: Clock, state: State, today: date, zone: tzinfo) -> Reading:
    started = _last(_moments(clock.starts, state))
    if started is None:
        return Reading(clock, ClockState.WAITING)
    stopped = min((moment for moment in _moments(clock.stops, state) if moment >= started), default=None)
    first = started.astimezone(zone).date()
    last = stopped.astimezone(zone).date() if stopped else None
    if clock.until:
        return _until(clock, first, last, today, state.fields.get(clock.until))
    if clock.days is None:
        return Reading(clock, ClockState.UNSET, first, last)
    return _counted(clock, first, last, today, _stops(clock, state.pauses, zone))


def _until(clock: Clock, first: date, last: date | None, today: date, said: object) -> Reading:
    """Read a clock whose last day is the date in a field; without a date it is unset."""
    if not said:
        return Reading(clock, ClockState.UNSET, first, last)
    due, until = date.fromisoformat(str(said)), last or max(today, first)
    ahead, over = _days(clock.unit, until, due), _days(clock.unit, due, until)
    left = ahead.days - over.days
    state = _state(clock, left, due, until, last)
    return Reading(clock, state, first, last, due, None, left, ahead.is_published and over.is_published)


def _counted(
    clock: Clock, first: date, last: date | None, today: date, stops: list[tuple[date, date | None]]
) -> Reading:
    assert clock.days is not None
    until = last or max(today, first)
    used, is_known = _used(clock.unit, first, until, stops)
    left = clock.days - used
    paused = last is None and any(since <= until and (end is None or end > until) for since, end in stops)
    if paused:
        return Reading(clock, ClockState.PAUSED, first, None, None, used, left, is_known)
    due, due_is_known = _due(clock, first, [(since, end or until) for since, end in stops])
    state = _state(clock, left, due, until, last)
    return Reading(clock, state, first, last, due, used, left, is_known and due_is_known)


def _state(clock: Clock, left: int, due: date, until: date, last: date | None) -> ClockState:
    """Return how a clock stands on a day, or stood when it stopped; a rest day after the last day is too late too."""
    if last:
        return ClockState.MET if until <= due else ClockState.LATE
    if until > due:
        return ClockState.BREACHED
    return ClockState.WARNING if left <= clock.warn else ClockState.RUNNING


def _used(unit: Unit, first: date, until: date, stops: Iterable[tuple[date, date | None]]) -> tuple[int, bool]:
    """Count the days after ``first`` up to ``until``, without those on which the clock stood."""
    whole = _days(unit, first, until)
    stood = [_days(unit, max(since, first), min(end or until, until)) for since, end in stops if since < until]
    return whole.days - sum(part.days for part in stood), whole.is_published


def _due(clock: Clock, first: date, stops: Iterable[tuple[date, date]]) -> tuple[date, bool]:
    """Return the last day: the period, prolonged by each stop that began before it was over."""
    assert clock.days is not None
    add = calendars.add_working_days if clock.unit == "working_days" else calendars.add_days
    length, due = clock.days, add(first, clock.days)
    for since, end in stops:
        if since < due.on:
            length += _days(clock.unit, max(since, first), end).days
            due = add(first, length)
    return due.on, due.is_published


def _days(unit: Unit, after: date, until: date) -> calendars.Used:
    count = calendars.working_days if unit == "working_days" else calendars.calendar_days
    return count(after, until)


def _stops(clock: Clock, pauses: Iterable[Pause], zone: tzinfo) -> list[tuple[date, date | None]]:
    """Return from which day to which the clock stood: the day of the pause still counted, that of the end does not."""
    own = (pause for pause in pauses if pause.reason in clock.paused_by)
    return [(p.since.astimezone(zone).date(), p.until.astimezone(zone).date() if p.until else None) for p in own]


def _moments(moment: str, state: State) -> list[datetime]:
    word, _, name = moment.partition(" ")
    if word == "open":
        return [state.opened] if state.opened else []
    if word == "end":
        return [state.ended] if state.ended else []
    if word == "do":
        return [step.at for step in state.taken if step.transition == name]
    visits = [visit for visit in state.visits if visit.stage == name]
    return [visit.entered for visit in visits] if word == "enter" else [visit.left for visit in visits if visit.left]


def _last(moments: list[datetime]) -> datetime | None:
    return max(moments, default=None)
