"""Where time goes through the API: of the cases the caller sees, as the pages show it. Days; null: too few to say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema

from liandesk.act.insight import queries
from liandesk.act.insight.finishes import foreseen
from liandesk.act.insight.shown import month_lines, part_lines, stage_lines
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.work.queries import one_case
from liandesk.base.work.wording import said
from liankit.errors import nearest
from liankit.insight.forecast import LEVEL

router = Router(tags=["insight"])


class LineOut(Schema):
    """One process: how many cases the caller sees, how many are open, since when the oldest is."""

    process: str
    title: str
    cases: int
    open: int
    oldest: datetime | None


class StageOut(Schema):
    """The time in a stage by the product-limit estimate, open stays counted in; ``naive_mean``: of those that left.

    ``median_low`` to ``median_high`` is the interval of the median at 95 %, null where it is open.
    """

    group: str
    stage: str
    stays: int
    standing: int
    median: float | None
    median_low: float | None
    median_high: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    mean: float | None
    naive_mean: float | None
    median_age: float | None
    oldest: float | None


class MonthOut(Schema):
    """What was opened and ended in a month, and was open at its end."""

    month: date
    opened: int
    ended: int
    open: int
    median_days: float | None


class WorthOut(Schema):
    """What the kept forecasts were worth: those whose interval of ``level`` is over; null while they are too few."""

    due: int
    cases: int
    late: int
    waiting: int
    level: float
    coverage: float | None
    error: float | None
    naive_error: float | None


class InsightOut(Schema):
    """One process as of ``at``; ``left_out`` restricted cases name the caller and are in no figure."""

    process: str
    title: str
    at: datetime
    cases: int
    open: int
    left_out: int
    stages: list[StageOut]
    months: list[MonthOut]
    forecasts: WorthOut
    is_synthetic: bool


class PartOut(Schema):
    """The days of a case that go to a stage, and its share of the whole."""

    stage: str
    days: float
    share: float
    visits: float | None


class BottlenecksOut(Schema):
    """The parts of a case's time: they sum to ``whole``, the mean days of a case, open ones counted in."""

    whole: float
    parts: list[PartOut]


class SpreadOut(Schema):
    """Quantiles in whole days, and how many cases ended."""

    ended: int
    lower: int | None
    median: int | None
    upper: int | None


class ComparedOut(Schema):
    """Own times beside those of all others as one group; ``stage`` "": whole cases; null: none, or too few to tell."""

    stage: str
    own: SpreadOut | None
    group: SpreadOut | None


class ForecastOut(Schema):
    """When an open case will end: the middle, and between which days with the chance ``level``; null: unknown."""

    made_on: date
    level: float
    low: date | None
    median: date | None
    high: date | None


class ChangeIn(Schema):
    """The change to replay: one more meeting a month for ``stage``, or ``second`` begun together with ``first``."""

    change: Literal["meeting", "at_once"]
    stage: str = ""
    least_days: float = Field(3.0, ge=0, le=365)
    first: str = ""
    second: str = ""


class ReplayOut(Schema):
    """What the change would have given of the cases that ended; null: none did."""

    cases: int
    gain: int
    mean_before: float | None
    mean_after: float | None
    median_before: float | None
    median_after: float | None


@router.get("/insight", response=list[LineOut], url_name="insights")
def insights(request: Request) -> Any:
    """Return the processes of which the caller sees cases, those with most open cases first."""
    return [
        LineOut(
            process=line.process.key,
            title=said(line.process.title),
            cases=line.total,
            open=line.standing,
            oldest=line.oldest,
        )
        for line in queries.lines(request.viewer)
    ]


@router.get("/insight/{slug:process}", response=InsightOut, url_name="insight")
def insight(request: Request, process: str, by: Literal["", "office", "town"] = "") -> Any:
    """Return throughput, the time in each stage (of all, by office or by town) and what forecasts were worth."""
    found = queries.insight(request.viewer, process)
    return {
        "process": process,
        "title": said(found.process.title),
        "at": found.at,
        "cases": found.log.cases.height,
        "open": found.log.cases["ended"].null_count(),
        "left_out": found.left_out,
        "stages": stage_lines(found, by),
        "months": month_lines(found),
        "forecasts": found.worth(),
        "is_synthetic": found.is_synthetic,
    }


@router.get("/insight/{slug:process}/bottlenecks", response=BottlenecksOut, url_name="insight_bottlenecks")
def bottlenecks(request: Request, process: str) -> Any:
    """Return which stages the time of a case goes to."""
    parts = part_lines(queries.insight(request.viewer, process))
    return {"whole": sum(part.days for part in parts), "parts": [asdict(part) for part in parts]}


@router.get("/insight/{slug:process}/group", response=list[ComparedOut], url_name="insight_group")
def group(request: Request, process: str) -> Any:
    """Return own times beside the group's; nothing for who sees all cases, or has none of this process."""
    return queries.insight(request.viewer, process).compared()


@router.get("/insight/{slug:process}/what-if", response=ReplayOut, url_name="insight_what_if")
def what_if(request: Request, process: str, asked: Query[ChangeIn]) -> Any:
    """Replay the log of the cases that ended with one change."""
    found = queries.insight(request.viewer, process)
    stages = [stage.key for stage in found.process.stages if stage.outcome is None]
    for key in (asked.stage,) if asked.change == "meeting" else (asked.first, asked.second):
        if key not in stages:
            raise UserError(f"'{key}' is no stage of {process}: {', '.join(stages)}.{nearest(key, stages)}")
    if asked.change == "meeting":
        return found.with_more_meetings(asked.stage, asked.least_days).summary
    return found.with_both_at_once(asked.first, asked.second).summary


@router.get("/cases/{int:pk}/forecast", response=ForecastOut | None, url_name="case_forecast")
def case_forecast(request: Request, pk: int) -> Any:
    """Return when an open case will end; null where it has ended, is restricted, or too few ended before it."""
    if not one_case(request.viewer, pk).exists():
        raise Http404
    found, day = queries.forecast(request.viewer, pk), today()
    return {"made_on": day, "level": LEVEL, **asdict(foreseen(found, day))} if found else None
