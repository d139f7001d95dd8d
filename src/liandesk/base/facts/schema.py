"""The long table of facts: one line says one attribute of one record, as one row of one file said it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

Schema = dict[str, pl.DataType | type[pl.DataType]]

FACT_SCHEMA: Schema = {
    "record": pl.String,  # "workbook:organisation:<key>": the record a source gave
    "kind": pl.String,
    "attribute": pl.String,
    "text": pl.String,  # exactly one of text and number is set
    "number": pl.Float64,
    "unit": pl.String,
    "valid_from": pl.Date,  # null: not dated by the source
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
}

KNOWN_SCHEMA: Schema = FACT_SCHEMA | {
    "source": pl.String,
    "landing": pl.String,  # empty for a person's statement
    "recorded_at": pl.Datetime("us", "UTC"),
}

UNKNOWN = "?"
"""The text of a fact by which somebody says that a value is not known any more; in a table it is null."""


def empty_facts() -> pl.DataFrame:
    return pl.DataFrame(schema=FACT_SCHEMA)


def facts_from_rows(rows: Frame, *, kind: str, record: pl.Expr, attributes: dict[str, str], file: str) -> Frame:
    """Turn a wide table into facts: one a non-null cell; a lazy table gives lazy facts.

    ``rows`` has ``sheet`` and ``row`` beside its columns; ``attributes`` maps column -> unit ("" for none); a column
    ``valid_from`` dates the facts when present. Booleans become "yes"/"no", dates ISO text. Shape: at most
    len(rows) x len(attributes) lines with ``FACT_SCHEMA``. At least one attribute must be a column.
    """
    schema = rows.collect_schema()
    dated = pl.col("valid_from") if "valid_from" in schema else pl.lit(None, dtype=pl.Date)
    base = rows.with_columns(record.alias("record"), dated.alias("valid_from"))
    asked = [(column, unit) for column, unit in attributes.items() if column in schema]
    parts = [_melt(base, column, unit, schema[column]) for column, unit in asked]
    located = pl.concat(parts).with_columns(kind=pl.lit(kind), file=pl.lit(file))
    return located.select(pl.col(name).cast(dtype) for name, dtype in FACT_SCHEMA.items())


def _melt(base: Frame, column: str, unit: str, dtype: pl.DataType) -> Frame:
    number = pl.col(column).cast(pl.Float64) if dtype.is_numeric() else pl.lit(None, dtype=pl.Float64)
    text = pl.lit(None, dtype=pl.String) if dtype.is_numeric() else _as_text(column, dtype)
    return base.filter(pl.col(column).is_not_null()).select(
        "record",
        attribute=pl.lit(column),
        text=text,
        number=number,
        unit=pl.lit(unit),
        valid_from="valid_from",
        sheet="sheet",
        row="row",
    )


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.when(pl.col(column)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return pl.col(column).cast(pl.String)


def records_from_facts(
    facts: pl.DataFrame, kind: str, columns: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Turn facts of one kind back into a wide table: ``record`` and the asked columns, each its latest value."""
    asked = facts.filter((pl.col("kind") == kind) & pl.col("attribute").is_in(list(columns)))
    latest = asked.sort("valid_from", nulls_last=False).unique(
        ["record", "attribute"], keep="last", maintain_order=True
    )
    wide = latest.with_columns(value=value_of_fact()).pivot(
        on="attribute", on_columns=list(columns), index="record", values="value"
    )
    return wide.select("record", *(_from_text(name, dtype) for name, dtype in columns.items())).sort("record")


def value_of_fact() -> pl.Expr:
    """Return the value of each fact as text, null where it is said to be not known any more."""
    said = pl.coalesce(pl.col("text"), pl.col("number").cast(pl.String))
    return pl.when(said != UNKNOWN).then(said)


def _from_text(column: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """Turn the text of a fact back into what ``facts_from_rows`` made it from."""
    if dtype == pl.Boolean:
        return pl.col(column).replace_strict({"yes": True, "no": False}, default=None, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return pl.col(column).str.to_date("%Y-%m-%d")
    return pl.col(column).cast(dtype)
