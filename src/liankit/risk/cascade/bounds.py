"""Two networks between which the truth lies where shares are known only as intervals: a low and a high one.

A loss never shrinks when a share grows, nor when fewer can stand in. So the cascade over the least of every share is a
lower bound of the loss of each firm, that over the greatest an upper one, and both are equal where all is known. This
holds of cascades that have settled: run both with a small ``eps`` (``EPS_BOUNDS``), as the published 0.01 may stop the
high one early.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.risk.cascade.network import SupplyNetwork, code_markets, code_values, place_links, with_essential
from liankit.risk.cascade.shares import (
    add_missing,
    clean_flag,
    clean_interval,
    narrow_by_amounts,
    refuse_sums_above_one,
    tighten,
)
from liankit.risk.cascade.tables import LEVELS, Floats, Ints, clean_essentiality, clean_firms, need, number, refuse

EPS_BOUNDS = 1e-6
"""The change below which a cascade of a bound has settled."""


class Bounds(NamedTuple):
    """Two networks over the same firms and links; the loss of each firm in the truth lies between theirs.

    Their ``out_strength`` says who can stand in, not what counts: give ``build_arrays`` weights of your own.
    """

    low: SupplyNetwork
    high: SupplyNetwork


class _StandIn(NamedTuple):
    """The market of each firm, of which the others can stand in for it (None: nobody can), and its sales there."""

    market: Ints | None
    sales: Floats


def build_bounds(
    firms: pl.DataFrame,
    links: pl.DataFrame,
    essentiality: pl.DataFrame | None = None,
    *,
    market: str | None = None,
    sales: str | None = None,
) -> Bounds:
    """Return the low and the high network of ``firms`` (firm_id, sector and the named columns), in their order.

    ``links`` have supplier_id, buyer_id and may have (empty: unknown; a share is from 0 to 1)

    * ``item``, by default the supplier's sector, and ``essential`` (0, 1, 2; default: by sectors, else unknown);
    * ``share_low``, ``share_high``: of the buyer's purchases of that item; ``value``: an amount, which narrows them;
    * ``complete`` (yes, no): whether nobody but the suppliers listed sells that item to that buyer;
    * ``item_share``: of the item in all purchases of the buyer. Unknown, an input that is not essential costs between
      nothing and what an essential one would;
    * ``sold_low``, ``sold_high``: of the buyer in all sales of the supplier. Without them and ``value`` no loss goes
      upstream.

    ``market`` names who can stand in for whom; by default nobody can. Where ``sales`` of a market are not all known,
    its firms can wholly be stood in for in the low network and not at all in the high one. Raises ``UserError``.
    """
    firms = clean_firms(firms, [name for name in (market, sales) if name])
    sectors = firms["sector"].unique().sort()
    sector = code_values(firms["sector"], sectors)
    levels = None if essentiality is None else clean_essentiality(essentiality, sectors)
    placed = place_links(_clean_links(links), firms["firm_id"], sector, sectors)
    placed = narrow_by_amounts(placed)
    _check_item_shares(placed, firms["firm_id"])
    placed = _with_least_and_most(_narrowed(_merged(with_essential(placed, sector, levels)), firms["firm_id"]))
    unknown = np.full(firms.height, np.nan)
    of_firms = partial(SupplyNetwork, ids=firms["firm_id"], sector=sector, sectors=sectors, in_strength=unknown)
    stand_in = _who_stands_in(firms, market, sales)
    return Bounds(_network(of_firms, placed, "low", stand_in[0]), _network(of_firms, placed, "high", stand_in[1]))


def _clean_links(links: pl.DataFrame) -> pl.DataFrame:
    need(links, "links", ["supplier_id", "buyer_id"])
    says_sold = bool({"sold_low", "sold_high", "value"} & set(links.columns))
    links = add_missing(links, _SAID)
    links = links.with_columns(pl.col("supplier_id", "buyer_id").cast(pl.String))
    ends = pl.any_horizontal(pl.col("supplier_id", "buyer_id").is_null())
    refuse(links, ends, "links", "lacks supplier_id or buyer_id. Fill it in or leave the link out.")
    links = links.with_columns(number(links, "links", name) for name in ("value", "essential", "item_share"))
    refuse(links, pl.col("value") < 0, "links", "has a value below 0. Leave it empty where it is unknown.")
    refuse(links, ~pl.col("essential").is_in(LEVELS), "links", "has an essential other than 0, 1, 2.")
    refuse(links, ~pl.col("item_share").is_between(0, 1), "links", "has an item_share that is no share from 0 to 1.")
    links = clean_flag(clean_interval(clean_interval(links, "links", "share"), "links", "sold"), "links", "complete")
    return links if says_sold else links.with_columns(sold_low=0.0, sold_high=0.0)


_SAID = ("value", "share_low", "share_high", "complete", "item_share", "sold_low", "sold_high", "essential")


def _check_item_shares(placed: pl.DataFrame, ids: pl.Series) -> None:
    if placed["item_share"].is_null().all():
        return
    differs = pl.col("item_share").drop_nulls().n_unique().over("buyer", "item") > 1
    refuse(placed, differs, "links", "has another item_share than a link of the same buyer and item. Say one.")
    refuse_sums_above_one(placed.unique(["buyer", "item", "item_share"]), "item_share", "buyer", named=ids)


def _merged(placed: pl.DataFrame) -> pl.DataFrame:
    """Sum the links of one supplier, buyer and item; what is said of a buyer's item holds for all links of it."""
    of_item = pl.col("complete").any().over("buyer", "item"), pl.col("item_share").max().over("buyer", "item")
    sums = [pl.col(name).sum().clip(upper_bound=1) for name in ("share_high", "sold_high")]
    return (
        placed.with_columns(of_item)
        .group_by("supplier", "buyer", "item")
        .agg(pl.col("share_low", "sold_low").sum(), *sums, pl.col("complete", "item_share", "essential").max())
        .sort("supplier", "buyer", "item")
    )


