"""Who stops directly when lines of a chain stop: the products that lack an input, without a figure of the cascade."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from liankit.risk.cascade.stops import find_stops, uses_of

STOP_SCHEMA = {
    "line": pl.String,  # the product that lacks the input
    "owner": pl.String,
    "name": pl.String,
    "item_name": pl.String,
    "output_cny": pl.Float64,
    "item": pl.String,  # the input that it lacks
    "verdict": pl.String,  # stops | may_stop | loses_part
    "sources": pl.UInt32,  # known ones
    "lost_low": pl.Float64,  # of its purchases of the input
    "lost_high": pl.Float64,
    "day_low": pl.Float64,  # until its stock is used up; null: unknown
    "day_high": pl.Float64,
}
"""Columns of ``direct_stops``."""


def direct_stops(
    lines: pl.DataFrame, links: pl.DataFrame, *, stopped: Collection[str] = (), items: Collection[str] = ()
) -> pl.DataFrame:
    """Return the products that lack an input when the lines ``stopped`` deliver no more, and nobody makes ``items``.

    ``lines`` and ``links``: as of ``spread``, links with ``stock_days_low`` and ``stock_days_high``. Whoever buys on
    the market of an item buys from anybody who sells there; it has one seller only where that is known. One row a
    product and input (``STOP_SCHEMA``), the worst verdict first, then the greatest output.
    """
    markets = lines.filter(pl.col("owner").is_null())["line"].implode()
    sold = links.rename({"supplier": "supplier_id", "buyer": "buyer_id"})
    to_market, from_market = pl.col("buyer_id").is_in(markets), pl.col("supplier_id").is_in(markets)
    sole = sold.filter(to_market & (pl.col("share_low") >= 1))["buyer_id"].implode()
    uses = uses_of(sold.filter(~to_market).with_columns(complete=from_market & pl.col("supplier_id").is_in(sole)))
    named = pl.concat([sold.filter(~to_market & ~from_market), sold.filter(to_market).with_columns(buyer_id=None)])
    chosen = {"suppliers": set(stopped) & set(named["supplier_id"]), "items": set(items) & set(uses["item"])}
    found = find_stops(uses, named, **chosen)
    made = lines.filter("is_product").select("line", "owner", "name", "item_name", "output_cny")
    told = found.rename({"buyer_id": "line", "from_day_low": "day_low", "from_day_high": "day_high"})
    told = told.join(made, on="line", maintain_order="left")
    ordered = told.sort("verdict", "output_cny", "line", descending=[False, True, False], nulls_last=True)
    return ordered.select(pl.col(name).cast(dtype) for name, dtype in STOP_SCHEMA.items())
