"""Which unit a name in a table of events speaks of, where names are written freely and units as lists of parts.

A unit is a list of parts ("BUPIVACAINE; EPINEPHRINE") and may have a qualifier ("injectable"). A name speaks of the
unit of which it has every word: the one named first, and of those the longest, so that a salt or a solvent does not
count before the substance. The qualifier decides between units of the same parts: the one that shares a stem with a
word of the name ("Injection"), else the last by its letters ("other"). What matches nothing is counted, never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

_WORD = re.compile(r"[^\W_]+")
_STEM = 5  # letters that two words of one stem share


class _Unit(NamedTuple):
    unit: str
    words: frozenset[str]
    qualifier: str


def match_names(names: pl.Series, units: pl.DataFrame) -> pl.DataFrame:
    """Return ``name`` and ``unit`` (null: none), one row a different name.

    ``units`` has ``unit`` (the id), ``parts`` and ``qualifier`` (may be empty). A name equal to an id is that unit.

    >>> units = pl.DataFrame({"unit": ["A [x]", "A; B [x]"], "parts": ["A", "A; B"], "qualifier": ["x", "x"]})
    >>> match_names(pl.Series(["A tablets", "B with A, 5 mg", "C"]), units)["unit"].to_list()
    ['A [x]', 'A; B [x]', None]
    """
    known = [_Unit(unit, frozenset(_words(parts)), qualifier) for unit, parts, qualifier in
             units.select("unit", "parts", "qualifier").iter_rows()]  # fmt: skip
    by_word = defaultdict(list)
    for one in known:
        if one.words:
            by_word[min(one.words)].append(one)
    exact = {one.unit.casefold(): one.unit for one in known}
    different = names.drop_nulls().unique().sort()
    found = [exact.get(name.casefold()) or _find(name, by_word) for name in different]
    return pl.DataFrame({"name": different, "unit": found}, schema={"name": pl.String, "unit": pl.String})


def _words(text: str) -> list[str]:
    return [_singular(word.casefold()) for word in _WORD.findall(text)]


def _singular(word: str) -> str:
    """Drop the s of a plural, in names and units alike."""
    return word[:-1] if len(word) > _STEM and word.endswith("s") else word


def _find(name: str, by_word: dict[str, list[_Unit]]) -> str | None:
    words = _words(name)
    said = set(words)
    inside = [unit for word in said for unit in by_word.get(word, ()) if unit.words <= said]
    if not inside:
        return None
    first = min(inside, key=lambda unit: (min(map(words.index, unit.words)), -len(unit.words), sorted(unit.words)))
    return _of_qualifier([unit for unit in inside if unit.words == first.words], said).unit


def _of_qualifier(units: list[_Unit], said: set[str]) -> _Unit:
    """Return the unit whose qualifier has a stem of the name, else of the last qualifier; the shortest of several."""
    stems = _stems(said)
    hits = [unit for unit in units if stems & _stems(_words(unit.qualifier))]
    last = max(unit.qualifier for unit in units)
    chosen = hits or [unit for unit in units if unit.qualifier == last]
    return min(chosen, key=lambda unit: (len(unit.unit), unit.unit))


def _stems(words: Iterable[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) >= _STEM}
