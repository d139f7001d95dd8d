"""The scores of a peer group by its formula: points of each item, re-weighted where something is unknown, and ranks.

Sources of the methods: efficacy coefficient ``(x - bad) / (good - bad) * c + d``, inverse indicators with the standards
exchanged; benchmark ``x / best``; growth ``x / base - 1``, which means nothing on a base of zero or less, so that the
whole group is then measured by its increments ``x - base``; contribution ``(x - base) / sum of (x - base)``. A value
that is unknown makes no points and no zero: the other items of the unit carry its weight, and that is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.plan.appraisal_scheme import Adjustment, Efficacy, Group, Item, Scheme
from liankit.plan.progress import completion_of

Floats = npt.NDArray[np.float64]

GIVEN_SCHEMA = {
    "unit": pl.String,
    "item": pl.String,  # key of an item or of an adjustment
    "value": pl.Float64,  # null: unknown; of an adjustment how many times
    "goal": pl.Float64,
    "base": pl.Float64,
}


@dataclass(frozen=True)
class Known:
    """What is known of each unit for one item or adjustment, (units,) each; NaN: unknown."""

    value: Floats
    goal: Floats
    base: Floats


@dataclass(frozen=True)
class Measured:
    """One number a unit, NaN where it is unknown; ``how`` names the arithmetic, None where the group has no number."""

    amounts: Floats
    how: str | None


@dataclass(frozen=True)
class Scored:
    """The result of a group; arrays are (units, items) or (units,), NaN is unknown.

    ``weights`` are those that were used, each unit's summing to 1.
    """

    scheme: Scheme
    group: Group
    units: tuple[str, ...]
    known: tuple[Known, ...]  # of the items, then of the adjustments
    measured: tuple[Measured, ...]  # of the items
    scores: Floats
    weights: Floats
    points: Floats  # of the adjustments, each cut off at its own most
    bonus: Floats
    penalty: Floats  # at most 0
    totals: Floats
    ranks: Floats  # 1 the greatest; equals share the better one

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Return (unit, key) of every item without a score and every adjustment that nobody stated."""
        keys = [part.key for part in self.group.parts]
        holes = np.isnan(np.hstack([self.scores, self.points]))
        return [(self.units[row], keys[column]) for row, column in np.argwhere(holes)]

    def place(self, unit: str) -> int:
        """Return the row of a unit; ValueError where it is not of the group."""
        return self.units.index(unit)


def score_group(scheme: Scheme, group: Group, units: Sequence[str], given: pl.DataFrame) -> Scored:
    """Return the scores of the units of a group from what is given, with ``GIVEN_SCHEMA``, once a unit and item.

    A unit of which nothing is known has no total and no rank. Rows of other units and items are left aside.
    """
    known = tuple(_known(given, units, part.key) for part in group.parts)
    measured = tuple(measure(item, said) for item, said in zip(group.items, known, strict=False))
    columns = [scale(item, one.amounts, scheme.efficacy) for item, one in zip(group.items, measured, strict=True)]
    scores = np.column_stack(columns)
    counted = known[len(group.items) :]
    points = _points(group.adjustments, [one.value for one in counted], len(units))
    return total_up(scheme, group, tuple(units), known, measured, scores, points)


def total_up(
    scheme: Scheme,
    group: Group,
    units: tuple[str, ...],
    known: tuple[Known, ...],
    measured: tuple[Measured, ...],
    scores: Floats,
    points: Floats,
) -> Scored:
    """Return the totals and ranks of points that are there, the weights of each unit spread over what it has."""
    weights = spread(np.array([item.weight for item in group.items]), scores)
    bonus, penalty = capped(group, np.nan_to_num(points))
    has_score = weights.sum(axis=1) > 0
    totals = np.where(has_score, (weights * np.nan_to_num(scores)).sum(axis=1) + bonus + penalty, np.nan)
    return Scored(
        scheme, group, units, known, measured, scores, weights, points, bonus, penalty, totals, ranks_of(totals)
    )


def spread(weights: Floats, scores: Floats) -> Floats:
    """Return the weights of each unit, (units, items): what is unknown has none, the others share it in proportion."""
    held = np.where(np.isnan(scores), 0.0, weights)
    sums = held.sum(axis=1, keepdims=True)
    return np.divide(held, sums, out=np.zeros_like(held), where=sums > 0)


def capped(group: Group, points: Floats) -> tuple[Floats, Floats]:
    """Return what is added and what is taken off, (units,) each, within the most of the group."""
    bonus = np.minimum(np.where(points > 0, points, 0.0).sum(axis=1), group.most_bonus)
    penalty = np.maximum(np.where(points < 0, points, 0.0).sum(axis=1), -group.most_penalty)
    return bonus, penalty


