"""The answer to a what-if: which lines lose how much, by whom it came, from which day; and who stops directly.

Tables in, tables out. Shares that are not known make two networks; what a line loses lies between the two runs. Losses
go downstream only: sales are not known. A line of whose purchases too little is known has no loss, only direct stops.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.risk.cascade.bounds import Bounds
from liankit.risk.cascade.paths import trace
from liankit.risk.cascade.scenarios import from_table
from liankit.risk.cascade.stops import find_stops, uses_of
from liankit.risk.spread import SETTLED, bounds_of

LEAST = 1e-3
"""The loss from which a line counts as hit: less is below what shares are known to."""
_FIGURES = ("loss_low", "loss_high", "stake_low", "stake_high")


class Loaded(NamedTuple):
    """The lines and links of a snapshot with their two networks, ready to be asked."""

    lines: pl.DataFrame
    links: pl.DataFrame
    bounds: Bounds


class Answer(NamedTuple):
    """``hits``: one row a line that loses something; ``stops``: one a product and input; ``steps`` until it settled."""

    hits: pl.DataFrame
    stops: pl.DataFrame
    steps: int


def load(lines: pl.DataFrame, links: pl.DataFrame) -> Loaded:
    """Return the networks of the tables ``cascade_lines`` and ``cascade_links`` of a snapshot."""
    return Loaded(lines, links, bounds_of(lines, links))


def answer(loaded: Loaded, losses: pl.DataFrame, items: Collection[str], covered_from: float) -> Answer:
    """Return what happens when lines lose shares at once (``losses``: line, loss), of ``items`` all that is made.

    ``covered_from`` is the share of its purchases that must be known for a line to be given a loss.
    """
    hits, steps = _hits(loaded, losses)
    is_covered = (pl.col("coverage") >= covered_from).fill_null(False) | (pl.col("step") == 0)
    shown = hits.with_columns(pl.when(is_covered).then(name).alias(name) for name in _FIGURES)
    stopped = losses.filter(pl.col("loss") >= 1)["line"]
    return Answer(_with_days(shown, loaded.links), direct_stops(loaded.lines, loaded.links, stopped, items), steps)


def _hits(loaded: Loaded, losses: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the lines that may lose something, each with who hit it first and what it then lacks; and the steps."""
    shocks = losses.select(scenario_id=pl.lit("what-if"), firm_id="line", loss_down="loss", loss_up=pl.lit(0.0))
    scenario = from_table(loaded.bounds.low, shocks)
    low, high = (trace(network, scenario, SETTLED, LEAST) for network in loaded.bounds)
    stake = pl.when("is_product").then("output_cny")
    hits = loaded.lines.with_columns(
        owner=pl.coalesce("owner", "line"),
        loss_low=np.minimum(low.down, high.down),  # they may differ by the change at which each had settled
        loss_high=high.down,
        step=high.step_down,
        before=high.supplier,
    ).filter((pl.col("step") >= 0) & (pl.col("loss_high") >= LEAST))
    hits = hits.with_columns(stake_low=stake * pl.col("loss_low"), stake_high=stake * pl.col("loss_high"))
    came_by = loaded.lines[hits["before"].clip(0)].select(
        before_line="line", before_owner=pl.coalesce("owner", "line"), before_name="name", input_name="item_name"
    )
    is_brought = pl.col("before") >= 0  # the shock is nobody's doing, many small losses are no single one's
    told = [pl.when(is_brought).then(pl.col(name)).alias(name) for name in came_by.columns]
    return pl.concat([hits, came_by], how="horizontal").with_columns(told).drop("before"), high.steps


def _with_days(hits: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Add from which day a line is hit: the stocks on the way by which the loss came, unknown where one of them is."""
    stocks = links.group_by("supplier", "buyer").agg(pl.col("stock_days_low").min(), pl.col("stock_days_high").min())
    ends = ["before_line", "line"]
    held = hits.join(stocks, left_on=ends, right_on=["supplier", "buyer"], how="left", maintain_order="left")
    place = {line: at for at, line in enumerate(hits["line"])}
    before = [place.get(line, -1) for line in hits["before_line"]]
    return hits.with_columns(
        _added(held[f"stock_days_{end}"], before, hits["step"]).alias(f"day_{end}") for end in ("low", "high")
    )


def _added(stock: pl.Series, before: list[int], step: pl.Series) -> pl.Series:
    """Return the days of stock on the way to each hit, added up; null where one of them is not known."""
    days, held = np.zeros(len(stock)), stock.to_numpy()
    for at in step.arg_sort():  # whoever brought the loss was hit in an earlier step
        if before[at] >= 0:
            days[at] = days[before[at]] + held[at]
    return pl.Series(days).fill_nan(None)


def direct_stops(lines: pl.DataFrame, links: pl.DataFrame, stopped: pl.Series, items: Collection[str]) -> pl.DataFrame:
    """Return the products that lack an input when lines stop wholly, and whether they then stop.

    Whoever buys on the market of an item buys from anybody who sells there; it has one seller only where that is known.
    """
    markets = lines.filter(pl.col("owner").is_null())["line"].implode()
    sold = links.rename({"supplier": "supplier_id", "buyer": "buyer_id"})
    to_market, from_market = pl.col("buyer_id").is_in(markets), pl.col("supplier_id").is_in(markets)
    sole = sold.filter(to_market & (pl.col("share_low") >= 1))["buyer_id"].implode()
    uses = uses_of(sold.filter(~to_market).with_columns(complete=from_market & pl.col("supplier_id").is_in(sole)))
    named = pl.concat([sold.filter(~to_market & ~from_market), sold.filter(to_market).with_columns(buyer_id=None)])
    found = find_stops(
        uses,
        named,
        suppliers=set(stopped) & set(named["supplier_id"]),
        items=set(items) & set(uses["item"]),
    )
    made = lines.filter("is_product").select(
        "line", "organisation", "name", "item_name", "town", "output_cny", "is_synthetic", made="item"
    )
    inputs = lines.select("item", input_name="item_name").unique("item")
    found = found.join(made, left_on="buyer_id", right_on="line").join(inputs, on="item", how="left")
    names = {
        "buyer_id": "line",
        "item": "input",
        "made": "item",
        "from_day_low": "day_low",
        "from_day_high": "day_high",
    }
    return found.rename(names).with_columns(pl.col("verdict").cast(pl.String))
