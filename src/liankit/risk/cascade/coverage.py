"""How much of the trade is in the data: of each buyer's purchases, and of each market; unknown where a total is.

A cascade spreads over the links that are known. Where they cover little of a buyer's purchases, or where most of a
market lies outside the data and could stand in, its figure says little, and direct stops (``stops``) say more.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from liankit.risk.cascade.shares import TOLERANCE
from liankit.risk.cascade.tables import clean_firms, need, number, refuse

THRESHOLD = 0.5
"""The share of a market inside the data below which the market lies mostly outside."""


def cover_purchases(firms: pl.DataFrame, links: pl.DataFrame, purchases: str) -> pl.DataFrame:
    """Return firm_id, purchases, known and covered of each firm, in their order.

    ``purchases`` names the column of the firms with all that a firm buys, empty where unknown; ``links`` have
    supplier_id, buyer_id and value, empty where unknown. ``known`` sums the known values; ``covered`` is at least that
    share of the purchases, null where they are unknown, nothing, or less than the known values. Raises ``UserError``.
    """
    firms = clean_firms(firms, [purchases])
    firms = firms.select("firm_id", number(firms, "firms", purchases).alias("purchases"))
    refuse(firms, pl.col("purchases") < 0, "firms", f"has {purchases} below 0.", "firm_id")
    need(links, "links", ["buyer_id", "value"])
    links = links.select(pl.col("buyer_id").cast(pl.String).alias("firm_id"), number(links, "links", "value"))
    refuse(links, pl.col("value") < 0, "links", "has a value below 0.", "firm_id")
    known = links.group_by("firm_id").agg(pl.col("value").sum().alias("known"))
    share = pl.col("known") / pl.col("purchases")
    return (
        firms.join(known, on="firm_id", how="left", maintain_order="left")
        .with_columns(pl.col("known").fill_null(0.0))
        .with_columns(pl.when(share <= 1 + TOLERANCE).then(share.clip(upper_bound=1.0)).alias("covered"))
    )


def cover_all(covered: pl.DataFrame) -> float | None:
    """Return the share of all purchases of firms whose ``covered`` is known; None where no firm's is."""
    table = covered.filter(pl.col("covered").is_not_null())
    return float(np.average(table["covered"], weights=table["purchases"])) if table.height else None


def cover_markets(
    firms: pl.DataFrame, markets: pl.DataFrame, *, market: str, sales: str, threshold: float = THRESHOLD
) -> pl.DataFrame:
    """Return market, inside_low, inside_high and is_mostly_outside of each market of the firms, by name.

    ``market`` and ``sales`` name columns of the firms, sales empty where unknown; ``markets`` has market and total, the
    sales of everybody. ``inside_high`` is 1 where sales of firms are unknown; both ends are null where the total is
    unknown or less than the known sales. ``is_mostly_outside``: whether less than ``threshold`` is inside; null where
    the interval does not say. Raises ``UserError``.
    """
    firms = clean_firms(firms, [market, sales]).with_columns(pl.col(market).cast(pl.String).alias("market"))
    firms = firms.with_columns(number(firms, "firms", sales).alias("sales"))
    refuse(firms, pl.col("sales") < 0, "firms", f"has {sales} below 0.", "firm_id")
    need(markets, "markets", ["market", "total"])
    markets = markets.with_columns(pl.col("market").cast(pl.String), number(markets, "markets", "total"))
    refuse(markets, pl.col("market").is_duplicated(), "markets", "names a market twice. Keep one row.", "market")
    known, is_whole = pl.col("sales").sum(), pl.col("sales").is_not_null().all()
    found = firms.group_by("market").agg(known.alias("sales"), is_whole.alias("is_whole"))
    found = found.join(markets.select("market", "total"), on="market", how="left").sort("market")
    share = pl.col("sales") / pl.col("total")
    sound = pl.when(share <= 1 + TOLERANCE)
    found = found.select(
        "market",
        sound.then(share.clip(upper_bound=1.0)).alias("inside_low"),
        sound.then(pl.when("is_whole").then(share.clip(upper_bound=1.0)).otherwise(1.0)).alias("inside_high"),
    )
    outside = pl.when(pl.col("inside_high") < threshold).then(True).when(pl.col("inside_low") >= threshold).then(False)
    return found.with_columns(outside.alias("is_mostly_outside"))