def ranks_of(totals: Floats) -> Floats:
    """Return ranks, 1 the greatest; equal to a millionth of a point is equal, and equals share the better rank.

    >>> ranks_of(np.array([80.0, 90.0, 80.0, np.nan])).tolist()
    [2.0, 1.0, 2.0, nan]
    """
    rounded = np.round(totals, 6)
    better = (rounded[None, :] > rounded[:, None]).sum(axis=1)
    return np.where(np.isnan(totals), np.nan, 1.0 + better)


def _known(given: pl.DataFrame, units: Sequence[str], key: str) -> Known:
    rows = given.filter(pl.col("item") == key)
    placed = pl.DataFrame({"unit": list(units)}, {"unit": pl.String}).join(
        rows, on="unit", how="left", maintain_order="left", validate="1:1"
    )
    return Known(*(placed[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("value", "goal", "base")))


def measure(item: Item, known: Known) -> Measured:
    """Return the number that an item takes of each unit."""
    value, base = known.value, known.base
    if item.measure == "value":
        return Measured(value, "value")
    if item.measure == "completion":
        return Measured(_completion(item, known), "completion")
    increments = value - base
    if item.measure == "growth":
        is_rate = not (base[~np.isnan(increments)] <= 0).any()
        return Measured(_ratio(value, base) - 1.0, "growth") if is_rate else Measured(increments, "increment")
    gained = increments if item.direction == "up" else -increments
    whole = float(np.nansum(gained))
    if whole <= 0:  # a share in what the group lost would turn the order round
        return Measured(np.full(len(value), np.nan), None)
    return Measured(gained / whole, "contribution")


def _completion(item: Item, known: Known) -> Floats:
    """Return the completions by ``liankit.plan.progress``; counted from a base that is unknown there is none."""
    columns = {"value": known.value, "goal": known.goal, "baseline": known.base}
    if item.counting == "level":
        columns["value"] = np.where(np.isnan(known.base) | (known.base == known.goal), np.nan, known.value)
    table = pl.DataFrame(columns).fill_nan(None)
    said = table.with_columns(counting=pl.lit(item.counting), direction=pl.lit(item.direction))
    return said.select(found=completion_of())["found"].fill_null(np.nan).to_numpy()


def _ratio(above: Floats, below: Floats) -> Floats:
    """Divide; by nothing there is no answer."""
    out = np.full(np.broadcast(above, below).shape, np.nan)
    return np.divide(above, below, out=out, where=np.asarray(below) != 0)


def scale(item: Item, amounts: Floats, efficacy: Efficacy) -> Floats:
    """Return the points of each unit for what was measured, within the limits of the item."""
    known = amounts[~np.isnan(amounts)]
    if not len(known):
        return amounts
    if item.scale == "ranking":
        return _by_rank(item, amounts)
    if item.scale == "percent":
        points = amounts * 100.0
    elif item.scale == "benchmark":
        points = _against_best(item, amounts, known)
    else:
        points = _efficacy(item, amounts, known, efficacy)
    return np.clip(points, *item.limits)


def _better(item: Item) -> bool:
    """Say whether more of what was measured is better: a completion and a contribution are turned round already."""
    return item.direction == "up" or item.measure in ("completion", "contribution")


def standards(item: Item, known: Floats) -> tuple[float, float]:
    """Return the bad and the good standard of an efficacy coefficient, those of the group where none is given."""
    worst, best = (known.min(), known.max()) if _better(item) else (known.max(), known.min())
    bad = float(worst) if item.bad == "worst" else item.bad
    good = float(best) if item.good == "best" else item.good
    return bad, good


def _efficacy(item: Item, amounts: Floats, known: Floats, efficacy: Efficacy) -> Floats:
    bad, good = standards(item, known)
    if bad == good:  # all are alike: nobody falls behind the standard
        return np.where(np.isnan(amounts), np.nan, efficacy.c + efficacy.d)
    return (amounts - bad) / (good - bad) * efficacy.c + efficacy.d


def _against_best(item: Item, amounts: Floats, known: Floats) -> Floats:
    """Return percent of the best; where the best is not above zero a share of it means nothing."""
    if _better(item):
        best = float(known.max())
        return amounts / best * 100.0 if best > 0 else np.full_like(amounts, np.nan)
    best = float(known.min())
    return _ratio(np.full_like(amounts, best), amounts) * 100.0 if best > 0 else np.full_like(amounts, np.nan)


def _by_rank(item: Item, amounts: Floats) -> Floats:
    """Return the upper limit for the first and the lower one for the last, even steps between; equals share."""
    ranks = ranks_of(amounts if _better(item) else -amounts)
    last = int(np.count_nonzero(~np.isnan(amounts))) - 1
    low, high = item.limits
    return high - (ranks - 1.0) / max(last, 1) * (high - low)


def _points(adjustments: Sequence[Adjustment], times: Sequence[Floats], units: int) -> Floats:
    """Return the points of each adjustment, (units, adjustments), within its own most."""
    pairs = zip(adjustments, times, strict=True)
    columns = [np.clip(said * one.points, -one.most, one.most) + 0.0 for one, said in pairs]  # no minus zero
    return np.column_stack(columns) if columns else np.empty((units, 0))
