"""What follows from a loss: entries of the risk list with the cascade as impact, and what each organisation brings.

Computed where a refresh runs, never in a web process: this step is the one that loads the compiled kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liandesk.base.pack import Pack
from liandesk.refresh.cascade_lines import Network, Tables, build_network
from liankit.risk.onward import follow, take_cascade, tell_cascade
from liankit.risk.spread import spread

INPUTS = ("entries", "reasons", "shares", "supplies", "uses", "items", "organisations", "facts", "members")
"""The tables that the step reads."""

SCORE_SCHEMA = {
    "organisation": pl.String,
    "output_low_cny": pl.Float64,  # of the district, lost when the organisation makes nothing any more
    "output_high_cny": pl.Float64,  # null: no upper bound is known
    "share_low": pl.Float64,  # of the district's known output
    "share_high": pl.Float64,
    "enterprises": pl.Int64,  # that may lose something, itself included
    "products": pl.Int64,
    "coverage": pl.Float64,  # of its own purchases by known links; null: unknown
    "is_synthetic": pl.Boolean,
}


@dataclass(frozen=True)
class Followed:
    """The entries and their reasons with the cascade in them, the network and the scores of the organisations."""

    entries: pl.DataFrame
    reasons: pl.DataFrame
    network: Network
    scores: pl.DataFrame


def follow_losses(tables: Tables, pack: Pack) -> Followed:
    """Return what follows from each entry's loss and from each organisation's of the district; see ``INPUTS``."""
    network = build_network(tables, pack)
    followed = follow(tables["entries"], tables["shares"], network.needs, network.lines, network.links)
    coverage = _of_entries(tables["entries"], network)
    entries = take_cascade(tables["entries"], followed, coverage, pack.cascade_coverage)
    reasons = tell_cascade(entries, tables["reasons"], pack.cascade_coverage)
    return Followed(entries, reasons, network, _scores(network))


def _of_entries(entries: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Return the coverage of each entry: its enterprise's; of an item the mean of its enterprises', unknown 0 to 1."""
    buyers = network.needs.select("buyer", "item").unique()
    buyers = buyers.join(network.coverage, left_on="buyer", right_on="organisation", how="left")
    is_known = pl.col("coverage_low").is_not_null().any()
    ends = (pl.col("coverage_low").fill_null(0.0).mean(), pl.col("coverage_high").fill_null(1.0).mean())
    of_items = buyers.group_by("item").agg(
        pl.when(is_known).then(end).alias(f"coverage_{name}") for name, end in zip(("low", "high"), ends, strict=True)
    )
    inputs = (
        entries.filter(scope="input").select("entry", "buyer", "item").join(buyers, on=["buyer", "item"], how="left")
    )
    items = entries.filter(scope="item").select("entry", "item").join(of_items, on="item", how="left")
    return pl.concat([part.select("entry", "coverage_low", "coverage_high") for part in (inputs, items)])


def _scores(network: Network) -> pl.DataFrame:
    """Return ``SCORE_SCHEMA``: what the district loses when all lines of one of its organisations stop."""
    lines = network.lines.with_columns(pl.col("is_product") & pl.col("is_district"))
    own = lines.filter("is_district").select("line", scenario="organisation", loss_low=pl.lit(1.0), loss_high=1.0)
    if own.is_empty():
        return pl.DataFrame(schema=SCORE_SCHEMA)
    total = lines.filter("is_product")["output_cny"].sum()
    high = pl.when("is_bounded").then("output_high")
    organisations = lines.filter("is_district").select("organisation", "coverage", "is_synthetic").unique()
    scores = spread(lines, network.links, own).join(organisations, left_on="scenario", right_on="organisation")
    scores = scores.with_columns(
        organisation="scenario",
        output_low_cny="output_low",
        output_high_cny=high,
        share_low=pl.when(total > 0).then(pl.col("output_low") / total),
        share_high=pl.when(total > 0).then(high / total),
    )
    return scores.select(pl.col(name).cast(dtype) for name, dtype in SCORE_SCHEMA.items()).sort("organisation")
