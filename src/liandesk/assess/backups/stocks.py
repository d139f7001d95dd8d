"""How long stock lasts, out of the published snapshot: the time a backup has to take over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from liandesk.base.snapshots.queries import published, table
from liankit.risk.readiness import OpenEnds

_SCHEMA = {"item": pl.String, "buyer": pl.String, "stock_days": pl.Float64}


@dataclass(frozen=True)
class Stocks:
    """Who holds how many days of which item: item, buyer, stock_days (null: unknown)."""

    rows: pl.DataFrame

    def of(self, item: str, organisation: str) -> OpenEnds:
        """Return the least and the most days until the first user of an item has none left; of one user where named.

        A user who has not said may have none, so the least is then 0; nobody having said anything is unknown.
        """
        days = self.rows.filter(item=item)
        if organisation:
            days = days.filter(buyer=organisation)
        known = days["stock_days"].drop_nulls()
        shortest = known.min()
        if shortest is None:
            return None, None
        assert isinstance(shortest, float)
        return (shortest if known.len() == days.height else 0.0), shortest


def stocks_of(items: Collection[str]) -> Stocks:
    """Return the stock of these items as the published snapshot has it."""
    snapshot, wanted = published(), [item for item in items if item]
    if snapshot is None or not wanted:
        return Stocks(pl.DataFrame(schema=_SCHEMA))
    rows = table(snapshot, "uses").filter(pl.col("item").is_in(wanted)).select(*_SCHEMA)
    return Stocks(rows.collect())
