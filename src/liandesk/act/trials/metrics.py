"""What is counted of trials: median and mean of the start-up days of those whose first patient came within the year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import fmean, median

from django.db.models import Q

from liandesk.act.trials.models import Place, Startup
from liandesk.base import metrics
from liandesk.base.metrics import MOST_IDS, By, Count, Metric

_A_YEAR = timedelta(365)
GROUPS = {
    "local_sponsors": Q(sponsor_place=Place.LOCAL),  # anywhere
    "outside_sponsors_here": Q(sponsor_place=Place.OUTSIDE, site_place=Place.LOCAL),
}


def register() -> None:
    metrics.register("trial_startup_median_days", trial_startup_median_days)
    metrics.register("trial_startup_mean_days", trial_startup_mean_days)


def _days(summary: Callable[[Sequence[int]], float]) -> Count:
    """Return a count: ``of`` names groups of ``GROUPS``; without a trial in the year nothing is known.

    Restricted cases are left out: nobody could look at what was counted.
    """

    def count(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
        if by != "none":
            return []
        wanted = Q(pk__in=[]) if of else Q()
        for name in of:
            wanted |= GROUPS[name]
        within = Q(first_patient_on__lte=day, first_patient_on__gt=day - _A_YEAR, case__is_restricted=False)
        found = list(Startup.objects.filter(wanted, within).order_by("case_id"))
        return [_summed(summary, found)] if found else metrics.unknown()

    return count


def _summed(summary: Callable[[Sequence[int]], float], found: Sequence[Startup]) -> Metric:
    lengths = [one.days for one in found if one.days is not None]
    last = max(one.first_patient_on for one in found if one.first_patient_on)
    ids = tuple(str(one.case_id) for one in found) if len(found) <= MOST_IDS else ()
    return Metric("", float(summary(lengths)), last, ids, any(one.is_synthetic for one in found))


trial_startup_median_days = _days(median)
trial_startup_mean_days = _days(fmean)
