"""Facts become the tables the risk engine reads (items, supplies, uses, listing) and the map of the chain. Pure.

Every fact row that cannot be used is counted by reason; nothing disappears in a join.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liandesk.base.pack import Pack
from liandesk.refresh.chain_facts import Read, count, read_chain
from liandesk.refresh.chain_map import (
    build_links,
    build_makers,
    build_nodes,
    build_relations,
    said_links,
    with_counts,
)
from liankit.network import find_local_partners, find_problems, find_weak_links

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Chain:
    """Tables by name, and what was lost on the way by reason."""

    tables: Mapping[str, pl.DataFrame]
    lost: Mapping[str, int]


def build_chain(facts: pl.DataFrame, members: pl.DataFrame, organisations: pl.DataFrame, pack: Pack) -> Chain:
    """Build the engine's tables, and the map: nodes, relations, makers, links and what follows from them.

    Parameters
    ----------
    facts : KNOWN_SCHEMA lines; members : record, organisation; organisations : id, name, country, country_basis, town.
    """
    lost: dict[str, int] = {}
    read = read_chain(facts, members, lost)
    said = said_links(read, organisations)
    engine = _engine_tables(read, said, organisations, pack, lost)
    placed = _placed(organisations, pack)
    mapped = _map_tables(read, facts, said, placed, engine, lost)
    return Chain({**engine, **mapped, **_judged(mapped, placed, engine["listing"], pack.home_country)}, lost)


def _placed(organisations: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Return id, name, town, country and is_local: whether the organisation lies in a town of the district."""
    is_local = pl.col("town").is_in([town.code for town in pack.towns]).fill_null(False)
    return organisations.select("id", "name", "town", country=_declared_country(), is_local=is_local)


def _engine_tables(
    read: Read, said: pl.DataFrame, organisations: pl.DataFrame, pack: Pack, lost: dict[str, int]
) -> Tables:
    items = read.items.group_by("item").agg(
        pl.col("name").first(), pl.col("item_kind").drop_nulls().first().fill_null("other")
    )
    count(lost, "record_of_an_item_already_counted", read.items.height - items.height)
    uses = pl.concat([_declared_uses(read), _derived_uses(read.sells, read.contains, lost)])
    makes = _of_what_is_needed(read, pl.concat([uses["item"], said["item"]]))
    tables = {
        "items": items,
        "supplies": pl.concat([said.select(_SUPPLIES), _market_supplies(makes, organisations)]),
        "uses": _with_assumed_switch(uses.join(items.select("item", "item_kind"), on="item", how="left"), pack),
        "listing": read.items.group_by("item").agg(complete=pl.col("listing_complete").fill_null(False).any()),
    }
    return {name: table.sort(table.columns) for name, table in tables.items()}


def _of_what_is_needed(read: Read, needed: pl.Series) -> pl.DataFrame:
    """Leave out who makes a node that a sheet of products names and nobody needs: it can be sold, not run out."""
    named = read.items.filter(pl.col("node_kind").is_not_null())["item"]
    return read.makes.filter(~pl.col("item").is_in(named.implode()) | pl.col("item").is_in(needed.implode()))


def _map_tables(
    read: Read,
    facts: pl.DataFrame,
    said: pl.DataFrame,
    placed: pl.DataFrame,
    engine: Tables,
    lost: dict[str, int],
) -> Tables:
    relations = build_relations(read, facts, lost)
    makers = build_makers(read, relations, engine["uses"])
    local = placed.filter("is_local")["id"]
    return {
        "nodes": with_counts(build_nodes(read, relations, facts), relations, makers, local),
        "relations": relations,
        "makers": makers,
        "links": build_links(said, placed, makers, engine["listing"]),
    }


def _judged(mapped: Tables, placed: pl.DataFrame, listing: pl.DataFrame, home_country: str) -> Tables:
    """Return what follows from the map: what is wrong with it, weak links, and who could supply whom."""
    known = {name: mapped[name] for name in ("nodes", "relations", "makers", "links")} | {"organisations": placed}
    weak = find_weak_links(**known, listing=listing, home_country=home_country)
    partners = find_local_partners(**known, home_country=home_country)
    tied = pl.concat([mapped["makers"]["node"], mapped["links"]["item"]])
    return {
        "chain_problems": find_problems(mapped["nodes"], mapped["relations"], tied),
        "findings": weak.findings,
        "finding_reasons": weak.reasons,
        "partners": partners.findings,
        "partner_reasons": partners.reasons,
    }


def _declared_country() -> pl.Expr:
    """A country guessed from a name is no known country."""
    return pl.when(pl.col("country_basis").fill_null("declared") == "declared").then("country")


_SUPPLIES = ("record", "item", "supplier", "supplier_name", "buyer", "country", "share", "amount_cny")


def _market_supplies(makes: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Who makes an item for the market."""
    makers = organisations.select(organisation="id", supplier_name="name", country=_declared_country())
    return makes.join(makers, on="organisation", how="left").select(
        "record",
        "item",
        supplier="organisation",
        supplier_name="supplier_name",
        buyer=pl.lit(None, dtype=pl.String),
        country="country",
        share=pl.lit(None, dtype=pl.Float64),
        amount_cny=pl.lit(None, dtype=pl.Float64),
    )


_USES = (
    "record", "item", "buyer", "product", "output_cny", "another_source", "stock_days", "switch_months",
)  # fmt: skip


def _declared_uses(read: Read) -> pl.DataFrame:
    """What enterprises said they need; a supply link says it too of a buyer who did not say it itself."""
    said = read.inputs.rename({"organisation": "buyer", "used_for": "product"})
    silent = read.supplied.join(said, on=["buyer", "item"], how="anti").with_columns(
        another_source=~pl.col("sole_source")
    )
    uses = pl.concat([said, silent], how="diagonal_relaxed")
    return uses.select(_USES).with_columns(pl.col("product").fill_null(""))


def _derived_uses(sells: pl.DataFrame, contains: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    """Who sells a product needs each item that goes into it."""
    count(lost, "product_without_known_input", sells.join(contains, on="product", how="anti").height)
    joined = sells.join(contains.select("product", "item"), on="product")
    unknown = {"another_source": pl.Boolean, "stock_days": pl.Float64, "switch_months": pl.Float64}
    return (
        joined.rename({"organisation": "buyer"})
        .with_columns(pl.lit(None, dtype).alias(name) for name, dtype in unknown.items())
        .select(_USES)
    )


def _with_assumed_switch(uses: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Put the pack's assumed interval where an enterprise gave no time to switch, and say which it is."""
    low = {kind.code: kind.switch_months[0] for kind in pack.item_kinds}
    high = {kind.code: kind.switch_months[1] for kind in pack.item_kinds}
    is_declared = pl.col("switch_months").is_not_null()

    def bound(assumed: dict[str, float]) -> pl.Expr:
        kind = pl.col("item_kind").replace_strict(assumed, default=None, return_dtype=pl.Float64)
        return pl.coalesce("switch_months", kind)

    basis = pl.when(is_declared).then(pl.lit("declared")).otherwise(pl.lit("assumed"))
    return uses.with_columns(switch_months_low=bound(low), switch_months_high=bound(high), switch_basis=basis).drop(
        "switch_months", "item_kind"
    )
