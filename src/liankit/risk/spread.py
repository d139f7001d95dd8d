"""How far a loss goes over the lines of a chain: what stops at least and at most, and who is reached.

A line is what one owner makes of one item. Losses go from supplier to buyer only, nobody stands in for anybody, and the
shares of links are intervals: two cascades, see ``cascade.bounds``.
"""

from __future__ import annotations

import polars as pl

from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.bounds import Bounds, build_bounds
from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.run import run_scenarios
from liankit.risk.cascade.scenarios import from_table
from liankit.risk.cascade.tables import Floats
from liankit.risk.thresholds import EPSILON

LINE_SCHEMA = {
    "line": pl.String,
    "owner": pl.String,  # null: a market, which is nobody
    "item": pl.String,
    "output_cny": pl.Float64,  # a year's; null: unknown
    "is_product": pl.Boolean,  # whether its output counts
}
LINK_SCHEMA = {
    "supplier": pl.String,  # lines
    "buyer": pl.String,
    "item": pl.String,
    "share_low": pl.Float64,  # of the buyer's purchases of the item
    "share_high": pl.Float64,
    "essential": pl.Int8,  # as in ``cascade.bounds``; null: unknown
}
SETTLED = 1e-9
"""The change below which a cascade has settled: an upper end must not stop early."""


def bounds_of(lines: pl.DataFrame, links: pl.DataFrame) -> Bounds:
    """Return the low and the high network of ``LINE_SCHEMA`` and ``LINK_SCHEMA``; nodes in the order of the lines."""
    firms = lines.select(firm_id="line", sector="item")
    return build_bounds(firms, links.select(*_LINK, supplier_id="supplier", buyer_id="buyer"))


_LINK = ("item", "share_low", "share_high", "essential")


def spread(lines: pl.DataFrame, links: pl.DataFrame, shocks: pl.DataFrame) -> pl.DataFrame:
    """Return what each scenario stops: one row a scenario.

    ``shocks`` has ``scenario``, ``line`` and ``loss_low``, ``loss_high`` (shares 0..1), one row a line of a scenario.
    Columns: ``scenario``; ``output_low``, ``output_high`` (CNY a year, of the output known), ``products_low``,
    ``products_high`` (in whole ones), ``is_bounded`` (whether all output that may be lost is known); ``enterprises``
    and ``products``: how many owners and lines may lose something, those shocked with them.
    """
    counted, bounds = _counted(lines), bounds_of(lines, links)
    ids = shocks["scenario"].unique(maintain_order=True)
    low, high = (_lost(network, shocks, f"loss_{end}", counted) for end, network in zip(_ENDS, bounds, strict=True))
    sums = pl.DataFrame(
        {
            "scenario": ids,
            "output_low": low[:, 0],
            "output_high": high[:, 0],
            "products_low": low[:, 1],
            "products_high": high[:, 1],
            "is_bounded": high[:, 2] <= EPSILON,
        }
    )
    return sums.join(_counts(reached(links, shocks), lines), on="scenario", how="left", maintain_order="left")


_ENDS = ("low", "high")


def reached(links: pl.DataFrame, shocks: pl.DataFrame) -> pl.DataFrame:
    """Return every (scenario, line) that may lose something; time grows with what is reached, not with the network."""
    ways = links.filter(pl.col("share_high") > 0).select(line="supplier", to="buyer").unique()
    found = frontier = shocks.filter(pl.col("loss_high") > 0).select("scenario", "line").unique()
    while frontier.height:
        further = frontier.join(ways, on="line").select("scenario", line="to").unique()
        frontier = further.join(found, on=["scenario", "line"], how="anti")
        found = pl.concat([found, frontier])
    return found


def _counted(lines: pl.DataFrame) -> Floats:
    """Return what counts of each product: its known output, itself, and itself where its output is unknown."""
    output, is_product = pl.col("output_cny"), pl.col("is_product").cast(pl.Float64)
    columns = (output.fill_null(0.0) * is_product, is_product, output.is_null() * is_product)
    return lines.select(column.alias(str(place)) for place, column in enumerate(columns)).to_numpy()


def _lost(network: SupplyNetwork, shocks: pl.DataFrame, loss: str, counted: Floats) -> Floats:
    table = shocks.select(scenario_id="scenario", firm_id="line", loss_down=loss, loss_up=pl.lit(0.0))
    scores, _steps = run_scenarios(build_arrays(network, counted), from_table(network, table), SETTLED)
    return scores[:, 1::3] * counted.sum(axis=0)  # of each column of weights: both ways, down, up


def _counts(found: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    products = found.join(lines.filter("is_product").select("line", "owner"), on="line")
    return products.group_by("scenario").agg(
        enterprises=pl.col("owner").n_unique().cast(pl.Int64), products=pl.len().cast(pl.Int64)
    )
