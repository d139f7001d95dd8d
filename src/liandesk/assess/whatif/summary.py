"""What an answer comes to: enterprises, products and output, of the rows that its reader sees."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Summary:
    """Of the district's products: how many are reached and whose, and how much output a year is at stake.

    ``unbounded``: products whose loss is known and whose output is not. ``uncovered``: products of enterprises of whose
    purchases too little is known for a loss. Neither is in the output at stake.
    """

    enterprises: int
    products: int
    steps: int
    stake_low: float
    stake_high: float
    unbounded: int
    uncovered: int


def summary(hits: pl.DataFrame) -> Summary:
    """Return the summary of hits."""
    rows = hits.filter("is_product")
    reached, told = rows.filter(pl.col("step") > 0), rows.drop_nulls("loss_high")
    return Summary(
        enterprises=reached["organisation"].n_unique(),
        products=reached.height,
        steps=max(reached["step"], default=0),
        stake_low=float(told["stake_low"].sum()),
        stake_high=float(told["stake_high"].sum()),
        unbounded=told["stake_high"].null_count(),
        uncovered=rows.height - told.height,
    )
