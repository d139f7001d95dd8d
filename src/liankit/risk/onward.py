"""The impact of an entry where the loss goes on: from the buyers who stop to whoever buys from them.

``exposure`` looks one step: what the buyers of an item lose with their worst supplier. Here the same loss, with the
same least and greatest shares, is put on the buyers' lines and followed by the cascade. An input is lost to its one
buyer; an item is lost supplier by supplier to all its buyers, and the worst supplier is the impact. Where nobody buys
what stops, both are the same and nothing is computed.
"""

from __future__ import annotations

import polars as pl

from liankit.reasons import Claim, tell_claims
from liankit.risk.ranking import rank_entries
from liankit.risk.spread import spread
from liankit.risk.thresholds import EPSILON

FOLLOWED_SCHEMA = {
    "entry": pl.String,
    "followed_low": pl.Float64,  # in the measure of the entry; never below ``direct_low``
    "followed_high": pl.Float64,  # null: no upper bound is known
    "worst_supplier": pl.String,  # of an item: whose loss is proven to stop most; null: nobody's is
    "is_largest": pl.Boolean,  # whether no other supplier's can stop more
    "enterprises": pl.Int64,  # that may lose something
    "products": pl.Int64,
}
_CASCADE = "C. Diem et al. 2022, Scientific Reports 12:7719"


