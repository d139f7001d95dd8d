"""Records become organisations: what identifies them, what people judged, equal names, pairs that are sure.

Pure: tables in, tables out. The strongest evidence is used first, and nothing joins two records that somebody judged
different; so the grouping is a function of records, pairs and judgements alone, whatever was grouped before. Only ids
have a past: an organisation keeps an id that its records had, and after a split each side has the id it had before.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from liandesk.base.facts.schema import Schema
from liankit.entities import name_key, parse_name

RECORD_SCHEMA: Schema = {"record": pl.String, "name": pl.String, "uscc": pl.String}
IDENTIFIERS = ("lei", "stock_code")
"""Identifiers beside the credit code, used where the records have them. A labeler code is none: it changes hands."""
KNOWN_SCHEMA: Schema = {"record": pl.String, "organisation": pl.String, "held": pl.List(pl.String)}
PAIR_SCHEMA: Schema = {
    "left": pl.String,
    "right": pl.String,
    "score": pl.Float64,  # estimated probability that the two records are of one organisation
    "decision": pl.String,  # same: sure enough to join; review: a person has to judge
    "method": pl.String,
    "reasons": pl.String,  # JSON list of liankit.reasons.Reason
}
JUDGED_SCHEMA: Schema = {"left": pl.String, "right": pl.String, "kind": pl.String, "order": pl.Int64}
JOIN_SCHEMA: Schema = {"left": pl.String, "right": pl.String, "basis": pl.String}
MEMBER_SCHEMA: Schema = {"record": pl.String, "organisation": pl.String}
HOME_SCHEMA: Schema = {"record": pl.String, "home": pl.String}
ALIAS_SCHEMA: Schema = {"alias": pl.String, "organisation": pl.String}


@dataclass(frozen=True)
class Clusters:
    """Which record belongs to which organisation, the ids that now mean another, and what joined the records.

    ``joins`` has one line less than records in each organisation: the evidence that was used, in words "code",
    "judged", "name" or "pair". ``homes`` names, of new records that joined a merged organisation, the id of the side
    that they are like: they go with it when the merge is undone.
    """

    members: pl.DataFrame
    aliases: pl.DataFrame
    joins: pl.DataFrame
    homes: pl.DataFrame


def short_id(prefix: str, text: str) -> str:
    """Return a permanent id of 11 characters made from a text: a prefix and 50 bits of its SHA-256."""
    digest = hashlib.sha256(text.encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]


def node_id(name: str) -> str:
    """Return the permanent id of a node of the chain: nodes whose normalised names are equal are one."""
    return short_id("I", name_key(name))


def supplier_id(name: str, buyer: str = "") -> str:
    """Return the id of a supplier that is known by a name only; an alias is its buyer's word, of another somebody else.

    >>> supplier_id("Supplier A", "O1") == supplier_id("Supplier A", "O2")
    False
    """
    return short_id("S", f"{buyer}\x1f{name_key(name)}" if buyer else name_key(name))


def cluster(records: pl.DataFrame, known: pl.DataFrame, pairs: pl.DataFrame, judgements: pl.DataFrame) -> Clusters:
    """Group organisation records.

    Parameters
    ----------
    records : ``RECORD_SCHEMA`` and any of ``IDENTIFIERS``, one row a record; known : what earlier refreshes decided,
        ``KNOWN_SCHEMA``; pairs : ``PAIR_SCHEMA``; judgements : the lines in force, ``JUDGED_SCHEMA``, the later line
        on a pair counts.

    In this order: one credit code, one other identifier, judged the same, one normalised name, a pair that is sure.
    Only the first and judgements join two credit codes; a name shared by several coded organisations binds nobody who
    has no code, and a name that names nobody ("Research Site 324") binds nobody at all.
    """
    columns = [*RECORD_SCHEMA, *(name for name in IDENTIFIERS if name in records.columns)]
    ordered = records.select(columns).sort("record").with_row_index("place")
    judged = latest(judgements)
    partition = _partition(ordered, judged)
    _join_codes(partition, ordered)
    _join_judged(partition, ordered, judged)
    _join_names(partition, ordered)
    _join_pairs(partition, ordered, pairs)
    roots = pl.Series("root", [partition.find(place) for place in range(ordered.height)], dtype=pl.Int64)
    members, aliases = _with_ids(ordered.select("record", roots), known)
    joins = _joins(partition, ordered["record"].to_list())
    return Clusters(members, aliases, joins, _homes(members, joins, known))


def latest(judgements: pl.DataFrame) -> pl.DataFrame:
    """Return the line that counts on each pair: the later one."""
    return judgements.sort("order").unique(["left", "right"], keep="last", maintain_order=True)


class _Partition:
    """Disjoint sets of places; a set knows its codes and the places that must not join it."""

    def __init__(self, codes: Iterable[str | None], apart: Iterable[tuple[int, int]]) -> None:
        self.codes = {place: frozenset({code}) for place, code in enumerate(codes) if code}
        self._parent: dict[int, int] = {}
        self._apart: defaultdict[int, set[int]] = defaultdict(set)
        for left, right in apart:
            self._apart[left].add(right)
            self._apart[right].add(left)
        self.joins: list[tuple[int, int, str]] = []

    def find(self, place: int) -> int:
        root = place
        while root in self._parent:
            root = self._parent[root]
        while place != root:
            self._parent[place], place = root, self._parent[place]
        return root

    def join(self, left: int, right: int, basis: str, *, across_codes: bool = False) -> bool:
        """Make one set of two unless something speaks against it; answer whether they are one now."""
        kept, taken = sorted((self.find(left), self.find(right)))
        if kept == taken:
            return True
        if self._are_apart(kept, taken) or not (across_codes or self._codes_agree(kept, taken)):
            return False
        self._parent[taken] = kept
        if taken in self.codes:
            self.codes[kept] = self.codes.get(kept, frozenset()) | self.codes.pop(taken)
        if taken in self._apart:
            self._apart[kept] |= self._apart.pop(taken)
        self.joins.append((left, right, basis))
        return True

    def join_all(self, places: Iterable[int], basis: str) -> None:
        """Join each place to the first of the sets that were made of the places before it and will take it."""
        hubs: list[int] = []
        for place in places:
            if not any(self.join(hub, place, basis) for hub in hubs):
                hubs.append(place)

    def _are_apart(self, one: int, other: int) -> bool:
        return any(self.find(place) == other for place in self._apart.get(one, ()))

    def _codes_agree(self, one: int, other: int) -> bool:
        mine, theirs = self.codes.get(one), self.codes.get(other)
        return not mine or not theirs or bool(mine & theirs)


def _partition(ordered: pl.DataFrame, judged: pl.DataFrame) -> _Partition:
    apart = _places(judged.filter(kind="different"), ordered)
    return _Partition(ordered["uscc"], apart.select("left", "right").iter_rows())


def _places(pairs: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Replace the two records of each pair by their places; pairs of records that are not there are left out."""
    places = ordered.select("record", place=pl.col("place").cast(pl.Int64))
    found = pairs
    for side in ("left", "right"):
        found = found.join(places, left_on=side, right_on="record", maintain_order="left")
        found = found.with_columns(pl.col("place").alias(side)).drop("place")
    return found


