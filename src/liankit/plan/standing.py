"""Where targets stand on a day: the value, what is done and due, what it will come to; tables in, a table out.

``values``: row, on, value, evidence_on. ``targets``: row, goal, comparator, counting, direction, baseline, start,
until, whole. ``paths``: row, on, value. A row is whatever the caller follows: a target, or a target of one town.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liankit.plan.outlook import FORECAST_SCHEMA, LEVEL, forecast_all
from liankit.plan.paces import YEAR
from liankit.plan.progress import (
    PATH_SCHEMA,
    completion_of,
    deviation_of,
    expected_on,
    meets_of,
    scale_of,
    time_progress_of,
)

VALUE_SCHEMA = {"row": pl.String, "on": pl.Date, "value": pl.Float64, "evidence_on": pl.Date}
TARGET_SCHEMA = {
    "row": pl.String,
    "goal": pl.Float64,
    "comparator": pl.String,
    "counting": pl.String,
    "direction": pl.String,
    "baseline": pl.Float64,
    "start": pl.Date,
    "until": pl.Date,
    "whole": pl.Float64,
}
STANDING_SCHEMA: dict[str, Any] = {
    **TARGET_SCHEMA,
    "value": pl.Float64,  # the last known, on or before the day
    "value_on": pl.Date,
    "evidence_on": pl.Date,
    "is_over": pl.Boolean,  # the day is after the deadline
    "is_met": pl.Boolean,
    "completion": pl.Float64,
    "time_progress": pl.Float64,
    "expected": pl.Float64,
    "deviation": pl.Float64,
    "scale": pl.Float64,  # what one whole completion is in units of the value
    **FORECAST_SCHEMA,
    "pace_needed": pl.Float64,  # of the value, a year, from now to the deadline
}


def stand(
    values: pl.DataFrame,
    targets: pl.DataFrame,
    day: date,
    paths: pl.DataFrame | None = None,
    *,
    level: float = LEVEL,
    sure: float | None = None,
) -> pl.DataFrame:
    """Return a row a target with ``STANDING_SCHEMA``, in their order, by the values on or before ``day``.

    Of a target whose deadline is over, the value is the last on or before the deadline. ``sure`` as in
    ``forecast_all``.
    """
    asked = targets.select(pl.col(name).cast(kind) for name, kind in TARGET_SCHEMA.items())
    known = values.select(*VALUE_SCHEMA).filter(pl.col("on") <= day).drop_nulls("value")
    told = asked.join(_last(known, asked), on="row", how="left", maintain_order="left")
    due = expected_on(asked, pl.DataFrame(schema=PATH_SCHEMA) if paths is None else paths, day)
    told = told.join(due, on="row", how="left", maintain_order="left")
    told = told.with_columns(
        completion=completion_of(),
        time_progress=time_progress_of(pl.lit(day), pl.col("start"), pl.col("until")),
        deviation=deviation_of(),
        scale=scale_of(),
        is_met=meets_of(),
        is_over=pl.col("until") < day,
        pace_needed=_pace_needed(day),
    )
    return forecast_all(known, told, level=level, sure=sure).select(*STANDING_SCHEMA)


def _last(known: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Return the last value of each row by its deadline."""
    in_time = known.join(targets.select("row", "until"), on="row").filter(pl.col("on") <= pl.col("until"))
    ordered = in_time.sort("row", "on", maintain_order=True)
    return ordered.group_by("row").agg(pl.col("value", "evidence_on").last(), value_on=pl.col("on").last())


def _pace_needed(day: date) -> pl.Expr:
    """Return what the value must move a year from now; null where the goal is met or the time is over."""
    years = (pl.col("until") - day).dt.total_days() / YEAR
    pace = (pl.col("goal") - pl.col("value")) / years
    return pl.when((years > 0) & meets_of().not_()).then(pace)
