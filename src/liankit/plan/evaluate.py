"""How well a text was parsed: precision, recall and F1 against a hand count, by programme, target and unit.

A target is found when its value, unit and deadline are; a unit when its name and whether it leads are, for the same
programme or measure. Each thing counts as often as the text says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liankit.errors import UserError

Row = Mapping[str, Any]
_LEADS = ("lead", "presumed_lead")


@dataclass(frozen=True)
class Score:
    """Counts of one kind of thing; a share is None where there is nothing to share."""

    kind: str
    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what there is, the share that was found."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both: twice the right ones over all found and all there are."""
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else None


def score(found: Iterable[Row], gold: Iterable[Row]) -> list[Score]:
    """Compare two lists of rows as ``liankit plan parse --format json`` gives them.

    A hand count need not have ``start`` and ``end``, nor units as rows of their own: those of ``units`` count.
    """
    seen, known = list(found), list(gold)
    return [_compared(kind, keys(seen), keys(known)) for kind, keys in _KINDS.items()]


def read_rows(value: Any, file: str) -> list[Row]:
    """Check that a JSON value is a list of findings; raises ``UserError`` naming the file."""
    if not isinstance(value, list) or not all(isinstance(row, dict) and "kind" in row for row in value):
        raise UserError(f"{file}: is no list of findings, each with its kind. Make it by 'liankit plan parse'.")
    return value


def _compared(kind: str, found: Counter[Hashable], gold: Counter[Hashable]) -> Score:
    return Score(kind, (found & gold).total(), found.total(), gold.total())


def _programmes(rows: Sequence[Row]) -> Counter[Hashable]:
    return Counter((_file(row), _bare(row.get("title") or "")) for row in rows if row["kind"] == "programme")


def _targets(rows: Sequence[Row]) -> Counter[Hashable]:
    return Counter(
        (_file(row), float(row["value"]), _bare(row.get("unit") or ""), row.get("deadline"))
        for row in rows
        if row["kind"] == "target" and row.get("value") is not None
    )


def _units(rows: Sequence[Row]) -> Counter[Hashable]:
    """Count name and role under the heading of what the unit is responsible for."""
    return Counter(
        (_file(row), _bare(row.get("title") or ""), _bare(unit["name"]), unit["role"] in _LEADS)
        for row in rows
        if row["kind"] != "unit"
        for unit in row.get("units") or ()
    )


_KINDS: dict[str, Callable[[Sequence[Row]], Counter[Hashable]]] = {
    "programmes": _programmes,
    "numeric targets": _targets,
    "units": _units,
}


def _file(row: Row) -> str:
    """Return the name of the file without its folder and ending: a hand count is of a text, not of a path."""
    return re.sub(r"^.*[/\\]|\.\w+$", "", str(row.get("file") or ""))


def _bare(text: str) -> str:
    return re.sub(r"[\s“”\"'()()、,,]", "", text)
