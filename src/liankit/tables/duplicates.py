"""Rows of one file with one key: repetitions are dropped; contradictions are all rejected, as none is known right."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liankit.tables.contract import PLACE, Table
from liankit.tables.faults import FAULT_SCHEMA
from liankit.tables.problems import params_json, severity_of

_NAMED = 5
"""Rows of one key that a problem names."""


@dataclass(frozen=True)
class Duplicates:
    """Places (``sheet``, ``row``) of rows that say the same again and of rows that contradict each other."""

    repeated: pl.DataFrame
    clashing: pl.DataFrame
    faults: pl.DataFrame
    """``FAULT_SCHEMA`` and ``sheet``."""


def find_duplicates(rows: pl.DataFrame, table: Table) -> Duplicates:
    """Find the rows of ``rows`` (``table.schema()``) whose key, without nulls, occurs more than once."""
    key = list(table.key)
    if not key or rows.is_empty():
        return _none(rows)
    several = rows.filter(pl.struct(key).is_duplicated() & pl.all_horizontal(pl.col(key).is_not_null()))
    if several.is_empty():
        return _none(rows)
    is_first = pl.struct(table.names()).is_first_distinct()
    repeated = several.filter(~is_first)
    clashing = several.filter(is_first).filter(pl.struct(key).is_duplicated())
    faults = [_faults(several, repeated, "duplicate_row", table), _faults(clashing, clashing, "duplicate_key", table)]
    return Duplicates(repeated.select(PLACE), clashing.select(PLACE), pl.concat(faults))


def _none(rows: pl.DataFrame) -> Duplicates:
    empty = rows.clear().select(PLACE)
    return Duplicates(empty, empty, pl.DataFrame(schema={**FAULT_SCHEMA, "sheet": pl.String}))


def _faults(group: pl.DataFrame, found: pl.DataFrame, code: str, table: Table) -> pl.DataFrame:
    """Return a fault for each row in ``found``, naming the rows of ``group`` that have its key."""
    key = list(table.key)
    place = pl.col("row").cast(pl.String)
    if group["sheet"].n_unique() > 1:
        place = pl.format("{}!{}", "sheet", "row")
    named = group.group_by(key, maintain_order=True).agg(rows=place.head(_NAMED))
    told = named.with_columns(params=pl.Series([_params(rows, table) for rows in named["rows"]], dtype=pl.String))
    value = pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator=" · ")
    return found.join(told, on=key, how="left", maintain_order="left").select(
        "row",
        pl.lit(key[0]).alias("column"),
        pl.lit(code).alias("code"),
        pl.lit(severity_of(code)).alias("severity"),
        value.alias("value"),
        "params",
        "sheet",
    )


def _params(rows: pl.Series, table: Table) -> str:
    titles = [{language: table.column(name).titled(language) for language in ("zh", "en")} for name in table.key]
    return params_json({"title": titles, "rows": rows.to_list()})
