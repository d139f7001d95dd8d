"""Grade enterprises by schemes: true, false or unknown, with what every clause was and why.

Inside, a clause is 0 (false), 1 (unknown) or 2 (true) an enterprise: ``all`` is the least, ``any`` the most, ``not``
2 less it. Work grows with enterprises x clauses; a quantity is computed once for all schemes that share a panel.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.reasons import Reason
from liankit.rules.panel import Floats, Panel
from liankit.rules.quantities import codes_of, value_of
from liankit.rules.scheme import (
    AllOf,
    AnyOf,
    Bound,
    Case,
    Clause,
    Compare,
    Item,
    LeastOf,
    Scheme,
    Score,
    Source,
    form_of,
    sources_of,
)

Truths = npt.NDArray[np.int8]
FALSE, UNKNOWN, TRUE = 0, 1, 2
_TOLD = np.array([0, -1, 1], dtype=np.int8)
SLACK = 1e-12
"""Values nearer to a bound than this part of it lie on it: 1.05 squared is 1.1025, and grows by 5 percent a year."""
_Way = Callable[[Floats, float], npt.NDArray[np.bool_]]
_WAYS: Mapping[str, tuple[_Way, int]] = {  # and to which side the slack moves the bound
    "at_least": (operator.ge, -1),
    "more_than": (operator.gt, 1),
    "at_most": (operator.le, 1),
    "less_than": (operator.lt, -1),
}
_OPPOSITE = {"at_least": "less_than", "less_than": "at_least", "more_than": "at_most", "at_most": "more_than"}

REASONS: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,  # the enterprise's place in the panel
    "clause": pl.UInt16,  # the clause's place in the scheme: ``Grades.clauses``
    "holds": pl.Boolean,  # null: unknown
    "low": pl.Float64,  # the value, or the points, as an interval; null: unknown
    "high": pl.Float64,
}
"""Columns of the reasons of all enterprises, a line a clause of each."""


@dataclass(frozen=True)
class Judged:
    """What one clause, or one item of a score, came to for every enterprise.

    ``holds`` is 1, 0, or -1 where unknown; of an item it is 1. ``low`` and ``high`` are the compared value, or the
    points; empty where nothing is measured. ``depth`` is how deep the node lies in the tree; ``threshold`` is the bound
    in force, NaN where there is none.
    """

    node: Clause | Item
    depth: int
    holds: Truths
    low: Floats
    high: Floats
    threshold: float


@dataclass(frozen=True)
class Grades:
    """How enterprises stand under one scheme: ``outcome`` is 1 (met), 0 (not), -1 (unknown), in the panel's order.

    ``clauses`` are in the order of the scheme, each before its parts, vetoes last; none where no reasons were asked.
    """

    scheme: Scheme
    panel: Panel
    outcome: Truths
    clauses: tuple[Judged, ...]

    def reasons(self, row: int) -> tuple[Reason, ...]:
        """Return why one enterprise stands as it does: a reason a clause, in order."""
        sources = sources_of(self.scheme)
        return tuple(_reason(self.scheme.key, sources[one.node.key], one, row) for one in self.clauses)

    def table(self) -> pl.DataFrame:
        """Return the reasons of all enterprises with ``REASONS``, clause by clause."""
        if not self.clauses:
            return pl.DataFrame(schema=REASONS)
        size, count = len(self.panel), len(self.clauses)
        told = pl.Series(np.concatenate([judged.holds for judged in self.clauses]))
        nothing = np.full(size, np.nan)
        low, high = (
            pl.Series(np.concatenate([side if len(side) else nothing for side in sides])).fill_nan(None)
            for sides in zip(*((judged.low, judged.high) for judged in self.clauses), strict=True)
        )
        columns = {
            "row": np.tile(np.arange(size, dtype=np.uint32), count),
            "clause": np.repeat(np.arange(count, dtype=np.uint16), size),
            "holds": (told == 1).set(told < 0, None),
            "low": low,
            "high": high,
        }
        return pl.DataFrame(columns)


def grade(schemes: Iterable[Scheme], panel: Panel, *, with_reasons: bool = True) -> list[Grades]:
    """Return how the enterprises of a panel stand under each scheme, by the parameters in force on the panel's day."""
    return [_Grading(scheme, panel, with_reasons).graded() for scheme in schemes]


