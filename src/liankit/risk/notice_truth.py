"""Candidates held against what notices name: each notice's own alternatives are hidden while its candidates are found.

What is known of a product is its name. A candidate is a product of another notice, or one that another notice names,
which shares with it a substance in the name, or the company of an alternative in that other notice. An alternative that
stands in this one notice alone cannot be found: ``reachable`` counts the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

import polars as pl

_WORD = re.compile(r"[A-Za-z]{5,}")
_SALTS = frozenset(
    {"sodium", "hydrochloride", "acetate", "sulfate", "potassium", "citrate", "phosphate", "calcium", "injection"}
)
"""Words of substances that tell nothing apart."""


@dataclass(frozen=True)
class Truth:
    """What a check of candidates found: counts of notices and of named alternatives."""

    notices: int  # that name alternatives
    named: int  # alternatives
    reachable: int  # of them known from another notice
    found: int  # of them among the candidates
    notices_hit: int  # with at least one found
    median_candidates: float
    precision: float  # share of all candidates that the notice names


def check_candidates(notices: pl.DataFrame, ingredients: Iterable[str]) -> Truth:
    """Return how often named alternatives are among the candidates found without them.

    ``notices`` : product, licence, alternatives (list of structs name, licence), one row a notice; ``ingredients`` :
    names of substances, several in one text parted by semicolons.
    """
    substances = {word for text in ingredients for word in _words(text)} - _SALTS
    told = [_Notice.of(row, substances) for row in notices.iter_rows(named=True)]
    holders = _groups(told)
    results = [(one, _candidates_of(at, one, told, holders)) for at, one in enumerate(told) if one.named]
    elsewhere = _elsewhere(told)
    hits = [one.licences & found for one, found in results]
    offered = sum(len(found) for _one, found in results)
    return Truth(
        notices=len(results),
        named=sum(len(one.licences) for one, _found in results),
        reachable=sum(elsewhere[licence] > 1 for one, _found in results for licence in one.licences),
        found=sum(map(len, hits)),
        notices_hit=sum(bool(hit) for hit in hits),
        median_candidates=median([len(found) for _one, found in results] or [0]),
        precision=sum(map(len, hits)) / offered if offered else 0.0,
    )


@dataclass(frozen=True)
class _Notice:
    licence: str
    substances: frozenset[str]
    named: tuple[tuple[str, frozenset[str]], ...]  # licence and substances of each alternative

    @classmethod
    def of(cls, row: dict[str, object], substances: set[str]) -> _Notice:
        alternatives = row["alternatives"]
        assert alternatives is None or isinstance(alternatives, list)
        named = tuple((one["licence"], _told(one["name"], substances)) for one in alternatives or () if one["licence"])
        return cls(str(row["licence"] or ""), _told(str(row["product"]), substances), named)

    @property
    def licences(self) -> set[str]:
        return {licence for licence, _substances in self.named}

    @property
    def known(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield what the notice lets others know: its own product and those it names."""
        if self.licence:
            yield self.licence, self.substances
        yield from self.named


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text or ""))


def _told(name: str, substances: set[str]) -> frozenset[str]:
    return frozenset(word for word in _words(name) if word in substances)


def _groups(told: list[_Notice]) -> dict[str, set[int]]:
    """Return, by licence, the notices that speak of it."""
    found: dict[str, set[int]] = defaultdict(set)
    for at, one in enumerate(told):
        for licence, _substances in one.known:
            found[licence].add(at)
    return found


def _candidates_of(at: int, one: _Notice, told: list[_Notice], holders: dict[str, set[int]]) -> set[str]:
    """Return the licences that the other notices offer for one: together with it in a notice, or of its substance."""
    found: set[str] = set()
    for other in holders[one.licence] - {at}:
        found |= {licence for licence, _substances in told[other].known}
    for number, other_notice in enumerate(told):
        if number != at and one.substances:
            found |= {licence for licence, substances in other_notice.known if substances & one.substances}
    return found - {one.licence}


def _elsewhere(told: list[_Notice]) -> dict[str, int]:
    """Return in how many notices each licence stands."""
    return {licence: len(places) for licence, places in _groups(told).items()}
