"""The computed light of a target, why it has this colour, and what would turn it green.

A light is as good as the worst of what is known of it: the trajectory (deviation from what is due), the forecast
(probability of the goal by its deadline), the age of the evidence, and the rating by others. It is grey where there is
no value, where evidence is too old to mean anything, and where neither trajectory nor forecast can be told. What adds
up and has met its goal stays met. After the deadline only the goal counts: met or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, NamedTuple

import polars as pl

from liankit.plan.light_reasons import tell_lights
from liankit.plan.outlook import LEVEL
from liankit.plan.progress import ADDS_UP, PATH_SCHEMA, Comparator, Counting, Direction
from liankit.plan.ratings import COUNTED_SCHEMA, RATING_SCHEMA, count_ratings
from liankit.plan.standing import STANDING_SCHEMA, VALUE_SCHEMA, stand
from liankit.reasons import Reason, reasons_of

Colour = Literal["green", "yellow", "red", "grey"]

_OF_RATINGS = {name: kind for name, kind in COUNTED_SCHEMA.items() if name != "row"}
LIGHT_SCHEMA = {
    **_OF_RATINGS,  # ratings and ratings_old are null where nobody asks for ratings
    "evidence_days": pl.Int64,  # age of the evidence, by the deadline where that is over
    "by_trajectory": pl.String,  # the colour of each part; null: not known, or not asked any more
    "by_forecast": pl.String,
    "by_evidence": pl.String,
    "by_rating": pl.String,
    "colour": pl.String,
    "needs_more": pl.Float64,  # needs_value less the value
    "needs_evidence_days": pl.Int64,
    "needs_rating": pl.Float64,
}
PROGRESS_SCHEMA = STANDING_SCHEMA | LIGHT_SCHEMA
"""Columns of ``Recomputed.progress``; ``needs_…`` are null where nothing is needed."""

_SLIP = 1e-9  # sums that meet a threshold exactly miss it by some 1e-16
_WORST_FIRST = ("red", "yellow", "green")


@dataclass(frozen=True)
class LightThresholds:
    """Where the colours begin: shares from 0 to 1 (of the whole completion, too) and days.

    By common practice a target is green at no less than the time progress and yellow down to 5 % behind; the others
    are for a district to set.
    """

    deviation_green: float = 0.0
    deviation_yellow: float = -0.05
    probability_green: float = 0.7
    probability_yellow: float = 0.4
    evidence_green_days: int = 120
    evidence_grey_days: int = 400
    rating_green: float = 0.7
    rating_yellow: float = 0.5
    rating_at_least: int = 2  # raters; fewer do not count
    rating_max_days: int = 180  # older ratings do not count
    rating_apart: float = 0.4  # raters whose shares lie this far apart are told to disagree


@dataclass(frozen=True)
class Aim:
    """What a target asks for: the goal, how it is counted, from when and until when, and the path between."""

    goal: float
    comparator: Comparator
    counting: Counting
    direction: Direction
    baseline: float | None
    start: date
    until: date
    path: Sequence[tuple[date, float]] = ()
    whole: float = 1.0


@dataclass(frozen=True)
class Light:
    """A colour, why, and what would turn it green (value, more, pace, pace_now, evidence_days, rating)."""

    colour: Colour
    reasons: tuple[Reason, ...]
    to_green: Mapping[str, float]


class Recomputed(NamedTuple):
    """``progress``: ``PROGRESS_SCHEMA``, a row a target; ``reasons``: ``REASON_SCHEMA``, entry is the row."""

    progress: pl.DataFrame
    reasons: pl.DataFrame


def recompute(
    values: pl.DataFrame,
    targets: pl.DataFrame,
    day: date,
    thresholds: LightThresholds,
    *,
    paths: pl.DataFrame | None = None,
    ratings: pl.DataFrame | None = None,
    level: float = LEVEL,
) -> Recomputed:
    """Return where all targets stand on a day, their lights and reasons; the tables are those of ``standing``.

    ``ratings`` (``RATING_SCHEMA``) are by those who do not answer for the target; None: nobody asks for them.
    Uses scipy: for refreshes, jobs and commands.
    """
    standing = stand(values, targets, day, paths, level=level, sure=thresholds.probability_green)
    rated = _with_ratings(standing, ratings, day, thresholds)
    parts = rated.with_columns(evidence_days=_evidence_days(day)).with_columns(
        by_trajectory=_by_trajectory(thresholds),
        by_forecast=_by_forecast(thresholds),
        by_evidence=_by_evidence(thresholds),
        by_rating=_by_rating(thresholds),
    )
    coloured = parts.with_columns(colour=_colour())
    needed = coloured.with_columns(**_needs(thresholds)).with_columns(
        needs_more=pl.col("needs_value") - pl.col("value")
    )
    progress = needed.select(pl.col(name).cast(kind) for name, kind in PROGRESS_SCHEMA.items())
    return Recomputed(progress, tell_lights(progress, asdict(thresholds)))


def light(
    points: Sequence[tuple[date, float | None]],
    aim: Aim,
    day: date,
    thresholds: LightThresholds,
    *,
    evidence_on: date | None = None,
    ratings: Sequence[tuple[str, date, float]] | None = None,
) -> Light:
    """Return the light of one target by its dated values; ``evidence_on`` is the day the last one was evidenced.

    ``ratings``: who, when, share; None: nobody asks for them.
    """
    values = pl.DataFrame([("", on, value, evidence_on) for on, value in points], schema=VALUE_SCHEMA, orient="row")
    paths = pl.DataFrame([("", on, value) for on, value in aim.path], schema=PATH_SCHEMA, orient="row")
    rated = pl.DataFrame([("", *said) for said in ratings or ()], schema=RATING_SCHEMA, orient="row")
    target = {name: value for name, value in asdict(aim).items() if name != "path"}
    found = recompute(
        values,
        pl.DataFrame([{"row": "", **target}]),
        day,
        thresholds,
        paths=paths,
        ratings=None if ratings is None else rated,
    )
    one = found.progress.row(0, named=True)
    wanted = {
        "value": one["needs_value"],
        "more": one["needs_more"],
        "pace": None if one["needs_value"] is None else one["pace_needed"],
        "pace_now": None if one["needs_value"] is None else one["pace"],
        "evidence_days": one["needs_evidence_days"],
        "rating": one["needs_rating"],
    }
    to_green = {name: value for name, value in wanted.items() if value is not None}
    return Light(one["colour"], reasons_of(found.reasons, ""), to_green)


def _with_ratings(
    standing: pl.DataFrame, ratings: pl.DataFrame | None, day: date, thresholds: LightThresholds
) -> pl.DataFrame:
    """Return the targets with what their ratings come to; where they are asked for, nobody's are none: 0."""
    if ratings is None:
        return standing.with_columns(pl.lit(None, kind).alias(name) for name, kind in _OF_RATINGS.items())
    counted = count_ratings(ratings, day, at_least=thresholds.rating_at_least, max_days=thresholds.rating_max_days)
    rated = standing.join(counted, on="row", how="left", maintain_order="left")
    return rated.with_columns(pl.col("ratings", "ratings_old").fill_null(0))


