"""What a loss weighs and when it begins: the share of the known output, and the days until the first stop."""

from __future__ import annotations

import polars as pl


def add_impact_shares(entries: pl.DataFrame, total_cny: float | None) -> pl.DataFrame:
    """Return the entries with ``impact_share_low`` and ``impact_share_high``: impact over ``total_cny``.

    ``total_cny`` is the known annual output of all products; null shares where it is unknown or 0, and where the
    impact is not counted in yuan.
    """
    in_yuan = (pl.col("impact_measure") == "output_cny") & pl.lit(bool(total_cny))
    return entries.with_columns(
        pl.when(in_yuan).then(pl.col(f"impact_{end}") / (total_cny or 1.0)).alias(f"impact_share_{end}")
        for end in ("low", "high")
    )


def add_first_stops(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with ``first_stop_low`` and ``first_stop_high``: days until the first stop if no more came.

    An input stops when its enterprise's stock (``stock_days_*``) is used up. An item stops somebody when the first of
    its enterprises has nothing left: at the latest when the least known stock ends; at once, perhaps, while the stock
    of any enterprise is unknown. Both ends are null where no stock is known.
    """
    inputs = entries.filter(pl.col("scope") == "input")
    items = inputs.group_by("item").agg(
        low=pl.when(pl.col("stock_days_low").is_not_null().all()).then(pl.col("stock_days_low").min()).otherwise(0.0),
        high=pl.col("stock_days_high").min(),
    )
    own = pl.col("scope") == "input"
    joined = entries.join(items, on="item", how="left", maintain_order="left")
    known = pl.col("high").is_not_null()
    return joined.with_columns(
        first_stop_low=pl.when(own).then("stock_days_low").when(known).then("low"),
        first_stop_high=pl.when(own).then("stock_days_high").otherwise("high"),
    ).drop("low", "high")
