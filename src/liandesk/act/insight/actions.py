"""Keep what is forecast of open cases, so that it can be scored by what comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.timezone import localdate

from liandesk.act.insight.finishes import LEAST_ENDED, Foreseen, aged, finish, foreseen
from liandesk.act.insight.frames import learnt_of, log_of
from liandesk.act.insight.models import Forecast
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, today
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.work.models import Case
from liandesk.base.work.queries import in_force_today, process_of
from liankit.insight.tables import days, moment
from liankit.process import Process

JOB = "case_forecasts"
EVERY = timedelta(7)
"""How long after a forecast the next one of the same case is kept."""


def keep_forecasts(*, by: Viewer) -> int:
    """Keep when each open case will end of which nothing was kept within ``EVERY``; return how many are new.

    Restricted cases are not forecast. Where the upper end is unknown nothing is claimed that could be scored.
    """
    definitions, wanted = in_force_today(), _wanted()
    made = [
        one for key, cases in wanted.items() if key in definitions for one in _made(process_of(definitions[key]), cases)
    ]
    if made:
        _keep(made, by)  # computed before: nobody else's writing waits for it
    return len(made)


@transaction.atomic
def _keep(made: Sequence[Forecast], by: Viewer) -> None:
    Forecast.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    record("insight.forecast", "forecast", today().isoformat(), by=by, forecasts=len(made))


def _wanted() -> dict[str, dict[int, int]]:
    """Return by process the open cases that are to be forecast, each with the days since it was opened."""
    found: dict[str, dict[int, int]] = {}
    recent = Forecast.objects.filter(made_on__gt=today() - EVERY).values("case")
    open_ones = Case.objects.filter(ended_at=None, is_restricted=False).exclude(pk__in=recent).order_by("pk")
    for pk, process, opened in open_ones.values_list("pk", "process", "opened_at"):
        found.setdefault(process, {})[pk] = max((today() - localdate(opened)).days, 0)
    return found


def _made(process: Process, ages: Mapping[int, int]) -> Iterator[Forecast]:
    (log, _holders), at, day = log_of(process), business_now(), today()
    took = log.cases.filter(pl.col("ended") <= moment(at)).select(days("opened", "ended")).to_series()
    if took.len() < LEAST_ENDED:
        return
    learnt, typical = learnt_of(process), float(took.median())  # type: ignore[arg-type]

    @cache
    def said(standing: tuple[tuple[str, int], ...]) -> Foreseen | None:
        found = finish(learnt, standing)
        return foreseen(found, day) if found else None

    for case, standing in _standing(log.visits, ages).items():
        one = said(aged(standing, at))
        if one and one.low and one.median and one.high:
            naive = day + timedelta(max(round(typical) - ages[case], 0))
            span = {"low_on": one.low, "median_on": one.median, "high_on": one.high, "naive_on": naive}
            yield Forecast(case_id=case, made_on=day, age=ages[case], **span)


def _standing(visits: pl.DataFrame, wanted: Mapping[int, int]) -> dict[int, list[Any]]:
    """Return where each of some cases stands and since when."""
    found: dict[int, list[Any]] = {}
    going = visits.filter(pl.col("left").is_null()).sort("case", "stage").select("case", "stage", "entered")
    for case, stage, entered in going.iter_rows():
        if case in wanted:
            found.setdefault(case, []).append((stage, entered))
    return found


def run(_job: Job) -> Mapping[str, Any]:
    """Do the job of the worker."""
    return {"forecasts": keep_forecasts(by=system_viewer("worker"))}


def after_refresh(_snapshot: Snapshot) -> Mapping[str, int]:
    """Ask for forecasts with each refresh that finds cases without one: to play them takes too long to wait for."""
    if _wanted():
        jobs.enqueue(JOB, by=system_viewer("insight"))
    return {}
