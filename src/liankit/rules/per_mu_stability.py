"""How far each weight may move, the others as they are, before somebody changes class; and who would be the first.

A score is linear in one weight, so a class whose scores are exact keeps its members over one interval of it: halving
finds both ends. Where scores are intervals the classes are compared as intervals, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from liankit.rules.per_mu import Assessment, Prepared, Ranked, Weights, check_weights, classed, weighted
from liankit.rules.per_mu_values import Floats, Ints

STABILITY: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "group": pl.String,
    "indicator": pl.String,
    "weight": pl.Float64,
    "least": pl.Float64,  # down to here nobody moves; 0: however small it is
    "most": pl.Float64,  # up to here nobody moves; the bound that was asked for: however large it is
    "below": pl.List(pl.String),  # who moves just below ``least``
    "above": pl.List(pl.String),
}
_PRECISION = 0.01

_Classes = Callable[[float], tuple[Ints, Ints]]


def stability(ready: Prepared, told: Weights | None = None, bound: float = 100.0) -> pl.DataFrame:
    """Return how far each weight may move before somebody changes class, with the columns of ``STABILITY``.

    Parameters
    ----------
    told : weights in place of the method's, by group and indicator; each is moved from there, up to ``bound`` points.

    The ends are exact to 0.01 points of weight. Raises UserError where a weight names nothing.
    """
    asked = told or {}
    check_weights(ready.method, asked)
    found = ready.scored(asked)
    lines = [_line(found, group.key, key, bound) for group in ready.method.groups for key in group.weights]
    return pl.DataFrame(lines, schema=STABILITY, orient="row")


def _line(found: Assessment, group: str, key: str, bound: float) -> tuple[object, ...]:
    parts = [one for one in found.prepared.ranked if one.group.key == group]
    place = parts[0].keys.index(key)
    weight = float(parts[0].weights(found.told)[place])
    least, below = _end(found, parts, place, weight, 0.0)
    most, above = _end(found, parts, place, weight, max(bound, weight))
    return group, key, weight, least, most, below, above


def _end(found: Assessment, parts: list[Ranked], place: int, start: float, end: float) -> tuple[float, list[str]]:
    """Return the farthest weight towards ``end`` at which all classes still are as they are, and who moves next."""
    now = [_classes(found, one, place)(start) for one in parts]
    inside, outside = start, end
    moved = _moved(found, parts, place, now, outside)
    if not moved:
        return end, []
    while abs(outside - inside) > _PRECISION:
        middle = (inside + outside) / 2
        at_middle = _moved(found, parts, place, now, middle)
        inside, outside, moved = (inside, middle, at_middle) if at_middle else (middle, outside, moved)
    return inside, moved


def _moved(
    found: Assessment, parts: list[Ranked], place: int, now: list[tuple[Ints, Ints]], weight: float
) -> list[str]:
    names: list[str] = []
    for one, (best, worst) in zip(parts, now, strict=True):
        then_best, then_worst = _classes(found, one, place)(weight)
        rows = one.rows[np.flatnonzero((best != then_best) | (worst != then_worst))]
        names += found.prepared.table["enterprise"][rows].to_list()
    return names


def _classes(found: Assessment, one: Ranked, place: int) -> _Classes:
    """Return the ranking's classes as a function of one weight."""
    weights = one.weights(found.told)

    def at(weight: float) -> tuple[Ints, Ints]:
        changed: Floats = np.where(np.arange(len(weights)) == place, weight, weights)
        low, high = weighted(one.low, changed) + one.extra_low, weighted(one.high, changed) + one.extra_high
        return classed(found.method, one.group, low, high)

    return at
