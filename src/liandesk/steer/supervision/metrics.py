"""What is counted of the yearly tasks: those that an office leads, and those of them that are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.timezone import localdate

from liandesk.base import metrics
from liandesk.base.metrics import By, Metric
from liandesk.steer.supervision.models import Row


def register() -> None:
    metrics.register("tasks_led", tasks_led)
    metrics.register("tasks_done", tasks_done)


def tasks_led(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the tasks of the year's frozen sheets that were not cancelled; they are an office's, not a town's."""
    return metrics.tally((one._replace(holds=True) for one in _rows(day, by)), by)


def tasks_done(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count those that were accepted as done by a day; one done in part is carried over and does not count."""
    return metrics.tally(_rows(day, by), by)


def _rows(day: date, by: By) -> Iterator[metrics.Row]:
    found = Row.objects.filter(sheet__year=day.year, sheet__frozen_at__isnull=False, case__isnull=False)
    for row in found.exclude(case__outcome="cancelled").select_related("case", "sheet").order_by("pk"):
        assert row.case is not None  # that is how they were chosen
        if row.sheet.frozen_at and localdate(row.sheet.frozen_at) <= day:
            ended = localdate(row.case.ended_at) if row.case.ended_at else None
            is_done = bool(ended and ended <= day and (row.case.outcome, row.case.reason) == ("done", "done"))
            changed = min(day, localdate(row.case.changed_at))
            place = row.lead if by == "office" else ""
            yield metrics.Row(str(row.pk), place, is_done, changed, row.sheet.is_synthetic)
