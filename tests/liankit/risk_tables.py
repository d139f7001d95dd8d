"""Input tables of the risk engine for its tests: from short rows, and random ones for Hypothesis."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import strategies as st

from liankit.risk import INPUT_COLUMNS, Exposure, exposure

Row = dict[str, Any]
HOME = "CN"


def frames(tables: dict[str, list[Row]]) -> dict[str, pl.DataFrame]:
    """Turn lists of rows into the four typed tables; a column left out of a row is null."""
    made = {}
    for table, columns in INPUT_COLUMNS.items():
        rows = [{column: row.get(column) for column in columns} for row in tables.get(table, [])]
        made[table] = pl.DataFrame(rows, schema=dict(columns), strict=False)
    return made


def run(tables: dict[str, list[Row]]) -> Exposure:
    return exposure(**frames(tables), home_country=HOME)


def entry_of(found: Exposure, key: str) -> Row:
    return found.entries.row(by_predicate=pl.col("entry") == key, named=True)


def item(key: str) -> Row:
    return {"item": key, "name": key.upper(), "item_kind": "excipient"}


_shares = st.sampled_from([None, None, 0.0, 0.125, 0.25, 0.5, 0.75, 1.0])
ITEMS = ("i0", "i1", "i2", "i3", "i4")  # several to a run: a run costs more than a row
_items, _buyers = st.sampled_from(ITEMS), st.sampled_from(["b0", "b1"])

_supply = st.fixed_dictionaries(
    {
        "item": _items,
        "supplier": st.sampled_from(["s0", "s1", "s2", "s3", None]),
        "buyer": st.sampled_from(["b0", "b1", None, None]),
        "country": st.sampled_from(["CN", "DE", "US", None]),
        "share": _shares,
        "amount_cny": st.sampled_from([None, 0.0, 1e6, 3e6]),
    }
)
_months = st.sampled_from([(None, None, None), (6.0, 9.0, "declared"), (6.0, 24.0, "assumed"), (1.0, 1.0, "declared")])
_use = st.builds(
    lambda months, **use: {
        **use, "switch_months_low": months[0], "switch_months_high": months[1], "switch_basis": months[2]
    },
    months=_months,
    buyer=_buyers,
    item=_items,
    product=st.sampled_from(["p0", "p1", "p2", None]),
    output_cny=st.sampled_from([None, 0.0, 1e6, 2.5e6]),
    another_source=st.sampled_from([None, True, False]),
    stock_days=st.sampled_from([None, 0.0, 45.0, 200.0]),
)  # fmt: skip
_listing = st.fixed_dictionaries({"item": _items, "complete": st.booleans()})

tables = st.fixed_dictionaries(
    {
        "items": st.just([item(key) for key in ITEMS]),
        "supplies": st.lists(_supply, max_size=18),
        "uses": st.lists(_use, max_size=10),
        "listing": st.lists(_listing, max_size=5),
    }
)
"""Random tables: doubled and contradicting rows, shares above one, nameless suppliers, empty tables."""
