"""What enterprises and the chain office declare in our workbook becomes facts.

rows of the three sheets -> which organisation each row means -> facts. A critical input or a dated fact that names an
enterprise also gives that enterprise's name and code, so that nothing points nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import polars as pl

from liandesk.base.facts.schema import FACT_SCHEMA, facts_from_rows
from liandesk.know.sources.reading import Part, nothing
from liankit.entities import check_uscc, name_key, normalise_uscc
from liankit.tables import Table

_OF_THE_ROW = frozenset({"name", "uscc", "enterprise", "quarantine_id"})
_OF_THE_ITEM = ("name", "item_kind", "code")


def facts_of(prefix: str, parts: Sequence[Part]) -> pl.LazyFrame:
    """Return the facts of the good rows; ``prefix`` is the key of the source and starts every record."""
    named = [(part, _with_who(part)) for part in parts]
    codes = _codes([rows for _, rows in named])
    placed = [(part, rows.with_columns(organisation=_organisations(rows, codes, prefix))) for part, rows in named]
    found = chain.from_iterable(_FACTS[part.table.name](part, rows, prefix) for part, rows in placed)
    return pl.concat([nothing(), *found, *_only_named(placed)])


def short_hash(text: str) -> str:
    """Return the first 64 bits of the SHA-256: two of a million texts are equal with a chance of 3 in 10^8."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _with_who(part: Part) -> pl.DataFrame:
    """Add ``who_name`` and ``who_code``: what the row says of the organisation; a sheet of facts gives one or other."""
    if part.table.name == "enterprises":
        return part.rows.with_columns(who_name="name", who_code="uscc")
    if part.table.name == "critical_inputs":
        return part.rows.with_columns(who_name="enterprise", who_code="uscc")
    texts = part.rows["enterprise"].unique()
    codes = {text: given for text in texts if check_uscc(given := normalise_uscc(text)) is None}
    code = pl.col("enterprise").replace_strict(codes, default=None, return_dtype=pl.String)
    return part.rows.with_columns(who_name=pl.when(code.is_null()).then("enterprise"), who_code=code)


def _codes(tables: Sequence[pl.DataFrame]) -> dict[str, str]:
    """Return the one code that the files give a name, so that a row without it still means that organisation."""
    given = [rows.select("who_name", "who_code").drop_nulls().unique() for rows in tables]
    found: dict[str, set[str]] = {}
    for name, code in chain.from_iterable(frame.iter_rows() for frame in given):
        found.setdefault(_key(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _organisations(rows: pl.DataFrame, codes: Mapping[str, str], prefix: str) -> pl.Series:
    """Return the organisation's record of each row: by its code, else by its name."""
    names = {name: _key(name) for name in rows["who_name"].unique().drop_nulls()}
    keys = {name: codes.get(key, key) for name, key in names.items()}
    by_name = pl.col("who_name").replace_strict(keys, default=None, return_dtype=pl.String)
    return rows.select(pl.concat_str(pl.lit(f"{prefix}:organisation:"), pl.coalesce("who_code", by_name))).to_series()


def _key(name: str) -> str:
    return name_key(name) or name


def _only_named(placed: Sequence[tuple[Part, pl.DataFrame]]) -> list[pl.LazyFrame]:
    """Return name and code of the organisations that are in other sheets and not in the sheet of enterprises."""
    known = pl.concat(
        [pl.Series(dtype=pl.String)]
        + [rows["organisation"] for part, rows in placed if part.table.name == "enterprises"]
    )
    found = []
    for part, rows in placed:
        only = rows.filter(~pl.col("organisation").is_in(known.implode()))
        only = only.unique("organisation", keep="first", maintain_order=True).sort("row")
        said = only.select("organisation", "sheet", "row", name="who_name", uscc="who_code")
        found.append(_melted(part, said, "organisation", "organisation", {"name": "", "uscc": ""}))
        known = pl.concat([known, only["organisation"]])
    return found


def _melted(part: Part, rows: pl.DataFrame, kind: str, record: str, units: Mapping[str, str]) -> pl.LazyFrame:
    return facts_from_rows(rows.lazy(), kind=kind, record=pl.col(record), attributes=dict(units), file=part.file)


def _units(table: Table, without: Sequence[str] = ()) -> dict[str, str]:
    """Return the attributes that a row gives, with their units."""
    left_out = _OF_THE_ROW.union(without)
    return {column.name: column.unit for column in table.columns if column.name not in left_out}


def _enterprises(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    units = {"name": "", "uscc": "", "role": "", **_units(part.table, without=("kind",))}
    return [_melted(part, rows.rename({"kind": "role"}), "organisation", "organisation", units)]


def _critical_inputs(part: Part, rows: pl.DataFrame, prefix: str) -> list[pl.LazyFrame]:
    keys = {text: f"{prefix}:item:{_key(text)}" for text in rows["item"].unique()}
    keyed = rows.with_columns(name="item", item=pl.col("item").replace_strict(keys, return_dtype=pl.String))
    items = keyed.unique(["item", *_OF_THE_ITEM], keep="first", maintain_order=True)
    inputs = keyed.with_columns(record=_input_records(keyed, prefix))
    units = {"organisation": "", **_units(part.table, without=_OF_THE_ITEM)}
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
}
