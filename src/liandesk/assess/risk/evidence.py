"""What lies behind the entries of the risk list: who supplies, who uses, and which row of which file said it.

Reads the snapshot's tables ``entries``, ``supplies``, ``uses``, ``organisations`` and ``facts``; a fact's record leads
from a supply or a use to its files. Unknown stays null: an amount that one row lacks makes the sum unknown.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

from liandesk.assess.lists.evidence import EVIDENCE_SCHEMA, Behind
from liandesk.assess.lists.models import ListEntry
from liandesk.assess.risk import stops
from liandesk.base.facts.schema import value_of_fact
from liandesk.base.pack import pack
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import table
from liandesk.know.registry.profiles import trusted_numbers

NAMES_SHOWN = 10  # suppliers and products named in one cell; further ones are counted
ROWS_SHOWN = 100  # supplies and uses of one entry on its page
DAYS_PER_MONTH = 30.4
_SAID = ("control", "substitute", "request")
_COMMA = "; "


def columns(snapshot: Snapshot, keys: Collection[str] | None, with_market: bool) -> pl.DataFrame:
    """Return ``EVIDENCE_SCHEMA`` for the entries with these keys (None: all); see :class:`lists.evidence.Evidence`."""
    entries = _entries(snapshot, keys)
    found = (
        entries.join(_clocks(snapshot), on="item", how="left")
        .with_columns(_own_or_of_buyers(name) for name in _CLOCKS)
        .join(_supplied(snapshot, entries, with_market), on="key", how="left")
        .join(_used(snapshot, entries), on="key", how="left")
        .join(_told(snapshot, entries), on="key", how="left")
        .join(_employed(snapshot, entries), on="key", how="left")
        .join(_codes(snapshot), on="organisation", how="left")
        .with_columns(uscc=pl.when(pl.col("scope") == "input").then("uscc").otherwise(pl.lit("")))
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in EVIDENCE_SCHEMA.items()).collect()


_CLOCKS = ("stock_days_low", "stock_days_high", "switch_months_low", "switch_months_high")


def _entries(snapshot: Snapshot, keys: Collection[str] | None) -> pl.LazyFrame:
    rows = table(snapshot, "entries")
    if keys is not None:
        rows = rows.filter(pl.col("entry").is_in(list(keys)))
    return rows.select(
        "scope",
        "item",
        "output_low_cny",
        "output_high_cny",
        *_own_clocks(),
        key="entry",
        organisation="buyer",
        import_low="import_share_low",
        import_high="import_share_high",
    )


def _own_clocks() -> list[pl.Expr]:
    days = [pl.col(name) for name in ("stock_days_low", "stock_days_high")]
    return days + [
        (pl.col(f"switch_days_{end}") / DAYS_PER_MONTH).round(2).alias(f"switch_months_{end}")
        for end in ("low", "high")
    ]


def _clocks(snapshot: Snapshot) -> pl.LazyFrame:
    """Over all buyers of an item: the shortest and the longest, unknown while one buyer's is."""
    inputs = table(snapshot, "entries").filter(pl.col("scope") == "input").select("item", *_own_clocks())
    ends = {name: pl.col(name).min() if name.endswith("low") else pl.col(name).max() for name in _CLOCKS}
    return inputs.group_by("item").agg(
        pl.when(pl.col(name).is_not_null().all()).then(end).alias(f"{name}_of_buyers") for name, end in ends.items()
    )


def _own_or_of_buyers(name: str) -> pl.Expr:
    return pl.when(pl.col("scope") == "input").then(name).otherwise(f"{name}_of_buyers").alias(name)


def _of_entries(rows: pl.LazyFrame, entries: pl.LazyFrame, buyer: str = "buyer") -> pl.LazyFrame:
    """Pair entries with rows that have ``item`` and a buyer: an input with its buyer's, an item with everybody's."""
    inputs = entries.filter(pl.col("scope") == "input").select("key", "item", "organisation")
    items = entries.filter(pl.col("scope") == "item").select("key", "item")
    own = inputs.join(rows, left_on=["item", "organisation"], right_on=["item", buyer])
    return pl.concat([own.drop("organisation"), items.join(rows.drop(buyer), on="item")], how="diagonal")


def _supplied(snapshot: Snapshot, entries: pl.LazyFrame, with_market: bool) -> pl.LazyFrame:
    rows = table(snapshot, "supplies").select("item", "buyer", "supplier_name", "country", "amount_cny")
    own = _of_entries(rows, entries)
    if with_market:
        market = entries.filter(pl.col("scope") == "input").join(own, on="key", how="anti")
        offered = rows.filter(pl.col("buyer").is_null()).drop("buyer")
        own = pl.concat([own, market.select("key", "item").join(offered, on="item")], how="diagonal")
    amounts = own.group_by("key").agg(amount_cny=_sum_if_known("amount_cny"))
    return _beside(amounts, _listed(own, "supplier_name", "supplier_names"), _listed(own, "country", "countries"))


def _used(snapshot: Snapshot, entries: pl.LazyFrame) -> pl.LazyFrame:
    rows = table(snapshot, "uses").select("item", "buyer", product=pl.col("product").replace("", None))
    return _listed(_of_entries(rows, entries), "product", "products")


