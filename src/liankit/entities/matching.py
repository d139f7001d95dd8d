"""From signs to a decision: how probable it is that two names are one organisation's, given who else they may mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from liankit.entities.compare import Comparison, contradict
from liankit.entities.parsed import ParsedName
from liankit.reasons import Reason

Decision = Literal["same", "review"]

_NOTICEABLE = 0.05  # part of a name's odds from which a rival is told
_WORTH_RIVALS = 0.2  # odds below which a name is no match, whoever else competes
_STRONGEST = 30.0  # log-odds; beyond it e**x says nothing more


@dataclass(frozen=True)
class Settings:
    """From which probability on two names are taken for one, and how far is looked.

    ``accept``: two names that say the same in other words; ``accept_short``: a shortened Chinese name and the full one
    that explains it. Both were chosen on one half of the names of benchmarks/bench_entities.py. ``review``: pairs less
    probable are not shown. ``looked_at``: names compared for each name; ``most``: places of the index read for it.
    ``least``: names that share a smaller part of what they are found by are not compared; a quarter loses no pair that
    would be accepted and is three times as fast. ``home``: the country whose register the names come from, such as
    "us": a name that says it says nothing more.
    """

    accept: float = 0.95
    accept_short: float = 0.78
    review: float = 0.2
    looked_at: int = 25
    most: int = 20_000
    least: float = 0.0
    home: str = ""

    @classmethod
    def for_many(cls, home: str = "") -> Settings:
        """Return the settings with which many names are matched at once: fewer are compared for each."""
        return cls(looked_at=15, most=2_000, least=0.25, home=home)

    def decide(self, method: str, score: float) -> Decision:
        """Return "same" where the score suffices for the method, else "review"."""
        return "same" if score >= (self.accept_short if method == "shortened" else self.accept) else "review"


@dataclass(frozen=True)
class Entry:
    """One name of one record; ``is_former`` says that it is no longer in use."""

    record: str
    name: str
    parsed: ParsedName
    country: str | None
    is_former: bool


@dataclass(frozen=True)
class Match:
    """How probable it is that a name is the entry's, and who else it may well be."""

    entry: Entry
    comparison: Comparison
    score: float
    rival: Entry | None

    def reasons(self) -> tuple[Reason, ...]:
        """Return what speaks for and against, the strongest first, each with its part of the log-odds."""
        comparison = self.comparison
        found = [
            Reason(
                f"name_{sign}", comparison.signs[sign] >= 0.5, *2 * (comparison.signs[sign],), params={"points": points}
            )
            for sign, points in comparison.contributions().items()
        ]
        rival = [] if self.rival is None else [Reason("name_rival", True, params={"rival": self.rival.name})]
        return (*rival, *found)


def weigh(compared: Sequence[tuple[Entry, Comparison]]) -> list[Match]:
    """Turn the log-odds of the names that one name may be into probabilities: rivals share what is to be had."""
    odds = [math.exp(min(comparison.points, _STRONGEST)) for _, comparison in compared]
    all_known = list(zip(odds, compared, strict=True))
    short = _strongest_by_core([one for one in all_known if one[1][1].method == "shortened"])
    alike = [one for one in all_known if one[1][1].method != "shortened" and one[0] > _WORTH_RIVALS]
    return [
        _weighed(known, short if known[1][1].method == "shortened" else _nearer(known, alike)) for known in all_known
    ]


_Known = tuple[float, tuple[Entry, Comparison]]
"""A known name with its odds, rivals left aside."""


def _weighed(known: _Known, rivals: dict[str, tuple[float, Entry]]) -> Match:
    odds, (entry, comparison) = known
    others = [rival for core, rival in rivals.items() if core != entry.parsed.core]
    strongest, rival = max(others, key=lambda one: one[0], default=(0.0, None))
    score = odds / (1.0 + odds + sum(value for value, _ in others))
    return Match(entry, comparison, score, rival if strongest > _NOTICEABLE * odds else None)


def _strongest_by_core(known: Sequence[_Known]) -> dict[str, tuple[float, Entry]]:
    """Names of equal core do not compete: they are one organisation's, or it does not matter which of them is meant."""
    best: dict[str, tuple[float, Entry]] = {}
    for odds, (entry, _) in known:
        if odds > best.get(entry.parsed.core, (0.0, entry))[0]:
            best[entry.parsed.core] = odds, entry
    return best


def _nearer(known: _Known, alike: Sequence[_Known]) -> dict[str, tuple[float, Entry]]:
    """Return the names at least as near as the known one that cannot be the same organisation's."""
    odds, (entry, _) = known
    if odds <= _WORTH_RIVALS:
        return {}
    return _strongest_by_core(
        [other for other in alike if other[0] >= odds and contradict(entry.parsed, other[1][0].parsed)]
    )
