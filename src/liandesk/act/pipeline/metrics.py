"""What is counted of leads: those signed, landed, started and in production by a day, by town in shares of credit.

Of the district a lead counts as one; of towns each has its share as it stands now, so that they add up to the district.
A restricted lead counts for the district alone: a town's or an office's count would tell where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from liandesk.act.pipeline.models import LeadCredit, Project
from liandesk.base import metrics
from liandesk.base.metrics import MOST_IDS, By, Count, Metric

COUNTED = {
    "leads_signed": "signed_on",
    "leads_landed": "landed_on",
    "leads_started": "started_on",
    "leads_produced": "produced_on",
}
"""By metric: the day of a project by which it counts."""


def register() -> None:
    for name, field in COUNTED.items():
        metrics.register(name, _reached(field))


def _reached(field: str) -> Count:
    """Return a count; unknown before any lead was recorded. ``of`` names nothing here."""

    def count(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
        if not Project.objects.filter(opened_on__lte=day).exists():
            return metrics.unknown()
        found = Project.objects.filter(**{f"{field}__lte": day}).select_related("case").order_by("case_id")
        rows = list(found if by == "none" else found.filter(case__is_restricted=False))
        if by != "town":
            places = {row.case_id: {row.office if by == "office" else "": 1.0} for row in rows}
        else:
            places = _credits(rows)
        scopes = sorted({place for held in places.values() for place in held} | ({""} if by == "none" else set()))
        return [_metric(f"{by}:{place}" if by != "none" else "", place, rows, places, field) for place in scopes]

    return count


def _credits(rows: Sequence[Project]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for one in LeadCredit.objects.filter(case__in=[row.case_id for row in rows]):
        found[one.case_id][one.town] = float(one.share)
    return found


def _metric(scope: str, place: str, rows: Sequence[Project], places: dict[int, dict[str, float]], field: str) -> Metric:
    held = [row for row in rows if place in places[row.case_id]]
    total = round(sum(places[row.case_id][place] for row in held), 6)
    shown = tuple(str(row.case_id) for row in held if not row.case.is_restricted) if len(held) <= MOST_IDS else ()
    last = max((getattr(row, field) for row in held), default=None)
    return Metric(scope, total, last, shown, any(row.is_synthetic for row in held))
