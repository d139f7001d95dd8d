"""What was reported on rows, out of the logs of their cases: one read for many rows, corrections counted in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from liandesk.base.work.models import CaseEvent
from liandesk.base.work.queries import as_event
from liankit.process import Event
from liankit.process.state import corrected

TEXTS = ("period", "action", "completion", "problem", "next_step")
"""What a report says in words; the names are those of the form of the process."""


@dataclass(frozen=True)
class Report:
    """One report in the columns officers use; ``period`` is a quarter, as "2024Q3". A value of None was not given."""

    number: int  # of the event in its case
    period: str
    action: str
    completion: str
    value: float | None
    problem: str
    next_step: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Told:
    """What the log of one row's case says: its reports, the oldest first, and how many pieces of evidence it has."""

    reports: tuple[Report, ...] = ()
    proofs: int = 0

    @property
    def last(self) -> Report | None:
        return self.reports[-1] if self.reports else None

    @property
    def value(self) -> float | None:
        """The last value that was given."""
        return next((one.value for one in reversed(self.reports) if one.value is not None), None)

    def of(self, period: str) -> Report | None:
        """Return the last report of a period."""
        return next((one for one in reversed(self.reports) if one.period == period), None)


def told_of(cases: Iterable[int]) -> dict[int, Told]:
    """Return what the logs of cases say, by case; the caller has checked that they may be read."""
    logs: dict[int, list[Event]] = {}
    wanted = CaseEvent.objects.filter(case__in=list(cases), kind__in=["do", "prove", "correct"])
    for row in wanted.order_by("case", "number"):
        logs.setdefault(row.case_id, []).append(as_event(row))
    return {case: _told(_readable(events)) for case, events in logs.items()}


def _readable(events: list[Event]) -> Iterable[Event]:
    """Return the events as corrections leave them; a correction of an event of another kind is not ours to read."""
    here = {str(event.number) for event in events if event.kind != "correct"}
    return corrected([event for event in events if event.kind != "correct" or event.name in here])


def _told(events: Iterable[Event]) -> Told:
    found = list(events)
    reports = tuple(_report(event) for event in found if event.kind == "do" and event.name == "report")
    return Told(reports, sum(event.kind == "prove" for event in found))


def _report(event: Event) -> Report:
    said = {name: str(event.data.get(name) or "") for name in TEXTS}
    return Report(number=event.number, value=event.data.get("value"), at=event.at, by=event.actor, **said)


def quarter(day: date) -> str:
    """Return the quarter of a day.

    >>> quarter(date(2024, 9, 30))
    '2024Q3'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def last_quarter(day: date) -> str:
    """Return the last quarter that is over on a day, of which a report is due.

    >>> last_quarter(date(2024, 9, 30)), last_quarter(date(2024, 2, 1))
    ('2024Q2', '2023Q4')
    """
    first = (day.month - 1) // 3 * 3 + 1
    return quarter(date(day.year, first - 1, 1) if first > 1 else date(day.year - 1, 12, 1))


def quarter_end(period: str) -> date:
    """Return the last day of a quarter.

    >>> quarter_end("2024Q4")
    datetime.date(2024, 12, 31)
    """
    year, number = map(int, period.split("Q"))
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(1)
