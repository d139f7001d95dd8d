"""Who a name may be among known records: one name at a time, and names added one at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from liankit.entities.compare import Comparison, compare
from liankit.entities.names import name_key
from liankit.entities.parse import parse_name
from liankit.entities.parsed import ParsedName
from liankit.entities.retrieval import Postings, keys_of
from liankit.errors import UserError
from liankit.reasons import Reason

Decision = Literal["same", "review"]

_NOTICEABLE = 0.05  # part of a name's odds from which a rival is told
_STRONGEST = 30.0  # log-odds; beyond it e**x says nothing more


@dataclass(frozen=True)
class Settings:
    """From which probability on two names are taken for one, and how far is looked.

    ``accept``: two names that say the same thing in other words; ``accept_short``: a shortened name and the full one
    that explains it, given its rivals. Both were chosen for 995 right in 1,000 accepted (benchmarks/bench_entities.py).
    ``review``: less probable pairs are not shown. ``looked_at``: names compared for each name; ``most``: places of the
    index that are read for them.
    """

    accept: float = 0.95
    accept_short: float = 0.78
    review: float = 0.2
    looked_at: int = 25
    most: int = 20_000


@dataclass(frozen=True)
class Entry:
    """One name of one record; ``is_former`` says that it is no longer in use."""

    record: str
    name: str
    parsed: ParsedName
    country: str | None
    is_former: bool


@dataclass(frozen=True)
class Hit:
    """A record that a name may be: with the name found, the probability, what to do, and why."""

    record: str
    name: str
    score: float
    decision: Decision
    method: str
    reasons: tuple[Reason, ...] = field(default=())


class NameIndex:
    """Names of known records, to be searched and added to one by one.

    >>> records = pl.DataFrame({"record": ["a", "b"], "name": ["浙江澄禾医药股份有限公司", "杭州溪石生物有限公司"]})
    >>> [hit] = NameIndex(records).search("澄禾医药")
    >>> hit.record, hit.decision
    ('a', 'same')
    """

    def __init__(self, records: pl.DataFrame, *, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._postings = Postings()
        self._entries: list[Entry] = []
        self.add(records)

    def add(self, records: pl.DataFrame) -> None:
        """Add records: ``record`` and ``name``, and where present ``former_names`` (a list) and ``country``.

        Raises ``UserError`` naming a column that is missing.
        """
        for entry in entries_of(records):
            self._postings.add(keys_of(entry.parsed))
            self._entries.append(entry)

    def search(self, name: str, limit: int = 5, *, country: str | None = None) -> list[Hit]:
        """Return up to ``limit`` records that ``name`` may be, the most probable first; none for a blind code."""
        wanted = Entry("", name, parse_name(name), country, is_former=False)
        hits: dict[str, Hit] = {}
        for hit in self.matches(wanted):
            hits.setdefault(hit.record, hit)
            if len(hits) == limit:
                break
        return list(hits.values())

    def matches(self, wanted: Entry) -> Iterator[Hit]:
        """Return every name worth a look for one entry, the most probable first; ties by record and name."""
        compared = [(entry, self._compared(wanted, entry, shared)) for entry, shared in self._near(wanted)]
        hits = [self._hit(*found) for found in _with_rivals(compared)]
        yield from sorted(hits, key=lambda hit: (-hit.score, hit.record, hit.name))

    def _near(self, wanted: Entry) -> list[tuple[Entry, float]]:
        settings = self._settings
        found = self._postings.nearest(keys_of(wanted.parsed), settings.looked_at, settings.most)
        near = ((self._entries[number], shared) for number, shared in found)
        return [(entry, shared) for entry, shared in near if entry.record != wanted.record]

    def _compared(self, wanted: Entry, entry: Entry, shared: float) -> Comparison:
        found = compare(wanted.parsed, entry.parsed, shared)
        also = {"former_name": 1.0} if entry.is_former or wanted.is_former else {}
        if wanted.country and entry.country and wanted.country != entry.country:
            also["country_differs"] = 1.0
        return Comparison(found.method, {**found.signs, **also}, found.is_shortened) if also else found

    def _hit(self, entry: Entry, comparison: Comparison, score: float, rival: Entry | None) -> Hit:
        settings = self._settings
        accept = settings.accept_short if comparison.method == "shortened" else settings.accept
        decision: Decision = "same" if score >= accept else "review"
        return Hit(entry.record, entry.name, score, decision, comparison.method, _reasons(comparison, rival))


def entries_of(records: pl.DataFrame) -> Iterator[Entry]:
    """Return every present and former name of every record, and the names said within a name ("dba")."""
    missing = {"record", "name"} - set(records.columns)
    if missing:
        raise UserError(f"The records lack the column {sorted(missing)[0]!r}; needed are record and name.")
    wanted = [name for name in ("record", "name", "former_names", "country") if name in records.columns]
    for row in records.select(wanted).iter_rows(named=True):
        if row["name"]:
            yield from _entries(row["record"], row["name"], row.get("former_names") or (), row.get("country"))


def _entries(record: str, name: str, former: Sequence[str], country: str | None) -> Iterator[Entry]:
    parsed = parse_name(name)
    yield Entry(record, name, parsed, country, is_former=False)
    seen = {name_key(name)}
    for other in (*former, *parsed.also):
        if other and name_key(other) not in seen:
            seen.add(name_key(other))
            yield Entry(record, other, parse_name(other), country, is_former=True)


def _with_rivals(compared: list[tuple[Entry, Comparison]]) -> Iterator[tuple[Entry, Comparison, float, Entry | None]]:
    """Turn log-odds into probabilities; full names that one short name may stand for share what is to be had.

    Names of equal core are no rivals: they are one organisation, or it does not matter which of them is meant. Also
    returned is the strongest rival where it takes a noticeable part.
    """
    best: dict[str, tuple[float, Entry]] = {}
    for entry, comparison in compared:
        odds = _odds(comparison)
        if comparison.is_shortened and odds > best.get(entry.parsed.core, (0.0,))[0]:
            best[entry.parsed.core] = odds, entry
    for entry, comparison in compared:
        odds = _odds(comparison)
        others = [rival for core, rival in best.items() if comparison.is_shortened and core != entry.parsed.core]
        strongest = max(others, key=lambda rival: rival[0], default=(0.0, None))
        named = strongest[1] if strongest[0] > _NOTICEABLE * odds else None
        yield entry, comparison, odds / (1.0 + odds + sum(rival for rival, _ in others)), named


def _odds(comparison: Comparison) -> float:
    return math.exp(min(comparison.points, _STRONGEST))


def _reasons(comparison: Comparison, rival: Entry | None) -> tuple[Reason, ...]:
    reasons = [
        Reason(f"name_{sign}", comparison.signs[sign] >= 0.5, *2 * (comparison.signs[sign],), params={"points": points})
        for sign, points in comparison.contributions().items()
    ]
    if rival is not None:
        reasons.insert(0, Reason("name_rival", True, params={"rival": rival.name}))
    return tuple(reasons)
