"""A district's own suppliers for its own buyers: who in it makes what another in it needs.

A partner is an offer to look at, not a supply: the reasons say what is known of the need and of the product, the
counter-reasons what is not.
"""

from __future__ import annotations

import polars as pl

from liankit.network.findings import Findings
from liankit.reasons import Claim, tell_claims

PARTNER_SCHEMA = {
    "entry": pl.String,  # "<buyer>:<node>:<supplier>"
    "node": pl.String,  # what the buyer needs
    "name": pl.String,
    "item_kind": pl.String,
    "buyer": pl.String,
    "buyer_name": pl.String,
    "buyer_town": pl.String,
    "need_basis": pl.String,  # asserted | imported | inferred
    "supplier": pl.String,
    "supplier_name": pl.String,
    "supplier_town": pl.String,
    "offered": pl.String,  # the node the supplier makes
    "offered_name": pl.String,
    "offer_basis": pl.String,
    "match": pl.String,  # same | subtype | supertype
    "bought_abroad": pl.Boolean,  # whether the buyer gets it from abroad now; null unknown
    "supplies_already": pl.Boolean,  # null: the buyer has not said who supplies it
    "amount_cny": pl.Float64,  # what the buyer buys of it a year, null unknown
    "is_synthetic": pl.Boolean,
}

MATCHES = ("same", "subtype", "supertype")


def find_local_partners(
    *,
    nodes: pl.DataFrame,
    relations: pl.DataFrame,
    makers: pl.DataFrame,
    links: pl.DataFrame,
    organisations: pl.DataFrame,
    home_country: str,
) -> Findings:
    """Return pairs of a buyer and a supplier of one district, those first where the buyer now buys abroad.

    Tables as in :func:`find_weak_links`; organisations also has town, links amount_cny. The findings have
    ``PARTNER_SCHEMA``. Who needs a node meets who makes that node, one of its subtypes, or its supertype; nobody
    meets itself.
    """
    local = organisations.filter("is_local")
    here = makers.join(local, left_on="organisation", right_on="id", how="semi")
    needs = here.filter(pl.col("activity") == "uses").select("node", buyer="organisation", need_basis="basis")
    offers = here.filter(pl.col("activity") == "makes").select(
        offered="node", supplier="organisation", offer_basis="basis"
    )
    pairs = (
        needs.join(_matches(needs, relations), on="node")
        .join(offers, on="offered")
        .filter(pl.col("buyer") != pl.col("supplier"))
        .sort(pl.col("match").cast(pl.Enum(MATCHES)), "offered")
        .unique(["buyer", "node", "supplier"], keep="first", maintain_order=True)
    )
    told = _ordered(_named(_bought_now(pairs, links, home_country), nodes, local))
    found = told.select(pl.col(name).cast(dtype) for name, dtype in PARTNER_SCHEMA.items())
    return Findings(found, tell_claims(told, _claims()))


def _matches(needs: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    subtypes = relations.filter(pl.col("relation") == "subtype_of")
    needed = needs.select("node").unique()
    return pl.concat(
        [
            needed.select("node", offered="node", match=pl.lit("same")),
            subtypes.select(node="target", offered="source", match=pl.lit("subtype")),
            subtypes.select(node="source", offered="target", match=pl.lit("supertype")),
        ]
    )


def _bought_now(pairs: pl.DataFrame, links: pl.DataFrame, home_country: str) -> pl.DataFrame:
    is_abroad = pl.col("country") != home_country
    amount = pl.col("amount_cny")
    bought = links.group_by("buyer", node="item").agg(
        bought_abroad=pl.when(is_abroad.any()).then(True).when(is_abroad.is_not_null().all()).then(False),
        suppliers=pl.col("supplier").drop_nulls(),
        all_named=pl.col("supplier").is_not_null().all(),
        amount_cny=pl.when(amount.is_not_null().all()).then(amount.sum()),
    )
    joined = pairs.join(bought, on=["buyer", "node"], how="left")
    among = pl.col("suppliers").list.contains(pl.col("supplier"))
    return joined.with_columns(supplies_already=pl.when(among).then(True).when("all_named").then(False))


def _named(pairs: pl.DataFrame, nodes: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    names = nodes.select("node", "name", "item_kind", "is_synthetic")
    offered = nodes.select(offered="node", offered_name="name")
    buyers = local.select(buyer="id", buyer_name="name", buyer_town="town")
    suppliers = local.select(supplier="id", supplier_name="name", supplier_town="town")
    named = pairs.join(names, on="node").join(offered, on="offered")
    return named.join(buyers, on="buyer").join(suppliers, on="supplier")


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Put first who buys abroad now, then asserted needs, then the larger amounts."""
    rank = [
        pl.col("bought_abroad").fill_null(False).not_(),
        pl.col("need_basis") == "inferred",
        pl.col("amount_cny").fill_null(0).neg(),
        "name",
        "entry",
    ]
    return pairs.with_columns(entry=pl.concat_str("buyer", "node", "supplier", separator=":")).sort(rank)


def _claims() -> list[Claim]:
    none = pl.lit(None, pl.Float64)
    need = pl.when(pl.col("need_basis") != "inferred").then(True)
    makes = pl.when(pl.col("offer_basis") != "inferred").then(True)
    amount = pl.col("amount_cny")
    offered = (pl.col("offered_name").alias("offered"),)
    return [
        Claim("partner_needs", need, none, none, ""),
        Claim("partner_makes", makes, none, none, "", params=offered),
        Claim("partner_buys_abroad", pl.col("bought_abroad"), amount, amount, "CNY"),
        Claim("partner_supplies_already", pl.col("supplies_already"), none, none, ""),
        Claim("partner_other_grade", pl.col("match") != "same", none, none, "", params=offered),
        Claim("partner_fit_unproven", pl.lit(None, pl.Boolean), none, none, ""),
    ]
