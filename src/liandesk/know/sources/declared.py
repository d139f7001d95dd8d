"""What enterprises and offices declare in our sheets becomes facts.

rows of the sheets -> which organisations each row means (``mentions``) -> facts. A row that names an enterprise or an
item also gives that one's name, so that nothing points nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from liandesk.base.facts.schema import FACT_SCHEMA, facts_from_rows
from liandesk.know.sources.mentions import MENTIONS, key_of, mentions, only_named, with_records
from liandesk.know.sources.reading import Part, nothing
from liankit.tables import Table

_OF_THE_ROW = frozenset({"name", "uscc", "enterprise", "quarantine_id"})
_OF_THE_ITEM = ("name", "item_kind", "code")
_WHO = {"name": "", "uscc": ""}
_OF_THE_NODE = {"name": "", "node_kind": "", "free_text_node": ""}


@dataclass(frozen=True)
class Shape:
    """How the rows of a list become facts of one kind: one record a row, the same for rows with the same ``key``.

    ``items`` are columns that name items of the chain; the facts hold their records.
    """

    kind: str
    key: tuple[str, ...]
    items: tuple[str, ...] = ()


SHAPES: Mapping[str, Shape] = {
    "products": Shape("product", ("organisation", "name", "registration_number"), ("item",)),
    "supply_links": Shape("supply", ("supplier", "buyer", "item"), ("item",)),
    "relations": Shape("relation", ("from", "to", "relation"), ("from", "to")),
    "technologies": Shape("technology", ("name",), ("risk_item",)),
    "leads": Shape("lead", ("name",)),
    "space": Shape("space", ("name",)),
    "resources": Shape("resource", ("name",)),
    "titles": Shape("title", ("organisation", "title", "awarded_on")),
    "trials": Shape("trial", ("trial", "hospital")),
    "sites": Shape("site", ("organisation", "name")),
}
_OF_THE_ENDS = frozenset({"from_kind", "to_kind"})


def facts_of(prefix: str, parts: Sequence[Part]) -> pl.LazyFrame:
    """Return the facts of the good rows; ``prefix`` is the key of the source and starts every record."""
    said = mentions(parts, prefix)
    placed = [(part, with_records(part, said)) for part in parts]
    found = chain.from_iterable(_declared(part, rows, prefix) for part, rows in placed)
    named = [_melted(part, rows, "organisation", "organisation", _WHO) for part, rows in only_named(said)]
    return pl.concat([nothing(), *found, *named])


def short_hash(text: str) -> str:
    """Return the first 64 bits of the SHA-256: two of a million texts are equal with a chance of 3 in 10^8."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def item_record(prefix: str, name: str) -> str:
    """Return the record of an item of the chain that is written so."""
    return f"{prefix}:item:{key_of(name)}"


