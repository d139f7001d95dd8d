"""What the search finds: organisations, nodes of the chain and listed things, with names, codes and scopes.

Pure: tables in, one table out, under ``liankit.search.INDEX_SCHEMA`` with the columns the access matrix looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from liandesk.base.facts.schema import records_from_facts
from liandesk.base.ui.search import SCOPES
from liandesk.know.registry.clusters import node_id
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liankit.search import build_index

TABLES = ("facts", "members", "organisations", "nodes", *(kind.slug for kind in KINDS.values()))
"""The tables of the snapshot that are read."""

_ALSO_CALLED = {"former_name": pl.String, "stock_code": pl.String}
_COLUMNS = ("kind", "id", "title", "detail", "names", *SCOPES)


def build_search(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the index of everything that has a name."""
    parts = [_organisations(tables), _nodes(tables["nodes"], tables["facts"])]
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


def _nodes(nodes: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Nodes with the codes that items of their name were given: HS, model, CAS."""
    coded = records_from_facts(facts, "item", {"name": pl.String, "code": pl.String}).drop_nulls()
    codes = coded.with_columns(id=pl.col("name").map_elements(node_id, return_dtype=pl.String))
    names = codes.group_by("id").agg(names=pl.col("code").unique().sort())
    rows = nodes.rename({"node": "id"}).join(names, on="id", how="left")
    detail = pl.lit(None, dtype=pl.String)
    return _placed(
        rows.with_columns(kind=pl.lit("node"), title="name", detail=detail, names=pl.col("names").fill_null([]))
    )


def _things(kind: ThingKind, rows: pl.DataFrame) -> pl.DataFrame:
    codes = [column.name for column in kind.attributes if column.name in _CODES]
    names = pl.concat_list(pl.lit(None, dtype=pl.String), *codes)
    return _placed(rows.with_columns(kind=pl.lit(kind.code), title="name", detail="organisation_name", names=names))


_CODES = ("registration_number",)


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the scopes that a table does not have as null."""
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCOPES.items() if name not in rows.columns]
    return rows.with_columns(missing).select(*_COLUMNS)
