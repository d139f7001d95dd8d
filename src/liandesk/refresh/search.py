"""What the search finds: organisations, items and listed things, with every name and code and their scopes.

Pure: tables in, one table out, under ``liankit.search.INDEX_SCHEMA`` with the columns the access matrix looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from liandesk.base.facts.schema import records_from_facts
from liandesk.base.ui.search import SCOPES
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liankit.search import build_index

TABLES = ("facts", "members", "organisations", "items", *(kind.slug for kind in KINDS.values()))
"""The tables of the snapshot that are read."""

_ALSO_CALLED = {"former_name": pl.String, "stock_code": pl.String}
_COLUMNS = ("kind", "id", "title", "detail", "names", *SCOPES)


def build_search(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the index of everything that has a name."""
    parts = [_organisations(tables), _items(tables["items"])]
    parts += [_things(kind, tables[kind.slug]) for kind in KINDS.values()]
    return build_index(pl.concat(parts))


def _organisations(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    said = records_from_facts(tables["facts"], "organisation", {"name": pl.String, **_ALSO_CALLED})
    of = tables["members"].join(said, on="record")
    called = of.group_by("organisation").agg(
        names=pl.concat_list("name", *_ALSO_CALLED).list.explode().drop_nulls().unique(maintain_order=True)
    )
    rows = tables["organisations"].join(
        called, left_on="id", right_on="organisation", how="left", maintain_order="left"
    )
    names = pl.concat_list(pl.concat_list("name_en", "uscc"), pl.col("names").fill_null([]))
    return _placed(rows.with_columns(kind=pl.lit("organisation"), title="name", detail="name_en", names=names))


def _items(items: pl.DataFrame) -> pl.DataFrame:
    rows = items.with_columns(id="item", kind=pl.lit("item"), title="name", detail=pl.lit(None, dtype=pl.String))
    return _placed(rows.with_columns(names=pl.concat_list(pl.lit(None, dtype=pl.String))))


def _things(kind: ThingKind, rows: pl.DataFrame) -> pl.DataFrame:
    codes = [column.name for column in kind.attributes if column.name in _CODES]
    names = pl.concat_list(pl.lit(None, dtype=pl.String), *codes)
    return _placed(rows.with_columns(kind=pl.lit(kind.code), title="name", detail="organisation_name", names=names))


_CODES = ("registration_number",)


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the scopes that a table does not have as null."""
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in SCOPES if name not in rows.columns]
    return rows.with_columns(missing).select(*_COLUMNS)
