"""What is counted of cases: those in hand that are within their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate

from liandesk.base import metrics
from liandesk.base.clock import today
from liandesk.base.metrics import By, Metric, Row
from liandesk.base.work.models import Case


def register() -> None:
    metrics.register("cases_on_time", cases_on_time)


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
