"""How far a target has come and how far it should have come: completion, time progress, trajectory, deviation.

The formulas of Chinese plan monitoring. With X the value, X0 the baseline, G the goal and p the share of time gone:

* what adds up (cumulative 累计, within the period 规划期内新增): completion X / G; nothing is subtracted;
* a level, a rate, growth: (X - X0) / (G - X0); an inverse indicator (X0 - X) / (X0 - G) is the same number;
* without a baseline: X / G, of an inverse indicator G / X;
* by the day, X0 + (G - X0) p is due, of growth X0 (G / X0)^p; between the steps of a path likewise;
* deviation: completion less the completion due; on a straight line that is completion less time progress 序时进度.

``…_of`` are expressions over columns, for all targets at once; the functions beside them ask for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import polars as pl

Counting = Literal["cumulative", "within", "level", "rate", "growth"]
Direction = Literal["up", "down"]
Comparator = Literal[">=", "<=", ">", "<", "="]

PATH_SCHEMA = {"row": pl.String, "on": pl.Date, "value": pl.Float64}
ADDS_UP = pl.col("counting").is_in(["cumulative", "within"])
"""What adds up starts at nothing and is never taken back."""


def time_progress(day: date, start: date, end: date) -> float:
    """Return the share of the time from ``start`` to ``end`` that has gone by ``day``, 0 before and 1 after.

    >>> time_progress(date(2022, 1, 1), date(2021, 1, 1), date(2023, 1, 1))
    0.5
    """
    return pl.select(time_progress_of(pl.lit(day), pl.lit(start), pl.lit(end))).item()


def completion(
    value: float | None,
    goal: float | None,
    *,
    counting: Counting,
    baseline: float | None = None,
    direction: Direction = "up",
) -> float | None:
    """Return how much of the goal is done, 1 is all of it; None where it is not known or cannot be divided.

    >>> completion(3, 5, counting="cumulative")
    0.6
    >>> completion(8, 6, baseline=10, counting="level", direction="down")
    0.5
    """
    one = _one(value=value, goal=goal, baseline=baseline, counting=counting, direction=direction)
    return one.select(completion_of()).item()


def expected(
    day: date,
    goal: float,
    *,
    baseline: float | None,
    start: date,
    end: date,
    counting: Counting,
    path: Sequence[tuple[date, float]] = (),
) -> float | None:
    """Return the value that is due by ``day``: on the path, or on the straight line (of growth: the geometric one).

    None for a level, a rate or growth whose baseline is unknown, before the first step of its path.

    >>> expected(date(2022, 1, 1), 5, baseline=None, start=date(2021, 1, 1), end=date(2023, 1, 1), counting="within")
    2.5
    """
    one = _one(row="", goal=goal, baseline=baseline, counting=counting).with_columns(start=start, until=end)
    steps = pl.DataFrame([("", on, value) for on, value in path], schema=PATH_SCHEMA, orient="row")
    return expected_on(one, steps, day)["expected"].item()


def meets(value: float | None, comparator: Comparator, goal: float | None) -> bool | None:
    """Return whether a value meets the goal; None where either is unknown.

    >>> meets(5, ">=", 5), meets(5, ">", 5), meets(None, ">", 5)
    (True, False, None)
    """
    return _one(value=value, comparator=comparator, goal=goal).select(meets_of()).item()


def time_progress_of(day: pl.Expr, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Return the share of time gone by the columns of two days."""
    return ((day - start).dt.total_days() / (end - start).dt.total_days()).clip(0.0, 1.0)


def completion_of() -> pl.Expr:
    """Return the completion by the columns value, goal, baseline, counting and direction."""
    value, goal = pl.col("value"), pl.col("goal")
    ratio = pl.when(pl.col("direction") == "down").then(goal / value).otherwise(value / goal)
    found = pl.when(_is_from_baseline()).then((value - pl.col("baseline")) / _span()).otherwise(ratio)
    return pl.when(found.is_finite()).then(found)


def deviation_of() -> pl.Expr:
    """Return completion less the completion due, by the columns of ``completion_of`` and expected."""
    found = (pl.col("value") - pl.col("expected")) / scale_of()
    return pl.when(found.is_finite()).then(found)


def scale_of() -> pl.Expr:
    """Return what one whole completion is in units of the value; negative where less is better."""
    turned = pl.when(pl.col("direction") == "down").then(-pl.col("goal").abs()).otherwise(pl.col("goal").abs())
    return pl.when(_is_from_baseline()).then(_span()).otherwise(turned)


def meets_of() -> pl.Expr:
    """Return whether the goal is met, by the columns value, comparator and goal."""
    value, goal = pl.col("value"), pl.col("goal")
    told = {">=": value >= goal, "<=": value <= goal, ">": value > goal, "<": value < goal, "=": value == goal}
    return pl.coalesce(*(pl.when(pl.col("comparator") == sign).then(holds) for sign, holds in told.items()))


def expected_on(targets: pl.DataFrame, paths: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return ``row``, ``expected``: the value due by ``day`` of each target; null where nothing says it.

    ``targets``: row, goal, baseline, counting, start, until. ``paths`` (``PATH_SCHEMA``) are steps between the
    baseline at the start and the goal at the end; a row without steps goes straight.
    """
    first = pl.when(pl.col("counting") == "within").then(0.0).when(ADDS_UP).then(pl.col("baseline").fill_null(0.0))
    begin = targets.select("row", on="start", value=first.otherwise(pl.col("baseline")).cast(pl.Float64))
    end = targets.select("row", on="until", value=pl.col("goal").cast(pl.Float64))
    steps = pl.concat([begin, paths.select(*PATH_SCHEMA), end]).drop_nulls("value")
    steps = steps.unique(["row", "on"], keep="first", maintain_order=True).sort("row", "on")
    before = steps.filter(pl.col("on") <= day).group_by("row").agg(pl.all().last())
    after = steps.filter(pl.col("on") > day).group_by("row").agg(pl.all().first())
    found = targets.select("row", "counting").join(before, on="row", how="left", maintain_order="left")
    found = found.join(after, on="row", how="left", suffix="_next", maintain_order="left")
    return found.select("row", expected=_between(pl.lit(day)))


def _between(day: pl.Expr) -> pl.Expr:
    """Return the value on the way from one step to the next; after the last step it stays there."""
    low, high = pl.col("value"), pl.col("value_next")
    share = time_progress_of(day, pl.col("on"), pl.col("on_next"))
    is_geometric = (pl.col("counting") == "growth") & (low > 0) & (high > 0)
    way = pl.when(is_geometric).then(low * (high / low) ** share).otherwise(low + (high - low) * share)
    return pl.when(high.is_null()).then(low).otherwise(way)


def _is_from_baseline() -> pl.Expr:
    return ADDS_UP.not_() & (_span() != 0).fill_null(False)


def _span() -> pl.Expr:
    return pl.col("goal") - pl.col("baseline")


def _one(**columns: Any) -> pl.DataFrame:
    """Return a table of one row; a number, known or not, is a Float64."""
    words = {"row", "counting", "direction", "comparator"}
    types = {name: pl.String if name in words else pl.Float64 for name in columns}
    return pl.DataFrame({name: [value] for name, value in columns.items()}, schema=types)