def follow(
    entries: pl.DataFrame, shares: pl.DataFrame, needs: pl.DataFrame, lines: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Return ``FOLLOWED_SCHEMA`` of the entries whose loss goes on, one row each.

    ``entries``: ``exposure.ENTRY_SCHEMA``; ``shares``: ``supply_shares.SHARE_SCHEMA``; ``needs``: ``buyer``, ``item``,
    ``line`` that stops for lack of it; ``lines``, ``links``: of ``spread``. Time grows with the scenarios, an input
    each and an item's supplier each, and with the lines they reach.
    """
    goes_on = needs.filter(pl.col("line").is_in(links["supplier"].unique().implode()))
    known = entries.filter(pl.col("impact_measure").is_not_null())
    inputs = known.filter(pl.col("scope") == "input").join(goes_on, on=["buyer", "item"], how="semi")
    items = known.filter(pl.col("scope") == "item").join(goes_on, on="item", how="semi")
    shocks = pl.concat([_of_inputs(inputs, needs), item_shocks(items, shares, needs)])
    if shocks.is_empty():
        return pl.DataFrame(schema=FOLLOWED_SCHEMA)
    shocks = shocks.with_columns(scenario=pl.format("{}|{}", "entry", pl.col("supplier").fill_null("")))
    scenarios = shocks.select("scenario", "entry", "supplier").unique()
    sums = spread(lines, links, shocks).join(scenarios, on="scenario")
    return _worst(sums.join(known.select("entry", "impact_measure", "direct_low", "direct_high"), on="entry"))


_SHOCK = ("entry", "supplier", "line", "loss_low", "loss_high")


def _of_inputs(inputs: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    lost = inputs.select("entry", "buyer", "item", loss_low="share_low", loss_high="share_high")
    return lost.join(needs, on=["buyer", "item"]).with_columns(supplier=pl.lit(None, pl.String)).select(_SHOCK)


def item_shocks(items: pl.DataFrame, shares: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Pair each supplier of an item, and one who is on no list, with each of its buyers: what it may deliver there."""
    of_items = items.select("entry", "item").join(shares, on="item")
    anybody = of_items.filter(pl.col("buyer").is_not_null() & pl.col("supplier").is_null())
    buyers = anybody.select("item", "buyer", "basis", elsewhere="share_high")
    listed = _listed(of_items.filter(pl.col("supplier").is_not_null()), buyers)
    pairs = of_items.select("entry", "item", "supplier").unique().join(buyers.drop("basis"), on="item")
    lost = pairs.join(listed, on=["item", "buyer", "supplier"], how="left").with_columns(
        loss_low=pl.col("share_low").fill_null(0.0), loss_high=pl.coalesce("share_high", "elsewhere")
    )
    return lost.filter(pl.col("loss_high") > 0).join(needs, on=["buyer", "item"]).select(_SHOCK)


def _listed(shares: pl.DataFrame, buyers: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each listed supplier of each buyer; who named nobody has the rows of the market."""
    share = ("item", "buyer", "supplier", "share_low", "share_high")
    market = shares.filter(pl.col("buyer").is_null()).drop("buyer")
    seen = buyers.filter(pl.col("basis") == "market").select("item", "buyer").join(market, on="item")
    return pl.concat([shares.filter(pl.col("buyer").is_not_null()).select(share), seen.select(share)])


def _worst(sums: pl.DataFrame) -> pl.DataFrame:
    """Take of each entry its worst supplier: the greatest of what is proven, and of what may be."""
    in_yuan, bounded = pl.col("impact_measure") == "output_cny", pl.col("direct_high").is_not_null()
    low = pl.when(in_yuan).then("output_low").otherwise("products_low")
    high = pl.when(in_yuan).then("output_high").otherwise("products_high")
    sums = sums.with_columns(low=low, high=high, is_bounded=bounded & (pl.col("is_bounded") | ~in_yuan))
    ordered = sums.sort("low", "high", "supplier", descending=[True, True, False], nulls_last=True)
    proven = pl.max_horizontal(pl.col("low").max(), pl.col("direct_low").first())
    most = pl.max_horizontal(pl.col("high").max(), proven)
    found = ordered.group_by("entry").agg(
        followed_low=proven.round_sig_figs(12),
        followed_high=pl.when(pl.col("is_bounded").all()).then(most.round_sig_figs(12)),
        worst_supplier=pl.when(pl.col("low").first() > 0).then(pl.col("supplier").first()),
        is_largest=pl.col("low").first() >= pl.col("high").slice(1).max().fill_null(0.0),
        enterprises=pl.col("enterprises").max(),
        products=pl.col("products").max(),
    )
    return found.select(*FOLLOWED_SCHEMA).cast(pl.Schema(FOLLOWED_SCHEMA))


def take_cascade(entries: pl.DataFrame, followed: pl.DataFrame, coverage: pl.DataFrame, least: float) -> pl.DataFrame:
    """Return the entries ranked anew, with the cascade as impact where known links cover enough purchases.

    ``coverage`` has ``entry``, ``coverage_low``, ``coverage_high``; the cascade stands where the lower end reaches
    ``least``. There ``impact_basis`` is "cascade" and ``hit_*`` are filled; elsewhere the direct impact stays.
    """
    joined = entries.drop("coverage_low", "coverage_high").join(coverage, on="entry", how="left")
    joined = joined.join(followed, on="entry", how="left")
    stands = (pl.col("coverage_low") >= least - EPSILON) & pl.col("impact_measure").is_not_null()
    goes_on = stands & pl.col("followed_low").is_not_null()
    worst, is_item = pl.col("worst_supplier"), pl.col("scope") == "item"
    proven = pl.when(pl.col("is_largest") & pl.col("followed_high").is_not_null()).then(worst)
    taken = joined.with_columns(
        impact_low=pl.when(goes_on).then("followed_low").otherwise("impact_low"),
        impact_high=pl.when(goes_on).then("followed_high").otherwise("impact_high"),
        impact_basis=pl.when(stands).then(pl.lit("cascade")).otherwise("impact_basis"),
        hit_enterprises=pl.when(stands).then(pl.coalesce("enterprises", "reach_buyers")),
        hit_products=pl.when(stands).then(pl.coalesce("products", "reach_products")),
        critical_supplier=pl.when(goes_on & is_item).then(worst).otherwise("critical_supplier"),
        largest_supplier=pl.when(goes_on & is_item).then(proven).otherwise("largest_supplier"),
        reach=pl.coalesce("output_low_cny", pl.col("reach_products").cast(pl.Float64)),
    )
    return rank_entries(taken.drop(set(FOLLOWED_SCHEMA) - {"entry"})).select(entries.columns)


def tell_cascade(entries: pl.DataFrame, reasons: pl.DataFrame, least: float) -> pl.DataFrame:
    """Return the reasons with two more: whether purchases are covered and, where they are, how far the loss goes."""
    low, high = pl.col("coverage_low"), pl.col("coverage_high")
    enough = pl.when(low >= least - EPSILON).then(True).when(high < least - EPSILON).then(False)
    stands = pl.col("impact_basis") == "cascade"
    hit = (
        pl.col("hit_enterprises").alias("enterprises"),
        pl.col("hit_products").alias("products"),
        pl.col("critical_supplier").alias("supplier"),
    )
    unit = pl.when(pl.col("impact_measure") == "products").then(pl.lit("products")).otherwise(pl.lit("CNY"))
    further = pl.col("hit_products") > pl.col("reach_products")
    ends = pl.col("impact_low"), pl.col("impact_high")
    claims = [
        Claim("purchases_covered", enough, low, high, "share", least, when=pl.col("reach_buyers").is_not_null()),
        Claim("cascade", further, *ends, unit, None, hit, _CASCADE, when=stands.fill_null(False)),
    ]
    told = tell_claims(entries, claims).with_columns(pl.col("order") + (reasons["order"].max() or 0))
    places = entries.select("entry", place=pl.int_range(pl.len()))
    return pl.concat([reasons, told]).join(places, on="entry").sort("place", "order").drop("place")