def _declared(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    return _FACTS.get(part.table.name, _listed)(part, rows, prefix)


def _melted(part: Part, rows: pl.DataFrame, kind: str, record: str, units: Mapping[str, str]) -> pl.LazyFrame:
    return facts_from_rows(rows.lazy(), kind=kind, record=pl.col(record), attributes=dict(units), file=part.file)


def _units(table: Table, without: Sequence[str] = ()) -> dict[str, str]:
    """Return the attributes that a row gives, with their units."""
    left_out = _OF_THE_ROW.union(without)
    return {column.name: column.unit for column in table.columns if column.name not in left_out}


def _enterprises(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    units = {"name": "", "uscc": "", "role": "", **_units(part.table, without=("kind",))}
    works_in = _keyed_items(rows.filter(pl.col("segment").is_not_null()), "segment", prefix).rename({"segment": "item"})
    works_in = works_in.with_columns(record=_digests(works_in, "works_in", ("organisation", "item"), prefix))
    return [
        _melted(part, rows.rename({"kind": "role"}), "organisation", "organisation", units),
        _segments(part, rows, prefix),
        _melted(part, works_in, "works_in", "record", {"organisation": "", "item": ""}),
    ]


def _critical_inputs(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    keyed = _keyed_items(rows.with_columns(name="item"), "item", prefix)
    items = keyed.unique(["item", *_OF_THE_ITEM], keep="first", maintain_order=True)
    inputs = keyed.with_columns(record=_input_records(keyed, prefix), valid_from="as_of")
    units = {"organisation": "", **_units(part.table, without=(*_OF_THE_ITEM, "as_of"))}
    return [
        _melted(part, items, "item", "item", dict.fromkeys(_OF_THE_ITEM, "")),
        _melted(part, inputs, "critical_input", "record", units),
    ]


def _input_records(keyed: pl.DataFrame, prefix: str) -> pl.Series:
    """Return the record of each critical input: organisation, item, use and source, by country where none is named."""
    source = pl.coalesce("supplier", pl.concat_str(pl.lit("\x1e"), "supplier_country"), pl.lit(""))
    said = ["organisation", "item", pl.col("used_for").fill_null(""), source]
    texts = keyed.select(pl.concat_str(said, separator="\x1f")).to_series()
    return pl.Series([f"{prefix}:critical_input:{short_hash(text)}" for text in texts], dtype=pl.String)


def _listed(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    """Return the facts of a list: each row as a record of its kind, and the items that it names."""
    shape = SHAPES[part.table.name]
    nodes = [_named_items(part, rows, column, prefix) for column in shape.items if part.table.name != "products"]
    nodes += [_segments(part, rows, prefix)] if "segment" in rows.columns else []
    keyed = rows
    for column in shape.items:
        keyed = _keyed_items(keyed, column, prefix)
    keyed = keyed.with_columns(record=_digests(keyed, shape.kind, shape.key, prefix))
    if "as_of" in keyed.columns:
        keyed = keyed.with_columns(valid_from="as_of")
    return [*nodes, _melted(part, keyed, shape.kind, "record", _attributes(part.table))]


def _attributes(table: Table) -> dict[str, str]:
    codes = {mention.code for mention in MENTIONS.get(table.name, ())}
    left_out = codes | _OF_THE_ENDS | {"quarantine_id"}
    return {column.name: column.unit for column in table.columns if column.name not in left_out}


def _products(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    """Return products and who makes which item; a product of no named item waits under its own name."""
    is_free = pl.when(pl.col("item").is_null()).then(pl.lit("yes"))
    items = rows.with_columns(item=pl.coalesce("item", "name"), free_text_node=is_free)
    once = items.unique(["item", "free_text_node"], maintain_order=True)
    named = once.with_columns(name="item", node_kind=pl.lit("item"))
    makes = _keyed_items(items, "item", prefix).group_by("organisation", "item", maintain_order=True)
    share = pl.col("revenue_share")
    shares = makes.agg(pl.col("sheet", "row").first(), revenue_share=pl.when(share.null_count() == 0).then(share.sum()))
    made = shares.with_columns(record=_digests(shares, "makes", ("organisation", "item"), prefix))
    return [
        _melted(part, _keyed_items(named, "item", prefix), "item", "item", _OF_THE_NODE),
        _melted(part, made, "makes", "record", {"organisation": "", "item": "", "revenue_share": "share"}),
        *_listed(part, rows, prefix),
    ]


def _keyed_items(rows: pl.DataFrame, column: str, prefix: str) -> pl.DataFrame:
    """Put the record of an item where its name stands."""
    records = {text: item_record(prefix, text) for text in rows[column].unique().drop_nulls()}
    return rows.with_columns(pl.col(column).replace_strict(records, default=None, return_dtype=pl.String))


def _named_items(part: Part, rows: pl.DataFrame, column: str, prefix: str) -> pl.LazyFrame:
    """Return the name of each item in a column, and its kind where another column says it."""
    said = f"{column}_kind"
    kind = pl.col(said) if said in rows.columns else pl.lit(None, pl.String)
    named = rows.filter(pl.col(column).is_not_null()).select("sheet", "row", item=column, name=column, node_kind=kind)
    once = _keyed_items(named.unique(["name", "node_kind"], maintain_order=True), "item", prefix)
    return _melted(part, once, "item", "item", {"name": "", "node_kind": ""})


def _segments(part: Part, rows: pl.DataFrame, prefix: str) -> pl.LazyFrame:
    """Return segments as they were written: free text, until the chain office says which node is meant."""
    named = rows.filter(pl.col("segment").is_not_null()).select(
        "sheet", "row", item="segment", name="segment", node_kind=pl.lit("segment"), free_text_node=pl.lit("yes")
    )
    once = _keyed_items(named.unique("name", maintain_order=True), "item", prefix)
    return _melted(part, once, "item", "item", _OF_THE_NODE)


def _digests(rows: pl.DataFrame, kind: str, columns: Sequence[str], prefix: str) -> pl.Series:
    """Return the record of each row: a digest over what identifies it, for names may be longer than a record."""
    keyed = rows.select(_identifying(rows[column].cast(pl.String), prefix) for column in columns)
    texts = keyed.select(pl.concat_str(pl.all(), separator="\x1f")).to_series()
    return pl.Series([f"{prefix}:{kind}:{short_hash(text)}" for text in texts], dtype=pl.String)


def _identifying(texts: pl.Series, prefix: str) -> pl.Series:
    """Return texts in the form in which spellings are compared; records stay as they are."""
    written = texts.unique().drop_nulls()
    keys = {text: text if text.startswith(f"{prefix}:") else key_of(text) for text in written}
    return texts.replace_strict(keys, default="", return_dtype=pl.String)


def _dated(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    """Return the facts of the sheet of facts as ``dated.with_values`` read them, and the notes beside them."""
    placed = rows.select(
        "sheet",
        "row",
        "text",
        "number",
        "note",
        record="organisation",
        kind=pl.lit("organisation"),
        attribute="canonical",
        unit="canonical_unit",
        valid_from="as_of",
        file=pl.lit(part.file),
    )
    noted = placed.filter(pl.col("note").is_not_null()).with_columns(
        attribute=pl.concat_str("attribute", pl.lit(".note")),
        text="note",
        number=pl.lit(None, dtype=pl.Float64),
        unit=pl.lit(""),
    )
    return [
        table.select(pl.col(name).cast(dtype) for name, dtype in FACT_SCHEMA.items()).lazy()
        for table in (placed, noted)
    ]


_FACTS: Mapping[str, Callable[[Part, pl.DataFrame, str], list[pl.LazyFrame]]] = {
    "enterprises": _enterprises,
    "critical_inputs": _critical_inputs,
    "facts": _dated,
    "products": _products,
}
