"""Insight in the words of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.act.insight.groups import WHOLE, Compared
from liandesk.act.insight.models import Forecast
from liandesk.act.insight.queries import Group, Insight
from liandesk.base.accounts.queries import scope_name
from liandesk.base.work.wording import said

MONTHS = 12
"""How many months of throughput a page shows."""


@dataclass(frozen=True)
class StageLine:
    """One stage, of all or of one office or town; days, None where too few have left it to say."""

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
    is_synthetic: bool


def stage_lines(found: Insight, by: Group) -> list[StageLine]:
    """Return the time in each stage in the order of the process, group by group."""
    order = {stage.key: place for place, stage in enumerate(found.process.stages)}
    titles = {stage.key: said(stage.title) for stage in found.process.stages}
    rows = [row for row in found.stages(by).iter_rows(named=True) if row["stage"] in order]
    rows.sort(key=lambda row: (row.get(by, ""), order[row["stage"]]))
    groups = {row[by]: scope_name(by, row[by]) for row in rows} if by else {}
    return [_line(found, row, titles[row["stage"]], groups.get(row.get(by), "")) for row in rows]


_QUANTILES = ("median", "median_low", "median_high", "lower_quartile", "upper_quartile")
_DAYS = (*_QUANTILES, "naive_mean", "median_age", "oldest")


def _line(found: Insight, row: Mapping[str, Any], stage: str, group: str) -> StageLine:
    days = {name: _days(row[name]) for name in _DAYS}
    mean = _days(row["mean"]) if row["stays"] > row["standing"] else None  # nobody left: no end of it is in sight
    return StageLine(group, stage, row["stays"], row["standing"], mean=mean, is_synthetic=found.is_synthetic, **days)


def _days(days: float | None) -> float | None:
    return None if days is None else round(days, 1)


@dataclass(frozen=True)
class PartLine:
    """What part of a case's time goes to a stage: its days, its share, and how often a case comes there."""

    stage: str
    days: float
    share: float
    visits: float | None

    @property
    def width(self) -> int:
        """The share in thousandths, for the bar."""
        return round(self.share * 1_000)


def part_lines(found: Insight) -> list[PartLine]:
    """Return the parts of the whole, the largest first."""
    titles = {stage.key: said(stage.title) for stage in found.process.stages}
    rows = found.parts().iter_rows(named=True)
    return [PartLine(titles.get(row["stage"], row["stage"]), row["days"], row["share"], row["visits"]) for row in rows]


@dataclass(frozen=True)
class MonthLine:
    """One month: what was opened and ended in it, what was open at its end, the days of those that ended."""

    month: date
    opened: int
    ended: int
    open: int
    median_days: float | None


def month_lines(found: Insight) -> list[MonthLine]:
    """Return the last months, the youngest first."""
    rows = found.months().tail(MONTHS).reverse().iter_rows(named=True)
    return [MonthLine(row["since"], row["opened"], row["ended"], row["open"], row["median_days"]) for row in rows]


def compared_lines(found: Insight) -> list[tuple[str, Compared]]:
    """Return own times beside the group's with the title of each line, whole cases first."""
    titles = {stage.key: said(stage.title) for stage in found.process.stages} | {WHOLE: _("Whole case")}
    return [(titles[line.stage], line) for line in found.compared()]


@dataclass(frozen=True)
class ForecastLine:
    """One kept forecast with what came: the case ended within its interval, outside it, or it is not due yet."""

    case_id: str
    title: str
    made_on: date
    age: int
    low_on: date
    median_on: date
    high_on: date
    naive_on: date
    ended_on: date | None
    verdict: str
    is_synthetic: bool


def forecast_line(one: Forecast, day: date) -> ForecastLine:
    """Return a forecast as a line of its copy; what ended before the interval was over is not scored before then."""
    ended_on = localdate(one.case.ended_at) if one.case.ended_at else None
    is_within = ended_on is not None and one.low_on <= ended_on <= one.high_on
    verdict = "waiting" if one.high_on >= day else "within" if is_within else "outside"
    ends = (one.low_on, one.median_on, one.high_on, one.naive_on)
    return ForecastLine(
        str(one.case_id), one.case.title, one.made_on, one.age, *ends, ended_on, verdict, one.case.is_synthetic
    )
