"""What a series of values will come to by a day, with an interval, and the probability that a goal is reached.

A model for each kind of counting (``paces``); what was reported tells both the pace and how uneven it is:

* counts: events at an unknown steady rate, Jeffreys' prior on it: Gamma-Poisson, whose predictive distribution is
  negative binomial (Gelman et al., Bayesian Data Analysis, 2.6); where the steps scatter more than events at a steady
  rate would, its variance grows by Pearson's dispersion (McCullagh and Nelder 1989, 6.2);
* levels, amounts, growth (logarithms), rates (logits): a random walk with drift, both unknown: Student's t, and the
  interval holds what the drift's own error adds. What adds up never falls.

Fewer than three values: unknown. The probability's own interval is what it would be were the pace at the ends of the
interval of the pace. Nothing knows of seasons, or of a pace that will change: a plan that starts late looks worse than
it is, and the scores of kept forecasts (``kept``) will show it. Uses scipy: for refreshes, jobs and commands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.plan.paces import MIN_POINTS, YEAR, paces
from liankit.plan.predictive import predictive, probability
from liankit.plan.progress import Comparator, Counting, meets_of

LEVEL = 0.8
"""The usual level of the interval: what comes lies outside it once in five times."""

ASKED = ("row", "counting", "start", "until", "whole", "goal", "comparator")
FORECAST_SCHEMA = {
    "low": pl.Float64,
    "median": pl.Float64,
    "high": pl.Float64,
    "model": pl.String,  # counts, amounts, level, growth, rate; reached_end: known already; unknown: too few values
    "points": pl.Int64,
    "probability_low": pl.Float64,
    "probability": pl.Float64,
    "probability_high": pl.Float64,
    "pace": pl.Float64,  # of the value, a year
    "digit": pl.Float64,  # one step of the last digit in which the values are told
    "needs_value": pl.Float64,  # with this value now the goal would be as likely as wanted, at the same pace
}
"""Columns that ``forecast_all`` adds."""


class Probability(NamedTuple):
    """How likely a goal is reached, and its ends were the pace at the ends of its interval."""

    low: float
    p: float
    high: float


@dataclass(frozen=True)
class Outlook:
    """The interval of the value by the day, at ``level``, and the probability of a goal; None: too few values."""

    low: float | None
    median: float | None
    high: float | None
    level: float
    model: str
    points_used: int
    _ask: Callable[[float, Comparator], Probability | None] = field(repr=False, compare=False)

    def probability(self, goal: float, comparator: Comparator = ">=") -> Probability | None:
        """Return how likely the value meets the goal by the day; None where too few values tell."""
        return self._ask(goal, comparator)


def forecast(
    points: Sequence[tuple[date, float | None]],
    counting: Counting,
    until: date,
    *,
    start: date,
    whole: float = 1.0,
    level: float = LEVEL,
) -> Outlook:
    """Return the outlook of one series of dated values by the day ``until``.

    ``start`` is the beginning of the plan, when counting ``within`` it is at nothing; ``whole`` is what is all of a
    rate, 100 of percentages. Running totals, not what was added, of what adds up.

    >>> days = [date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1)]
    >>> found = forecast(list(zip(days, [1, 2, 4])), "cumulative", date(2025, 1, 1), start=date(2021, 1, 1))
    >>> found.low, found.median, found.high, found.model
    (4.0, 5.0, 8.0, 'counts')
    """
    values = pl.DataFrame([("", on, value) for on, value in points], schema=_VALUES, orient="row")

    def ask(goal: float | None, comparator: Comparator) -> dict[str, float]:
        asked = pl.DataFrame([("", counting, start, until, whole, goal, comparator)], schema=_ASKED, orient="row")
        return forecast_all(values, asked, level=level).row(0, named=True)

    def probability(goal: float, comparator: Comparator) -> Probability | None:
        found = ask(goal, comparator)
        ends = (found["probability_low"], found["probability"], found["probability_high"])
        return None if found["probability"] is None else Probability(*ends)

    one = ask(None, ">=")
    return Outlook(one["low"], one["median"], one["high"], level, str(one["model"]), int(one["points"]), probability)


_VALUES = {"row": pl.String, "on": pl.Date, "value": pl.Float64}
_ASKED = dict(
    zip(ASKED, (pl.String, pl.String, pl.Date, pl.Date, pl.Float64, pl.Float64, pl.String), strict=True)
)  # fmt: skip


def forecast_all(
    values: pl.DataFrame, asked: pl.DataFrame, *, level: float = LEVEL, sure: float | None = None
) -> pl.DataFrame:
    """Return the questions with ``FORECAST_SCHEMA``, in their order; a question a line, several a row make a fan.

    ``values``: row, on, value; ``asked``: ``ASKED`` and what the caller wants to keep. ``sure`` is the probability
    that ``needs_value`` is to give. A goal of null has no probability.
    """
    numbered = asked.with_row_index("ask")
    shown = paces(values, numbered).drop("counting", "whole")
    known = numbered.join(shown, on="ask", how="left", maintain_order="left").with_columns(
        pl.col("points").fill_null(0), left=(pl.col("until") - pl.col("last_on")).dt.total_days() / YEAR
    )
    is_over, is_told = pl.col("left") == 0, pl.col("points") >= MIN_POINTS
    told = [_ended(known.filter(is_over)), _predicted(known.filter(is_told & (pl.col("left") > 0)), level, sure)]
    found = known.with_columns(
        model=pl.when(is_over).then(pl.lit("reached_end")).when(is_told).then("model").otherwise(pl.lit("unknown"))
    ).join(pl.concat(told, how="diagonal_relaxed"), on="ask", how="left", maintain_order="left")
    missing = [pl.lit(None).alias(name) for name in FORECAST_SCHEMA if name not in found.columns]
    return found.with_columns(missing).select(
        *asked.columns, *(pl.col(name).cast(kind) for name, kind in FORECAST_SCHEMA.items())
    )


def _ended(known: pl.DataFrame) -> pl.DataFrame:
    """Return what is known on the day itself: the value, and whether it meets the goal."""
    happened = meets_of().cast(pl.Float64)
    ends = {name: pl.col("value") for name in ("low", "median", "high")}
    odds = dict.fromkeys(("probability_low", "probability", "probability_high"), happened)
    return known.with_columns(value=pl.col("last")).select("ask", **ends, **odds)


def _predicted(open_ones: pl.DataFrame, level: float, sure: float | None) -> pl.DataFrame:
    """Return the quantiles and probabilities of the questions that have a model."""
    parts = [_of_model(str(model), rows, level, sure) for (model,), rows in open_ones.group_by("model")]
    return pl.concat(parts) if parts else open_ones.select("ask")


def _of_model(model: str, rows: pl.DataFrame, level: float, sure: float | None) -> pl.DataFrame:
    made, tail = predictive(model, rows), (1 - level) / 2
    comparator, goal = rows["comparator"].to_numpy(), rows["goal"].cast(pl.Float64).to_numpy()
    likely, slow, fast = (
        probability(one, comparator, goal) for one in (made, made.at_pace(tail), made.at_pace(1 - tail))
    )
    columns = {"low": made.quantile(tail), "median": made.quantile(0.5), "high": made.quantile(1 - tail)}
    columns |= {"probability_low": np.minimum(likely, np.minimum(slow, fast)), "probability": likely}
    columns |= {"probability_high": np.maximum(likely, np.maximum(slow, fast))}
    if sure is not None:
        wanted = {sign: made.needs(goal, share) for sign, share in ((">", 1 - sure), ("<", sure))}
        kinds = [np.char.startswith(comparator.astype(str), sign) for sign in wanted]
        columns["needs_value"] = np.select(kinds, list(wanted.values()), np.nan)
    return rows.select("ask").with_columns(pl.Series(name, found, nan_to_null=True) for name, found in columns.items())
