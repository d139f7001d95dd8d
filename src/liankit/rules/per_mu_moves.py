"""Who changes class under other weights, and who stands so near a line that little would move it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from liankit.rules.per_mu import Assessment, Ranked
from liankit.rules.per_mu_method import places
from liankit.rules.per_mu_values import NONE, Floats, Ints

MOVES = {
    "enterprise": pl.String,
    "group": pl.String,
    "before": pl.String,
    "after": pl.String,
    "step": pl.Int64,  # classes gained; below 0: lost
    "score_before": pl.Float64,
    "score_after": pl.Float64,
}
CLIFFS = {
    "enterprise": pl.String,
    "group": pl.String,
    "class": pl.String,
    "next": pl.String,  # the class across the line
    "points": pl.Float64,  # what reaches it; below 0: what a loss of so much may lead to
    "indicator": pl.String,
    "amount": pl.Float64,  # by how much the indicator would have to change, alone; null: it cannot
}


CLASS_LINES: Mapping[str, type[pl.DataType]] = {
    "group": pl.String,
    "is_apart": pl.Boolean,
    "class": pl.String,  # every class but the last
    "ranked": pl.Int64,
    "places": pl.Int64,  # of this class and all better ones
    "low": pl.Float64,  # the score of the last place, at least and at most; null: there is no place
    "high": pl.Float64,
}


def class_lines(found: Assessment) -> pl.DataFrame:
    """Return where the lines between classes lie in each ranking, with the columns of ``CLASS_LINES``.

    However unknown scores turn out, the last place has a score between that of all at their least and at their most.
    """
    rows: list[tuple[object, ...]] = []
    for one in found.prepared.ranked:
        if not one.group.until or not len(one.rows):
            continue
        by_low, by_high = (np.sort(ends[one.rows])[::-1] for ends in (found.low, found.high))
        for cls in found.method.classes[:-1]:
            count = places(len(one.rows), one.group.until[cls.key], found.method.rounding)
            low, high = (float(ends[count - 1]) if count else None for ends in (by_low, by_high))
            rows.append((one.group.key, one.is_apart, cls.key, len(one.rows), count, low, high))
    return pl.DataFrame(rows, schema=CLASS_LINES, orient="row")


def moves(before: Assessment, after: Assessment) -> pl.DataFrame:
    """Return who surely changes class between two scorings of the same table, with the columns of ``MOVES``.

    Best risers first. Whose class is not certain in both has not moved.
    """
    is_certain = (before.best == before.worst) & (after.best == after.worst) & (before.best != NONE)
    rows = np.flatnonzero(is_certain & (after.best != NONE) & (before.best != after.best))
    old, new = before.table[rows], after.table[rows]
    data = {
        "enterprise": old["enterprise"],
        "group": old["group"],
        "before": old["best"],
        "after": new["best"],
        "step": before.best[rows] - after.best[rows],
        "score_before": _exact(old),
        "score_after": _exact(new),
    }
    return pl.DataFrame(data, schema=MOVES).sort("step", "enterprise", descending=[True, False])


def cliffs(found: Assessment, within: float) -> pl.DataFrame:
    """Return who stands within so many points of a line between classes, with the columns of ``CLIFFS``.

    A line an indicator: by how much it alone would have to change, the others' scores and the base values as they are.
    Only whose score is exact and whose class is that of the ranking: a step is no matter of points. Nearest first.
    """
    parts = [_near(found, one, within) for one in found.prepared.ranked if one.group.until and len(one.rows)]
    table = pl.concat(parts) if parts else pl.DataFrame(schema=CLIFFS)
    order = pl.struct(pl.col("points").abs(), "enterprise")
    return table.sort(order, maintain_order=True)


def _exact(table: pl.DataFrame) -> pl.Series:
    return table.select(pl.when(pl.col("low") == pl.col("high")).then("low"))["low"]


def _near(found: Assessment, one: Ranked, within: float) -> pl.DataFrame:
    rows = one.rows
    score, place = found.low[rows], found.best[rows]
    by_ranking = (found.placed[0][rows] == place) & (found.placed[1][rows] == place) & (found.worst[rows] == place)
    is_exact = by_ranking & (found.low[rows] == found.high[rows])
    up, down = _margins(found, one, score, place)
    parts = []
    for points, step in ((up, -1), (-down, 1)):
        at = np.flatnonzero(is_exact & np.isfinite(points) & (np.abs(points) <= within))
        parts.append(_lines(found, one, at, points[at], place[at] + step))
    return pl.concat(parts)


def _margins(found: Assessment, one: Ranked, score: Floats, place: Ints) -> tuple[Floats, Floats]:
    """Return the points up to the last place of the next better class, and those above the first place outside."""
    method = found.method
    shares = [one.group.until[cls.key] for cls in method.classes[:-1]]
    cuts = np.array([places(len(one.rows), share, method.rounding) for share in shares])
    ranking = np.sort(found.high[one.rows])[::-1]
    at_line = ranking[np.clip(cuts - 1, 0, len(ranking) - 1)]
    outside = np.where(cuts < len(ranking), ranking[np.clip(cuts, 0, len(ranking) - 1)], -np.inf)
    has_places = np.diff(cuts, prepend=0) > 0
    above, below = np.clip(place - 1, 0, len(cuts) - 1), np.clip(place, 0, len(cuts) - 1)
    up = np.where((place > 0) & has_places[above], at_line[above] - score, np.inf)
    down = np.where(place < len(cuts), score - outside[below], np.inf)
    return up, down


def _lines(found: Assessment, one: Ranked, at: Ints, points: Floats, following: Ints) -> pl.DataFrame:
    width = len(one.keys)
    classes = pl.Series([cls.key for cls in found.method.classes], dtype=pl.String)
    names = found.prepared.table["enterprise"][one.rows[at]]
    each = np.repeat(np.arange(len(at)), width)
    data = {
        "enterprise": names.gather(each),
        "group": pl.repeat(one.group.key, len(each), eager=True),
        "class": classes.gather(found.best[one.rows][at][each]),
        "next": classes.gather(following[each]),
        "points": points[each],
        "indicator": pl.Series(one.keys, dtype=pl.String).gather(np.tile(np.arange(width), len(at))),
        "amount": pl.Series(_amounts(found, one, at, points).ravel()).fill_nan(None),
    }
    return pl.DataFrame(data, schema=CLIFFS)


def _amounts(found: Assessment, one: Ranked, at: Ints, points: Floats) -> Floats:
    """Return by how much each value would have to change for so many points; NaN where cap or floor is in the way."""
    method, w = found.method, one.weights(found.told)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = points[:, None] / w
    if method.form == "min_max":
        least, most, scale = method.floor / 100, 1.0, one.span / (1 - method.floor / 100)
    else:
        least, most, scale = 0.0, np.inf if one.group.cap is None else one.group.cap, one.span
    floors = [
        least if method.indicator(key).negative == "zero" or method.form == "min_max" else -np.inf for key in one.keys
    ]
    reached = one.low[at] + share
    is_able = (reached <= most) & (reached >= np.array(floors)) & ~np.isnan(one.values[at]) & (w > 0)
    # what lies beyond a cap or a floor has to come back to it first
    back = (one.low[at] * scale + one.base) - one.values[at] if method.form == "base" else 0.0
    return np.where(is_able, share * scale + back, np.nan)
