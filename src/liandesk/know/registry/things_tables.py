"""Facts become the tables of things that are simply listed, one a kind. Pure: tables in, tables out.

A thing whose organisation is not known stays, without it; one without a name cannot be listed and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from liandesk.base.facts.schema import Schema, records_from_facts
from liandesk.base.ui.listing import DTYPES
from liandesk.know.registry.clusters import short_id
from liandesk.know.registry.things_kinds import KINDS, ThingKind

PLACED: Schema = {
    "id": pl.String,
    "record": pl.String,
    "name": pl.String,
    "organisation": pl.String,
    "organisation_name": pl.String,
    "partner": pl.String,
    "partner_name": pl.String,
    "town": pl.String,
    "zone": pl.String,
    "office": pl.String,
    "is_synthetic": pl.Boolean,
}
"""The columns that every table of things has; null is unknown."""


def attribute_schema(kind: ThingKind) -> Schema:
    """Return the columns that only this kind has, with their types."""
    return {column.name: DTYPES[column.kind] for column in kind.attributes}


def build_things(
    facts: pl.DataFrame, members: pl.DataFrame, organisations: pl.DataFrame
) -> tuple[Mapping[str, pl.DataFrame], Mapping[str, int]]:
    """Return a table for each kind under its slug, and the rows lost by reason.

    Parameters
    ----------
    facts : KNOWN_SCHEMA lines; members : record, organisation; organisations : id, name, town.
    """
    owners = members.join(organisations.select(organisation="id", _name="name", _town="town"), on="organisation")
    items = records_from_facts(facts, "item", {"name": pl.String})
    lost: dict[str, int] = {}
    tables = {kind.slug: _build(kind, facts, owners, items, lost) for kind in KINDS.values()}
    return tables, lost


def _build(
    kind: ThingKind, facts: pl.DataFrame, owners: pl.DataFrame, items: pl.DataFrame, lost: dict[str, int]
) -> pl.DataFrame:
    said = records_from_facts(facts, kind.code, _asked(kind))
    named = said.rename({kind.names: "name"}) if kind.names != "name" else said
    rows = named.filter(pl.col("name").is_not_null())
    if rows.height < said.height:
        lost[f"{kind.code}_without_name"] = said.height - rows.height
    rows = rows.rename(
        {"contact_office": "office"} | ({kind.owner_text: "organisation_name"} if kind.owner_text else {})
    )
    rows = _with_organisation(
        _with_organisation(rows, kind.owner, owners, "organisation"), kind.partner, owners, "partner"
    )
    rows = rows.with_columns(town=pl.coalesce("town", "organisation_town")) if kind.owner else rows
    for column in kind.items:
        rows = _with_item_name(rows, column, items)
    placed = {name: dtype for name, dtype in PLACED.items() if name not in rows.columns}
    return (
        rows.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in placed.items())
        .with_columns(
            id=pl.col("record").map_elements(lambda record: short_id("T", record), return_dtype=pl.String),
            is_synthetic=pl.col("record").str.starts_with("synthetic:"),
        )
        .select(*PLACED, *attribute_schema(kind))
        .sort("id")
    )


def _asked(kind: ThingKind) -> Schema:
    """Return the attributes of the facts that are read: what names and places it, and what only this kind has."""
    references = [name for name in (kind.owner, kind.owner_text, kind.partner) if name]
    placed = dict.fromkeys((kind.names, *references, "town", "zone", "contact_office"), pl.String)
    return placed | attribute_schema(kind)


def _with_organisation(rows: pl.DataFrame, attribute: str, owners: pl.DataFrame, field: str) -> pl.DataFrame:
    """Replace the record of an organisation by its permanent id, and put its name and town beside."""
    if not attribute:
        return rows
    found = owners.select(
        pl.col("record").alias(attribute),
        pl.col("organisation").alias("_id"),
        pl.col("_name").alias(f"{field}_name"),
        pl.col("_town").alias(f"{field}_town"),
    )
    return rows.join(found, on=attribute, how="left", maintain_order="left").drop(attribute).rename({"_id": field})


def _with_item_name(rows: pl.DataFrame, column: str, items: pl.DataFrame) -> pl.DataFrame:
    """Replace the record of an item by the item's name; a text that is no record stays."""
    names = items.select(pl.col("record").alias(column), pl.col("name").alias("_item"))
    joined = rows.join(names, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_item", column).alias(column)).drop("_item")
