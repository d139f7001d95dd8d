"""Why a light has its colour, and what would turn it green: one reason a part, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from liankit.plan.paces import MIN_POINTS
from liankit.reasons import Claim, tell_claims

FEW_POINTS = 8
"""With fewer values than this the interval is told to be wide because of it."""

_UNKNOWN = pl.lit(None, pl.Boolean)


def tell_lights(progress: pl.DataFrame, thresholds: Mapping[str, float]) -> pl.DataFrame:
    """Return the reasons (``REASON_SCHEMA``, entry is the row) of a table of ``lights.PROGRESS_SCHEMA``."""
    claims = (*_of_value(), *_of_trajectory(thresholds), *_of_forecast(thresholds), *_of_evidence(thresholds))
    claims = (*claims, *_of_ratings(thresholds), *_needs())
    return tell_claims(progress.rename({"row": "entry"}), claims)


def _of_value() -> list[Claim]:
    value, is_known = pl.col("value"), pl.col("value").is_not_null()
    goal = (pl.col("comparator"), pl.col("goal"), _text("value_on"), _text("until"))
    return [
        Claim("light_no_value", _UNKNOWN, value, value, "", when=~is_known),
        Claim("light_met", pl.col("is_met"), value, value, "", params=goal, when=is_known & ~pl.col("is_over")),
        Claim("light_over", pl.col("is_met"), value, value, "", params=goal, when=is_known & pl.col("is_over")),
    ]


def _of_trajectory(thresholds: Mapping[str, float]) -> list[Claim]:
    deviation, green = pl.col("deviation"), thresholds["deviation_green"]
    is_open = pl.col("value").is_not_null() & ~pl.col("is_over")
    params = (pl.col("completion"), pl.col("expected"), pl.col("time_progress"))
    return [
        Claim(
            "light_trajectory", pl.col("by_trajectory") == "green", deviation, deviation, "share", green, params,
            when=is_open & deviation.is_not_null(),
        ),
        Claim(
            "light_no_trajectory", _UNKNOWN, deviation, deviation, "share", green,
            when=is_open & deviation.is_null(),
        ),
    ]  # fmt: skip


def _of_forecast(thresholds: Mapping[str, float]) -> list[Claim]:
    low, high, points = pl.col("probability_low"), pl.col("probability_high"), pl.col("points")
    is_open, is_made = ~pl.col("is_over"), pl.col("probability").is_not_null()
    green = thresholds["probability_green"]
    params = (*(pl.col(name) for name in ("probability", "points", "low", "median", "high")), _text("until"))
    wanted = (points, pl.lit(MIN_POINTS).alias("wanted"))
    is_short = is_made & (points < FEW_POINTS) & (pl.col("model") != "reached_end")
    return [
        Claim(
            "light_forecast", pl.col("by_forecast") == "green", low, high, "share", green, params,
            when=is_open & is_made,
        ),
        Claim("light_few_points", pl.lit(True), points, points, "", float(FEW_POINTS), when=is_open & is_short),
        Claim(
            "light_no_forecast", _UNKNOWN, points, points, "", float(MIN_POINTS), wanted,
            when=is_open & ~is_made,
        ),
    ]  # fmt: skip


def _of_evidence(thresholds: Mapping[str, float]) -> list[Claim]:
    days, is_known = pl.col("evidence_days"), pl.col("value").is_not_null()
    most = float(thresholds["evidence_green_days"])
    params = (_text("evidence_on"), pl.lit(thresholds["evidence_grey_days"]).alias("grey_days"))
    return [
        Claim(
            "light_evidence", pl.col("by_evidence") == "green", days, days, "days", most, params,
            when=is_known & days.is_not_null(),
        ),
        Claim("light_no_evidence", pl.lit(False), days, days, "days", most, when=is_known & days.is_null()),
    ]  # fmt: skip


def _of_ratings(thresholds: Mapping[str, float]) -> list[Claim]:
    """Return what the ratings come to, from the least to the most of them; too few are told and do not count."""
    low, high, count = pl.col("rating_low"), pl.col("rating_high"), pl.col("ratings")
    is_open, is_rated = ~pl.col("is_over"), pl.col("rating").is_not_null()
    least, apart = thresholds["rating_green"], thresholds["rating_apart"]
    wanted = pl.lit(thresholds["rating_at_least"]).alias("wanted")
    days, old = pl.lit(thresholds["rating_max_days"]).alias("days"), pl.col("ratings_old").alias("old")
    is_apart, spread = high - low >= apart - 1e-9, high - low
    return [
        Claim(
            "light_rating", pl.col("by_rating") == "green", low, high, "share", least, (count, pl.col("rating")),
            when=is_open & is_rated,
        ),
        Claim(
            "light_few_ratings", _UNKNOWN, low, high, "share", least, (count, wanted),
            when=is_open & ~is_rated & (count > 0),
        ),
        Claim("light_no_rating", _UNKNOWN, low, high, "share", least, (days, old), when=is_open & (count == 0)),
        Claim("light_raters_apart", pl.lit(False), spread, spread, "share", apart, when=is_open & is_apart),
    ]  # fmt: skip


def _needs() -> list[Claim]:
    """Return what is not there yet; each holds not, by what it is."""
    value, days, rating = pl.col("needs_value"), pl.col("needs_evidence_days"), pl.col("needs_rating")
    paces = (pl.col("needs_more").alias("more"), pl.col("pace"), pl.col("pace_needed"))
    no = pl.lit(False)
    return [
        Claim("light_needs_value", no, value, value, "", params=paces, when=value.is_not_null()),
        Claim("light_needs_evidence", no, days, days, "days", when=days.is_not_null()),
        Claim("light_needs_rating", no, rating, rating, "share", when=rating.is_not_null()),
    ]


def _text(day: str) -> pl.Expr:
    return pl.col(day).dt.to_string("%Y-%m-%d").alias(day)
