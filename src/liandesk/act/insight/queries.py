"""Where time goes in the cases that a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liandesk.act.insight.finishes import aged, finish
from liandesk.act.insight.frames import learnt_of, log_of, organisations_of, standing_in
from liandesk.act.insight.groups import Compared, compared
from liandesk.act.insight.models import Forecast
from liandesk.act.insight.scores import Worth, worth
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import business_now
from liandesk.base.errors import NotThere
from liandesk.base.work.models import CaseEvent
from liandesk.base.work.policies import CASE, OFFICIALS
from liandesk.base.work.queries import cases, in_force_today, one_case, process_of
from liandesk.base.work.wording import said
from liankit.insight import (
    Log,
    bottlenecks,
    event_log,
    in_parallel,
    more_meetings,
    stages_now,
    throughput,
    time_in_stage,
)
from liankit.insight.bottlenecks import waits
from liankit.insight.forecast import Finish
from liankit.insight.tables import MOMENT
from liankit.insight.whatif import Replayed
from liankit.process import Process

Group = Literal["", "office", "town"]


@dataclass(frozen=True)
class Line:
    """One process on the overview: how many cases the viewer sees, open ones, the oldest of these."""

    process: Process
    total: int
    standing: int
    oldest: datetime | None


def lines(viewer: Viewer) -> list[Line]:
    """Return the processes of which the viewer sees cases, those with most open cases first."""
    check(viewer, CASE, "read")
    open_ones = Q(ended_at=None)
    seen = cases(viewer).filter(is_restricted=False).order_by().values("process")
    counted = seen.annotate(
        total=Count("pk"), standing=Count("pk", filter=open_ones), oldest=Min("opened_at", filter=open_ones)
    )
    known = {key: process_of(definition) for key, definition in in_force_today().items()}
    found = [
        Line(known[row["process"]], row["total"], row["standing"], row["oldest"])
        for row in counted
        if row["process"] in known
    ]
    return sorted(found, key=lambda line: (-line.standing, -line.total, line.process.key))


@dataclass(frozen=True)
class Insight:
    """What the viewer may see of one process, as known at ``at``."""

    process: Process
    log: Log
    holders: pl.DataFrame
    at: datetime
    others: Log | None  # what the viewer does not see; None where they see all
    left_out: int  # restricted cases that name the viewer
    is_synthetic: bool

    def stages(self, by: Group = "") -> pl.DataFrame:
        """Return the time in each stage, and how old what stands there is, of all or by offices or towns that lead."""
        visits, keys = (self._led_by(by), [by]) if by else (self.log.visits, [])
        ages = stages_now(visits, self.at, keys).drop("standing")
        return time_in_stage(visits, self.at, keys).join(ages, on=[*keys, "stage"], how="left")

    def _led_by(self, kind: str) -> pl.DataFrame:
        """Return the stays with whoever of a kind holds the role that leads the stage now; of none left out."""
        leads = [(stage.key, stage.lead) for stage in self.process.stages if stage.lead]
        led = pl.DataFrame(leads, schema={"stage": pl.String, "role": pl.String}, orient="row")
        held = self.holders.filter(kind=kind).select("case", "role", pl.col("holder").alias(kind))
        return self.log.visits.join(led, on="stage").join(held, on=["case", "role"])

    def parts(self) -> pl.DataFrame:
        """Return which stages the time of a case goes to; the shares sum to one."""
        return bottlenecks(self.log, self.at, waits(self.process))

    def months(self) -> pl.DataFrame:
        """Return by month how many cases were opened and ended, and were open at its end."""
        return throughput(self.log.cases, self.at)

    def with_more_meetings(self, stage: str, least_days: float) -> Replayed:
        """Replay with one more meeting a month for a stage."""
        return more_meetings(self.log, stage, least_days)

    def with_both_at_once(self, first: str, second: str) -> Replayed:
        """Replay with two stages begun together."""
        return in_parallel(self.log, first, second)

    def compared(self) -> list[Compared]:
        """Return the viewer's own times beside those of all others as one group; nothing where there are no own."""
        if self.others is None or self.log.cases.is_empty():
            return []
        return compared(self.process, self.log, self.others, organisations_of(self.holders), self.at)

    def worth(self) -> Worth:
        """Return what the forecasts of these cases were worth."""
        return worth(self.process.key, self.log, self.at.date())


