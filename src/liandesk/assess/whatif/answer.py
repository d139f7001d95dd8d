"""The answer to a what-if: which lines lose how much, by whom it came, from which day; and who stops directly.

Tables in, tables out. Shares that are not known make two networks; what a line loses lies between the two runs. Losses
go downstream only: sales are not known. A line of whose purchases too little is known has no loss, only direct stops.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.risk.cascade.bounds import Bounds
from liankit.risk.cascade.network import SupplyNetwork, find_places
from liankit.risk.cascade.paths import Trace, trace
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Ints
from liankit.risk.direct import direct_stops
from liankit.risk.spread import SETTLED, bounds_of

LEAST = 1e-3
"""The loss from which a line counts as hit: less is below what shares are known to."""
_FIGURES = ("loss_low", "loss_high", "stake_low", "stake_high")


class Stocks(NamedTuple):
    """Days of stock by pair of supplier and buyer; ``pairs`` are sorted: supplier's place times lines, plus buyer's."""

    pairs: NDArray[np.int64]
    low: NDArray[np.float64]  # NaN: unknown
    high: NDArray[np.float64]


class Loaded(NamedTuple):
    """The lines and links of a snapshot with their two networks, ready to be asked."""

    lines: pl.DataFrame
    links: pl.DataFrame
    bounds: Bounds
    stocks: Stocks


class Answer(NamedTuple):
    """``hits``: one row a line that loses something; ``stops``: one a product and input; ``steps`` until it settled."""

    hits: pl.DataFrame
    stops: pl.DataFrame
    steps: int


def load(lines: pl.DataFrame, links: pl.DataFrame) -> Loaded:
    """Return the networks of the tables ``cascade_lines`` and ``cascade_links`` of a snapshot."""
    return Loaded(lines, links, bounds_of(lines, links), _stocks(lines, links))


def _stocks(lines: pl.DataFrame, links: pl.DataFrame) -> Stocks:
    places = lines.select("line", place=pl.int_range(pl.len(), dtype=pl.Int64))
    ends = (links.select(line=end).join(places, on="line", how="left", maintain_order="left") for end in _ENDS)
    supplier, buyer = (end["place"] for end in ends)
    days = pl.DataFrame({"pair": supplier * lines.height + buyer, **links.select(_DAYS).to_dict()})
    days = days.group_by("pair").agg(pl.col(_DAYS).min()).sort("pair")
    return Stocks(*(days[name].cast(pl.Float64 if name in _DAYS else pl.Int64).to_numpy() for name in days.columns))


_ENDS = ("supplier", "buyer")
_DAYS = ("stock_days_low", "stock_days_high")


def answer(loaded: Loaded, losses: pl.DataFrame, items: Collection[str], covered_from: float) -> Answer:
    """Return what happens when lines lose shares at once (``losses``: line, loss), of ``items`` all that is made.

    ``covered_from`` is the share of its purchases that must be known for a line to be given a loss.
    """
    hits, steps = _hits(loaded, losses)
    is_covered = (pl.col("coverage") >= covered_from).fill_null(False) | (pl.col("step") == 0)
    hits = hits.with_columns(pl.when(is_covered).then(name).alias(name) for name in _FIGURES)
    stopped = losses.filter(pl.col("loss") >= 1)["line"]
    return Answer(hits, _stops(loaded, stopped, items), steps)


def _hits(loaded: Loaded, losses: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the lines that may lose something, each with who hit it first and what it then lacks; and the steps."""
    failing = find_places(losses["line"], loaded.bounds.low.ids, "what fails:")
    near = reached(loaded.bounds.high, failing)
    low, high = (_followed(network, near, failing, losses["loss"]) for network in loaded.bounds)
    is_hit = np.flatnonzero((high.step_down >= 0) & (high.down >= LEAST))
    place, step = near[is_hit], high.step_down[is_hit]
    before = np.where(high.supplier >= 0, near[high.supplier], -1)[is_hit]
    least = np.minimum(low.down, high.down)[is_hit]  # the two may differ by the change at which each had settled
    row = np.full(loaded.lines.height, -1, np.int64)
    row[place] = np.arange(len(place))
    rounds = _rounds(step, np.where(before >= 0, row[before], -1))
    day_low, day_high = _days(loaded.stocks, before.astype(np.int64) * loaded.lines.height + place, rounds)
    stake = pl.when("is_product").then("output_cny")
    hits = loaded.lines[place].with_columns(
        pl.coalesce("owner", "line").alias("owner"),
        loss_low=least,
        loss_high=high.down[is_hit],
        stake_low=stake * least,
        stake_high=stake * high.down[is_hit],
        step=step,
        is_sure=least >= LEAST,
        day_low=pl.Series(day_low).fill_nan(None),
        day_high=pl.Series(np.where(least >= LEAST, day_high, np.nan)).fill_nan(None),  # what may be may never come
    )
    origins = loaded.lines["name"].gather(place[_origins(len(place), rounds)]).alias("origin_name")
    return pl.concat([hits, _came_by(loaded.lines, before)], how="horizontal").with_columns(origins), high.steps


