"""What is counted of cases: those within their time, those that an office ended in time, when, and by which end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from django.utils.timezone import localdate

from liandesk.base import metrics
from liandesk.base.clock import today
from liandesk.base.metrics import By, Metric, Row
from liandesk.base.work.columns import zone
from liandesk.base.work.models import Case, Party
from liandesk.base.work.queries import as_event, process_of, replayed
from liankit.process import ClockState, Process, read_clocks
from liankit.process.state import State

_A_YEAR = timedelta(365)


def register() -> None:
    metrics.register("cases_on_time", cases_on_time)
    metrics.register("ended_on_time", ended_on_time)
    metrics.register("days_in_hand", days_in_hand)
    metrics.register("ended_as", ended_as)


def cases_on_time(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the open cases with a clock (of these processes, or of all) that is not overdue.

    Known of today alone: when a clock ran out is computed, not kept. Cases are of no one town or office.
    """
    if day != today() or by != "none":
        return metrics.unknown() if by == "none" else []
    due = Case.objects.filter(ended_at=None, due__isnull=False)
    rows = (due.filter(process__in=of) if of else due).order_by("pk")
    return metrics.tally((_row(one, day) for one in rows), by, is_share=True)


def _row(one: Case, day: date) -> Row:
    assert one.due is not None  # that is how they were chosen
    return Row(str(one.pk), "", one.due >= day, min(day, localdate(one.changed_at)), one.is_synthetic)


def ended_as(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the cases that ended by a day with one of these outcomes ("process.outcome").

    Unknown before any case of the processes was opened. Cases are of no one town or office. Restricted ones are left
    out: nobody could look at what was counted.
    """
    opened = Case.objects.filter(process__in={name.partition(".")[0] for name in of}, opened_at__date__lte=day)
    rows = [_ended_row(one, day, of) for one in opened.filter(is_restricted=False).order_by("pk")]
    if by != "none":
        return []
    return metrics.tally(rows, by) if rows else metrics.unknown()


def _ended_row(one: Case, day: date, of: Sequence[str]) -> Row:
    ended = localdate(one.ended_at) if one.ended_at else None
    holds = ended is not None and ended <= day and f"{one.process}.{one.outcome}" in of
    return Row(str(one.pk), "", holds, ended if holds else None, one.is_synthetic)


@dataclass(frozen=True)
class _Ended:
    """A case that ended, by the role whose work is looked at: its holder, its process, what its log gives."""

    case: Case
    holder: Party
    process: Process
    state: State

    @property
    def ended_on(self) -> date:
        assert self.case.ended_at is not None  # that is how it was chosen
        return localdate(self.case.ended_at)

    @property
    def stages(self) -> frozenset[str]:
        """Return the stages in which it was the role's turn."""
        return frozenset(stage.key for stage in self.process.stages if stage.lead == self.holder.role)

    def place(self, by: By) -> str:
        return self.holder.scope_id if self.holder.scope_kind == by else ""


def ended_on_time(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the cases ended within the year up to a day in which a role ("process.role") was in time.

    In time: each clock of a stage of its own that had a last day was stopped by then. Where none had one, the case is
    left out: nobody was promised a day.
    """
    told = ((one, _was_on_time(one)) for one in _ended(day, of))
    return metrics.tally((_counted(one, by, held) for one, held in told if held is not None), by, is_share=True)


def _was_on_time(one: _Ended) -> bool | None:
    own = {f"enter {stage}" for stage in one.stages}
    read = read_clocks(one.process, one.state, one.ended_on, zone())
    stopped = [clock.state for clock in read if clock.clock.starts in own]
    timed = [state for state in stopped if state in (ClockState.MET, ClockState.LATE)]
    return ClockState.LATE not in timed if timed else None


def days_in_hand(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the mean of the days that a role ("process.role") had a case, of those ended within the year.

    From the first stage of its own to the end of the last one, in days of the calendar.
    """
    places: dict[str, list[tuple[_Ended, float]]] = {}
    for one in _ended(day, of):
        days, place = _days(one), one.place(by)
        if days is not None and (place or by == "none"):
            places.setdefault(f"{by}:{place}" if place else "", []).append((one, days))
    return [_mean(scope, found) for scope, found in sorted(places.items())]


def _days(one: _Ended) -> float | None:
    own = [visit for visit in one.state.visits if visit.stage in one.stages]
    last = max((visit.left for visit in own if visit.left), default=None)
    return None if last is None else _between(min(visit.entered for visit in own), last)


def _between(first: datetime, last: datetime) -> float:
    return float((localdate(last) - localdate(first)).days)


def _mean(scope: str, found: Sequence[tuple[_Ended, float]]) -> Metric:
    rows = [_counted(one, "none", True) for one, _days in found]
    counted = metrics.tally(rows, "none")[0]
    mean = fmean(days for _one, days in found)
    return Metric(scope, mean, counted.evidence_on, counted.ids, counted.is_synthetic)


def _counted(one: _Ended, by: By, holds: bool) -> Row:
    return Row(str(one.case.pk), one.place(by), holds, one.ended_on, one.case.is_synthetic)


def _ended(day: date, of: Sequence[str]) -> Iterator[_Ended]:
    """Yield the cases ended within the year up to a day, with who held the role; replayed, as clocks are not kept.

    Restricted cases are left out: nobody could look at what was counted.
    """
    for name in of:
        process, _dot, role = name.partition(".")
        parts = Party.objects.filter(role=role, case__process=process, case__is_restricted=False)
        within = parts.filter(case__ended_at__date__lte=day, case__ended_at__date__gt=day - _A_YEAR)
        held = within.select_related("case__definition").prefetch_related("case__events")
        for part in held.order_by("case", "pk"):
            events = [as_event(row) for row in sorted(part.case.events.all(), key=lambda row: row.number)]
            yield _Ended(part.case, part, process_of(part.case.definition), replayed(part.case, events))