def _groups(ordered: pl.DataFrame, key: str) -> Iterator[list[int]]:
    """Yield the places that share a key, each two or more, in the order of their first records."""
    shared = ordered.filter(pl.col(key).is_not_null() & pl.col(key).is_duplicated())
    yield from shared.group_by(key, maintain_order=True).agg("place")["place"].to_list()


def _join_codes(partition: _Partition, ordered: pl.DataFrame) -> None:
    for name in ("uscc", *IDENTIFIERS):
        for places in _groups(ordered, name) if name in ordered.columns else ():
            partition.join_all(places, "code")


def _join_judged(partition: _Partition, ordered: pl.DataFrame, judged: pl.DataFrame) -> None:
    for left, right in _places(judged.filter(kind="same"), ordered).select("left", "right").iter_rows():
        partition.join(left, right, "judged", across_codes=True)


def _join_names(partition: _Partition, ordered: pl.DataFrame) -> None:
    names = {name: name_key(name) or None for name in ordered["name"].unique().drop_nulls()}
    keys = pl.col("name").replace_strict(names, default=None, return_dtype=pl.String)
    for places in _groups(ordered.with_columns(key=keys), "key"):
        roots = {partition.find(place) for place in places}
        is_shared = sum(root in partition.codes for root in roots) > 1
        if not is_shared and not parse_name(ordered["name"][places[0]]).is_blind:
            partition.join_all(places, "name")


