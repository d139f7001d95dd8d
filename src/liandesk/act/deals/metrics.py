"""What is counted of deals: those closed, those whose switch is proven; a restricted one counts and is not named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from liandesk.act.deals.models import Deal
from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row


def register() -> None:
    metrics.register("deals_closed", deals_closed)
    metrics.register("switches_evidenced", switches_evidenced)


def deals_closed(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the deals closed by a day that had not fallen through by then; unknown before any was opened.

    ``of`` names kinds of deals; without any all are counted. A restricted deal counts for the district alone, from its
    closing on: a town's or an office's count would tell where it is made, and a count of 0 that there is one.
    """
    return _counted("closed_on", day, by, of)


def switches_evidenced(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count those of them whose switch was proven by that day."""
    return _counted("evidenced_on", day, by, of)


def _counted(since: str, day: date, by: By, of: Sequence[str]) -> list[Metric]:
    found = Deal.objects.filter(opened_on__lte=day).select_related("case").order_by("case_id")
    rows = [_row(one, since, day, by) for one in (found.filter(kind__in=of) if of else found)]
    told = [row for row in rows if row.id or row.holds]
    if told or by != "none":
        return metrics.tally(told, by)
    return metrics.unknown()


def _row(one: Deal, since: str, day: date, by: By) -> Row:
    on: date | None = getattr(one, since)
    holds = on is not None and on <= day and (one.fallen_on is None or one.fallen_on > day)
    if one.case.is_restricted:
        return Row("", "", holds, on, one.is_synthetic)
    return Row(str(one.case_id), one.office if by == "office" else one.town, holds, on, one.is_synthetic)
