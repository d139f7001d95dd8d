"""What share of a buyer's purchases of an item each supplier delivers, at least and at most: the table of ``losses``.

Linear in the rows of the lists: buyers who named nobody share the rows of the market.
"""

from __future__ import annotations

import polars as pl

SHARE_SCHEMA = {
    "item": pl.String,
    "buyer": pl.String,  # null: of whoever buys from the market
    "supplier": pl.String,  # null: anybody who is not on the list
    "basis": pl.String,  # declared | market; null: the buyer's suppliers are not known at all
    "share_low": pl.Float64,  # of the buyer's purchases of the item
    "share_high": pl.Float64,
}
"""Columns of the table of supply shares: one row a supplier on a list, and one a buyer for anybody not on it."""


def supply_shares(entries: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the table of supply shares (``SHARE_SCHEMA``).

    ``entries`` are those of ``entries.build_entries`` with the number of the ``list`` that each looks at; ``links`` has
    ``list``, ``supplier``, ``share``.
    """
    inputs = entries.filter(pl.col("scope") == "input")
    parts = [_declared(inputs, links), _of_market(entries, inputs, links), _elsewhere(inputs)]
    shares = pl.concat(
        [part.select(pl.col(name).cast(dtype) for name, dtype in SHARE_SCHEMA.items()) for part in parts]
    )
    return shares.sort("item", "buyer", "supplier", nulls_last=True)


def _declared(inputs: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    named = links.filter(pl.col("supplier").is_not_null()).select("list", "supplier", "share")
    rows = inputs.filter(pl.col("basis") == "declared").join(named, on="list")
    sole = (pl.col("sole_source") & (pl.col("suppliers") == 1)).fill_null(False)
    return rows.with_columns(
        share_low=pl.when(sole).then(1.0).otherwise(pl.col("share").fill_null(0.0)),
        share_high=pl.when(sole).then(1.0).otherwise(pl.coalesce("share", "rest")),
    )


def _of_market(entries: pl.DataFrame, inputs: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """One row an item and supplier of its market: all or nothing from each, all from the only one of a full list."""
    seen = inputs.filter(pl.col("basis") == "market").select("item", "list").unique()
    full = entries.filter(pl.col("scope") == "item").select("item", "complete")
    rows = links.filter(pl.col("supplier").is_not_null()).join(seen, on="list").join(full, on="item", how="left")
    is_only = (pl.len().over("list") == 1) & pl.col("complete").fill_null(False)
    return rows.with_columns(
        buyer=pl.lit(None), basis=pl.lit("market"), share_low=is_only.cast(pl.Float64), share_high=pl.lit(1.0)
    )


def _elsewhere(inputs: pl.DataFrame) -> pl.DataFrame:
    """What one supplier who is on no list may deliver: all of it where nobody is known, the rest where others may."""
    nameless = (pl.col("named") == 0).fill_null(False)
    open_rest = pl.when("complete").then(0.0).otherwise(pl.col("rest").fill_null(1.0))
    most = pl.when(nameless).then(pl.col("share_high").fill_null(1.0)).otherwise(open_rest)
    return inputs.with_columns(supplier=pl.lit(None), share_low=pl.lit(0.0), share_high=most)
