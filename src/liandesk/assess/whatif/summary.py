"""What an answer comes to: enterprises, products and output, of the rows that its reader sees."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Summary:
    """Of the district's products that are reached: how many, whose, how much output a year; null ends are unknown.

    ``unbounded``: products whose loss is known and whose output is not. ``uncovered``: products of enterprises of whose
    purchases too little is known for a loss.
    """

    enterprises: int
    products: int
    stake_low: float
    stake_high: float
    unbounded: int
    uncovered: int


def summary(hits: pl.DataFrame) -> Summary:
    """Return the summary of hits."""
    rows = hits.filter("is_product")
    told = rows.drop_nulls("loss_high")
    return Summary(
        enterprises=told["organisation"].n_unique(),
        products=told.height,
        stake_low=float(told["stake_low"].sum()),
        stake_high=float(told["stake_high"].sum()),
        unbounded=told["stake_high"].null_count(),
        uncovered=rows.height - told.height,
    )