def bounds_on(scheme: Scheme, day: date) -> dict[str, float]:
    """Return the parameters of a scheme in force on a day; NaN for one that has no value then."""
    values = {one.key: one.on(day) for one in scheme.parameters}
    return {key: value.value if value else np.nan for key, value in values.items()}


_UNTOLD: Judged = None  # type: ignore[assignment]  # every reserved place is told before the grading ends
_NOTHING = (np.empty(0), np.empty(0), np.nan)
"""Of a node that measures nothing: no values, no bound."""


class _Grading:
    """One scheme over one panel."""

    def __init__(self, scheme: Scheme, panel: Panel, with_reasons: bool) -> None:
        self.scheme, self.panel, self.with_reasons = scheme, panel, with_reasons
        self.bounds = bounds_on(scheme, panel.on)
        self.told: list[Judged] = []

    def graded(self) -> Grades:
        met = self.clause(self.scheme.clause, 0)
        for veto in self.scheme.vetoes:
            met = np.minimum(met, TRUE - self.clause(veto, 0))
        return Grades(self.scheme, self.panel, _TOLD[met], tuple(self.told))

    def clause(self, node: Clause, depth: int) -> Truths:
        if isinstance(node, Compare):
            return self.compare(node, depth)
        place = self.reserve()
        if isinstance(node, Score):
            return self.score(node, depth, place)
        found = _combined(node, [self.clause(part, depth + 1) for part in node.parts])
        self.tell(place, node, depth, found)
        return found

    def compare(self, node: Compare, depth: int) -> Truths:
        place = self.reserve()
        if node.one_of is not None:
            found = self.among(node)
            self.tell(place, node, depth, found)
            return found
        values = value_of(self.panel, node.quantity)
        name, bound = _way(node)
        threshold = self.bound(bound)
        found = _compared(name, values, threshold)
        self.tell(place, node, depth, found, (values, values, threshold))
        return found

    def among(self, node: Compare) -> Truths:
        places, codes = codes_of(self.panel, node.quantity)
        table = np.full(len(codes) + 1, UNKNOWN, dtype=np.int8)
        table[:-1] = [TRUE if code in (node.one_of or ()) else FALSE for code in codes]
        return table[places]

    def score(self, node: Score, depth: int, place: int) -> Truths:
        points = [self.item(item, depth + 1) for item in node.items]
        low, high = (reduce(np.add, side) for side in zip(*points, strict=True))
        found = _reaches(low, high, self.bound(node.at_least))
        for part, bound in node.parts_at_least.items():
            own = [both for item, both in zip(node.items, points, strict=True) if item.part == part]
            sums = [reduce(np.add, side) for side in zip(*own, strict=True)]
            found = np.minimum(found, _reaches(sums[0], sums[1], self.bound(bound)))
        self.tell(place, node, depth, found, (low, high, self.bound(node.at_least)))
        return found

    def item(self, item: Item, depth: int) -> tuple[Floats, Floats]:
        place = self.reserve()
        if item.first:
            low, high = self.first(item.first, depth)
        elif item.each:
            low, high = self.each(item, depth)
        elif item.per:
            low, high = self.per(item)
        else:
            low, high = self.banded(item)
        held = np.full(len(self.panel), TRUE, dtype=np.int8)
        self.tell(place, item, depth, held, (low, high, np.nan))
        return low, high

    def first(self, cases: Sequence[Case], depth: int) -> tuple[Floats, Floats]:
        held = [self.clause(case.when, depth + 1) for case in cases]
        low, high = np.zeros(len(self.panel)), np.zeros(len(self.panel))
        for case, met in zip(reversed(cases), reversed(held), strict=True):
            is_open = met == UNKNOWN
            low = np.where(met == TRUE, case.points, np.where(is_open, np.minimum(case.points, low), low))
            high = np.where(met == TRUE, case.points, np.where(is_open, np.maximum(case.points, high), high))
        return low, high

    def each(self, item: Item, depth: int) -> tuple[Floats, Floats]:
        held = [self.clause(case.when, depth + 1) for case in item.each]
        most = np.inf if item.most is None else item.most
        low, high = np.zeros(len(self.panel)), np.zeros(len(self.panel))
        for case, met in zip(item.each, held, strict=True):
            low += case.points * (_is_true if case.points > 0 else _may_be)(met)
            high += case.points * (_may_be if case.points > 0 else _is_true)(met)
        return np.minimum(low, most), np.minimum(high, most)

    def per(self, item: Item) -> tuple[Floats, Floats]:
        assert item.quantity and item.per and item.points is not None and item.most is not None
        values = value_of(self.panel, item.quantity)
        points = np.clip(np.floor(values / item.per * (1 + SLACK)) * item.points, 0, item.most)
        is_open = np.isnan(points)
        return np.where(is_open, 0.0, points), np.where(is_open, item.most, points)

    def banded(self, item: Item) -> tuple[Floats, Floats]:
        assert item.quantity
        values = value_of(self.panel, item.quantity)
        way = "at_least" if item.at_least else "at_most"
        best = np.zeros(len(self.panel))
        bands = item.at_least or item.at_most
        for band in bands:
            bound = self.bound(band.bound)
            best = np.maximum(best, np.where(_stands(way, values, bound), band.points, 0.0))
        is_open = np.isnan(values) | any(np.isnan(self.bound(band.bound)) for band in bands)
        most = max(band.points for band in bands)
        return np.where(is_open, 0.0, best), np.where(is_open, most, best)

    def bound(self, bound: Bound) -> float:
        return self.bounds[bound] if isinstance(bound, str) else bound

    def reserve(self) -> int:
        """Keep the place of a node before its parts."""
        if self.with_reasons:
            self.told.append(_UNTOLD)
        return len(self.told) - 1

    def tell(
        self,
        place: int,
        node: Clause | Item,
        depth: int,
        found: Truths,
        measured: tuple[Floats, Floats, float] = _NOTHING,
    ) -> None:
        """Keep what a node came to at its place; ``measured`` is its value as an interval, and the bound."""
        if self.with_reasons:
            self.told[place] = Judged(node, depth, _TOLD[found], *measured)