def insight(viewer: Viewer, key: str) -> Insight:
    """Return what may be seen of a process; NotThere where no such process is in force."""
    check(viewer, CASE, "read")
    definition = in_force_today().get(key)
    if definition is None:
        raise NotThere(key)
    process = process_of(definition)
    log, holders = log_of(process)
    own = cases(viewer).filter(process=key)
    left_out = own.filter(is_restricted=True).count()
    others = None
    if not visibility(viewer, CASE).everything:
        ids = list(own.filter(is_restricted=False).values_list("pk", flat=True))
        seen = pl.DataFrame({"case": ids}, schema={"case": pl.Int64})
        log, others = _of(log, seen, "semi"), _of(log, seen, "anti")
    is_synthetic = own.filter(is_synthetic=True).exists()
    return Insight(process, log, holders, business_now(), others, left_out, is_synthetic)


def _of(log: Log, some: pl.DataFrame, how: Literal["semi", "anti"]) -> Log:
    return Log(log.visits.join(some, on="case", how=how), log.cases.join(some, on="case", how=how))


def forecast(viewer: Viewer, pk: int) -> Finish | None:
    """Return when an open case of the viewer will end, by all cases of its process, as learnt today.

    None where it is restricted, runs by another version than today's with stages of its own, or too few have ended;
    for an organisation also where the cases that ended would tell it of another.
    """
    case = one_case(viewer, pk).filter(ended_at=None, is_restricted=False).first()
    definition = in_force_today().get(case.process) if case else None
    if case is None or definition is None:
        return None
    process = process_of(definition)
    if not _may_be_told(viewer, process):
        return None
    standing = standing_in(process, case).sort("stage").select("stage", "entered")
    return finish(learnt_of(process), aged(standing.iter_rows(), business_now()))


def forecasts(viewer: Viewer, key: str) -> QuerySet[Forecast]:
    """Return what was forecast of the cases of a process that the viewer sees, the youngest first."""
    check(viewer, CASE, "read")
    definition = in_force_today().get(key)
    if definition is None:
        raise NotThere(key)
    if not _may_be_told(viewer, process_of(definition)):
        return Forecast.objects.none()
    seen = cases(viewer).filter(process=key, is_restricted=False)
    return Forecast.objects.filter(case__in=seen).select_related("case").order_by("-made_on", "case")


def _may_be_told(viewer: Viewer, process: Process) -> bool:
    """Say whether a viewer may be told what the cases of all teach: officials always."""
    return not viewer.roles.isdisjoint(OFFICIALS) or learnt_of(process).is_of_many


_EVENTS: Mapping[str, Any] = {
    "case": pl.Int64,
    "title": pl.String,
    "version": pl.Int64,
    "kind": pl.String,
    "name": pl.String,
    "at": MOMENT,
    "actor": pl.String,
    "reason": pl.String,
}


def events(viewer: Viewer, key: str) -> pl.DataFrame:
    """Return what was done in the cases of a process that the viewer sees, in the columns of process mining."""
    seen = insight(viewer, key)
    found = CaseEvent.objects.filter(case__in=cases(viewer).filter(process=key, is_restricted=False))
    taken = found.filter(kind__in=("open", "do", "approve")).order_by("case", "number")
    of_case = {"title": "case__title", "version": "case__definition__version"}
    rows = list(taken.values_list(*(of_case.get(name, name) for name in _EVENTS)))
    table = pl.DataFrame(rows, schema=dict(_EVENTS), orient="row")
    step = pl.col("name").replace({one.key: said(one.title) for one in seen.process.transitions})
    agreed = pl.format(_("{} (agreed)"), step)
    opening = pl.lit(pgettext("event of a case", "Opened"))
    activity = pl.when(kind="open").then(opening).when(kind="approve").then(agreed).otherwise(step)
    return event_log(table.with_columns(activity=activity, process=pl.lit(key)))
