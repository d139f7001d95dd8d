"""What kept forecasts were worth, once it is known what came.

Intervals are scored by how often they held what came and by the interval score (Gneiting and Raftery 2007, JASA
102:359, eq. 43): the width, and for what lay outside the distance times 2 over the share that may lie outside.
Probabilities are scored as all others are (``liankit.risk.scores``).
"""

from __future__ import annotations

import polars as pl

from liankit.risk.scores import ForecastScores, score_forecasts

KEPT_SCHEMA = {
    "row": pl.String,
    "model": pl.String,
    "level": pl.Float64,
    "low": pl.Float64,
    "median": pl.Float64,
    "high": pl.Float64,
    "probability": pl.Float64,  # null: none was given
    "last": pl.Float64,  # the value when the forecast was made
    "value": pl.Float64,  # what came; null: not known yet
    "is_met": pl.Boolean,  # whether the goal was met
}
"""Columns of kept forecasts, one line a forecast."""


def score_intervals(kept: pl.DataFrame) -> pl.DataFrame:
    """Return a line a model and level of the forecasts whose outcome is known: n, coverage, width, score, error, skill.

    ``score`` is the mean interval score, ``error`` the mean distance of the median; ``skill`` is 1 less error over that
    of saying that the last value stays: above 0 is better than it, null where nothing moved.
    """
    low, high, value = (pl.col(name) for name in ("low", "high", "value"))
    outside = pl.max_horizontal(low - value, value - high, 0.0)
    error, still = (pl.col("median") - value).abs().mean(), (pl.col("last") - value).abs().mean()
    known = kept.select(*KEPT_SCHEMA).drop_nulls(["low", "median", "high", "value"])
    return (
        known.group_by("model", "level")
        .agg(
            n=pl.len().cast(pl.Int64),
            coverage=value.is_between(low, high).mean(),
            width=(high - low).mean(),
            score=(high - low + 2 / (1 - pl.col("level")) * outside).mean(),
            error=error,
            skill=pl.when(still > 0).then(1 - error / still),
        )
        .sort("model", "level")
    )


def score_probabilities(kept: pl.DataFrame) -> ForecastScores:
    """Return Brier, skill, calibration and discrimination; forecasts of one row count as one witness."""
    known = kept.select(*KEPT_SCHEMA).drop_nulls(["probability", "is_met"])
    return score_forecasts(known["probability"], known["is_met"], clusters=known["row"])
