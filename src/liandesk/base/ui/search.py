"""The search over what the published snapshot names; each kind of thing under its own rule of who sees it.

Every app that has pages for things of the snapshot's index registers them in ``SEARCHABLE``; what is not of the
snapshot comes from ``panels.SEARCH``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import polars as pl
from django.urls import reverse
from django.utils.functional import Promise

from liandesk.base.accounts.access import Resource, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.schema import Schema
from liandesk.base.snapshots import store
from liandesk.base.snapshots.queries import published
from liandesk.base.ui import panels
from liankit.search import INDEX_SCHEMA, best, match

TABLE = "search"
SCOPES: Schema = {
    "organisation": pl.String,
    "partner": pl.String,
    "town": pl.String,
    "office": pl.String,
    "is_open": pl.Boolean,
}
"""Columns of the index beside ``INDEX_SCHEMA`` that say who may see a row."""
PER_KIND = 20


@dataclass(frozen=True)
class Searchable:
    """A kind of thing in the index: its title, the route of one by its id, and the rows a viewer sees (None: none)."""

    kind: str
    title: Promise
    route: str
    seen: Callable[[Viewer], pl.Expr | None]


def by_matrix(resource: Resource) -> Callable[[Viewer], pl.Expr | None]:
    """Return who sees a kind of thing as the access matrix says it of a resource."""

    def seen(viewer: Viewer) -> pl.Expr | None:
        rows = visibility(viewer, resource)
        return None if rows.is_nothing else rows.as_expr()

    return seen


SEARCHABLE: dict[str, Searchable] = {}


def register(searchable: Searchable) -> None:
    """Let things of a kind be found; in the order of registering they are shown."""
    SEARCHABLE[searchable.kind] = searchable


def hits(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    """Yield what the viewer may see of what a text means: the index by kind, then what other apps find."""
    index, matched = _index_and_match(text)
    by_kind = best(index, matched, where=_seen_by(viewer), most=PER_KIND).partition_by("kind", as_dict=True)
    for kind, searchable in SEARCHABLE.items():
        rows = by_kind.get((kind,))
        for row in rows.iter_rows(named=True) if rows is not None else ():
            url = reverse(searchable.route, args=[row["id"]])
            yield panels.SearchItem(str(searchable.title), row["title"], url, row["detail"] or "")
    yield from panels.search(viewer, text)


def ids_meant(text: str, kind: str, most: int = 200) -> list[str]:
    """Return the ids of the best hits of a kind, for an app that shows of its own rows only what a viewer may see."""
    index, matched = _index_and_match(text)
    return index["id"][matched.filter(pl.col("kind") == kind)["row"].head(most)].to_list()


def _seen_by(viewer: Viewer) -> pl.Expr:
    """Return the condition of the rows that the viewer may see and that have a page."""
    asked = [(kind, searchable.seen(viewer)) for kind, searchable in SEARCHABLE.items()]
    parts = [(pl.col("kind") == kind) & seen for kind, seen in asked if seen is not None]
    return reduce(or_, parts, pl.lit(False))


def _index_and_match(text: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    snapshot = published()
    if snapshot is None or TABLE not in snapshot.tables:
        empty = pl.DataFrame(schema={**INDEX_SCHEMA, **SCOPES})
        return empty, match(empty, text)
    digest = snapshot.tables[TABLE]
    return _loaded(digest), _matched(digest, text)


@lru_cache(maxsize=2)
def _loaded(digest: str) -> pl.DataFrame:
    """Keep the index in memory while its snapshot is published, about 200 bytes a row."""
    return store.get_frame(digest)


@lru_cache(maxsize=4)
def _matched(digest: str, text: str) -> pl.DataFrame:
    """Keep what the last texts mean: one request asks for the same text several times, for several apps."""
    return match(_loaded(digest), text)
