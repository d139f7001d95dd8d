"""Publish writes the listed things from the snapshot; those it no longer has stay, marked not current."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_models import Thing
from liandesk.know.registry.things_tables import PLACED, attribute_schema

_TEXTS = tuple(name for name, dtype in PLACED.items() if dtype == pl.String)
_COLUMNS = (*PLACED, "kind", "attributes", "is_current")


def project_things(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the things of every kind to the snapshot; return how many there are of each."""
    Thing.objects.filter(is_current=True).update(is_current=False)
    counts = {}
    for kind in KINDS.values():
        if kind.slug in snapshot.tables:
            table = store.get_frame(snapshot.tables[kind.slug])
            upsert(Thing, _rows(kind, table), _COLUMNS, _COLUMNS[1:], {})
            counts[kind.slug] = table.height
    return counts


def _rows(kind: ThingKind, table: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    names = tuple(attribute_schema(kind))
    for row in table.iter_rows(named=True):
        placed = [_fitting(row[name], name) if name in _TEXTS else row[name] for name in PLACED]
        known = {name: row[name] for name in names if row[name] is not None}
        yield (*placed, kind.code, json.dumps(known, default=str, ensure_ascii=False, sort_keys=True), True)


def _fitting(text: str | None, name: str) -> str:
    """Cut a text that the column cannot hold, visibly; the snapshot keeps it whole."""
    most = getattr(Thing._meta.get_field(name), "max_length", None) or 0
    said = text or ""
    return said if len(said) <= most else f"{said[: most - 1]}…"