def reached(network: SupplyNetwork, failing: Ints) -> Ints:
    """Return the places of the lines that a loss can come to, in order: most cascades stay in a small part."""
    carries = network.share_down > 0
    supplier, buyer = network.supplier[carries], network.buyer[carries]
    found = np.zeros(network.size, bool)
    found[failing] = True
    count = 0
    while count < (count := int(found.sum())):
        found[buyer[found[supplier]]] = True
    return np.flatnonzero(found).astype(np.int32)


def _followed(network: SupplyNetwork, near: Ints, failing: Ints, loss: pl.Series) -> Trace:
    """Follow the losses through the lines that they can come to; the arrays of the trace are of those (near,)."""
    place = np.full(network.size, -1, np.int32)
    place[near] = np.arange(len(near), dtype=np.int32)
    supplier, buyer = place[network.supplier], place[network.buyer]
    kept = (supplier >= 0) & (buyer >= 0) & (network.share_down > 0)
    part = SupplyNetwork(
        ids=network.ids.gather(near),
        sector=network.sector[near],
        sectors=network.sectors,
        market=None,
        out_strength=network.out_strength[near],
        in_strength=network.in_strength[near],
        supplier=supplier[kept],
        buyer=buyer[kept],
        item=network.item[kept],
        essential=network.essential[kept],
        share_down=network.share_down[kept],
        share_up=network.share_up[kept],
    )
    shares = loss.to_numpy()
    ids, starts = pl.Series(["what-if"]), np.array([0, len(shares)])
    return trace(part, Scenarios(ids, starts, place[failing], shares, np.zeros(len(shares))), SETTLED, LEAST)


Rounds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


def _rounds(step: Ints, before: NDArray[np.int64]) -> Rounds:
    """Return for each step the rows that are hit in it and the rows that brought it: those were hit in earlier ones."""
    now = (np.flatnonzero((step == number) & (before >= 0)) for number in range(1, int(step.max(initial=0)) + 1))
    return [(rows, before[rows]) for rows in now]


def _days(stocks: Stocks, pairs: NDArray[np.int64], rounds: Rounds) -> Iterator[NDArray[np.float64]]:
    """Yield from which day each is hit, at least and at most: the stocks on the way of the loss, NaN where unknown."""
    at = np.searchsorted(stocks.pairs, pairs)
    for stock in (stocks.low, stocks.high):
        days = np.zeros(len(pairs))
        for rows, brought_by in rounds:
            days[rows] = days[brought_by] + stock[at[rows]]
        yield days


def _origins(size: int, rounds: Rounds) -> NDArray[np.int64]:
    """Return for each row that from which its loss set out."""
    origin = np.arange(size)
    for rows, brought_by in rounds:
        origin[rows] = origin[brought_by]
    return origin


def _came_by(lines: pl.DataFrame, before: Ints) -> pl.DataFrame:
    """Return who brought the loss to each hit and the item that it then lacks."""
    named = lines[before.clip(0)].select(
        before_line="line", before_owner=pl.coalesce("owner", "line"), before_name="name", input_name="item_name"
    )
    is_brought = pl.Series(before >= 0)  # a shock is nobody's doing, many small losses are no single one's
    return named.select(pl.when(is_brought).then(pl.col(name)).alias(name) for name in named.columns)


def _stops(loaded: Loaded, stopped: pl.Series, items: Collection[str]) -> pl.DataFrame:
    """Return the products that lack an input when lines stop wholly, with the names of what is made and lacking."""
    lines = loaded.lines
    found = direct_stops(lines, _touched(loaded, stopped, items), stopped=stopped.to_list(), items=items)
    made = lines.filter(pl.col("line").is_in(found["line"].implode()))
    made = made.select("line", "organisation", "item", "town", "is_synthetic")
    inputs = lines.filter(pl.col("item").is_in(found["item"].implode())).unique("item")
    inputs = inputs.select(input="item", input_name="item_name")
    return found.rename({"item": "input"}).join(made, on="line").join(inputs, on="input", how="left")


def _touched(loaded: Loaded, stopped: pl.Series, items: Collection[str]) -> pl.DataFrame:
    """Return all links of the uses and markets that what stops may touch: of a million links a few."""
    links, markets = loaded.links, loaded.lines.filter(pl.col("owner").is_null())["line"].implode()
    fed = links.filter(pl.col("supplier").is_in(stopped.implode()) & pl.col("buyer").is_in(markets))["buyer"]
    sources = pl.concat([stopped, fed]).unique().implode()
    is_hit = pl.col("supplier").is_in(sources) | pl.col("item").is_in(sorted(items))
    uses = links.filter(is_hit).select("buyer", "item").unique()
    return links.join(uses, on=["buyer", "item"], how="semi", maintain_order="left")
