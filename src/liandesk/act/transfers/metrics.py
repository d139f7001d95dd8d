"""What is counted of transfers: projects that brought a result to market, an achievement once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from liandesk.act.transfers.goal import METRIC, Goal, goal
from liandesk.act.transfers.models import Transfer
from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row


def register() -> None:
    metrics.register(METRIC, transfers_counted)


def transfers_counted(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the transfers that count by a day, within the period of the plan; unknown before any was recorded.

    The number is kept up to the day; ``of`` names nothing here.
    """
    rows = Transfer.objects.filter(Q(opened_on__lte=day) | Q(counted_on__lte=day)).order_by("case_id")
    if not rows.exists():
        return metrics.unknown()
    wanted = goal()
    return metrics.tally((_row(one, by, day, wanted) for one in rows), by)


def _row(one: Transfer, by: By, day: date, wanted: Goal | None) -> Row:
    holds = one.counted_on is not None and one.counted_on <= day and (not wanted or wanted.holds(one.counted_on))
    return Row(str(one.case_id), one.office if by == "office" else one.town, holds, day, one.is_synthetic)