def _evidence_days(day: date) -> pl.Expr:
    seen_by = pl.min_horizontal(pl.lit(day), pl.col("until"))
    return (seen_by - pl.col("evidence_on")).dt.total_days().clip(0)


def _by_trajectory(thresholds: LightThresholds) -> pl.Expr:
    """Return met or not after the deadline; before it what cannot be lost is green, all else by its deviation."""
    is_kept = pl.col("is_met") & ADDS_UP & pl.col("comparator").is_in([">=", ">"])
    at_end = pl.when("is_met").then(pl.lit("green")).when(pl.col("is_met").not_()).then(pl.lit("red"))
    on_way = _graded("deviation", thresholds.deviation_green, thresholds.deviation_yellow)
    return pl.when("is_over").then(at_end).when(is_kept).then(pl.lit("green")).otherwise(on_way)


def _by_forecast(thresholds: LightThresholds) -> pl.Expr:
    graded = _graded("probability", thresholds.probability_green, thresholds.probability_yellow)
    return pl.when(~pl.col("is_over")).then(graded)


def _by_evidence(thresholds: LightThresholds) -> pl.Expr:
    """Return yellow where nothing shows the value, and grey where what shows it is too old."""
    age = pl.col("evidence_days")
    graded = (
        pl.when(age <= thresholds.evidence_green_days)
        .then(pl.lit("green"))
        .when(age > thresholds.evidence_grey_days)
        .then(pl.lit("grey"))
        .otherwise(pl.lit("yellow"))
    )
    return pl.when(pl.col("value").is_not_null()).then(graded)


def _by_rating(thresholds: LightThresholds) -> pl.Expr:
    graded = _graded("rating", thresholds.rating_green, thresholds.rating_yellow)
    return pl.when(~pl.col("is_over")).then(graded)


def _graded(name: str, green: float, yellow: float) -> pl.Expr:
    value = pl.col(name)
    found = pl.when(value >= green - _SLIP).then(pl.lit("green")).when(value >= yellow - _SLIP).then(pl.lit("yellow"))
    return pl.when(value.is_not_null()).then(found.otherwise(pl.lit("red")))


def _colour() -> pl.Expr:
    """Return grey where too little is known, else the worst of the known parts."""
    parts = [pl.col(name) for name in ("by_trajectory", "by_forecast", "by_evidence", "by_rating")]
    is_blind = pl.col("by_trajectory").is_null() & pl.col("by_forecast").is_null()
    is_stale = pl.col("by_evidence").is_null() | (pl.col("by_evidence") == "grey")
    worst = pl.coalesce(
        *(pl.when(pl.any_horizontal(part == one for part in parts)).then(pl.lit(one)) for one in _WORST_FIRST)
    )
    return pl.when(is_blind | is_stale).then(pl.lit("grey")).otherwise(worst)


def _needs(thresholds: LightThresholds) -> dict[str, pl.Expr]:
    """Return what each part that is not green needs; after the deadline nothing helps."""
    is_open = ~pl.col("is_over")
    needs_evidence = is_open & (pl.col("by_evidence") != "green")
    needs_rating = is_open & (pl.col("by_rating") != "green")
    return {
        "needs_value": pl.when(is_open).then(_needed_value(thresholds)),
        "needs_evidence_days": pl.when(needs_evidence).then(pl.lit(thresholds.evidence_green_days)),
        "needs_rating": pl.when(needs_rating).then(pl.lit(thresholds.rating_green)),
    }


def _needed_value(thresholds: LightThresholds) -> pl.Expr:
    """Return the value that both trajectory and forecast ask for, to the digit in which values are told."""
    due = pl.col("expected") + thresholds.deviation_green * pl.col("scale")
    by_trajectory = pl.when(pl.col("by_trajectory") != "green").then(due)
    by_forecast = pl.when(pl.col("by_forecast") != "green").then("needs_value")
    digit = pl.col("digit").fill_null(1e-4)
    most = (pl.max_horizontal(by_trajectory, by_forecast) / digit - _SLIP).ceil() * digit
    least = (pl.min_horizontal(by_trajectory, by_forecast) / digit + _SLIP).floor() * digit
    return pl.when(pl.col("scale") < 0).then(least).otherwise(most)
