"""What keeps one enterprise from a scheme, on the way that asks least of it. The weights are those of ``shortfall``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liankit.rules.evaluate import Grades, Judged
from liankit.rules.scheme import AllOf, AnyOf, Clause, LeastOf, Score


@dataclass(frozen=True)
class Missing:
    """``failed``: clauses that have to turn, vetoes that hold among them; ``unknown``: clauses still to be settled.

    ``ways`` are the keys of the parts that were taken where some of several are enough.
    """

    failed: tuple[Judged, ...] = ()
    unknown: tuple[Judged, ...] = ()
    ways: tuple[str, ...] = ()

    def __add__(self, other: Missing) -> Missing:
        return Missing(self.failed + other.failed, self.unknown + other.unknown, self.ways + other.ways)

    @property
    def clauses(self) -> tuple[Judged, ...]:
        """All that is in the way: what has to turn, then what is still to be settled."""
        return self.failed + self.unknown

    @property
    def weight(self) -> tuple[int, int]:
        """How much is asked: the false clauses first, then the unknown ones."""
        return len(self.failed), len(self.unknown)


def missing_clauses(grades: Grades, row: int) -> Missing:
    """Return what keeps the enterprise in a row of the panel from a scheme, by the way with the fewest clauses.

    Of equal ways a score, which can be reached by degrees, else the one that stands first in the scheme. Grades without
    reasons give ValueError.
    """
    if not grades.clauses:
        raise ValueError("Grades without reasons cannot say what is missing. Grade with reasons.")
    told = {id(one.node): one for one in grades.clauses}
    found = _missing(grades.scheme.clause, told, row)
    for veto in grades.scheme.vetoes:
        found += _left(told[id(veto)], row, met=0)
    return found


def _missing(node: Clause, told: Mapping[int, Judged], row: int) -> Missing:
    if not isinstance(node, AllOf | AnyOf | LeastOf):
        return _left(told[id(node)], row, met=1)
    parts = [(_missing(part, told, row), part) for part in node.parts]
    if isinstance(node, AllOf):
        return sum((found for found, _part in parts), Missing())
    parts.sort(key=lambda one: (one[0].weight, not isinstance(one[1], Score)))
    taken = parts[: node.count if isinstance(node, LeastOf) else 1]
    return sum((found + Missing(ways=(part.key,)) for found, part in taken), Missing())


def _left(judged: Judged, row: int, met: int) -> Missing:
    holds = int(judged.holds[row])
    if holds == met:
        return Missing()
    return Missing(unknown=(judged,)) if holds < 0 else Missing(failed=(judged,))
