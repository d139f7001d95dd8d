"""Which bounds of a scheme its examples try on both sides, and which they do not.

A bound is tried when of two examples near it the one just reaches it and the other just misses it: near is within a
tenth of the bound, or one unit. A day is tried by an example of that day and one of the day before. A flag is tried by
a yes and a no, a list of codes by one in it and one that is not.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from liankit.rules.evaluate import Grades, Judged, bounds_on
from liankit.rules.examples import graded
from liankit.rules.quantities import value_of
from liankit.rules.scheme import Applies, Compare, Item, Scheme, Score
from liankit.rules.vocabulary import Vocabulary

NEAR = 0.1
"""How far from a bound, as a share of it, an example still counts as just beside it."""
NOT_IN_FORCE = "nan"


@dataclass(frozen=True)
class Trial:
    """One bound of a clause, item or part of time, and whether an example is on either side of it.

    ``bound`` is a number, a day as text, or empty where there is none (a flag, codes).
    """

    clause: str
    bound: str
    is_reached: bool = False
    is_missed: bool = False

    @property
    def what(self) -> str:
        """Say which example is missing."""
        sides = [word for word, there in (("reaches", self.is_reached), ("misses", self.is_missed)) if not there]
        return f"no example just {' or just '.join(sides)} {self.bound or 'it'}. Add one."


def coverage(scheme: Scheme, vocabulary: Vocabulary) -> tuple[Trial, ...]:
    """Return every bound of a scheme, and which of its sides have an example."""
    found: dict[tuple[str, str], Trial] = {(one.clause, one.bound): one for one in _days(scheme)}
    for grades, _places in graded(scheme, vocabulary):
        for one in _tried(grades):
            if one.bound == NOT_IN_FORCE:
                continue
            before = found.get((one.clause, one.bound), one)
            reached, missed = one.is_reached or before.is_reached, one.is_missed or before.is_missed
            found[one.clause, one.bound] = replace(one, is_reached=reached, is_missed=missed)
    return tuple(found.values())


def uncovered(scheme: Scheme, vocabulary: Vocabulary) -> tuple[Trial, ...]:
    """Return the bounds of a scheme that lack an example on one side or both."""
    if not scheme.examples:
        return (Trial("examples", ""),)
    return tuple(one for one in coverage(scheme, vocabulary) if not (one.is_reached and one.is_missed))


def _tried(grades: Grades) -> Iterator[Trial]:
    for judged in grades.clauses:
        node = judged.node
        if isinstance(node, Compare):
            yield _of_compare(judged)
        elif isinstance(node, Score):
            yield from _of_score(grades, judged)
        elif isinstance(node, Item):
            yield from _of_item(grades, judged)


def _of_compare(judged: Judged) -> Trial:
    is_flag = not isinstance(judged.node, Compare) or judged.node.is_ is not None or judged.node.one_of is not None
    if is_flag:
        return Trial(judged.node.key, "", bool((judged.holds == 1).any()), bool((judged.holds == 0).any()))
    near = _is_near(judged.low, judged.threshold)
    return Trial(
        judged.node.key,
        _shown(judged.threshold),
        bool((near & (judged.holds == 1)).any()),
        bool((near & (judged.holds == 0)).any()),
    )


def _of_score(grades: Grades, judged: Judged) -> Iterator[Trial]:
    """The sum, and the sums of its parts, where all points are known; a score goes in steps, so any side will do."""
    assert isinstance(judged.node, Score)
    yield _sided(judged.node.key, judged.low, judged.high, judged.threshold)
    bounds = bounds_on(grades.scheme, grades.panel.on)
    items = {one.node.key: one for one in grades.clauses if isinstance(one.node, Item)}
    for part, bound in judged.node.parts_at_least.items():
        own = [items[item.key] for item in judged.node.items if item.part == part]
        low, high = (np.sum([getattr(one, side) for one in own], axis=0) for side in ("low", "high"))
        number = bounds[bound] if isinstance(bound, str) else bound
        yield _sided(f"{judged.node.key}.{part}", low, high, number)


def _sided(clause: str, low: np.ndarray, high: np.ndarray, bound: float) -> Trial:
    return Trial(clause, _shown(bound), bool((low >= bound).any()), bool((high < bound).any()))


def _of_item(grades: Grades, judged: Judged) -> Iterator[Trial]:
    item = judged.node
    assert isinstance(item, Item)
    if not item.quantity:
        return
    values = value_of(grades.panel, item.quantity)
    reaches = operator.le if item.at_most else operator.ge
    bounds = bounds_on(grades.scheme, grades.panel.on)
    for bound in _bounds(item):
        number = bounds[bound] if isinstance(bound, str) else bound
        near = _is_near(values, number)
        reached = near & reaches(values, number)
        yield Trial(item.key, _shown(number), bool(reached.any()), bool((near & ~reached).any()))


def _bounds(item: Item) -> Iterator[str | float]:
    yield from (band.bound for band in (*item.at_least, *item.at_most))
    if item.per and item.points and item.most:
        yield item.per * np.ceil(item.most / item.points)


def _is_near(values: np.ndarray, bound: float) -> np.ndarray:
    """Say which known values lie near a bound; any is near 0."""
    if bound == 0:
        return ~np.isnan(values)
    return np.abs(values - bound) <= max(NEAR * abs(bound), 1.0)


def _shown(bound: float) -> str:
    return f"{bound:.10g}"


def _days(scheme: Scheme) -> Iterator[Trial]:
    """The first and last days of what the scheme governs, and the days on which a parameter changes."""
    for one in scheme.applies:
        days = [example.on for example in scheme.examples if example.application == one.application]
        for first in _edges(one):
            yield _day(f"applies.{one.application}", first, days, one.start == first)
    for parameter in scheme.parameters:
        days = [example.on for example in scheme.examples]
        for first in sorted(value.start for value in parameter.values if value.start):
            if any(value.holds(first - timedelta(days=1)) for value in parameter.values):
                yield _day(f"parameters.{parameter.key}", first, days, True)


def _edges(one: Applies) -> Iterator[date]:
    """Yield the days from which it is otherwise than on the day before."""
    if one.start:
        yield one.start
    if one.until:
        yield one.until + timedelta(days=1)


def _day(clause: str, first: date, days: Iterable[date], begins: bool) -> Trial:
    """``first`` and the day before it; where something ends, the day before is the one that reaches it."""
    on, before = first in (known := set(days)), first - timedelta(days=1) in known
    said = f"{first} (and the day before)"
    return Trial(clause, said, on if begins else before, before if begins else on)
