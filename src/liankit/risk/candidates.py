"""Who could stand in for the sources of an item: candidates out of the chain, each with the basis it rests on.

A candidate is an offer to look at, not a supply: nothing here says that quality, capacity or registration fit.
"""

from __future__ import annotations

import polars as pl

from liankit.entities import name_key
from liankit.reasons import Reason

BASES = ("same_item", "same_ingredient", "subtype", "named_in_notice")
"""On what a candidate rests, the nearest first."""

CANDIDATE_SCHEMA = {
    "item": pl.String,
    "item_name": pl.String,
    "candidate": pl.String,  # id of the organisation; null: it is only named
    "candidate_name": pl.String,  # null: a notice names a product and not who makes it
    "country": pl.String,  # null unknown
    "town": pl.String,
    "via": pl.String,  # the node it makes or sells; null in a notice
    "via_name": pl.String,
    "basis": pl.String,
    "supplies_already": pl.Boolean,  # a buyer of the item names it; null: not all buyers name theirs
    "source": pl.String,  # the record or the notice that says so
    "is_local": pl.Boolean,  # null: no known organisation
    "is_synthetic": pl.Boolean,
}
NAMED_SCHEMA = {
    "item": pl.String,  # id of the node, or its name as the notice says it
    "alternative": pl.String,  # product named as an alternative
    "holder": pl.String,  # who makes it, as said; null: not said
    "notice": pl.String,
}
_OFFERS = ("makes", "sells")


