"""What is counted of surveys: forms that came back by the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.timezone import localdate

from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row
from liandesk.know.survey.models import Invitation

_A_YEAR = timedelta(365)


def register() -> None:
    metrics.register("survey_returns", survey_returns)


def survey_returns(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the forms due within the year up to a day that came back by their deadline."""
    due = Invitation.objects.filter(round__deadline__lte=day, round__deadline__gt=day - _A_YEAR)
    rows = due.exclude(round__opened_at=None).select_related("round").order_by("pk")
    return metrics.tally((_row(one, by) for one in rows), by, is_share=True)


def _row(one: Invitation, by: By) -> Row:
    came = localdate(one.returned_at) if one.returned_at else None
    place = one.town if by == "town" else ""
    return Row(
        str(one.pk), place, bool(came and came <= one.round.deadline), one.round.deadline, one.round.is_synthetic
    )
