"""Which thing a name means: the one that is called so, else those it may mean, for a person to choose from.

Reads what the published snapshot names. A name is sure only where exactly one thing has it, by the key under which two
spellings of one name are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from liandesk.assess.events.models import HitKind
from liandesk.assess.events.said import Hit
from liandesk.base.countries import country_names
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table
from liankit.entities import name_key

MOST = 8
"""How many things a name may mean that are offered."""


@dataclass(frozen=True)
class Meant:
    """What a name means: the id of the one that is sure, "" where none is, and (id, name) of those that are likely."""

    sure: str
    likely: Sequence[tuple[str, str]]


def meant(kind: str, name: str) -> Meant:
    """Return what a name means among the things of a kind; an id means itself."""
    known = _known(kind)
    key = name_key(name) or name.strip()
    exact = [(one, title) for one, title, spelled in known if spelled == key or one == name.strip()]
    ids = {one for one, _title in exact}
    if len(ids) == 1:
        return Meant(ids.pop(), exact[:1])
    near = [(one, title) for one, title, spelled in known if key in spelled or (len(spelled) > 1 and spelled in key)]
    near.sort(key=lambda pair: (abs(len(pair[1]) - len(name)), pair[1]))
    return Meant("", (exact or near)[:MOST])


def matched(kind: str, names: Iterable[str]) -> tuple[Hit, ...]:
    """Return hits of these names, with the id of each that is sure."""
    return tuple(Hit(kind, name, meant(kind, name).sure) for name in map(str.strip, names) if name)


def is_known(kind: str, object_id: str) -> bool:
    """Say whether there is a thing with an id."""
    return any(one == object_id for one, _title, _key in _known(kind))


def title_of(kind: str, object_id: str) -> str:
    """Return what the thing with an id is called, the id where it is no more."""
    return next((title for one, title, _key in _known(kind) if one == object_id), object_id)


def _known(kind: str) -> tuple[tuple[str, str, str], ...]:
    """Return (id, title, key of the name) of every thing of a kind."""
    if kind == HitKind.COUNTRY:
        return _countries()
    if kind == HitKind.TOWN:
        return _keyed((term.code, title) for term in pack().towns for title in term.text.values())
    snapshot = published()
    return _of_snapshot(kind, snapshot.key) if snapshot else ()


@lru_cache(maxsize=1)
def _countries() -> tuple[tuple[str, str, str], ...]:
    return _keyed((code, title) for code, texts in country_names().items() for title in texts.values())


@lru_cache(maxsize=6)
def _of_snapshot(kind: str, key: str) -> tuple[tuple[str, str, str], ...]:
    """Keep the names of a snapshot while it is published, 200 bytes a name."""
    snapshot = published()
    assert snapshot is not None
    name, id_, title = {
        HitKind.ITEM: ("items", "item", "name"),
        HitKind.ORGANISATION: ("organisations", "id", "name"),
        HitKind.SUPPLIER: ("supplies", "supplier", "supplier_name"),
    }[HitKind(kind)]
    if name not in snapshot.tables:
        return ()
    rows = table(snapshot, name).select(id_, title).drop_nulls().unique().sort(pl.col(title), id_).collect()
    return _keyed(rows.iter_rows())


def _keyed(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((one, title, name_key(title) or title) for one, title in pairs)
