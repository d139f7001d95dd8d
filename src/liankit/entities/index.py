"""Who a name may be among known records: one name at a time, and names added one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from liankit.entities.compare import Comparison, compare
from liankit.entities.matching import Decision, Entry, Match, Settings, weigh
from liankit.entities.names import name_key
from liankit.entities.parse import parse_name
from liankit.entities.retrieval import Postings, keys_of
from liankit.entities.vocabulary import NOWHERE
from liankit.errors import UserError
from liankit.reasons import Reason

_LOOKED_BACK = 8  # near names from whose side a wanted name is judged as well


@dataclass(frozen=True)
class Hit:
    """A record that a name may be: with the name found, the probability, what to do, how it was compared, and why."""

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
        self.entries: list[Entry] = []
        self.add(records)

    def add(self, records: pl.DataFrame) -> None:
        """Add records: ``record`` and ``name``, and where present ``former_names`` (a list) and ``country``.

        Raises ``UserError`` naming a column that is missing.
        """
        for entry in entries_of(records, self._settings.home):
            self._postings.add(keys_of(entry.parsed))
            self.entries.append(entry)

    def search(self, name: str, limit: int = 5, *, country: str | None = None) -> list[Hit]:
        """Return up to ``limit`` records that ``name`` may be, the most probable first; none for a blind code."""
        wanted = _entry("", name, country, self._settings.home)
        near = self._near(wanted)
        found = {id(match.entry): match for match in weigh(self._compared(wanted, near))}
        for entry, _ in near[:_LOOKED_BACK]:
            seen = found.get(id(entry))
            if seen is None or seen.comparison.method != "shortened":
                back = self._looked_back(entry, wanted)
                found[id(entry)] = back if seen is None else min(seen, back, key=lambda match: match.score)
        return self._best(found.values(), limit)

    def matches(self, wanted: Entry) -> list[Match]:
        """Return the names that one entry may be, as judged from its side (see ``compare``)."""
        return weigh(self._compared(wanted, self._near(wanted)))

    def _looked_back(self, entry: Entry, wanted: Entry) -> Match:
        """Judge the wanted name from the side of a known one, which may as well be another's."""
        shared = self._postings.shared_part(keys_of(entry.parsed), keys_of(wanted.parsed))
        near = [(other, part) for other, part in self._near(entry) if other.parsed.core != wanted.parsed.core]
        found = weigh(self._compared(entry, [(wanted, shared), *near]))
        return replace(found[0], entry=entry)

    def _near(self, wanted: Entry) -> list[tuple[Entry, float]]:
        settings = self._settings
        found = self._postings.nearest(keys_of(wanted.parsed), settings.looked_at, settings.most)
        near = ((self.entries[number], shared) for number, shared in found)
        return [(entry, shared) for entry, shared in near if entry.record != wanted.record and shared >= settings.least]

    def _compared(self, wanted: Entry, near: list[tuple[Entry, float]]) -> list[tuple[Entry, Comparison]]:
        compared = ((entry, compare(wanted.parsed, entry.parsed, shared)) for entry, shared in near)
        return [(entry, _with_circumstances(found, wanted, entry)) for entry, found in compared if found is not None]

    def _best(self, matches: Iterable[Match], limit: int) -> list[Hit]:
        """Return the best name of each record, if it is probable enough to be shown."""
        hits: dict[str, Hit] = {}
        for match in sorted(matches, key=lambda match: (-match.score, match.entry.record, match.entry.name)):
            if match.entry.record not in hits:
                hits[match.entry.record] = self._hit(match)
        return list(hits.values())[:limit]

    def _hit(self, match: Match) -> Hit:
        method = match.comparison.method
        decision = self._settings.decide(method, match.score)
        return Hit(match.entry.record, match.entry.name, match.score, decision, method, match.reasons())


def _with_circumstances(found: Comparison, wanted: Entry, entry: Entry) -> Comparison:
    """Add what the records say beside the names."""
    signs = dict(found.signs)
    if wanted.is_former or entry.is_former:
        signs["former_name"] = 1.0
    if wanted.country and entry.country and wanted.country != entry.country:
        signs["country_differs"] = 1.0
    return replace(found, signs=signs)


def entries_of(records: pl.DataFrame, home: str = "") -> Iterator[Entry]:
    """Return every present and former name of every record, and the names said within a name ("dba").

    ``home``: see ``Settings``. Raises ``UserError`` naming a column that is missing.
    """
    missing = {"record", "name"} - set(records.columns)
    if missing:
        raise UserError(f"The records lack the column {sorted(missing)[0]!r}; needed are record and name.")
    wanted = [name for name in ("record", "name", "former_names", "country") if name in records.columns]
    for row in records.select(wanted).iter_rows(named=True):
        if row["name"]:
            yield from _entries(row, home)


def _entries(row: Mapping[str, Any], home: str) -> Iterator[Entry]:
    present = _entry(row["record"], row["name"], row.get("country"), home)
    yield present
    seen = {name_key(row["name"])}
    for other in (*(row.get("former_names") or ()), *present.parsed.also):
        if other and name_key(other) not in seen:
            seen.add(name_key(other))
            yield replace(_entry(row["record"], other, row.get("country"), home), is_former=True)


def _entry(record: str, name: str, country: str | None, home: str) -> Entry:
    parsed = parse_name(name)
    if home and parsed.region.province == home:
        parsed = replace(parsed, region=NOWHERE, region_text="", legal_form=parsed.legal_form or home)
    return Entry(record, name, parsed, country, is_former=False)