def _employed(snapshot: Snapshot, entries: pl.LazyFrame) -> pl.LazyFrame:
    """Count who works at the enterprises that use it, each once; unknown while one of them has not said."""
    facts = table(snapshot, "facts").filter(kind="organisation", attribute="employees").collect()
    members = table(snapshot, "members").collect()
    said = trusted_numbers(facts, members, "employees", pack().source_precedence).lazy()
    buyers = table(snapshot, "uses").select("item", "buyer").unique()
    rows = buyers.join(said.select(buyer="organisation", employees="number"), on="buyer", how="left")
    return _of_entries(rows, entries).group_by("key").agg(employees=_sum_if_known("employees"))


def _told(snapshot: Snapshot, entries: pl.LazyFrame) -> pl.LazyFrame:
    """What buyers said in words of the input, the longest lead time, and the item's code."""
    inputs = table(snapshot, "uses").select("record", "item", "buyer")
    said = _pivot(table(snapshot, "facts"), "critical_input", [*_SAID, "lead_time_days", "item"])
    codes = _pivot(table(snapshot, "facts"), "item", ["code"]).select(said_item="record", code="code")
    told = inputs.join(said.rename({"item": "said_item"}), on="record", how="left")
    rows = _of_entries(told.join(codes, on="said_item", how="left"), entries)
    longest = rows.group_by("key").agg(lead_time_days=_longest_if_known(pl.col("lead_time_days").cast(pl.Float64)))
    return _beside(longest, *(_listed(rows, name, name) for name in _SAID), _listed(rows, "code", "item_code"))


def _beside(first: pl.LazyFrame, *others: pl.LazyFrame) -> pl.LazyFrame:
    """Join tables of one row a key."""
    for other in others:
        first = first.join(other, on="key", how="left")
    return first


def _pivot(facts: pl.LazyFrame, kind: str, attributes: list[str]) -> pl.LazyFrame:
    """Return one row a record with the attributes as text, the latest dated value of each."""
    asked = facts.filter((pl.col("kind") == kind) & pl.col("attribute").is_in(attributes)).sort("valid_from")
    value = value_of_fact()
    return asked.group_by("record").agg(
        value.filter(pl.col("attribute") == name).last().alias(name) for name in attributes
    )


def _codes(snapshot: Snapshot) -> pl.LazyFrame:
    return table(snapshot, "organisations").select("uscc", organisation="id")


def _listed(rows: pl.LazyFrame, column: str, name: str) -> pl.LazyFrame:
    """Join the distinct texts of each key in order, the first ten and a count of the others; no row where none is."""
    distinct = rows.select("key", column).drop_nulls().unique().sort("key", column)
    shown, count = pl.col(column).head(NAMES_SHOWN).str.join(_COMMA), pl.len()
    joined = distinct.group_by("key", maintain_order=True).agg(shown=shown, count=count)
    rest = pl.format("{}; +{}", "shown", pl.col("count") - NAMES_SHOWN)
    return joined.select("key", pl.when(pl.col("count") > NAMES_SHOWN).then(rest).otherwise("shown").alias(name))


def _longest_if_known(values: pl.Expr) -> pl.Expr:
    return pl.when(values.is_not_null().all()).then(values.max())


def _sum_if_known(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())


def behind(snapshot: Snapshot, entry: ListEntry, with_market: bool) -> Behind:
    """Return the supplies and uses behind one entry, each with ``sources``: who said it in which file and row."""
    supplies = table(snapshot, "supplies").filter(pl.col("item") == entry.item)
    uses = table(snapshot, "uses").filter(pl.col("item") == entry.item)
    if entry.scope == "input":
        offered = pl.col("buyer").is_null() & pl.lit(with_market)
        supplies = supplies.filter((pl.col("buyer") == entry.organisation) | offered)
        uses = uses.filter(pl.col("buyer") == entry.organisation)
    all_supplies = _with_names(supplies, snapshot).sort("buyer", "supplier_name", nulls_last=True).collect()
    all_uses = _with_names(uses, snapshot).sort("output_cny", descending=True, nulls_last=True).collect()
    found = _with_sources([all_supplies.head(ROWS_SHOWN), all_uses.head(ROWS_SHOWN)], snapshot)
    return Behind(
        found[0],
        found[1],
        more_supplies=all_supplies.height - len(found[0]),
        more_uses=all_uses.height - len(found[1]),
        stops=stops.behind(snapshot, entry, with_market),
    )


def _with_names(rows: pl.LazyFrame, snapshot: Snapshot) -> pl.LazyFrame:
    names = table(snapshot, "organisations").select(buyer="id", buyer_name="name")
    return rows.join(names, on="buyer", how="left")


def _with_sources(found: list[pl.DataFrame], snapshot: Snapshot) -> list[list[dict[str, Any]]]:
    records = pl.concat([rows["record"] for rows in found]).unique().to_list()
    columns = ("record", "source", "landing", "file", "sheet", "row")
    said = table(snapshot, "facts").filter(pl.col("record").is_in(records)).select(columns).unique().collect()
    sources: dict[str, list[dict[str, Any]]] = {}
    for source in said.sort(columns).to_dicts():
        sources.setdefault(source["record"], []).append(source)
    return [[{**row, "sources": sources.get(row["record"], [])} for row in rows.to_dicts()] for rows in found]
