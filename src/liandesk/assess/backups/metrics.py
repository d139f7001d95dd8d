"""What is counted of the backup list: rows with a backup that is ready, and drills held on time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from liandesk.assess.backups.models import Drill, Technology
from liandesk.assess.backups.queries import STANDING, all_opened
from liandesk.base import metrics
from liandesk.base.clock import today
from liandesk.base.metrics import By, Metric, Row

_A_YEAR = timedelta(365)


def register() -> None:
    metrics.register("backups_ready", backups_ready)
    metrics.register("drills_on_time", drills_on_time)


def backups_ready(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the rows that have a backup which takes over at once; known of today alone.

    Readiness decays from day to day by rules that change: what it was is not kept.
    """
    if day != today():
        return metrics.unknown()
    rows = all_opened(Technology.objects.filter(state=STANDING).order_by("pk"))
    told = (_row(row, by, any(one.switch[1] == 0 for one in held)) for row, _survive, held in rows)
    return metrics.tally(told, by, is_share=True)


def _row(row: Technology, by: By, holds: bool) -> Row:
    place = row.town if by == "town" else row.owner_office
    return Row(str(row.pk), place, holds, row.changed_on, row.is_synthetic)


def drills_on_time(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the drills planned within the year up to a day that were held by the day planned."""
    due = Drill.objects.filter(planned_on__lte=day, planned_on__gt=day - _A_YEAR).exclude(state="cancelled")
    rows = due.select_related("backup__technology").order_by("pk")
    return metrics.tally((_drill(one, by) for one in rows), by, is_share=True)


def _drill(one: Drill, by: By) -> Row:
    place = one.backup.technology.town if by == "town" else one.backup.owner_office
    is_on_time = one.done_on is not None and one.done_on <= one.planned_on
    return Row(str(one.pk), place, is_on_time, one.done_on or one.planned_on, one.is_synthetic)