def _narrowed(placed: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    refuse_sums_above_one(placed, "share_low", "buyer", "item", named=ids)
    refuse_sums_above_one(placed, "sold_low", "supplier", named=ids)
    placed = tighten(placed, "share", "buyer", "item", complete=pl.col("complete"))
    return tighten(placed, "sold", "supplier")


def _with_least_and_most(placed: pl.DataFrame) -> pl.DataFrame:
    """Add ``essential_low/high`` and ``down_low/high``: how a link counts where it costs least and where most.

    Inputs that are not essential cost together at most what the worst of them would cost if it were essential, as
    their shares of all purchases sum to at most 1. So where one such share of a buyer is unknown, all its inputs count
    as essential in the high network.
    """
    essential, of_all = pl.col("essential"), pl.col("item_share")
    is_open = (essential.is_null() | ((essential == 1) & of_all.is_null())).any().over("buyer")
    most = pl.when(is_open & (essential.fill_null(1) == 1)).then(2).otherwise(essential).cast(pl.Int8)
    placed = placed.with_columns(essential_low=essential.fill_null(0), essential_high=most)
    return placed.with_columns(
        pl.when(level == 2).then(share).when(level == 1).then(share * of_all.fill_null(0.0)).otherwise(0.0).alias(name)
        for name, level, share in (
            ("down_low", pl.col("essential_low"), pl.col("share_low")),
            ("down_high", pl.col("essential_high"), pl.col("share_high")),
        )
    )


def _who_stands_in(firms: pl.DataFrame, market: str | None, sales: str | None) -> tuple[_StandIn, _StandIn]:
    """Return who can stand in for whom in the low and in the high network.

    A firm with a market of its own cannot be stood in for; one of sales 0 beside others wholly can.
    """
    sold = _sales(firms, sales)
    if market is None:
        nobody = _StandIn(None, np.nan_to_num(sold))
        return nobody, nobody
    code = code_markets(firms, market)
    is_known = np.bincount(code, np.isnan(sold))[code] == 0
    is_alone = np.bincount(code)[code] == 1
    own = np.arange(len(code), dtype=np.int32) + code.max(initial=0) + 1
    low = _StandIn(code, np.where(is_known, sold, is_alone))
    return low, _StandIn(np.where(is_known, code, own), np.where(is_known, sold, 1.0))


def _sales(firms: pl.DataFrame, column: str | None) -> Floats:
    """Return the sales, NaN where unknown. Sales below 1 would let an exhausted market bring back what is lost."""
    if column is None:
        return np.full(firms.height, np.nan)
    firms = firms.with_columns(number(firms, "firms", column))
    small = (pl.col(column) < 1) & (pl.col(column) != 0)
    refuse(firms, small, "firms", f"has {column} below 1. Give amounts of at least 0 in a smaller unit.", "firm_id")
    return firms[column].to_numpy()


def _network(
    of_firms: Callable[..., SupplyNetwork], placed: pl.DataFrame, end: str, stand_in: _StandIn
) -> SupplyNetwork:
    """Return the network of one end, ``low`` or ``high``, of the shares."""
    links = {name: placed[name].to_numpy() for name in ("supplier", "buyer", "item")}
    essential, down, up = (placed[f"{name}_{end}"].to_numpy() for name in ("essential", "down", "sold"))
    shares = {"essential": essential, "share_down": down, "share_up": up}
    return of_firms(market=stand_in.market, out_strength=stand_in.sales, **links, **shares)
