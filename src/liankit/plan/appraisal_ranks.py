"""How far the order of an appraisal can be trusted, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from liankit.plan.appraisal import Floats, Known, Scored, capped, measure, ranks_of, scale, spread, total_up
from liankit.plan.appraisal_scheme import Item
from liankit.risk.ranks import RankSets, rank_sets
from liankit.risk.resampling import draw_weighted

_FACTORS = (0.0, 0.5, 1.5)
_STEPS = 40  # doublings of the search, then halvings: far beyond what a unit could do, and exact to a millionth
_FIRST_STEP = 1e-4  # of the value, or of the spread of the group where that is greater


def rank_intervals(scored: Scored, *, seed: int = 0) -> RankSets:
    """Return sets of ranks that hold at once while the weights vary and the unknown lies anywhere within its limits.

    The weights are drawn around those of the formula with the scheme's ``concentration``. Units without any score
    have no rank. One unit alone is first.
    """
    low, high = bounds(scored)
    low_scores, high_scores = (_filled(scored, end) for end in (0, 1))
    weights = np.array([item.weight for item in scored.group.items])
    drawn = [
        draw_weighted(scores, weights / weights.sum(), concentration=scored.scheme.concentration, seed=seed)
        for scores in (low_scores, high_scores)
    ]
    added = _added(scored)
    drawn_low, drawn_high = drawn[0] + added[0], drawn[1] + added[1]
    shift = _shift((low + high) / 2, (drawn_low + drawn_high) / 2)
    return rank_sets(low, high, drawn_low - shift, drawn_high - shift)


def _shift(totals: Floats, drawn: Floats) -> Floats:
    """Return by how much each draw moves the group as a whole, (draws, 1): that changes no rank."""
    known = ~np.isnan(totals)
    if not known.any():
        return np.zeros((len(drawn), 1))
    return drawn[:, known].mean(axis=1, keepdims=True) - totals[known].mean()


def bounds(scored: Scored) -> tuple[Floats, Floats]:
    """Return the least and the greatest total of each unit with everything unknown at the limits of its item."""
    weights = np.array([item.weight for item in scored.group.items])
    added = _added(scored)
    low, high = (_filled(scored, end) @ weights / weights.sum() + added[end] for end in (0, 1))
    is_known = ~np.isnan(scored.totals)
    return np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)


def _filled(scored: Scored, end: int) -> Floats:
    limits = np.array([item.limits[end] for item in scored.group.items])
    return np.where(np.isnan(scored.scores), limits, scored.scores)


def _added(scored: Scored) -> tuple[Floats, Floats]:
    """Return the least and the most that the adjustments can come to."""
    ends = []
    for is_high in (False, True):
        extremes = [one.most if (one.points > 0) == is_high else 0.0 for one in scored.group.adjustments]
        signs = [1.0 if one.points > 0 else -1.0 for one in scored.group.adjustments]
        unknown = np.array([sign * most for sign, most in zip(signs, extremes, strict=True)])
        bonus, penalty = capped(scored.group, np.where(np.isnan(scored.points), unknown, scored.points))
        ends.append(bonus + penalty)
    return ends[0], ends[1]


WEIGHT_SCHEMA = {
    "item": pl.String,
    "factor": pl.Float64,  # of the item's weight; 0: left out
    "moved": pl.Int64,  # units whose rank changes
    "most": pl.Int64,  # ranks that the one moves which moves most
    "first": pl.Boolean,  # whether another unit comes first
}


def weight_sensitivity(scored: Scored) -> pl.DataFrame:
    """Return what becomes of the ranks with each item left out, halved, and half as much again; see WEIGHT_SCHEMA."""
    weights = np.array([item.weight for item in scored.group.items])
    rows = []
    for place, item in enumerate(scored.group.items):
        for factor in _FACTORS:
            changed = weights.copy()
            changed[place] *= factor
            rows.append((item.key, factor, *_moves(scored, changed)))
    return pl.DataFrame(rows, WEIGHT_SCHEMA, orient="row")


def _moves(scored: Scored, weights: Floats) -> tuple[int, int, bool]:
    used = spread(weights, scored.scores)
    totals = (used * np.nan_to_num(scored.scores)).sum(axis=1) + scored.bonus + scored.penalty
    ranks = ranks_of(np.where(used.sum(axis=1) > 0, totals, np.nan))
    both = ~np.isnan(ranks) & ~np.isnan(scored.ranks)
    moved = np.abs(ranks[both] - scored.ranks[both])
    first = bool(((ranks == 1) != (scored.ranks == 1))[both].any())
    return int((moved > 0).sum()), int(moved.max(initial=0)), first


@dataclass(frozen=True)
class WayUp:
    """The smallest change of one value that moves a unit up while all others stay as they are; None: none does."""

    item: str
    value: float
    needed: float | None
    rank: int | None  # the one that is reached


def ways_up(scored: Scored, unit: str) -> list[WayUp]:
    """Return of every item whose value is known what would move a unit to a better rank, alone.

    The first has none. The whole group is scored again at every try: what one unit gains may be another's loss.
    """
    row = scored.place(unit)
    if np.isnan(scored.ranks[row]) or scored.ranks[row] == 1:
        return []
    return list(_ways(scored, row))


def _ways(scored: Scored, row: int) -> Iterator[WayUp]:
    for place, item in enumerate(scored.group.items):
        if np.isnan(scored.scores[row, place]):
            continue
        now = float(scored.known[place].value[row])
        needed = _needed(scored, row, place, item)
        rank = None if needed is None else int(_with(scored, row, place, item, needed).ranks[row])
        yield WayUp(item.key, now, needed, rank)


def _needed(scored: Scored, row: int, place: int, item: Item) -> float | None:
    """Double the change until the rank is better, then halve the span in which it becomes so."""
    values = scored.known[place].value
    now, sign = float(values[row]), 1.0 if item.direction == "up" else -1.0
    step = max(abs(now), float(np.nanmax(values) - np.nanmin(values)), 1e-6) * _FIRST_STEP
    floor = 0.0 if now >= 0 else -np.inf  # what is never below zero does not get there

    def is_up(change: float) -> bool:
        value = max(now + sign * change, floor)
        return bool(_with(scored, row, place, item, value).ranks[row] < scored.ranks[row])

    high = next((step * 2.0**n for n in range(_STEPS) if is_up(step * 2.0**n)), None)
    if high is None:
        return None
    low = 0.0 if high == step else high / 2.0
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if is_up(middle) else (middle, high)
    return max(now + sign * high, floor)


def _with(scored: Scored, row: int, place: int, item: Item, value: float) -> Scored:
    """Return the group scored with another value of one unit for one item."""
    before = scored.known[place]
    values = before.value.copy()
    values[row] = value
    known = Known(values, before.goal, before.base)
    measured = measure(item, known)
    scores = scored.scores.copy()
    scores[:, place] = scale(item, measured.amounts, scored.scheme.efficacy)
    made = total_up(scored.scheme, scored.group, scored.units, scored.known, scored.measured, scores, scored.points)
    return replace(made, known=(*scored.known[:place], known, *scored.known[place + 1 :]))


def quartiles(scores: Floats, fewest: int) -> tuple[float, float, float] | None:
    """Return the lower quartile, the median and the upper one of what is known; None of fewer than ``fewest``.

    >>> quartiles(np.array([60.0, 70.0, 80.0, 90.0, 100.0]), 5)
    (70.0, 80.0, 90.0)
    """
    known = scores[~np.isnan(scores)]
    if len(known) < fewest:
        return None
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)
