"""Lists of suppliers: who delivers what to whom, with the share of each where it is known.

A *list* is the set of suppliers that one or more entries look at. There are three bases:

``declared``  the rows of one buyer for one item; shares are of that buyer's purchases
``market``    the rows without a buyer for one item, seen by a buyer who named nobody: whom it buys from, and how
much,
              is unknown, so a share of the market says nothing about its purchases and is left out
``all``       every row of an item; shares are of the market, else of all declared purchases

Invariant: an unknown share is null. A row without a supplier's name stands for a supplier nobody named; it may be one
of the named, so it counts (as one) only in a list that names nobody.
"""

from __future__ import annotations

import polars as pl

from liankit.risk.inputs import Inputs, agreed, differs

LIST_KEYS = ("basis", "buyer", "item")
"""What identifies a list; ``buyer`` is empty unless the basis is ``declared``."""

_CONFLICTS = ("conflict_country", "conflict_share", "conflict_amount")


def read_links(inputs: Inputs, needs: pl.DataFrame, share_tolerance: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``(lists, links)``: the lists of suppliers with a number each, and one row a list and supplier.

    ``needs`` has one row a (buyer, item) with ``another_source``. ``links`` has ``list``, ``supplier``, ``country``,
    ``share`` (null unknown). ``lists`` has ``LIST_KEYS``, ``list``, ``shares_from`` ("shares", "amounts" or null),
    ``stated`` (sum of the stated shares) with ``exceeds`` (above 1 by more than the tolerance: contradictory, so all
    shares of the list are unknown) and the ``conflict_*`` columns.
    """
    rows = pl.concat(
        [_declared(inputs.supplies), _market(inputs.supplies), _all_of_item(inputs.supplies)], how="diagonal"
    )
    lists = _describe_lists(rows, _closed_purchases(inputs.supplies, needs), share_tolerance)
    links = rows.join(lists.select(*LIST_KEYS, "list", "shares_from", "exceeds", "named", "bought"), on=LIST_KEYS)
    links = links.filter(pl.col("supplier").is_not_null() | (pl.col("named") == 0))
    return lists.drop("bought"), links.select("list", "supplier", "country", _share())


def _declared(supplies: pl.DataFrame) -> pl.DataFrame:
    return supplies.filter(pl.col("buyer").is_not_null()).with_columns(pl.lit("declared").alias("basis"))


def _market(supplies: pl.DataFrame) -> pl.DataFrame:
    return supplies.filter(pl.col("buyer").is_null()).select(
        pl.lit("market").alias("basis"), pl.lit("").alias("buyer"), "item", "supplier", "country", "conflict_country"
    )


def _all_of_item(supplies: pl.DataFrame) -> pl.DataFrame:
    """Join what buyers and the market say of one supplier of an item; only the market's row has a usable share."""
    market, declared = pl.col("buyer").is_null(), pl.col("buyer").is_not_null()
    amounts = pl.col("amount_cny").filter(declared)
    return supplies.group_by("item", "supplier").agg(
        pl.lit("all").alias("basis"),
        pl.lit("").alias("buyer"),
        agreed("country"),
        pl.col("share").filter(market).first(),
        pl.when(amounts.is_not_null().all()).then(amounts.sum()).alias("amount_cny"),
        (differs("country") | pl.col("conflict_country").any()).alias("conflict_country"),
        pl.col("conflict_share").filter(market).any(),
        pl.col("conflict_amount").any(),
    )


def _closed_purchases(supplies: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Return the items whose every known buyer has declared all its purchases.

    A buyer has when it named two suppliers or more, or one and says there is no other.
    """
    declared = supplies.filter(pl.col("buyer").is_not_null()).group_by("buyer", "item").agg(_named())
    said = declared.join(needs, on=["buyer", "item"], how="full", coalesce=True)
    closed = (pl.col("named") >= 2) | ((pl.col("named") == 1) & ~pl.col("another_source").fill_null(True))
    items = said.group_by("item").agg(closed.fill_null(False).all().alias("closed")).filter("closed")
    return items.with_columns(pl.lit("all").alias("basis"), pl.lit("").alias("buyer"))


def _describe_lists(rows: pl.DataFrame, closed: pl.DataFrame, share_tolerance: float) -> pl.DataFrame:
    of_named = pl.col("share").filter(pl.col("supplier").is_not_null())
    lists = rows.group_by(LIST_KEYS).agg(
        _named(),
        pl.len().alias("rows"),
        pl.when(_named() > 0).then(of_named.sum()).otherwise(pl.col("share").sum()).alias("stated"),
        pl.col("share").is_not_null().any().alias("has_share"),
        pl.col("amount_cny").is_not_null().all().alias("has_amounts"),
        pl.col("amount_cny").sum().alias("bought"),
        *(pl.col(name).any() for name in _CONFLICTS),
    )
    lists = lists.join(closed, on=LIST_KEYS, how="left").with_row_index("list")
    return lists.select(
        *LIST_KEYS, "list", "named", "bought", "stated", *_CONFLICTS,
        (pl.col("stated") > 1 + share_tolerance).alias("exceeds"),
        pl.when("has_share").then(pl.lit("shares")).when(_amounts_tell()).then(pl.lit("amounts")).alias("shares_from"),
    )  # fmt: skip


def _named() -> pl.Expr:
    return pl.col("supplier").is_not_null().sum().alias("named")


def _amounts_tell() -> pl.Expr:
    """Whether amounts give the shares: all known, all named, and nothing bought that was not declared."""
    is_closed = (pl.col("basis") == "declared") & (pl.col("named") >= 2) | pl.col("closed").fill_null(False)
    return is_closed & pl.col("has_amounts") & (pl.col("named") == pl.col("rows")) & (pl.col("bought") > 0)


def _share() -> pl.Expr:
    by_amount = pl.when(pl.col("shares_from") == "amounts").then(pl.col("amount_cny") / pl.col("bought"))
    return pl.when(~pl.col("exceeds")).then(pl.coalesce("share", by_amount)).alias("share")
