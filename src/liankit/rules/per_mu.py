"""Score and class enterprises by what they yield per mu of land (亩均论英雄), all of them at once.

A value that is not known leaves an interval of the score, and so of the class; it is never 0. Who is taken to a class
by a step (a veto) keeps the place that the score has in the ranking: nobody moves up for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from liankit.errors import UserError, nearest
from liankit.reasons import Reason, Scalar
from liankit.rules.per_mu_method import Adjustment, Group, Method, places
from liankit.rules.per_mu_values import (
    NONE,
    UNKNOWN,
    Floats,
    Ints,
    adjusted,
    bases_of,
    bound_of,
    column,
    excluded_by,
    grouped,
    holding,
    worth,
)
from liankit.rules.scheme import Compare

Weights = Mapping[str, Mapping[str, float]]
"""By group and indicator: the weight that takes the place of the method's."""
STATES = ("assessed", "excluded", "unknown_group", "no_group", "follows_plot")
TABLE = {
    "enterprise": pl.String,
    "state": pl.String,  # of ``STATES``
    "group": pl.String,
    "is_apart": pl.Boolean,  # ranked among the tenants
    "low": pl.Float64,  # the score; both ends equal when it is known
    "high": pl.Float64,
    "best": pl.String,  # the best and the worst class it can be in; equal when that is known
    "worst": pl.String,
    "why": pl.String,  # the key of what excludes it
}
POINTS = {
    "enterprise": pl.String,
    "indicator": pl.String,
    "value": pl.Float64,
    "base": pl.Float64,
    "weight": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


@dataclass(frozen=True)
class Ranked:
    """Enterprises that are ranked among each other, by ``rows`` of the table.

    ``values``, and ``low`` and ``high``, the points in shares of the weight, are (enterprises, indicators); ``base``
    and ``span`` say what the whole weight is worth: points = weight x (value - offset) / span. ``extra_low`` and
    ``extra_high`` are the points of adjustments.
    """

    group: Group
    is_apart: bool
    rows: Ints
    keys: tuple[str, ...]
    values: Floats
    base: Floats
    span: Floats
    low: Floats
    high: Floats
    extra_low: Floats
    extra_high: Floats

    def weights(self, told: Weights) -> Floats:
        """Return the weight of each indicator, those told in place of the group's own."""
        own = dict(self.group.weights) | dict(told.get(self.group.key, {}))
        return np.array([own[key] for key in self.keys])


@dataclass(frozen=True)
class Prepared:
    """What does not depend on the weights: any number of weightings may be scored from it."""

    method: Method
    year: int
    table: pl.DataFrame
    state: Ints
    why: Ints
    ranked: tuple[Ranked, ...]

    def scored(self, weights: Weights | None = None) -> Assessment:
        """Return scores and classes under the method's weights, or those told for a group and indicator."""
        told = weights or {}
        check_weights(self.method, told)
        size = len(self.table)
        low, high = np.full(size, np.nan), np.full(size, np.nan)
        best, worst = np.full(size, NONE), np.full(size, NONE)
        for one in self.ranked:
            w = one.weights(told)
            low[one.rows] = weighted(one.low, w) + one.extra_low
            high[one.rows] = weighted(one.high, w) + one.extra_high
            best[one.rows], worst[one.rows] = classed(self.method, one.group, low[one.rows], high[one.rows])
        ranked = (best.copy(), worst.copy())
        _take_steps(self.method, self.table, best, worst)
        _follow_plots(self, best, worst)
        return Assessment(self, dict(told), low, high, best, worst, ranked)


@dataclass(frozen=True)
class Assessment:
    """Scores and classes, in the order of the table; classes are places in ``method.classes``, -1 for none.

    ``placed`` are best and worst class by the ranking alone, before steps.
    """

    prepared: Prepared
    told: Weights
    low: Floats
    high: Floats
    best: Ints
    worst: Ints
    placed: tuple[Ints, Ints]

    @property
    def method(self) -> Method:
        return self.prepared.method

    @cached_property
    def table(self) -> pl.DataFrame:
        """Return one line an enterprise with the columns of ``TABLE``."""
        source, method = self.prepared.table, self.method
        group, apart = np.full(len(source), NONE), np.zeros(len(source), dtype=bool)
        keys = [one.key for one in method.groups]
        for one in self.prepared.ranked:
            group[one.rows], apart[one.rows] = keys.index(one.group.key), one.is_apart
        classes = [one.key for one in method.classes]
        data = {
            "enterprise": source["enterprise"],
            "state": _named(self.prepared.state, STATES),
            "group": _named(group, keys),
            "is_apart": pl.Series(apart),
            "low": pl.Series(self.low).fill_nan(None),
            "high": pl.Series(self.high).fill_nan(None),
            "best": _named(self.best, classes),
            "worst": _named(self.worst, classes),
            "why": _named(self.prepared.why, [one.key for one in method.exclusions]),
        }
        return pl.DataFrame(data, schema=TABLE)

    @cached_property
    def points(self) -> pl.DataFrame:
        """Return the points of every enterprise and indicator with the columns of ``POINTS``."""
        parts = [_points(self, one) for one in self.prepared.ranked]
        return pl.concat(parts) if parts else pl.DataFrame(schema=POINTS)

    def reasons(self, enterprise: str) -> tuple[Reason, ...]:
        """Return why an enterprise has its score and class: by indicator, then what adds, excludes or moves."""
        row = _row_of(self.prepared.table, enterprise)
        found = [reason for one in self.prepared.ranked for reason in _of_indicators(self, one, row)]
        table, method = self.prepared.table, self.method
        if found:
            found += [_of_adjustment(one, table, row) for one in method.adjustments]
        found += [_of_condition("per_mu.exclusion", one.key, one, table, row) for one in method.exclusions]
        found += [_of_condition("per_mu.step", step.key, step.when, table, row) for step in method.steps]
        return tuple(found)


def assess(method: Method, table: pl.DataFrame, year: int, weights: Weights | None = None) -> Assessment:
    """Return the scores and classes of enterprises for a year.

    Parameters
    ----------
    table : column ``enterprise``, one Float64 column for each of ``method.quantities`` (null or NaN: unknown; flags are
        1 and 0) and, where the method names a ``plot_owner``, that String column with the id of the owner.
    weights : by group and indicator, in place of the method's own.

    Raises UserError where a column is missing or a weight names nothing.
    """
    return prepare(method, table, year).scored(weights)


def prepare(method: Method, table: pl.DataFrame, year: int) -> Prepared:
    """Return who is judged in which group with which values and base values; as ``assess``, before any weights."""
    table = _checked(method, table)
    excluded, why = excluded_by(method, table)
    group = grouped(method, table)
    state = np.select([excluded, group == UNKNOWN, group == NONE], [1, 2, 3], default=0)
    rents = column(table, method.tenant) == 1 if method.tenant else np.zeros(len(table), dtype=bool)
    ranked: list[Ranked] = []
    for at, one in enumerate(method.groups):
        is_in = (state == 0) & (group == at)
        if one.tenants == "follow_plot":
            state[is_in & rents] = STATES.index("follows_plot")
            is_in &= ~rents
        base = bases_of(method, one, table[np.flatnonzero(is_in)], year)
        for is_apart in (False, True) if one.tenants == "apart" else (False,):
            rows = np.flatnonzero(is_in & (rents == is_apart) if one.tenants == "apart" else is_in)
            ranked.append(_ranked(method, one, table[rows], rows, base, is_apart))
    return Prepared(method, year, table, state, why, tuple(ranked))


def check_weights(method: Method, told: Weights) -> None:
    """Raise UserError where a weight names no group or indicator, or is no weight."""
    groups = {group.key: group for group in method.groups}
    for key, weights in told.items():
        if key not in groups:
            raise UserError(f"{method.key}: there is no group '{key}'.{nearest(key, groups)}")
        for name, weight in weights.items():
            if name not in groups[key].weights:
                hint = nearest(name, groups[key].weights)
                raise UserError(f"{method.key}: group '{key}' weighs no indicator '{name}'.{hint}")
            if not 0 <= weight <= 1000:
                raise UserError(f"{method.key}: the weight of '{name}' is {weight:g}. Give 0 to 1000.")


def classed(method: Method, group: Group, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Return the best and the worst class of each score, an interval, by its place among the others.

    An enterprise can at best be placed behind all that are surely better, at worst behind all that may be.
    """
    if not group.until:
        return np.full(len(low), NONE), np.full(len(low), NONE)
    shares = [group.until[one.key] for one in method.classes[:-1]]
    cuts = np.array([places(len(low), share, method.rounding) for share in shares])
    by_low, by_high = np.sort(low), np.sort(high)
    if method.ties == "better":  # whoever has the same score is not ahead
        surely = len(low) - np.searchsorted(by_low, high, side="right")
        perhaps = len(low) - np.searchsorted(by_high, low, side="right") - (high > low)
    else:
        surely = len(low) - np.searchsorted(by_low, high, side="left") - (low == high)
        perhaps = len(low) - np.searchsorted(by_high, low, side="left") - 1
    return np.searchsorted(cuts, surely + 1), np.searchsorted(cuts, perhaps + 1)


def _checked(method: Method, table: pl.DataFrame) -> pl.DataFrame:
    wanted = ["enterprise", *method.quantities, *([method.plot_owner] if method.plot_owner else [])]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        hint = nearest(missing[0], table.columns)
        raise UserError(f"{method.key}: the table has no column '{missing[0]}'. Add it; leave cells empty.{hint}")
    numbers = [pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in method.quantities]
    return table.select(wanted).with_columns(numbers)


def _ranked(
    method: Method, group: Group, table: pl.DataFrame, rows: Ints, base: tuple[Floats, Floats], is_apart: bool
) -> Ranked:
    indicators = [method.indicator(key) for key in group.weights]
    values = np.array([column(table, one.quantity) for one in indicators]).T.reshape(len(rows), len(indicators))
    low, high = np.empty_like(values), np.empty_like(values)
    for at, one in enumerate(indicators):
        low[:, at], high[:, at] = worth(method, group, one, values[:, at], (base[0][at], base[1][at]))
    extra_low, extra_high = np.zeros(len(rows)), np.zeros(len(rows))
    for adjustment in method.adjustments:
        if not adjustment.groups or group.key in adjustment.groups:
            low_points, high_points = adjusted(adjustment, table)
            extra_low, extra_high = extra_low + low_points, extra_high + high_points
    return Ranked(group, is_apart, rows, tuple(group.weights), values, *base, low, high, extra_low, extra_high)


def weighted(shares: Floats, weights: Floats) -> Floats:
    """Return the sums of shares times weights; what weighs nothing adds nothing, however unknown it is."""
    counts = weights > 0
    return shares[:, counts] @ weights[counts]


def _take_steps(method: Method, table: pl.DataFrame, best: Ints, worst: Ints) -> None:
    """Move classes: up first, then to at best a class, then straight to one; what may hold moves one end."""
    keys = [one.key for one in method.classes]
    is_classed = best != NONE
    for step in sorted(method.steps, key=lambda one: (one.up is None, one.at_best is None)):
        holds = holding(step.when, table)
        surely, perhaps = is_classed & (holds == 1), is_classed & (holds != 0)
        if step.up is not None:
            best[perhaps] = np.maximum(0, best[perhaps] - step.up)
            worst[surely] = np.maximum(0, worst[surely] - step.up)
        elif step.at_best is not None:
            limit = keys.index(step.at_best)
            best[surely], worst[perhaps] = np.maximum(best[surely], limit), np.maximum(worst[perhaps], limit)
        else:
            at = keys.index(step.to or "")
            best[surely] = worst[surely] = at
            best[perhaps], worst[perhaps] = np.minimum(best[perhaps], at), np.maximum(worst[perhaps], at)


def _follow_plots(prepared: Prepared, best: Ints, worst: Ints) -> None:
    """Give tenants that follow their plot the class of its owner; of an unknown owner they have none."""
    rows = np.flatnonzero(prepared.state == STATES.index("follows_plot"))
    if not len(rows) or prepared.method.plot_owner is None:
        return
    places = pl.DataFrame({"owner": prepared.table["enterprise"], "at": np.arange(len(prepared.table))})
    owners = prepared.table[rows].select(owner=prepared.method.plot_owner).join(places, on="owner", how="left")
    at = owners["at"].fill_null(NONE).to_numpy()
    for classes in (best, worst):
        classes[rows] = np.where(at == NONE, NONE, classes[at])


def _named(at: Ints, names: Sequence[str]) -> pl.Series:
    return pl.Series([*names, None], dtype=pl.String).gather(np.where(at < 0, len(names), at))


def _points(found: Assessment, one: Ranked) -> pl.DataFrame:
    size, width = one.values.shape
    w = one.weights(found.told)
    data = {
        "enterprise": found.prepared.table["enterprise"][one.rows].gather(np.repeat(np.arange(size), width)),
        "indicator": pl.Series(one.keys, dtype=pl.String).gather(np.tile(np.arange(width), size)),
        "value": pl.Series(one.values.ravel()).fill_nan(None),
        "base": pl.Series(np.tile(one.span, size)).fill_nan(None),
        "weight": np.tile(w, size),
        "low": pl.Series(_times(one.low, w).ravel()),
        "high": pl.Series(_times(one.high, w).ravel()),
    }
    return pl.DataFrame(data, schema=POINTS)


def _times(shares: Floats, weights: Floats) -> Floats:
    return np.where(weights > 0, shares * np.where(weights > 0, weights, 1), 0.0)


def _row_of(table: pl.DataFrame, enterprise: str) -> int:
    rows = np.flatnonzero((table["enterprise"] == enterprise).to_numpy())
    if not len(rows):
        raise UserError(
            f"There is no enterprise '{enterprise}' in the table.{nearest(enterprise, table['enterprise'])}"
        )
    return int(rows[0])


def _value(table: pl.DataFrame, quantity: str, row: int) -> tuple[float | None, float | None]:
    value = table[quantity][row]
    return (None, None) if np.isnan(value) else (value, value)


def _of_adjustment(one: Adjustment, table: pl.DataFrame, row: int) -> Reason:
    low, high = (float(points[0]) for points in adjusted(one, table[row]))
    holds = bool(low) if low == high else None
    params: dict[str, Scalar] = {"key": one.key, "points_low": low, "points_high": high}
    return Reason("per_mu.adjustment", holds, *_value(table, one.quantity, row), params=params)


def _of_condition(code: str, key: str, one: Compare, table: pl.DataFrame, row: int) -> Reason:
    holds, bound = holding(one, table[row])[0], bound_of(one)
    said = None if np.isnan(holds) else bool(holds)
    threshold = None if np.isnan(bound) else bound
    return Reason(code, said, *_value(table, one.quantity, row), threshold=threshold, params={"key": key})


def _of_indicators(found: Assessment, one: Ranked, row: int) -> list[Reason]:
    """Return a reason an indicator: its value against the base value, and what it is worth."""
    if row not in one.rows:
        return []
    at = np.flatnonzero(one.rows == row)
    parts = {name: getattr(one, name)[at] for name in ("rows", "values", "low", "high", "extra_low", "extra_high")}
    reasons = []
    for line in _points(found, replace(one, **parts)).iter_rows(named=True):
        value, base = line["value"], line["base"]
        holds = None if value is None or base is None else value >= base
        params: dict[str, Scalar] = {"key": line["indicator"], "weight": line["weight"]}
        params |= {"points_low": line["low"], "points_high": line["high"]}
        unit = found.method.indicator(line["indicator"]).unit
        reasons.append(Reason("per_mu.indicator", holds, value, value, unit, base, params))
    return reasons
