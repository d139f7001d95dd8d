"""Facts become the map of the chain: nodes, relations, who makes and uses what, who supplies whom. Pure.

Everything says on what basis it is known: *asserted* by people here, *imported* from a public data set, or *inferred*
from the other two. ``is_open`` marks what does not come from one enterprise's own declaration: relations that somebody
put down as such, public data, and the nodes at their ends.
"""

from __future__ import annotations

import polars as pl

from liandesk.base.facts.schema import Schema, records_from_facts
from liandesk.know.registry.clusters import node_id, short_id, supplier_id
from liandesk.refresh.chain_facts import Read, count
from liankit.network import BASES

SAID_HERE = ("statement", "workbook", "synthetic")
"""Sources in which people of the district speak; every other one is a public data set."""

_RELATION: Schema = {"from": pl.String, "to": pl.String, "relation": pl.String}
_TECHNOLOGY: Schema = {"name": pl.String, "segment": pl.String}


def build_nodes(read: Read, relations: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a node: node, name, node_kind, item_kind, kinds, basis, is_open, is_synthetic."""
    technologies = records_from_facts(facts, "technology", _TECHNOLOGY).filter(pl.col("name").is_not_null())
    named = pl.concat(
        [
            read.items.select("record", "name", "item_kind", "node_kind", node="item"),
            read.contains.select("record", name="product", node=_node("product")),
            read.sells.select("record", name="product", node=_node("product")),
            technologies.select("record", "name", node=_node("name"), node_kind=pl.lit("technology")),
            technologies.drop_nulls().select(
                "record", name="segment", node=_node("segment"), node_kind=pl.lit("segment")
            ),
        ],
        how="diagonal_relaxed",
    )
    in_the_open = relations.filter("is_open").select(node=pl.concat_list("source", "target")).explode("node").unique()
    kinds = pl.col("node_kind").drop_nulls()
    nodes = (
        named.sort("record")
        .group_by("node", maintain_order=True)
        .agg(
            pl.col("name").first(),
            pl.col("item_kind").drop_nulls().first(),
            kinds=kinds.unique().sort(),
            node_kind=kinds.mode().sort().first().fill_null("item"),
            basis=_strongest(_basis()),
            is_public=(_basis() == "imported").any(),
            is_synthetic=_is_synthetic().any(),
        )
    )
    is_open = pl.col("is_public") | pl.col("node").is_in(in_the_open["node"].implode())
    return nodes.with_columns(is_open=is_open).drop("is_public").sort("node")


def build_relations(read: Read, facts: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    """Return one row a relation: source, target, relation, basis, record, is_open, is_synthetic."""
    said = pl.concat([_said_relations(read.items, facts, lost), _contained(read.contains), _technologies(facts)])
    told = said.with_columns(basis=_basis(), is_synthetic=_is_synthetic())
    proper = told.filter(pl.col("source") != pl.col("target"))
    count(lost, "relation_to_itself", told.height - proper.height)
    count(lost, "relation_said_again", proper.height - proper.select(_RELATED).unique().height)
    found = pl.concat([proper, _worked_with(read).filter(pl.col("source") != pl.col("target"))], how="diagonal_relaxed")
    merged = (
        found.sort(pl.col("basis").cast(pl.Enum(BASES)), "record")
        .group_by(_RELATED, maintain_order=True)
        .agg(pl.col("basis", "record").first(), pl.col("is_open", "is_synthetic").any())
    )
    return merged.sort(_RELATED)


_RELATED = ("source", "target", "relation")
"""What identifies a relation."""


def _said_relations(items: pl.DataFrame, facts: pl.DataFrame, lost: dict[str, int]) -> pl.DataFrame:
    said = records_from_facts(facts, "relation", _RELATION).drop_nulls()
    ids = items.select("record", "item")
    placed = said.join(ids.rename({"record": "from", "item": "source"}), on="from").join(
        ids.rename({"record": "to", "item": "target"}), on="to"
    )
    count(lost, "relation_without_end", said.height - placed.height)
    return placed.select("record", "source", "target", "relation", is_open=pl.lit(True))


def _contained(contains: pl.DataFrame) -> pl.DataFrame:
    return contains.select(
        "record", source="item", target=_node("product"), relation=pl.lit("input_of"), is_open=pl.lit(True)
    )


def _technologies(facts: pl.DataFrame) -> pl.DataFrame:
    """The segment of a technology on the backup list; the list is not for everybody, so neither is the relation."""
    said = records_from_facts(facts, "technology", _TECHNOLOGY).drop_nulls()
    return said.select(
        "record", source=_node("name"), target=_node("segment"), relation=pl.lit("used_in"), is_open=pl.lit(False)
    )


def _worked_with(read: Read) -> pl.DataFrame:
    """An item that an enterprise of a segment says it needs is used in that segment."""
    needs = pl.concat([read.inputs.select("organisation", "item", "record"), _bought(read.supplied)])
    pairs = needs.join(read.works_in.select("organisation", segment="item"), on="organisation")
    return pairs.select(
        source="item",
        target="segment",
        relation=pl.lit("used_in"),
        basis=pl.lit("inferred"),
        is_open=pl.lit(False),
        is_synthetic=_is_synthetic(),
    )


def build_makers(read: Read, relations: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """Return who does what with which node: node, organisation, activity, revenue_share, basis, record, is_synthetic.

    ``activity`` is makes, sells, uses or works_in. A use is inferred where somebody makes or sells what the node goes
    into and has not said that it uses it. ``uses`` is the table of the risk engine, which infers from what is sold.
    """
    said = pl.concat(
        [
            read.makes.select("record", "organisation", "revenue_share", node="item", activity=pl.lit("makes")),
            read.sells.select("record", "organisation", node=_node("product"), activity=pl.lit("sells")),
            read.works_in.select("record", "organisation", node="item", activity=pl.lit("works_in")),
            read.inputs.select("record", "organisation", node="item", activity=pl.lit("uses")),
            _bought(read.supplied).select("record", "organisation", node="item", activity=pl.lit("uses")),
        ],
        how="diagonal_relaxed",
    ).with_columns(basis=_basis())
    once = said.sort(pl.col("basis").cast(pl.Enum(BASES)), "record").unique(
        ["node", "organisation", "activity"], keep="first", maintain_order=True
    )
    inferred = _inferred_uses(once, relations, uses)
    found = pl.concat([once, inferred], how="diagonal_relaxed").with_columns(is_synthetic=_is_synthetic())
    return found.select("node", "organisation", "activity", "revenue_share", "basis", "record", "is_synthetic").sort(
        "node", "activity", "organisation"
    )


def _inferred_uses(said: pl.DataFrame, relations: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    made = said.filter(pl.col("activity") == "makes").select("organisation", "record", target="node")
    into = relations.filter(pl.col("relation") == "input_of").select("source", "target")
    found = pl.concat(
        [
            made.join(into, on="target").select("record", "organisation", node="source"),
            uses.select("record", organisation="buyer", node="item"),
        ]
    ).sort("record")
    known = said.filter(pl.col("activity") == "uses").select("node", "organisation")
    return (
        found.unique(["node", "organisation"], keep="first", maintain_order=True)
        .join(known, on=["node", "organisation"], how="anti")
        .with_columns(activity=pl.lit("uses"), basis=pl.lit("inferred"))
    )


def with_counts(nodes: pl.DataFrame, relations: pl.DataFrame, makers: pl.DataFrame, local: pl.Series) -> pl.DataFrame:
    """Add what a node is to the map and to the district, ``local`` being the organisations in it.

    ``makers`` has one row a node, organisation and activity. Columns: inputs and outputs (relations), makers,
    local_makers, local_users, need ("said", "inferred" or null) and is_missing: needed in the district and made by
    nobody known there.
    """
    here = pl.col("organisation").is_in(local.implode())
    makes, uses = pl.col("activity") == "makes", (pl.col("activity") == "uses") & here
    counts = {
        "inputs": relations.group_by(node="target").len("inputs"),
        "outputs": relations.group_by(node="source").len("outputs"),
        "makers": makers.filter(makes).group_by("node").len("makers"),
        "local_makers": makers.filter(makes & here).group_by("node").len("local_makers"),
        "local_users": makers.filter(uses).group_by("node").len("local_users"),
        "sayers": makers.filter(uses & (pl.col("basis") != "inferred")).group_by("node").len("sayers"),
    }
    counted = nodes
    for counts_of in counts.values():
        counted = counted.join(counts_of, on="node", how="left")
    counted = counted.with_columns(pl.col(*counts).fill_null(0))
    need = pl.when(pl.col("sayers") > 0).then(pl.lit("said")).when(pl.col("local_users") > 0).then(pl.lit("inferred"))
    is_missing = (pl.col("local_users") > 0) & (pl.col("local_makers") == 0)
    return counted.with_columns(need=need, is_missing=is_missing).drop("sayers").sort("node")


def said_links(read: Read, organisations: pl.DataFrame) -> pl.DataFrame:
    """Return the supply links that somebody told of: the columns of ``_LINK`` and basis, one row a record.

    A supplier that a critical input names is the organisation of exactly that name, else one of its own; a supplier
    nobody named has a null id: it may be one of the named. An alias is its buyer's word for somebody: the same word of
    another buyer is somebody else. A supplier that ended is left out; what the input is needed for stays.
    """
    ids = organisations.select(supplier_name="name", known="id").unique("supplier_name", keep="first")
    is_alias = pl.col("supplier_is_alias").fill_null(False)
    said = pl.concat_str("supplier_name", pl.when(is_alias).then("buyer").otherwise(pl.lit("")), separator="\x1f")
    minted = said.map_elements(lambda text: supplier_id(*text.split("\x1f")), return_dtype=pl.String)
    told = pl.col("supplier").is_not_null() | pl.col("supplier_country").is_not_null()
    inputs = (
        read.inputs.filter(told & ~pl.col("supplier_ended").fill_null(False))
        .rename({"supplier": "supplier_name", "supplier_country": "country", "organisation": "buyer"})
        .join(ids, on="supplier_name", how="left")
        .with_columns(
            supplier=pl.coalesce(pl.when(~is_alias).then("known"), minted), sole_source=~pl.col("another_source")
        )
    )
    supplied = read.supplied.join(organisations.select(supplier="id", supplier_name="name"), on="supplier", how="left")
    return pl.concat([_link_columns(inputs), _link_columns(supplied)]).with_columns(basis=_basis())


def build_links(
    said: pl.DataFrame, organisations: pl.DataFrame, makers: pl.DataFrame, listing: pl.DataFrame
) -> pl.DataFrame:
    """Return one row a supply link from a supplier to a buyer; every quantity may be null, unknown.

    Columns: link, those of ``_LINK``, basis, is_synthetic. To those ``said`` come the inferred ones: where the item's
    list of makers is complete and has one name, that one supplies whoever uses the item and named no supplier.
    """
    single = _single_makers(makers, listing, said)
    named = single.join(organisations.select(supplier="id", supplier_name="name"), on="supplier", how="left")
    links = pl.concat([said, _link_columns(named).with_columns(basis=pl.lit("inferred"))])
    key = pl.concat_str(pl.col("supplier").fill_null(""), "buyer", "item", "record", separator=":")
    return links.with_columns(
        link=key.map_elements(lambda text: short_id("L", text), return_dtype=pl.String), is_synthetic=_is_synthetic()
    ).sort("link")


_LINK: Schema = {
    "record": pl.String,
    "supplier": pl.String,
    "supplier_name": pl.String,
    "buyer": pl.String,
    "item": pl.String,
    "country": pl.String,
    "amount_cny": pl.Float64,
    "share": pl.Float64,
    "sole_source": pl.Boolean,
    "lead_time_days": pl.Float64,
    "stock_days": pl.Float64,
    "as_of": pl.Date,
}


def _link_columns(rows: pl.DataFrame) -> pl.DataFrame:
    absent = (pl.lit(None, dtype).alias(name) for name, dtype in _LINK.items() if name not in rows.columns)
    return rows.with_columns(absent).select(*_LINK)


def _single_makers(makers: pl.DataFrame, listing: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    made = makers.filter(pl.col("activity") == "makes").select("node", supplier="organisation")
    listed = listing.filter("complete").select(node="item")
    only = made.join(listed, on="node").filter(pl.len().over("node") == 1)
    uses = makers.filter(pl.col("activity") == "uses").select("node", "record", buyer="organisation")
    silent = uses.join(said, left_on=["node", "buyer"], right_on=["item", "buyer"], how="anti")
    pairs = silent.join(only, on="node").filter(pl.col("supplier") != pl.col("buyer"))
    return pairs.rename({"node": "item"})


def _bought(supplied: pl.DataFrame) -> pl.DataFrame:
    return supplied.select("item", "record", organisation="buyer").select("organisation", "item", "record")


def _node(column: str) -> pl.Expr:
    return pl.col(column).map_elements(node_id, return_dtype=pl.String)


def _source() -> pl.Expr:
    return pl.col("record").str.split(":").list.first()


def _basis() -> pl.Expr:
    return pl.when(_source().is_in(SAID_HERE)).then(pl.lit("asserted")).otherwise(pl.lit("imported"))


def _strongest(basis: pl.Expr) -> pl.Expr:
    """Return the strongest basis of a group: asserted before imported, as their letters happen to be ordered."""
    return basis.min()


def _is_synthetic() -> pl.Expr:
    return (_source() == "synthetic").fill_null(False)
