"""Forecasts are kept, one a target and month, and scored when the target's day is over."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import polars as pl

from liandesk.steer.indicators.models import Forecast
from liankit.plan.progress import Comparator, meets

LEVEL = 0.8
"""Share of outcomes that the interval of a forecast is meant to hold; ``liankit.plan.recompute`` computes at it."""


def keep_forecasts(lights: pl.DataFrame, day: date) -> int:
    """Keep what is forecast today as the forecast of this month where there is none yet; return how many are new."""
    month = day.replace(day=1)
    running = lights.filter(pl.col("until") > day, pl.col("median").is_not_null())
    kept = set(Forecast.objects.filter(made_on=month).values_list("target", flat=True))
    made = [_forecast(row, month) for row in running.to_dicts() if row["row"] not in kept]
    return len(Forecast.objects.bulk_create(made))


def _forecast(row: dict[str, Any], month: date) -> Forecast:
    said = {name: row[name] for name in ("indicator", "goal", "comparator", "low", "median", "high", "model", "points")}
    likely = {"p_low": row["probability_low"], "p": row["probability"], "p_high": row["probability_high"]}
    marks = {"is_synthetic": bool(row["is_synthetic"]), "level": LEVEL}
    return Forecast(target=row["row"], by=row["until"], made_on=month, **said, **likely, **marks)


def score_forecasts(lights: pl.DataFrame, day: date) -> int:
    """Score the forecasts whose day is over by the value of that day; return how many were scored.

    A value that was read before the target's day says nothing of it: such a forecast waits.
    """
    open_ = Forecast.objects.filter(by__lte=day, scored_on=None)
    came = lights.filter(pl.col("value_on") >= pl.col("until")).select("row", "value")
    outcomes = dict(came.iter_rows())
    scored = [one for one in open_ if outcomes.get(one.target) is not None]
    for one in scored:
        _score(one, outcomes[one.target], day)
    return Forecast.objects.bulk_update(scored, ["outcome", "brier", "is_within", "scored_on"]) if scored else 0


def _score(found: Forecast, outcome: float, day: date) -> None:
    found.outcome, found.scored_on = outcome, day
    found.is_within = found.low <= outcome <= found.high
    if found.p is not None:
        found.brier = (found.p - float(bool(meets(outcome, cast(Comparator, found.comparator), found.goal)))) ** 2
