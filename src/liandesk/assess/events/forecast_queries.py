"""Read forecasts and what they are worth. Only forecasts that the viewer may see are shown, counted or scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl
from django.db.models import F, Q, QuerySet

from liandesk.assess.events.models import Forecast, ForecastSource
from liandesk.assess.events.policies import FORECAST
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liankit.risk.scores import DRAWS, ForecastScores, reliability, score_forecasts

_MOST_CELLS = 1_000_000  # draws x forecasts of one score: a page waits for it


def forecasts(viewer: Viewer) -> QuerySet[Forecast]:
    """Return the forecasts of entries that the viewer may see, as the entries are today, the latest first."""
    check(viewer, FORECAST, "read")
    rows = Forecast.objects.select_related("resolved_by").order_by("-made_on", "-pk")
    if visibility(viewer, FORECAST).everything:
        return rows
    return rows.filter(entry__in=entries(viewer).values("key"))


def of_entry(viewer: Viewer, key: str) -> QuerySet[Forecast]:
    """Return the forecasts of one entry, hindcasts left out."""
    return forecasts(viewer).filter(entry=key, is_hindcast=False)


@dataclass(frozen=True)
class Group:
    """Forecasts that are scored together: all ("all"), of a source ("source"), an office, a kind of item."""

    by: str
    code: str
    scores: ForecastScores
    is_synthetic: bool


@dataclass(frozen=True)
class Scored:
    """What forecasts were worth. Not scored are those ``open``, whose horizon goes on, and those ``under_way``.

    What was disrupted already on the day of the forecast is certain to come true: scoring it would flatter.
    """

    groups: list[Group]
    reliability: pl.DataFrame
    open: int
    under_way: int
    is_synthetic: bool = field(default=False)


_SCHEMA = {
    "unit": pl.String,
    "likelihood": pl.Float64,
    "happened": pl.Boolean,
    "base_rate": pl.Float64,
    "source": pl.String,
    "office": pl.String,
    "item_kind": pl.String,
    "is_synthetic": pl.Boolean,
}
_READ = ("entry", "likelihood", "outcome", "base_rate", "source", "office", "item_kind", "is_synthetic")


def scored(viewer: Viewer, *, hindcasts: bool) -> Scored:
    """Return the scores of forecasts whose horizon is over, or of hindcasts, by source, office and kind of item.

    A forecast that came true early is not scored before its horizon ends: its likes that did not are still open.
    """
    rows = forecasts(viewer).filter(is_hindcast=hindcasts)
    over = rows.filter(horizon_end__lt=today(), outcome__isnull=False)
    under_way = Q(outcome=True, resolved_on=F("made_on"))
    told = over.exclude(under_way).order_by("pk").values_list(*_READ)
    table = pl.DataFrame(list(told), schema=_SCHEMA, orient="row")
    groups = list(_groups(table)) if table.height else []
    calibration = reliability(table["likelihood"], table["happened"])
    is_synthetic = bool(table["is_synthetic"].any())
    counted = over.count()
    return Scored(groups, calibration, rows.count() - counted, counted - table.height, is_synthetic)


def _groups(table: pl.DataFrame) -> Iterator[Group]:
    yield _group("all", "", table)
    for source in ForecastSource.values:
        if (mine := table.filter(source=source)).height:
            yield _group("source", source, mine)
    offices = table.filter(source=ForecastSource.OFFICE)
    for by, rows, column in (("office", offices, "office"), ("kind", table, "item_kind")):
        for code in filter(None, rows[column].unique().sort()):
            yield _group(by, code, rows.filter(pl.col(column) == code))


def _group(by: str, code: str, table: pl.DataFrame) -> Group:
    rates = None if table["base_rate"].null_count() else table["base_rate"]
    draws = max(50, min(DRAWS, _MOST_CELLS // table.height))
    found = score_forecasts(
        table["likelihood"], table["happened"], base_rate=rates, clusters=table["unit"], draws=draws
    )
    return Group(by, code, found, bool(table["is_synthetic"].any()))
