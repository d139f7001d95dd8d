"""Direct stops: who stops making what, and from which day, when suppliers stop; no amounts are needed.

A use, one buyer's need of one item, is served by the suppliers that the links name for that buyer or, where none is
named, by those that sell the item to anybody. It stops for sure only where it is known that nothing else serves it.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import polars as pl

from liankit.errors import UserError, nearest
from liankit.risk.cascade.shares import add_missing, clean_flag, clean_interval, tighten
from liankit.risk.cascade.tables import LEVELS, need, number, refuse
from liankit.risk.thresholds import EPSILON


class Verdict(StrEnum):
    """What a use, or a buyer, comes to; whoever is not listed does not stop."""

    STOPS = "stops"  # all of an essential input is lost
    MAY_STOP = "may_stop"  # all of it may be lost: other sources are not known, but not excluded
    LOSES_PART = "loses_part"  # a source remains: part of it may be lost


VERDICTS = pl.Enum(Verdict)
"""From the worst."""


def find_stops(
    uses: pl.DataFrame, links: pl.DataFrame, *, suppliers: Collection[str] = (), items: Collection[str] = ()
) -> pl.DataFrame:
    """Return what each use loses when ``suppliers`` stop, and all makers of ``items``, known and unknown.

    Parameters (an empty cell, or a column that is not there, is unknown)
    ----------
    uses : buyer_id, item, essential (0, 1, 2), complete (yes, no: the links name everybody who serves it),
        stock_days_low, stock_days_high.
    links : supplier_id, buyer_id (empty: sells the item to anybody), item, share_low, share_high (0..1, of the
        buyer's purchases of the item).

    Returns one row a use that loses something: buyer_id, item, verdict, sources and sources_stopped (known ones),
    lost_low, lost_high (share of the item, 0..1), from_day_low, from_day_high (of stock; null: unknown).

    Raises ``UserError`` for tables that are wrong and for suppliers and items that they do not name.
    """
    uses, links = _clean_uses(uses), _clean_links(links)
    _check_used(uses, links)
    _check_named("supplier", suppliers, links["supplier_id"])
    _check_named("item", items, pl.concat([uses["item"], links["item"]]))
    served = _served(uses, _merged(links), pl.col("supplier_id").is_in(list(suppliers)))
    hit = uses.join(served, on=["buyer_id", "item"], how="left", maintain_order="left").with_columns(_lost(items))
    hit = hit.filter((pl.col("lost_high") > EPSILON) & (pl.col("essential").fill_null(2) == 2))
    return hit.with_columns(_verdict()).with_columns(_days()).select(_COLUMNS).sort("buyer_id", "item")


def sum_stops(stops: pl.DataFrame) -> pl.DataFrame:
    """Return one row a buyer of ``find_stops``, the worst first: its verdict, the ``items`` that bring it, and when.

    It stops on the day on which the first item is used up. So ``from_day_high`` is the earliest among the items that
    are lost for sure, and ``from_day_low`` the earliest among all that may be; null while one of these is unknown.
    """
    is_worst = pl.col("verdict") == pl.col("verdict").first()
    low = pl.col("from_day_low").filter(is_worst | (pl.col("verdict") != Verdict.LOSES_PART))
    return (
        stops.sort("verdict", "buyer_id", "item")
        .group_by("buyer_id", maintain_order=True)
        .agg(
            pl.col("verdict").first(),
            pl.col("item").filter(is_worst).alias("items"),
            pl.col("lost_low", "lost_high").max(),
            pl.when(low.is_not_null().all()).then(low.min()).alias("from_day_low"),
            pl.col("from_day_high").min(),
        )
    )


def uses_of(links: pl.DataFrame) -> pl.DataFrame:
    """Return the uses that links with a buyer_id tell of: essential where one says so, stock as all of them span it.

    ``links`` : buyer_id, item and, where there, essential, complete, stock_days_low, stock_days_high.
    """
    links = add_missing(links.filter(pl.col("buyer_id").is_not_null()), _OF_USE)
    links = clean_flag(links, "links", "complete")
    links = links.with_columns(number(links, "links", name) for name in _OF_USE if name != "complete")
    return links.group_by("buyer_id", "item", maintain_order=True).agg(
        pl.col("essential", "complete", "stock_days_high").max(), pl.col("stock_days_low").min()
    )


_OF_USE = ("essential", "complete", "stock_days_low", "stock_days_high")
_COLUMNS = (
    "buyer_id",
    "item",
    "verdict",
    "sources",
    "sources_stopped",
    "lost_low",
    "lost_high",
    "from_day_low",
    "from_day_high",
)


def _clean_uses(uses: pl.DataFrame) -> pl.DataFrame:
    need(uses, "uses", ["buyer_id", "item"])
    uses = add_missing(uses, _OF_USE)
    uses = uses.with_columns(pl.col("buyer_id", "item").cast(pl.String))
    refuse(uses, pl.any_horizontal(pl.col("buyer_id", "item").is_null()), "uses", "lacks buyer_id or item. Fill it in.")
    twice = pl.struct("buyer_id", "item").is_duplicated()
    refuse(uses, twice, "uses", "names a use twice. Keep one row a buyer and item.", "item")
    numbers = ("essential", "stock_days_low", "stock_days_high")
    uses = uses.with_columns(number(uses, "uses", name) for name in numbers)
    refuse(uses, ~pl.col("essential").is_in(LEVELS), "uses", "has an essential other than 0, 1, 2.")
    for end in ("stock_days_low", "stock_days_high"):
        refuse(uses, pl.col(end) < 0, "uses", f"has {end} below 0.", end)
    above = pl.col("stock_days_low") > pl.col("stock_days_high")
    refuse(uses, above, "uses", "has stock_days_low above stock_days_high.", "stock_days_low")
    return clean_flag(uses, "uses", "complete")


def _clean_links(links: pl.DataFrame) -> pl.DataFrame:
    need(links, "links", ["supplier_id", "buyer_id", "item"])
    links = add_missing(links, ("share_low", "share_high"))
    links = links.with_columns(pl.col("supplier_id", "buyer_id", "item").cast(pl.String))
    lacks = pl.any_horizontal(pl.col("supplier_id", "item").is_null())
    refuse(links, lacks, "links", "lacks supplier_id or item. Fill it in or leave the link out.")
    return clean_interval(links, "links", "share")


def _merged(links: pl.DataFrame) -> pl.DataFrame:
    """Take two contracts of one supplier and buyer for one source; what else links say is said by the uses."""
    return links.group_by("supplier_id", "buyer_id", "item", maintain_order=True).agg(
        pl.col("share_low").sum(), pl.col("share_high").sum().clip(upper_bound=1)
    )


def _check_used(uses: pl.DataFrame, links: pl.DataFrame) -> None:
    known = links.join(
        uses.select("buyer_id", "item", known=True), on=["buyer_id", "item"], how="left", maintain_order="left"
    )
    unused = pl.col("buyer_id").is_not_null() & pl.col("known").is_null()
    refuse(known, unused, "links", "names a buyer and an item without a row in uses. Add it there.", "buyer_id")


def _check_named(kind: str, wanted: Collection[str], known: pl.Series) -> None:
    if strange := sorted(set(wanted) - set(known)):
        said = f"The {kind} '{strange[0]}' is not in the tables."
        raise UserError(said + nearest(strange[0], known.unique().to_list()) + f" Such names: {len(strange)}.")


def _served(uses: pl.DataFrame, links: pl.DataFrame, is_stopped: pl.Expr) -> pl.DataFrame:
    """Return of each use with a known source: sources, sources_stopped, lost_low and lost_high.

    Links to anybody are counted once an item, so that no buyer is joined with every maker.
    """
    named = links.filter(pl.col("buyer_id").is_not_null()).join(
        uses.select("buyer_id", "item", "complete"), on=["buyer_id", "item"], how="left"
    )
    by_use = _summed(
        tighten(named, "share", "buyer_id", "item", complete=pl.col("complete")), ["buyer_id", "item"], is_stopped
    )
    market = _summed(links.filter(pl.col("buyer_id").is_null()), ["item"], is_stopped)
    others = uses.join(by_use, on=["buyer_id", "item"], how="anti").join(market, on="item")
    all_stopped = pl.col("complete").fill_null(False) & (pl.col("sources") == pl.col("sources_stopped"))
    any_stopped = pl.col("sources_stopped") > 0
    lost = {"lost_low": all_stopped.cast(pl.Float64), "lost_high": any_stopped.cast(pl.Float64)}
    return pl.concat([by_use, others.with_columns(**lost).select(by_use.columns)])


def _summed(links: pl.DataFrame, over: list[str], is_stopped: pl.Expr) -> pl.DataFrame:
    return links.group_by(over).agg(
        pl.col("supplier_id").n_unique().alias("sources"),
        pl.col("supplier_id").filter(is_stopped).n_unique().alias("sources_stopped"),
        pl.col("share_low").filter(is_stopped).sum().clip(upper_bound=1).alias("lost_low"),
        pl.col("share_high").filter(is_stopped).sum().clip(upper_bound=1).alias("lost_high"),
    )


def _lost(items: Collection[str]) -> list[pl.Expr]:
    """All is lost of an item that stops, nothing of one without a source that stops."""
    stopped = pl.col("item").is_in(list(items))
    lost = [pl.when(stopped).then(1.0).otherwise(pl.col(name).fill_null(0.0)) for name in ("lost_low", "lost_high")]
    sources = pl.col("sources").fill_null(0)
    return [
        lost[0].alias("lost_low"),
        lost[1].alias("lost_high"),
        sources,
        pl.when(stopped).then(sources).otherwise(pl.col("sources_stopped").fill_null(0)).alias("sources_stopped"),
    ]


def _verdict() -> pl.Expr:
    """Whether an input is essential may be unknown: then it stops nobody for sure."""
    for_sure = (pl.col("lost_low") >= 1 - EPSILON) & (pl.col("essential") == 2)
    may_be = pl.col("lost_high") >= 1 - EPSILON
    at_worst = pl.when(may_be).then(pl.lit(Verdict.MAY_STOP.value)).otherwise(pl.lit(Verdict.LOSES_PART.value))
    return pl.when(for_sure).then(pl.lit(Verdict.STOPS.value)).otherwise(at_worst).cast(VERDICTS).alias("verdict")


def _days() -> list[pl.Expr]:
    """Stock lasts so long; what is not lost for sure may never be felt."""
    for_sure = pl.col("verdict") == Verdict.STOPS
    return [
        pl.col("stock_days_low").alias("from_day_low"),
        pl.when(for_sure).then("stock_days_high").alias("from_day_high"),
    ]
