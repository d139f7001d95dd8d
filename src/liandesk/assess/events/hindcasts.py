"""What the model would have said on an earlier day, from the events known then: marked as such, scored apart.

What is known of concentration is today's: a hindcast knows a little more than a forecast of that day could have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from liandesk.assess.events.frames import events_frame
from liandesk.assess.events.ledger import forecasts_of, makers_of
from liandesk.assess.events.models import Forecast
from liandesk.assess.events.policies import FORECAST
from liandesk.assess.events.queries import dated
from liandesk.assess.events.resolution import settle
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots.queries import published, table
from liankit.risk.history import add_months
from liankit.risk.outlook import estimate

JOB = "hindcasts"
YEARS = 3
"""How far back the model is tried."""
DRAWS = 10
"""Resampled fits of a hindcast: its point is scored, its interval is only shown."""


def ask(*, by: Viewer) -> Job:
    """Let the worker try the model on earlier days."""
    check(by, FORECAST, "try")
    job = jobs.enqueue(JOB, by=system_viewer("hindcasts"), params={"today": today().isoformat()})
    record("forecast.try", "forecast", "", by=by, job=job.pk)
    return job


def compute(job: Job) -> Mapping[str, Any]:
    """Keep the hindcasts of each half year back, in the place of those that were kept before."""
    days = _days(today())
    made = 0
    for place, day in enumerate(days):
        jobs.beat(job, phase=day.isoformat(), done=place, total=len(days))
        made += keep_hindcasts(day, by=system_viewer("worker"))
    return {"forecasts": made}


def _days(day: date) -> list[date]:
    """Return the days to try: each half year back whose horizon has passed."""
    return [add_months(day, -6 * step) - timedelta(days=1) for step in range(2, 2 * YEARS + 1)]


@transaction.atomic
def keep_hindcasts(day: date, *, by: Viewer) -> int:
    """Keep what the model would have said on a day, in the place of what was kept for it; return how many."""
    check(by, FORECAST, "try")
    snapshot = published()
    if snapshot is None:
        raise UserError("No refresh has made the list yet. Refresh the lists first.")
    known = (table(snapshot, name).collect() for name in ("entries", "supplies", "organisations"))
    entries, supplies, organisations = known
    found = estimate(entries, supplies, organisations, events_frame(dated()), day, draws=DRAWS)
    made = forecasts_of(found.likelihoods, makers_of(snapshot), snapshot, made_on=day, is_hindcast=True)
    same_day = Forecast.objects.filter(is_hindcast=True, made_on=day)
    same_day.delete()
    Forecast.objects.bulk_create(made, batch_size=1000)
    settle(same_day.all())
    record("forecast.hindcast", "forecast", day.isoformat(), by=by, forecasts=len(made))
    return len(made)
