"""A supply network in arrays, with the shares that a cascade moves along each link; checked when it is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.errors import UserError
from liankit.risk.cascade.tables import (
    Floats,
    Ints,
    clean_amounts,
    clean_essentiality,
    clean_firms,
    clean_links,
    refuse,
)


@dataclass(frozen=True, eq=False)
class SupplyNetwork:
    """Firms (or product lines of firms) and the links between them; a link per supplier, buyer and item, summed.

    Of each firm: ``ids``, ``market`` (None: nobody stands in for anybody), ``out_strength`` and ``in_strength`` (all
    its sales and purchases, in the unit of the amounts). Of each link: ``supplier`` and ``buyer`` (places of firms),
    ``item``, ``essential`` (2 essential, 1 not, 0 negligible), ``share_down`` (of the buyer's purchases of that item
    where it is essential, of all its purchases where it is not, 0 where it is negligible), ``share_up`` (of the
    supplier's sales).
    Links are ordered by supplier, then buyer.
    """

    ids: pl.Series
    sector: Ints
    sectors: pl.Series
    market: Ints | None
    out_strength: Floats
    in_strength: Floats
    supplier: Ints
    buyer: Ints
    item: Ints
    essential: NDArray[np.int8]
    share_down: Floats
    share_up: Floats

    @property
    def items(self) -> int:
        """Number of items on the links."""
        return int(self.item.max(initial=-1)) + 1

    @property
    def size(self) -> int:
        """Number of firms."""
        return len(self.ids)


def build_network(
    firms: pl.DataFrame,
    links: pl.DataFrame,
    essentiality: pl.DataFrame,
    *,
    market: str | None = "sector",
    revenue: str | None = None,
    costs: str | None = None,
) -> SupplyNetwork:
    """Return the network of ``firms`` (firm_id, sector and the named columns) and ``links``.

    ``links`` have supplier_id, buyer_id, value (>= 0) and may have ``item`` (default: the supplier's sector) and
    ``essential`` (0, 1, 2; default: by sectors). ``essentiality`` is wide: the first column names the supplier's
    sectors, the others are buyers' sectors. ``revenue`` and ``costs`` replace sales and purchases as denominators.
    Raises ``UserError`` naming the table, the row and what to do.
    """
    firms = clean_firms(firms, [name for name in (market, revenue, costs) if name])
    sectors = firms["sector"].unique().sort()
    sector = code_values(firms["sector"], sectors)
    placed = place_links(clean_links(links).filter(pl.col("value") > 0), firms["firm_id"], sector, sectors)
    placed = with_essential(placed, sector, clean_essentiality(essentiality, sectors))
    placed = placed.group_by("supplier", "buyer", "item").agg(pl.col("value").sum(), pl.col("essential").max())
    placed = placed.sort("supplier", "buyer", "item")
    supplier, buyer, value = (placed[name].to_numpy() for name in ("supplier", "buyer", "value"))
    out_strength, in_strength = (_sum_by(end, value, firms.height) for end in (supplier, buyer))
    sold = clean_amounts(firms, revenue) if revenue else out_strength
    return SupplyNetwork(
        ids=firms["firm_id"],
        sector=sector,
        sectors=sectors,
        market=code_markets(firms, market) if market else None,
        out_strength=out_strength,
        in_strength=in_strength,
        supplier=supplier,
        buyer=buyer,
        item=placed["item"].to_numpy(),
        essential=placed["essential"].to_numpy(),
        share_down=_share_down(placed, in_strength, clean_amounts(firms, costs) if costs else None),
        share_up=value / _or_one(sold)[supplier],
    )


def code_values(values: pl.Series, known: pl.Series) -> Ints:
    """Return the place of each value among the known ones; NaN where it is none of them."""
    order = pl.DataFrame({"value": known, "place": np.arange(len(known), dtype=np.int32)})
    found = pl.DataFrame({"value": values}).join(order, on="value", how="left", maintain_order="left", nulls_equal=True)
    return found["place"].to_numpy()


def code_markets(firms: pl.DataFrame, market: str) -> Ints:
    """Return the market of each firm, numbered by name; ``UserError`` where one is empty: unknown is no market."""
    said = f"has no {market}. Give it its own if nobody can stand in."
    refuse(firms, pl.col(market).is_null(), "firms", said, "firm_id")
    return code_values(firms[market], firms[market].unique().sort())


def place_links(links: pl.DataFrame, ids: pl.Series, sector: Ints, sectors: pl.Series) -> pl.DataFrame:
    """Return the links with ``supplier``, ``buyer`` and ``item`` as places; an item not named is the supplier's sector.

    ``ids`` and ``sector`` (firms,) are of the firms, ``sectors`` names the sectors. Named items are numbered by name.
    Raises ``UserError`` for an end that is not among ``ids``.
    """
    supplier = find_places(links["supplier_id"], ids, "links: the supplier")
    buyer = find_places(links["buyer_id"], ids, "links: the buyer")
    item = sector[supplier]
    if "item" in links.columns:
        named = links["item"].cast(pl.String)
        named = named.zip_with(named.is_not_null(), pl.Series(sectors.gather(pl.Series(item))))
        item = code_values(named, named.unique().sort())
    placed = links.drop("supplier_id", "buyer_id", "item", strict=False)
    return placed.with_columns(supplier=pl.Series(supplier), buyer=pl.Series(buyer), item=pl.Series(item))


def with_essential(placed: pl.DataFrame, sector: Ints, levels: NDArray[np.int8] | None) -> pl.DataFrame:
    """Say of each link how essential its item is to its buyer: the most that any link of it says, else by sectors.

    ``levels`` (sectors, sectors) go by the sectors of both ends; without them what no link says stays null, unknown.
    """
    ends = sector[placed["supplier"].to_numpy()], sector[placed["buyer"].to_numpy()]
    by_sector = pl.Series(levels[ends]) if levels is not None else pl.lit(None, dtype=pl.Int8)
    if "essential" not in placed.columns:
        return placed.with_columns(essential=by_sector)
    said = pl.col("essential").cast(pl.Int8)
    placed = placed.with_columns(essential=said.fill_null(by_sector))  # first: `over` would cut the series in groups
    return placed.with_columns(pl.col("essential").max().over("buyer", "item"))


def find_places(wanted: pl.Series, ids: pl.Series, what: str) -> Ints:
    """Return where each wanted id stands among ``ids``; raise ``UserError`` naming the first that does not."""
    found = code_values(wanted.cast(pl.String), ids)
    if len(found) and found.dtype != np.int32:
        missing = wanted.filter(pl.Series(np.isnan(found)))
        raise UserError(f"{what} '{missing[0]}' is not among the firms. Add it there. Ids like it: {len(missing)}.")
    return found.astype(np.int32, copy=False)


def _share_down(placed: pl.DataFrame, bought: Floats, costs: Floats | None) -> Floats:
    """Shares of the purchases of an item where it is essential, of all purchases where it is not."""
    of_item = pl.col("value") / pl.col("value").sum().over("buyer", "item")
    buyer, value = placed["buyer"].to_numpy(), placed["value"].to_numpy()
    essential = placed["essential"].to_numpy()
    share = np.where(essential == 2, placed.select(of_item)["value"].to_numpy(), value / bought[buyer])
    share[essential == 0] = 0
    return share if costs is None else share * (_or_one(bought) / _or_one(costs))[buyer]


def _sum_by(end: Ints, value: Floats, size: int) -> Floats:
    return np.bincount(end, value, size).astype(np.float64, copy=False)


def _or_one(amounts: Floats) -> Floats:
    return np.where(amounts == 0, 1, amounts)
