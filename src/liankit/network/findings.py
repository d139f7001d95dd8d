"""Weak, missing and single links of a district, each with what speaks for it and what speaks against it.

A district *needs* a node when an organisation in it says that it uses the node, or makes something the node goes into
(then the need is only inferred). Of a needed node a link is

``missing``  when nobody in the district is known to make it
``single``   when exactly one source of it is known: a maker anywhere, or a supplier of a buyer in the district
``weak``     when every known source is abroad, a buyer says that there is no other source, or a buyer's stock is used
             up before its usual order arrives

What is not known never makes a link: an empty list of makers is a reason that the next fact may overturn, and the
counter-reasons say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liankit.reasons import Claim, tell_claims

FOUND = ("missing", "single", "weak")
"""Kinds of finding."""

FINDING_SCHEMA = {
    "entry": pl.String,  # "<kind>:<node>"
    "kind": pl.String,
    "node": pl.String,
    "name": pl.String,
    "node_kind": pl.String,
    "item_kind": pl.String,
    "buyers": pl.Int64,  # in the district, who say that they use it
    "inferred_buyers": pl.Int64,  # in the district, who make something it goes into
    "local_makers": pl.Int64,
    "home_makers": pl.Int64,  # in the home country outside the district
    "sources": pl.Int64,  # known by name: makers anywhere, suppliers of buyers in the district
    "source_name": pl.String,  # of the only one
    "all_abroad": pl.Boolean,
    "sole_buyers": pl.Int64,
    "short_buyers": pl.Int64,
    "is_synthetic": pl.Boolean,
}

_AGAINST = (
    "made_here", "supplied_here", "made_at_home", "kin_made_here", "other_source_said", "need_inferred",
    "makers_unasked", "sources_open",
)  # fmt: skip
COUNTER_REASONS = frozenset(f"chain_{code}" for code in _AGAINST)
"""Codes of the reasons that speak against a finding; they stand behind those that speak for it."""


@dataclass(frozen=True)
class Findings:
    """``findings`` with ``FINDING_SCHEMA``, the most needed first; ``reasons`` of them with ``REASON_SCHEMA``."""

    findings: pl.DataFrame
    reasons: pl.DataFrame


def find_weak_links(
    *,
    nodes: pl.DataFrame,
    relations: pl.DataFrame,
    makers: pl.DataFrame,
    links: pl.DataFrame,
    organisations: pl.DataFrame,
    listing: pl.DataFrame,
    home_country: str,
) -> Findings:
    """Return the weak, missing and single links of a district.

    Parameters
    ----------
    nodes : node, name, node_kind, item_kind, is_synthetic.
    relations : source, target, relation.
    makers : node, organisation, activity (makes, uses …), basis.
    links : item, supplier (null: not named), supplier_name, buyer, country, sole_source, stock_days, lead_time_days.
    organisations : id, name, country (null unknown), is_local.
    listing : item, complete (whether everybody who makes it is listed).
    """
    local = organisations.filter("is_local")
    judged = (
        _needs(makers, local)
        .join(nodes.select("node", "name", "node_kind", "item_kind", "is_synthetic"), on="node")
        .join(_made(makers, organisations, home_country), on="node", how="left")
        .join(_kin_made(makers, relations, local), on="node", how="left")
        .join(_sources(makers, links, organisations, home_country), on="node", how="left")
        .join(_bought(links, local), on="node", how="left")
        .join(_supplied(links, local), on="node", how="left")
        .join(listing.select(node="item", complete="complete"), on="node", how="left")
        .with_columns(pl.col(*_COUNTS).fill_null(0), pl.col("complete").fill_null(False))
        .with_columns(**_unasked(makers, local))
    )
    found = pl.concat([judged.filter(when).with_columns(kind=pl.lit(kind)) for kind, when in _IS.items()])
    ordered = found.with_columns(entry=pl.concat_str("kind", pl.lit(":"), "node")).sort(
        ["buyers", "inferred_buyers", "name", "entry"], descending=[True, True, False, False]
    )
    told = ordered.select(pl.col(name).cast(dtype) for name, dtype in FINDING_SCHEMA.items())
    return Findings(told, tell_claims(ordered, [*_for(), *_against()]))


_COUNTS = (
    "local_makers", "home_makers", "kin_makers", "sources", "local_suppliers",
    "sole_buyers", "other_buyers", "short_buyers", "lasting_buyers",
)  # fmt: skip

_IS: Mapping[str, pl.Expr] = {
    "missing": pl.col("local_makers") == 0,
    "single": (pl.col("sources") == 1) & ~pl.col("has_unnamed").fill_null(False),
    "weak": pl.col("all_abroad").fill_null(False) | (pl.col("sole_buyers") > 0) | (pl.col("short_buyers") > 0),
}
"""When a needed node is a finding of which kind."""


def _needs(makers: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    uses = makers.filter(pl.col("activity") == "uses").join(local, left_on="organisation", right_on="id", how="semi")
    said = pl.col("basis") != "inferred"
    who = pl.col("organisation")
    counted = uses.group_by("node").agg(buyers=who.filter(said).n_unique(), either=who.n_unique())
    return counted.select("node", "buyers", inferred_buyers=pl.col("either") - pl.col("buyers"))


def _made(makers: pl.DataFrame, organisations: pl.DataFrame, home_country: str) -> pl.DataFrame:
    made = makers.filter(pl.col("activity") == "makes").join(organisations, left_on="organisation", right_on="id")
    who, at_home = pl.col("organisation"), pl.col("country") == home_country
    return made.group_by("node").agg(
        local_makers=who.filter("is_local").n_unique(),
        home_makers=who.filter(at_home & ~pl.col("is_local")).n_unique(),
    )


def _kin_made(makers: pl.DataFrame, relations: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    """Count who in the district makes a subtype or the supertype of a node."""
    made = makers.filter(pl.col("activity") == "makes").join(local, left_on="organisation", right_on="id", how="semi")
    subtypes = relations.filter(pl.col("relation") == "subtype_of")
    pairs = pl.concat(
        [subtypes.select(node="target", kin="source"), subtypes.select(node="source", kin="target")]
    ).join(made.select("organisation", kin="node"), on="kin")
    return pairs.group_by("node").agg(kin_makers=pl.col("organisation").n_unique())


def _sources(makers: pl.DataFrame, links: pl.DataFrame, organisations: pl.DataFrame, home_country: str) -> pl.DataFrame:
    """Count known sources and say whether all are abroad: null while the country of one is not known."""
    local, names = organisations.filter("is_local"), organisations.select(supplier="id", name="name", home="country")
    made = makers.filter(pl.col("activity") == "makes").select(
        "node", supplier="organisation", said=pl.lit(None, pl.String), called=pl.lit(None, pl.String)
    )
    bought = links.join(local, left_on="buyer", right_on="id", how="semi").select(
        "supplier", node="item", said="country", called="supplier_name"
    )
    placed = pl.concat([made, bought], how="diagonal").join(names, on="supplier", how="left")
    is_abroad = pl.coalesce("said", "home") != home_country
    named = pl.col("supplier").is_not_null()
    return placed.group_by("node").agg(
        sources=pl.col("supplier").filter(named).n_unique(),
        has_unnamed=(~named).any(),
        source_name=pl.coalesce("name", "called").sort_by("supplier").drop_nulls().first(),
        all_abroad=pl.when(is_abroad.is_not_null().all()).then(is_abroad.all()).when((~is_abroad).any()).then(False),
    )


def _bought(links: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    mine = links.join(local, left_on="buyer", right_on="id", how="semi")
    short = pl.col("stock_days") < pl.col("lead_time_days")
    who = pl.col("buyer")
    return mine.group_by(node="item").agg(
        sole_buyers=who.filter(pl.col("sole_source")).n_unique(),
        other_buyers=who.filter(~pl.col("sole_source")).n_unique(),
        short_buyers=who.filter(short).n_unique(),
        lasting_buyers=who.filter(~short).n_unique(),
    )


def _supplied(links: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    """Count who in the district supplies a node, whether it makes it or trades in it."""
    ours = links.join(local, left_on="supplier", right_on="id", how="semi")
    return ours.group_by(node="item").agg(local_suppliers=pl.col("supplier").n_unique())


def _unasked(makers: pl.DataFrame, local: pl.DataFrame) -> dict[str, pl.Expr]:
    """Of how many organisations of the district nobody has said what they make or sell."""
    told = makers.filter(pl.col("activity").is_in(["makes", "sells"]))
    unasked = local.join(told, left_on="id", right_on="organisation", how="anti").height
    return {"unasked": pl.lit(unasked, pl.Int64), "asked_of": pl.lit(local.height, pl.Int64)}


def _for() -> list[Claim]:
    buyers, sources = pl.col("buyers"), pl.col("sources")
    either = buyers + pl.col("inferred_buyers")
    said = pl.when(buyers > 0).then(True)
    sole, other = pl.col("sole_buyers"), pl.col("other_buyers")
    told = pl.when(pl.col("complete") | ((sole > 0) & (other == 0))).then(True)
    proven = pl.when(told).then(sources)
    name = (pl.col("source_name").alias("source"),)
    short, lasting = pl.col("short_buyers"), pl.col("lasting_buyers")
    no_other = pl.when(sole > 0).then(True).when(other > 0).then(False)
    runs_out = pl.when(short > 0).then(True).when(lasting > 0).then(False)
    is_missing, is_single, is_weak = (pl.col("kind") == kind for kind in FOUND)
    return [
        Claim("chain_needed", said, buyers, either, "organisations"),
        Claim("chain_no_local_maker", pl.lit(True), *_twice("local_makers"), "organisations", when=is_missing),
        Claim("chain_one_source", told, sources, proven, "suppliers", params=name, when=is_single),
        Claim("chain_all_abroad", pl.col("all_abroad"), *_twice("sources"), "suppliers", when=is_weak),
        Claim("chain_said_sole", no_other, *_twice("sole_buyers"), "organisations", when=~is_missing),
        Claim("chain_stock_short", runs_out, *_twice("short_buyers"), "organisations", when=is_weak),
    ]


def _against() -> list[Claim]:
    """A count above zero holds; a count of zero is no proof that there is none: unknown."""
    is_missing = pl.col("kind") == "missing"
    said, silent = pl.col("other_buyers") > 0, (pl.col("sole_buyers") == 0) & (pl.col("other_buyers") == 0)
    unasked, asked_of = pl.col("unasked"), pl.col("asked_of")
    share = unasked / asked_of
    counted = (unasked, asked_of)
    return [
        Claim("chain_made_here", _some("local_makers"), *_twice("local_makers"), "organisations", when=~is_missing),
        Claim("chain_supplied_here", _some("local_suppliers"), *_twice("local_suppliers"), "organisations"),
        Claim("chain_made_at_home", _some("home_makers"), *_twice("home_makers"), "organisations"),
        Claim("chain_kin_made_here", _some("kin_makers"), *_twice("kin_makers"), "organisations"),
        Claim("chain_other_source_said", pl.when(~silent).then(said), *_twice("other_buyers"), "organisations"),
        Claim("chain_need_inferred", pl.col("buyers") == 0, *_twice("inferred_buyers"), "organisations"),
        Claim("chain_makers_unasked", unasked > 0, share, share, "share", params=counted),
        Claim("chain_sources_open", ~pl.col("complete"), *_twice("sources"), "suppliers", when=~is_missing),
    ]


def _twice(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return both ends of a value that is exactly known."""
    return pl.col(name), pl.col(name)


def _some(name: str) -> pl.Expr:
    return pl.when(pl.col(name) > 0).then(True)