def _combined(node: AllOf | AnyOf | LeastOf, parts: Sequence[Truths]) -> Truths:
    if isinstance(node, AllOf):
        return reduce(np.minimum, parts)
    if isinstance(node, AnyOf):
        return reduce(np.maximum, parts)
    sure, perhaps = (np.sum([side(part) for part in parts], axis=0) for side in (_is_true, _may_be))
    return (sure >= node.count).astype(np.int8) + (perhaps >= node.count).astype(np.int8)


def _is_true(met: Truths) -> npt.NDArray[np.bool_]:
    return met == TRUE


def _may_be(met: Truths) -> npt.NDArray[np.bool_]:
    return met != FALSE


def _reaches(low: Floats, high: Floats, bound: float) -> Truths:
    """Say whether points that lie between two numbers reach a bound; an unknown bound leaves it open."""
    if np.isnan(bound):
        return np.full(len(low), UNKNOWN, dtype=np.int8)
    return _stands("at_least", low, bound).astype(np.int8) + _stands("at_least", high, bound).astype(np.int8)


def _compared(way: str, values: Floats, bound: float) -> Truths:
    """Compare values, NaN being unknown, with a bound: what neither stands nor falls is unknown."""
    if way == "is":
        stands, falls = values == bound, values == 1 - bound
    else:
        stands, falls = _stands(way, values, bound), _stands(_OPPOSITE[way], values, bound)
    found = stands.view(np.int8) - falls.view(np.int8)
    found += UNKNOWN
    return found


def _stands(way: str, values: Floats, bound: float) -> npt.NDArray[np.bool_]:
    """Compare values with a bound; both sides of it are told apart from what lies on it."""
    compare, side = _WAYS[way]
    return compare(values, bound + side * SLACK * max(1.0, abs(bound)))


def _way(node: Compare) -> tuple[str, Bound]:
    """Return how a clause compares, and with what."""
    if node.is_ is not None:
        return "is", float(node.is_)
    return next((name, bound) for name in _WAYS if (bound := getattr(node, name)) is not None)


def _reason(scheme: str, source: Source, judged: Judged, row: int) -> Reason:
    holds = {1: True, 0: False, -1: None}[int(judged.holds[row])]
    low, high = (_known(side[row]) if len(side) else None for side in (judged.low, judged.high))
    return Reason(
        code=f"rules.{form_of(judged.node)}",
        holds=None if isinstance(judged.node, Item) and low != high else holds,
        value_low=low,
        value_high=high,
        threshold=_known(judged.threshold),
        params={"scheme": scheme, "clause": judged.node.key, "depth": judged.depth},
        source=source.clause,
    )


def _known(value: float) -> float | None:
    return None if value != value else float(value)  # NaN is not itself; asked too often for a function of arrays
