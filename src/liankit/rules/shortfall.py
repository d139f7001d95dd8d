"""How far enterprises are from what a scheme asks: the least number of clauses that still have to turn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from liankit.rules.evaluate import Grades, Judged
from liankit.rules.scheme import AllOf, AnyOf, Clause, LeastOf

Counts = npt.NDArray[np.int16]
_FALSE = 1000  # a false clause weighs more than any number of unknown ones


def shortfall(grades: Grades) -> tuple[Counts, Counts]:
    """Return how many clauses have to turn from false to true, and how many unknown ones to be settled, at the least.

    Where several ways lead there the one with the fewest false clauses is taken, of those the one with the fewest
    unknown ones. A score counts as one clause, a veto that holds as one. Grades without reasons give ValueError.

    Returns
    -------
    failed, unknown : int16 arrays, one an enterprise in the panel's order.
    """
    if not grades.clauses:
        raise ValueError("Grades without reasons cannot say how far anybody is. Grade with reasons.")
    told = iter(grades.clauses)
    cost = _cost(grades.scheme.clause, told)
    vetoes = [one for one in grades.clauses if any(one.node is veto for veto in grades.scheme.vetoes)]
    for veto in vetoes:
        cost = cost + _weighed(veto, met=0)
    return (cost // _FALSE).astype(np.int16), (cost % _FALSE).astype(np.int16)


def _cost(node: Clause, told: Iterator[Judged]) -> npt.NDArray[np.int64]:
    """Return the weight of the cheapest way to meet a clause; takes what was told of it and its parts."""
    judged = next(one for one in told if one.node is node)  # what a score told of its items is passed over
    if not isinstance(node, AllOf | AnyOf | LeastOf):
        return _weighed(judged, met=1)
    parts = np.array([_cost(part, told) for part in node.parts])
    if isinstance(node, AllOf):
        return np.asarray(parts.sum(axis=0))
    return np.asarray(np.sort(parts, axis=0)[: node.count if isinstance(node, LeastOf) else 1].sum(axis=0))


def _weighed(judged: Judged, met: int) -> npt.NDArray[np.int64]:
    holds = judged.holds
    return np.where(holds == met, 0, np.where(holds < 0, 1, _FALSE)).astype(np.int64)
