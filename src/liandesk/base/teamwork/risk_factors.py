"""The factors that cases and earlier samples tell: given close to the last day, by whom, as the only piece."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.timezone import localdate

from liandesk.base.clock import today
from liandesk.base.teamwork import risk
from liandesk.base.teamwork.models import SampleItem
from liandesk.base.work.columns import zone
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.queries import as_event, process_of, replayed
from liankit.process import read_clocks
from liankit.process.clocks import Reading


def register() -> None:
    risk.register("near_due", near_due)
    risk.register("failed_before", failed_before)
    risk.register("closes_alone", closes_alone)


def near_due(events: Sequence[CaseEvent], days: int) -> list[bool | None]:
    """Say which pieces were given in the ``days`` before the last day of their case, or after it.

    The last day is that of the clock that ran when the piece was given; unknown where none with a last day did.
    """
    clocks = _clocks({event.case_id for event in events})
    dues = [_due(clocks[event.case_id], localdate(event.at)) for event in events]
    return [
        None if due is None else localdate(event.at) >= due - timedelta(days)
        for event, due in zip(events, dues, strict=True)
    ]


def _clocks(cases: set[int]) -> Mapping[int, tuple[Reading, ...]]:
    found = Case.objects.filter(pk__in=cases).select_related("definition").prefetch_related("events")
    return {case.pk: _read(case) for case in found}


def _read(case: Case) -> tuple[Reading, ...]:
    events = [as_event(row) for row in sorted(case.events.all(), key=lambda row: row.number)]
    return read_clocks(process_of(case.definition), replayed(case, events), today(), zone())


def _due(clocks: Sequence[Reading], on: date) -> date | None:
    running = [one for one in clocks if one.started and one.started <= on and (not one.stopped or on <= one.stopped)]
    return min((one.due for one in running if one.due), default=None)


def failed_before(events: Sequence[CaseEvent], days: int) -> list[bool | None]:
    """Say which pieces are by somebody whose earlier pieces were found failing; unknown where none was checked yet."""
    found: dict[str, list[bool | None]] = defaultdict(list)
    checked = SampleItem.objects.exclude(answer=SampleItem.Answer.OPEN)
    for item in checked.filter(given_by__in={event.actor for event in events}, case__is_restricted=False):
        found[item.given_by].append(item.stands)
    return [False in found[event.actor] if event.actor in found else None for event in events]


def closes_alone(events: Sequence[CaseEvent], days: int) -> list[bool | None]:
    """Say which pieces are the only evidence of a case that has ended."""
    proofs = CaseEvent.objects.filter(kind="prove", case__in={event.case_id for event in events})
    ended = proofs.filter(case__ended_at__isnull=False)
    counts = Counter(ended.values_list("case", flat=True))
    return [counts[event.case_id] == 1 for event in events]