def find_candidates(
    *,
    nodes: pl.DataFrame,
    relations: pl.DataFrame,
    makers: pl.DataFrame,
    links: pl.DataFrame,
    organisations: pl.DataFrame,
    items: pl.Series,
    named: pl.DataFrame | None = None,
    present: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return ``CANDIDATE_SCHEMA``: one row an (item, organisation), on the nearest basis it has.

    Parameters
    ----------
    nodes : node, name, item_kind, is_synthetic. relations : source, target, relation (input_of, subtype_of).
    makers : node, organisation, activity (makes, sells), record, is_synthetic. links : buyer, item, supplier.
    organisations : id, name, country, town, is_local. items : ids of the nodes for which candidates are looked for.
    named : ``NAMED_SCHEMA``, alternatives that notices name.
    present : item, candidate: the sources that are to be stood in for; they are no candidates.
    """
    wanted = pl.DataFrame({"item": items.unique()}).join(nodes.select(item="node", item_name="name"), on="item")
    ways = _ways(wanted.select("item"), nodes, relations).join(nodes.select(via="node", via_name="name"), on="via")
    offers = makers.filter(pl.col("activity").is_in(_OFFERS)).select(
        "organisation", "is_synthetic", via="node", source="record"
    )
    who = organisations.select("country", "town", "is_local", organisation="id", candidate_name="name")
    found = (
        ways.join(offers, on="via")
        .join(who, on="organisation")
        .sort(pl.col("basis").cast(pl.Enum(BASES)), "via", "source")
        .unique(["item", "organisation"], keep="first", maintain_order=True)
        .join(wanted, on="item")
        .rename({"organisation": "candidate"})
    )
    told = _with_named(_with_supplied(found, links), wanted, named, organisations)
    if present is not None:
        told = told.join(present, on=["item", "candidate"], how="anti")
    return told.select(pl.col(name).cast(dtype) for name, dtype in CANDIDATE_SCHEMA.items()).sort(
        "item", pl.col("basis").cast(pl.Enum(BASES)), "candidate_name", nulls_last=True
    )


def _ways(wanted: pl.DataFrame, nodes: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    """Return item, via, basis: the nodes whose makers are candidates for an item."""
    subtypes = relations.filter(pl.col("relation") == "subtype_of")
    kin = pl.concat(
        [subtypes.select(item="target", via="source"), subtypes.select(item="source", via="target")]
    ).with_columns(basis=pl.lit("subtype"))
    same = wanted.select("item", via="item", basis=pl.lit("same_item"))
    return pl.concat([same, _same_ingredients(wanted, nodes, relations), kin.join(wanted, on="item", how="semi")])


def _same_ingredients(wanted: pl.DataFrame, nodes: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    """Return the nodes into which exactly the same active ingredients go."""
    active = nodes.filter(pl.col("item_kind") == "active_ingredient").select(source="node")
    into = relations.filter(pl.col("relation") == "input_of").join(active, on="source", how="semi")
    sets = into.group_by("target").agg(ingredients=pl.col("source").unique().sort().str.join("|"))
    pairs = sets.select(item="target", ingredients="ingredients").join(
        sets.select("ingredients", via="target"), on="ingredients"
    )
    other = pairs.filter(pl.col("item") != pl.col("via")).join(wanted, on="item", how="semi")
    return other.select("item", "via", basis=pl.lit("same_ingredient"))


def _with_supplied(found: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Say whether somebody buys the item from the candidate; unknown where a buyer of the item names no supplier."""
    bought = links.group_by("item").agg(
        suppliers=pl.col("supplier").drop_nulls().unique(), all_named=pl.col("supplier").is_not_null().all()
    )
    among = pl.col("suppliers").list.contains(pl.col("candidate"))
    joined = found.join(bought, on="item", how="left", maintain_order="left")
    return joined.with_columns(supplies_already=pl.when(among).then(True).when("all_named").then(False))


def _with_named(
    found: pl.DataFrame, wanted: pl.DataFrame, named: pl.DataFrame | None, organisations: pl.DataFrame
) -> pl.DataFrame:
    """Add what notices name, unless the organisation is a candidate already."""
    if named is None or named.is_empty():
        return found
    keyed = organisations.select(
        "country", "town", "is_local", candidate="id", own_name="name", key=_keys(organisations["name"])
    ).unique("key", keep="none")
    said = named.select(*NAMED_SCHEMA).with_columns(key=_keys(named["holder"]))
    placed = pl.concat([said.join(wanted, on="item"), _by_name(said, wanted)])
    rows = placed.join(keyed, on="key", how="left").with_columns(
        candidate_name=pl.coalesce("own_name", "holder"),
        via=pl.lit(None, pl.String),
        via_name="alternative",
        basis=pl.lit("named_in_notice"),
        supplies_already=pl.lit(None, pl.Boolean),
        source="notice",
        is_synthetic=pl.lit(False),
    )
    new = rows.join(found.select("item", "candidate"), on=["item", "candidate"], how="anti")
    once = new.unique(["item", "via_name", "candidate_name"], keep="first", maintain_order=True)
    return pl.concat([found, once], how="diagonal_relaxed")


def _by_name(said: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the notices that name an item by its name, with its id in place of the name."""
    keyed = wanted.with_columns(item_key=_keys(wanted["item_name"])).rename({"item": "node"})
    texts = said.with_columns(item_key=_keys(said["item"])).join(keyed, on="item_key")
    return texts.select(
        item="node", alternative="alternative", holder="holder", notice="notice", key="key", item_name="item_name"
    )


def _keys(names: pl.Series) -> pl.Series:
    """Return the form in which names are compared; null where there is none."""
    keys = {name: name_key(name) for name in names.drop_nulls().unique()}
    return names.replace_strict(keys, default=None, return_dtype=pl.String)


def reasons_of_candidate(row: dict[str, object], home_country: str) -> tuple[Reason, ...]:
    """Return why a row of ``CANDIDATE_SCHEMA`` is offered, and what is not known of it."""
    country, supplies = row["country"], row["supplies_already"]
    assert supplies is None or isinstance(supplies, bool)
    via = {"via": str(row["via_name"] or "")}
    return (
        Reason(f"candidate_{row['basis']}", True, params=via, source=str(row["source"] or "")),
        Reason("candidate_supplies_already", supplies),
        Reason("candidate_at_home", None if country is None else country == home_country),
        Reason("candidate_fit_unproven", None),
    )