def _join_pairs(partition: _Partition, ordered: pl.DataFrame, pairs: pl.DataFrame) -> None:
    sure = pairs.filter(decision="same").sort(["score", "left", "right"], descending=[True, False, False])
    for left, right in _places(sure, ordered).select("left", "right").iter_rows():
        partition.join(left, right, "pair")


def _joins(partition: _Partition, records: list[str]) -> pl.DataFrame:
    said = ((*sorted((records[left], records[right])), basis) for left, right, basis in partition.joins)
    return pl.DataFrame(sorted(said), schema=JOIN_SCHEMA, orient="row")


def _with_ids(grouped: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return members and aliases: a group goes by one of the ids its records had, the others mean it too."""
    votes = _votes(grouped, known)
    chosen: dict[int, str] = {}
    taken: set[str] = set()
    for root, identifier in votes.select("root", "id").iter_rows():
        if root not in chosen and identifier not in taken:
            chosen[root] = identifier
            taken.add(identifier)
    ever = set(known["organisation"]) | set(known["held"].explode().drop_nulls())
    groups = grouped.group_by("root").agg(first=pl.col("record").min()).sort("first")
    ids = [chosen.get(root) or _minted(first, ever) for root, first in groups.iter_rows()]
    named = groups.select("root", organisation=pl.Series(ids, dtype=pl.String))
    members = grouped.join(named, on="root").select(*MEMBER_SCHEMA).sort("record")
    left = votes.filter(~pl.col("id").is_in(list(taken))).unique("id", keep="first", maintain_order=True)
    return members, left.join(named, on="root").select("organisation", alias="id").select(*ALIAS_SCHEMA).sort("alias")


def _votes(grouped: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return ``root, id``, the best claims first: which group may go by which id that one of its records ever had.

    An id goes to where most of the records are that had it first, then to where most have it now: a group that leaves
    takes its old id and nobody else's, and undoing everything gives every id back. What one group need not use, another
    may that had it.
    """
    past = pl.concat([grouped.join(known, on="record"), _absent(grouped, known)], how="diagonal")
    held = past.with_columns(pl.col("held").list.first().alias("founded")).explode("held").rename({"held": "id"})
    votes = held.group_by("root", "id").agg(
        founders=(pl.col("id") == pl.col("founded")).sum(),
        now=(pl.col("id") == pl.col("organisation")).sum(),
        first=pl.col("record").min(),
    )
    ordered = votes.sort("founders", "now", "first", "id", descending=[True, True, False, False])
    return ordered.sort(~pl.col("id").is_first_distinct(), maintain_order=True).select("root", "id")


def _absent(grouped: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the known records that no fact speaks of now, with the group that most of their organisation is in."""
    present = grouped.join(known, on="record").group_by("organisation", "root").agg(pl.len(), pl.col("record").min())
    most = present.sort("len", "record", descending=[True, False]).unique("organisation", keep="first")
    absent = known.join(grouped, on="record", how="anti")
    return absent.join(most.select("organisation", "root"), on="organisation")


def _homes(members: pl.DataFrame, joins: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the first id of the known record that each new record was joined with, through others if need be."""
    homes = dict(known.select("record", pl.col("held").list.first()).iter_rows())
    new = members.join(known, on="record", how="anti")
    waiting = _of_known(joins, homes) if homes and new.height else []
    while reached := [(left, right) for left, right in waiting if (left in homes) != (right in homes)]:
        for left, right in reached:
            found = homes.get(left) or homes[right]
            homes.setdefault(left, found)
            homes.setdefault(right, found)
    rows = [(record, homes[record]) for record, given in new.iter_rows() if homes.get(record, given) != given]
    return pl.DataFrame(rows, schema=HOME_SCHEMA, orient="row")


def _of_known(joins: pl.DataFrame, homes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the joins of two records of which one is new."""
    both = joins.select("left", "right").iter_rows()
    return [(left, right) for left, right in both if not (left in homes and right in homes)]


def _minted(first: str, taken: set[str]) -> str:
    """Return a new id made from the group's first record; an id that was ever given is not given again."""
    text, found = first, short_id("O", first)
    while found in taken:
        text += "'"
        found = short_id("O", text)
    taken.add(found)
    return found
