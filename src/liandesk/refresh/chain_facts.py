"""Read what the chain is made of from the facts, with permanent ids in place of records; count what points nowhere."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liandesk.base.facts.schema import Schema, records_from_facts
from liandesk.know.registry.clusters import node_id

_INPUT: Schema = {
    "organisation": pl.String,
    "item": pl.String,
    "used_for": pl.String,
    "supplier": pl.String,
    "supplier_is_alias": pl.Boolean,
    "supplier_ended": pl.Boolean,
    "supplier_country": pl.String,
    "share": pl.Float64,
    "another_source": pl.Boolean,
    "stock_days": pl.Float64,
    "switch_months": pl.Float64,
    "lead_time_days": pl.Float64,
    "amount_cny": pl.Float64,
    "output_cny": pl.Float64,
}
_SUPPLY: Schema = {
    "supplier": pl.String,
    "buyer": pl.String,
    "item": pl.String,
    "country": pl.String,
    "amount_cny": pl.Float64,
    "share": pl.Float64,
    "sole_source": pl.Boolean,
    "lead_time_days": pl.Float64,
    "stock_days": pl.Float64,
    "as_of": pl.Date,
}
_MAKES: Schema = {"organisation": pl.String, "item": pl.String, "revenue_share": pl.Float64}
_WORKS_IN: Schema = {"organisation": pl.String, "item": pl.String}
_INPUT_OF: Schema = {"item": pl.String, "product": pl.String}
_SELLS: Schema = {"organisation": pl.String, "product": pl.String, "output_cny": pl.Float64}
_ITEM: Schema = {
    "name": pl.String,
    "item_kind": pl.String,
    "node_kind": pl.String,
    "listing_complete": pl.Boolean,
}


@dataclass(frozen=True)
class Read:
    """What the facts say of the chain; every table has the record it came from.

    ``items``: item, name, item_kind, node_kind, listing_complete, one row a record. ``inputs``: critical inputs.
    ``supplied``: supply links. ``sells`` and ``contains`` (item goes into product) name products by text.
    """

    items: pl.DataFrame
    inputs: pl.DataFrame
    supplied: pl.DataFrame
    makes: pl.DataFrame
    sells: pl.DataFrame
    contains: pl.DataFrame
    works_in: pl.DataFrame


def read_chain(facts: pl.DataFrame, members: pl.DataFrame, lost: dict[str, int]) -> Read:
    """Return what ``facts`` say, with organisations by ``members`` (record, organisation) and items by name."""
    items = _items(facts)
    who, what = _ids(members, "organisation"), _ids(items, "item")

    def read(kind: str, columns: Schema, **references: pl.DataFrame) -> pl.DataFrame:
        rows = records_from_facts(facts, kind, columns)
        for column, ids in references.items():
            rows = _attach(rows, column, ids, lost)
        return rows

    return Read(
        items=items,
        inputs=read("critical_input", _INPUT, organisation=who, item=what),
        supplied=read("supply", _SUPPLY, supplier=who, buyer=who, item=what),
        makes=read("makes", _MAKES, organisation=who, item=what),
        sells=read("sells", _SELLS, organisation=who),
        contains=read("input_of", _INPUT_OF, item=what),
        works_in=read("works_in", _WORKS_IN, organisation=who, item=what),
    )


def count(lost: dict[str, int], reason: str, rows: int) -> None:
    """Add to the rows that were lost for a reason."""
    if rows:
        lost[reason] = lost.get(reason, 0) + rows


def _items(facts: pl.DataFrame) -> pl.DataFrame:
    """One row an item record: two sources' items are one when their normalised names are equal.

    What the chain office says of a free text is a name, the one of the node that is meant.
    """
    named = records_from_facts(facts, "item", _ITEM).filter(pl.col("name").is_not_null())
    return named.with_columns(item=pl.col("name").map_elements(node_id, return_dtype=pl.String)).sort("record")


def _ids(table: pl.DataFrame, column: str) -> pl.DataFrame:
    return table.select(_record="record", _id=column)


def _attach(rows: pl.DataFrame, column: str, ids: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    """Replace the record in a column by its permanent id; count rows that point nowhere and leave them out."""
    joined = rows.join(ids, left_on=column, right_on="_record", how="left")
    count(lost, f"unknown_{column}", joined["_id"].null_count())
    return joined.filter(pl.col("_id").is_not_null()).with_columns(pl.col("_id").alias(column)).drop("_id")
