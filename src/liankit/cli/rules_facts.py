"""Read what is known of enterprises from a file: a long table, a fact a line, or a wide one, an input a column."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import typer

from liankit.cli.files import read_table as read_parquet
from liankit.errors import UserError, nearest
from liankit.rules.panel import FACTS
from liankit.rules.vocabulary import Input, Vocabulary
from liankit.tables import Choice, Column, Limits, Problem, Table, read_table
from liankit.tables.find import find_tables

MOST_TOLD = 20
_ENTERPRISE = Column("enterprise", required=True, title={"zh": "企业", "en": "Enterprise"}, synonyms=("企业名称",))
_RECORDED = Column("recorded", pl.Date, title={"zh": "记录日期", "en": "Recorded"})
_DTYPES = {"yearly": pl.Float64, "standing": pl.Float64, "flag": pl.Boolean, "date": pl.Date, "category": pl.String}
_UNITS = ("CNY", "people")
_NOT_READ = ("misspelt_column", "unknown_column", "column_without_title", "sheet_not_read")
"""What is left out of a file that is read all the same: said, for it may be a misspelt input."""


def read_facts(
    path: Path, vocabulary: Vocabulary, known_on: date | None = None, asked: Vocabulary | None = None
) -> pl.DataFrame:
    """Return the facts of a CSV, Excel or Parquet file with ``panel.FACTS``; a wide table is told by its columns.

    With ``known_on``, what was recorded later (column ``recorded``) is left out; with ``asked``, only its inputs are
    read from a wide table, each of whose columns costs. Raises UserError with the wrong rows,
    each with file, row and column.
    """
    asked = asked or vocabulary
    tables = {table.name: table for table in (_long(vocabulary), _wide(asked))}
    name, rows = (
        _parquet(path, tables, {one.key for one in vocabulary.inputs})
        if path.suffix.lower() == ".parquet"
        else _read(path, tables)
    )
    if known_on is not None:
        rows = rows.filter(pl.col("recorded").is_null() | (pl.col("recorded") <= known_on))
    if name == "facts":
        return rows.select(*FACTS)
    return _lengthened(rows, asked, path)


def _long(vocabulary: Vocabulary) -> Table:
    names = tuple(Choice(one.key, one.key, one.key) for one in vocabulary.inputs)
    columns = (
        _ENTERPRISE,
        Column("input", required=True, choices=names, title={"zh": "指标", "en": "Input"}),
        Column("date", pl.Date, title={"zh": "日期", "en": "Date"}),
        Column("until", pl.Date, title={"zh": "有效期至", "en": "Until"}),
        Column("number", pl.Float64, title={"zh": "数值", "en": "Number"}),
        Column("text", title={"zh": "文本", "en": "Text"}),
        _RECORDED,
    )
    return Table("facts", columns, {"zh": "事实", "en": "Facts"})


def _wide(vocabulary: Vocabulary) -> Table:
    year = Column("year", pl.Int64, minimum=1990, maximum=2100, title={"zh": "年度", "en": "Year"})
    titles = Counter(title for one in vocabulary.inputs for title in {one.title.zh, one.title.en})
    inputs = (_column(one, titles) for one in vocabulary.inputs if one.kind != "events")
    return Table("enterprises", (_ENTERPRISE, year, *inputs, _RECORDED), {"zh": "企业情况", "en": "Enterprises"})


def _column(one: Input, titles: Counter[str]) -> Column:
    is_own = titles[one.title.zh] == titles[one.title.en] == 1
    choices = tuple(Choice(code.code, code.title.zh, code.title.en, code.names) for code in one.codes)
    return Column(
        one.key,
        _DTYPES[one.kind],
        title={"zh": one.title.zh, "en": one.title.en} if is_own else {},
        unit=one.unit if one.unit in _UNITS else "",
        choices=choices if one.kind == "category" else (),
        nullable_unknown=True,
    )


def _read(path: Path, tables: dict[str, Table]) -> tuple[str, pl.DataFrame]:
    found, _ = find_tables(path, list(tables.values()), limits=Limits())
    read = read_table(path, found[0])
    errors = [one for one in read.problems if one.severity == "error"]
    if errors:
        raise UserError(_told(path, errors))
    for one in read.problems:
        if one.code in _NOT_READ:
            typer.echo(f"{path.name}:{_line(one)}", err=True)
    return found[0].name, read.rows


def _told(path: Path, errors: list[Problem]) -> str:
    lines = [_line(one) for one in errors[:MOST_TOLD]]
    more = [f"  and {len(errors) - MOST_TOLD:,} more"] if len(errors) > MOST_TOLD else []
    return "\n".join([f"{path}: {len(errors):,} to mend, nothing was read.", *lines, *more])


def _line(problem: Problem) -> str:
    place = ", ".join(
        f"{name} {value}"
        for name, value in (("sheet", problem.sheet), ("row", problem.row), ("column", problem.column))
        if value
    )
    text = problem.text("en")
    return f"  {place or problem.file}: {text.what}. {text.why}. {text.todo}."


def _parquet(path: Path, tables: dict[str, Table], known: set[str]) -> tuple[str, pl.DataFrame]:
    """Return a Parquet file's rows as the table that its columns are of; its types have to fit.

    ``known`` inputs that are not asked for may be in it.
    """
    rows = read_parquet(path)
    table = tables["facts" if "input" in rows.columns else "enterprises"]
    for name in rows.columns:
        if name not in (valid := {*table.names(), *known}):
            raise UserError(f"{path}, column {name}: nobody reads it.{nearest(name, valid)} Take it out.")
    for column in table.columns:
        if column.required and column.name not in rows.columns:
            raise UserError(f"{path}: the column {column.name} is missing. Add it.")
    try:
        return table.name, rows.select(
            pl.col(one.name).cast(one.dtype) if one.name in rows.columns else pl.lit(None, one.dtype).alias(one.name)
            for one in table.columns
        )
    except pl.exceptions.PolarsError as error:
        raise UserError(f"{path}: a column is of another type than it should be ({error}). Mend it.") from None


def _lengthened(rows: pl.DataFrame, vocabulary: Vocabulary, path: Path) -> pl.DataFrame:
    """Return a fact for every cell that is filled; of several years of what is no yearly figure the last counts."""
    yearly = [one.key for one in vocabulary.inputs if one.kind == "yearly"]
    undated = rows.with_row_index("place").filter(
        pl.col("year").is_null(), pl.any_horizontal(pl.lit(False), pl.col(yearly).is_not_null())
    )
    for place, enterprise in undated.select("place", "enterprise").rows():
        at = rows["row"][place] if "row" in rows.columns else place + 1
        raise UserError(f"{path}, row {at}, column year: {enterprise} has yearly figures of no year. Fill it in.")
    rows = rows.sort("year", nulls_last=False, maintain_order=True)
    return pl.concat([_of_input(rows, one) for one in vocabulary.inputs if one.kind != "events"])


def _of_input(rows: pl.DataFrame, one: Input) -> pl.DataFrame:
    cell, nothing = pl.col(one.key), pl.lit(None)
    is_number = one.kind in ("yearly", "standing")
    text = pl.when(cell).then(pl.lit("yes")).otherwise(pl.lit("no")) if one.kind == "flag" else cell.cast(pl.String)
    said = {
        "enterprise": pl.col("enterprise"),
        "input": pl.lit(one.key),
        "date": pl.date(pl.col("year"), 12, 31) if one.kind == "yearly" else nothing,
        "until": nothing,
        "number": cell if is_number else nothing,
        "text": nothing if is_number else text,
    }
    filled = rows.filter(cell.is_not_null())
    return filled.select(value.cast(FACTS[name]).alias(name) for name, value in said.items())
