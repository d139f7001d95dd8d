"""Facts become the tables the risk engine reads: items, supplies, uses, listing. Pure: tables in, tables out.

Every fact row that cannot be used is counted by reason; nothing disappears in a join.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liandesk.base.facts.schema import records_from_facts
from liandesk.base.pack import Pack
from liandesk.know.registry.clusters import short_id
from liankit.entities import name_key

_INPUT = {
    "organisation": pl.String,
    "item": pl.String,
    "used_for": pl.String,
    "supplier": pl.String,
    "supplier_country": pl.String,
    "share": pl.Float64,
    "another_source": pl.Boolean,
    "stock_days": pl.Float64,
    "switch_months": pl.Float64,
    "amount_cny": pl.Float64,
    "output_cny": pl.Float64,
}
_MAKES = {"organisation": pl.String, "item": pl.String}
_INPUT_OF = {"item": pl.String, "product": pl.String}
_SELLS = {"organisation": pl.String, "product": pl.String, "output_cny": pl.Float64}
_ITEM = {"name": pl.String, "item_kind": pl.String, "listing_complete": pl.Boolean}


@dataclass(frozen=True)
class Chain:
    """The engine's input tables by name, and what was lost on the way by reason."""

    tables: Mapping[str, pl.DataFrame]
    lost: Mapping[str, int]


def build_chain(facts: pl.DataFrame, members: pl.DataFrame, organisations: pl.DataFrame, pack: Pack) -> Chain:
    """Build items, supplies, uses and listing.

    Parameters
    ----------
    facts : KNOWN_SCHEMA lines; members : record, organisation; organisations : id, name, country, country_basis.
    """
    lost: dict[str, int] = {}
    items = _items(facts)
    inputs = _attach(_attach(records_from_facts(facts, "critical_input", _INPUT), members, lost), items, lost)
    makes = _attach(_attach(records_from_facts(facts, "makes", _MAKES), members, lost), items, lost)
    contains = _attach(records_from_facts(facts, "input_of", _INPUT_OF), items, lost)
    sells = _attach(records_from_facts(facts, "sells", _SELLS), members, lost)
    tables = {
        "items": items.group_by("item").agg(
            pl.col("name").first(), pl.col("item_kind").drop_nulls().first().fill_null("other")
        ),
        "supplies": pl.concat([_declared_supplies(inputs, organisations), _market_supplies(makes, organisations)]),
        "uses": pl.concat([_declared_uses(inputs), _derived_uses(sells, contains, lost)]),
        "listing": items.group_by("item").agg(complete=pl.col("listing_complete").fill_null(False).any()),
    }
    kinds = tables["items"].select("item", "item_kind")
    tables["uses"] = _with_assumed_switch(tables["uses"].join(kinds, on="item", how="left"), pack)
    if items.height > tables["items"].height:
        lost["record_of_an_item_already_counted"] = items.height - tables["items"].height
    return Chain({name: table.sort(table.columns) for name, table in tables.items()}, lost)


def _items(facts: pl.DataFrame) -> pl.DataFrame:
    """One row an item record: two sources' items are one when their normalised names are equal."""
    named = records_from_facts(facts, "item", _ITEM).filter(pl.col("name").is_not_null())
    return named.with_columns(
        item=pl.col("name").map_elements(lambda name: short_id("I", name_key(name)), return_dtype=pl.String)
    ).sort("record")


def _attach(rows: pl.DataFrame, target: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    """Replace the record in column ``organisation`` or ``item`` by the permanent id; count rows that point nowhere."""
    column = "organisation" if "organisation" in target.columns else "item"
    ids = target.select(pl.col("record").alias("_record"), pl.col(column).alias("_id"))
    joined = rows.join(ids, left_on=column, right_on="_record", how="left")
    missing = joined["_id"].null_count()
    if missing:
        reason = f"unknown_{column}"
        lost[reason] = lost.get(reason, 0) + missing
    return joined.filter(pl.col("_id").is_not_null()).with_columns(pl.col("_id").alias(column)).drop("_id")


def _declared_supplies(inputs: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """What buyers said; a supplier nobody named has a null id: it may be one of the named."""
    names = organisations.select(supplier="name", known=pl.col("id")).unique("supplier")
    minted = pl.col("supplier").map_elements(lambda name: short_id("S", name_key(name)), return_dtype=pl.String)
    said = inputs.filter(pl.col("supplier").is_not_null() | pl.col("supplier_country").is_not_null())
    return said.join(names, on="supplier", how="left").select(
        "record",
        "item",
        supplier=pl.coalesce("known", minted),
        supplier_name="supplier",
        buyer="organisation",
        country="supplier_country",
        share="share",
        amount_cny="amount_cny",
    )


def _market_supplies(makes: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Who makes an item for the market. A country guessed from a name is no known country."""
    declared = pl.when(pl.col("country_basis").fill_null("declared") == "declared").then("country")
    makers = organisations.select(organisation="id", supplier_name="name", country=declared)
    return makes.join(makers, on="organisation", how="left").select(
        "record",
        "item",
        supplier="organisation",
        supplier_name="supplier_name",
        buyer=pl.lit(None, dtype=pl.String),
        country="country",
        share=pl.lit(None, dtype=pl.Float64),
        amount_cny=pl.lit(None, dtype=pl.Float64),
    )


def _declared_uses(inputs: pl.DataFrame) -> pl.DataFrame:
    return inputs.select(
        "record",
        "item",
        buyer="organisation",
        product=pl.col("used_for").fill_null(""),
        output_cny="output_cny",
        another_source="another_source",
        stock_days="stock_days",
        switch_months="switch_months",
    )


def _derived_uses(sells: pl.DataFrame, contains: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    """Who sells a product needs each item that goes into it."""
    without = sells.join(contains, on="product", how="anti").height
    if without:
        lost["product_without_known_input"] = without
    joined = sells.join(contains.select("product", "item"), on="product")
    unknown = {"another_source": pl.Boolean, "stock_days": pl.Float64, "switch_months": pl.Float64}
    return joined.select(
        "record",
        "item",
        buyer="organisation",
        product="product",
        output_cny="output_cny",
        **{name: pl.lit(None, dtype=dtype) for name, dtype in unknown.items()},
    )


def _with_assumed_switch(uses: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Put the pack's assumed interval where an enterprise gave no time to switch, and say which it is."""
    low = {kind.code: kind.switch_months[0] for kind in pack.item_kinds}
    high = {kind.code: kind.switch_months[1] for kind in pack.item_kinds}
    is_declared = pl.col("switch_months").is_not_null()

    def bound(assumed: dict[str, float]) -> pl.Expr:
        kind = pl.col("item_kind").replace_strict(assumed, default=None, return_dtype=pl.Float64)
        return pl.coalesce("switch_months", kind)

    basis = pl.when(is_declared).then(pl.lit("declared")).otherwise(pl.lit("assumed"))
    return uses.with_columns(switch_months_low=bound(low), switch_months_high=bound(high), switch_basis=basis).drop(
        "switch_months", "item_kind"
    )
