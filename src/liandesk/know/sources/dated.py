"""Read the values of the sheet of facts: each by the contract of its attribute, else as a number or a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from liandesk.know.sources import contracts
from liandesk.know.sources.reading import Part
from liankit.tables import Column, Problem
from liankit.tables.cells import Sheetwise, read_column
from liankit.tables.contract import title_key
from liankit.tables.units import unit_factor, unit_label

_BROUGHT_TO = ("CNY", "share")
"""Units to which values of attributes without a contract are brought; other units stay as they were written."""
_VALUES = {
    "sheet": pl.String,
    "row": pl.Int32,
    "canonical": pl.String,  # the attribute's name in the contract, else as it was written
    "text": pl.String,
    "number": pl.Float64,
    "canonical_unit": pl.String,
}


@dataclass(frozen=True)
class _Meaning:
    """What an attribute in a unit means. ``factor`` None: the unit measures something else."""

    name: str
    column: Column
    factor: float | None
    unit: str
    is_known: bool


def with_values(part: Part) -> Part:
    """Add ``canonical``, ``text``, ``number`` and ``canonical_unit`` to the rows; reject what cannot be read."""
    groups = part.rows.partition_by(["attribute", "unit"], maintain_order=True, as_dict=True)
    values, problems = [pl.DataFrame(schema=_VALUES)], []
    for (attribute, unit), rows in groups.items():
        read, found = _read(rows, _meaning(str(attribute), str(unit or "")))
        values.append(read)
        problems += found
    wrong = {(problem.sheet, problem.row) for problem in problems if problem.severity == "error"}
    places = pl.DataFrame(sorted(wrong), schema={"sheet": pl.String, "row": pl.Int32}, orient="row")
    kept = part.reject(places, problems)
    on = ["sheet", "row"]
    return replace(kept, rows=kept.rows.join(pl.concat(values), on=on, how="left", maintain_order="left"))


@cache
def _known() -> Mapping[str, Column]:
    columns = (column for column in contracts.enterprises().columns if column.name != "quarantine_id")
    return {title_key(spelling): column for column in columns for spelling in column.spellings() if spelling}


def _meaning(attribute: str, unit: str) -> _Meaning:
    column = _known().get(title_key(attribute))
    if column is None:
        return _free(attribute, unit)
    name = "role" if column.name == "kind" else column.name
    if not column.is_number:
        return _Meaning(name, column, 1.0, column.unit, True)
    factor = unit_factor(unit, column.unit) if unit else column.scale
    return _Meaning(name, column, factor, column.unit, True)


def _free(attribute: str, unit: str) -> _Meaning:
    known = next((name for name in _BROUGHT_TO if unit_factor(unit, name) is not None), "")
    factor = unit_factor(unit, known) if known else 1.0
    column = Column("value", pl.Float64, unit=known, scale=factor or 1.0)
    return _Meaning(attribute, column, factor, known or unit, False)


def _read(rows: pl.DataFrame, meaning: _Meaning) -> tuple[pl.DataFrame, list[Problem]]:
    """Return ``_VALUES`` of the rows of one attribute in one unit, and what is wrong with them."""
    if meaning.factor is None:
        return _values(rows, meaning, rows["value"]), _misfits(rows, meaning)
    cells = rows.select("row", pl.col("value").alias(meaning.column.name))
    values, faults = read_column(cells, meaning.column, Sheetwise(meaning.factor))
    if meaning.is_known:
        return _values(rows, meaning, values), _problems(rows, faults)
    # an attribute of no contract may be a number or a text: what is no number is a text
    return _values(rows, meaning, values, rows["value"].set(values.is_not_null(), None)), []


def _values(rows: pl.DataFrame, meaning: _Meaning, values: pl.Series, text: pl.Series | None = None) -> pl.DataFrame:
    is_number = values.dtype.is_numeric()
    texts = text if text is not None else None if is_number else values.cast(pl.String)
    return rows.select(
        "sheet",
        "row",
        canonical=pl.lit(meaning.name),
        text=texts if texts is not None else pl.lit(None, dtype=pl.String),
        number=values.cast(pl.Float64) if is_number else pl.lit(None, dtype=pl.Float64),
        canonical_unit=pl.lit(meaning.unit if is_number else ""),
    )


def _problems(rows: pl.DataFrame, faults: pl.DataFrame) -> list[Problem]:
    return [
        Problem(
            fault["code"],
            json.loads(fault["params"]),
            sheet=rows["sheet"][0],
            row=fault["row"],
            column="value",
            value=fault["value"],
            severity=fault["severity"],
        )
        for fault in faults.iter_rows(named=True)
    ]


def _misfits(rows: pl.DataFrame, meaning: _Meaning) -> list[Problem]:
    column = meaning.column
    title = {language: column.titled(language) for language in ("zh", "en")}
    expected = {language: unit_label(column.unit, column.scale, language) for language in ("zh", "en")}
    return [
        Problem(
            "unit_of_value",
            {"title": title, "unit": unit, "expected": expected},
            sheet=sheet,
            row=row,
            column="unit",
            value=unit,
        )
        for sheet, row, unit in rows.select("sheet", "row", "unit").iter_rows()
    ]
