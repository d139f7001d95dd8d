"""Which comparisons hold of enterprises, who is judged in which group, and what values are worth against a base."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.rules.per_mu_method import Adjustment, Group, Indicator, Method
from liankit.rules.scheme import Compare

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1
"""The place of no group and of no class."""
UNKNOWN = -2
"""The place of a group that is not known."""


def column(table: pl.DataFrame, name: str) -> Floats:
    """Return a column as an array."""
    return table[name].to_numpy()


def holding(one: Compare, table: pl.DataFrame) -> Floats:
    """Return 1 where a comparison holds, 0 where not, NaN where it is not known."""
    value = column(table, one.quantity)
    bound = bound_of(one)
    if one.is_ is not None:
        met = value == float(one.is_)
    elif one.at_least is not None:
        met = value >= bound
    elif one.more_than is not None:
        met = value > bound
    else:
        met = value <= bound if one.at_most is not None else value < bound
    return np.where(np.isnan(value), np.nan, met)


def bound_of(one: Compare) -> float:
    """Return the number that a comparison is with; NaN for a flag."""
    ways = (one.at_least, one.more_than, one.at_most, one.less_than)
    return next((float(way) for way in ways if way is not None), np.nan)


def excluded_by(method: Method, table: pl.DataFrame) -> tuple[Flags, Ints]:
    """Return who is surely not judged, and the place of the first exclusion that says so."""
    why = np.full(len(table), NONE)
    for at, one in reversed(list(enumerate(method.exclusions))):
        why[holding(one, table) == 1] = at
    return why != NONE, why


def grouped(method: Method, table: pl.DataFrame) -> Ints:
    """Return the place of the group of each; -1 for none of them, -2 where that is not known."""
    found = np.full(len(table), NONE)
    is_open = np.ones(len(table), dtype=bool)
    for at, group in enumerate(method.groups):
        parts = np.array([holding(one, table) for one in group.when] or [np.ones(len(table))])
        fails, holds = (parts == 0).any(axis=0), (parts == 1).all(axis=0)
        found[is_open & holds] = at
        found[is_open & ~holds & ~fails] = UNKNOWN
        is_open &= fails
    return found


def bases_of(method: Method, group: Group, table: pl.DataFrame, year: int) -> tuple[Floats, Floats]:
    """Return what is taken off a value, and what the rest is divided by, for each indicator of a group."""
    offset, span = np.zeros(len(group.weights)), np.full(len(group.weights), np.nan)
    for at, key in enumerate(group.weights):
        one = method.indicator(key)
        values = column(table, one.quantity)
        known = values[~np.isnan(values)]
        if method.form == "min_max":
            if len(known):
                offset[at], span[at] = known.min(), known.max() - known.min()
        else:
            span[at] = group.bases.get(key, {}).get(year) or _average(values, column(table, one.weighted_by))
    return offset, span


def _average(values: Floats, weights: Floats) -> float:
    """Return the weighted average of what is known; NaN of nothing, and where it is not above 0."""
    is_known = ~np.isnan(values) & (weights > 0)
    total = weights[is_known].sum()
    mean = float(values[is_known] @ weights[is_known] / total) if total > 0 else np.nan
    return mean if mean > 0 else np.nan


def worth(
    method: Method, group: Group, one: Indicator, values: Floats, base: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return the least and the most that values are worth, in shares of the weight of an indicator."""
    offset, span = base
    if method.form == "min_max":
        least, most = method.floor / 100, 1.0
        share = least + (1 - least) * ((values - offset) / span if span > 0 else np.where(np.isnan(values), np.nan, 1))
    else:
        least = 0.0 if one.negative == "zero" else -np.inf
        most = np.inf if group.cap is None else group.cap
        share = np.clip(values / span, least, most)
    is_unknown = np.isnan(share)
    if one.missing == "group_mean" and not is_unknown.all():
        share = np.where(is_unknown, share[~is_unknown].mean(), share)
        return share, share
    return np.where(is_unknown, least, share), np.where(is_unknown, most, share)


def adjusted(one: Adjustment, table: pl.DataFrame) -> tuple[Floats, Floats]:
    """Return the least and the most points of an adjustment: between nothing and all of it where it is not known."""
    value = column(table, one.quantity)
    count = np.maximum(0.0, np.floor(value) - one.start + 1)
    points = np.where(count >= 1, one.first + one.each * (count - 1), 0.0)
    most = np.inf if one.most is None else one.most
    points = np.clip(points, -most, most)
    whole = np.copysign(most if one.each else min(most, abs(one.first)), one.first)
    is_unknown = np.isnan(value)
    return np.where(is_unknown, min(0.0, whole), points), np.where(is_unknown, max(0.0, whole), points)
