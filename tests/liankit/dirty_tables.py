"""The contract that the tests of dirty files read under, and files that hold what a test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from liankit.tables import Choice, Column, Problem, Table, TableRead, read_table


def said(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


COUNTRIES = (Choice("US", "美国", "United States", ("USA", "美利坚")), Choice("DE", "德国", "Germany"))
NAME = Column("name", title=said("企业名称", "Enterprise"), required=True, synonyms=("公司名称", "供应商名称"))
ITEM = Column("item", title=said("断供物项", "Item"), required=True)
COUNTRY = Column("country", title=said("供应国别", "Country"), required=True, choices=COUNTRIES, nullable_unknown=True)
ANOTHER = Column("another", pl.Boolean, said("是否有其他来源", "Another source"), required=True, nullable_unknown=True)
DAYS = Column("days", pl.Int64, said("库存可用天数", "Stock days"), unit="days", minimum=0, maximum=3650)
SHARE = Column("share", pl.Float64, said("采购占比", "Share"), unit="share", minimum=0, maximum=1)
OUTPUT = Column("output", pl.Float64, said("年产值", "Output"), unit="CNY", scale=10_000, minimum=0)
SINCE = Column("since", pl.Date, said("起始日期", "Since"))
CODE = Column("code", title=said("统一社会信用代码", "Credit code"), check="uscc")
NOTE = Column("note", title=said("备注", "Remarks"))
INPUTS = Table(
    "inputs",
    (NAME, ITEM, COUNTRY, ANOTHER, DAYS, SHARE, OUTPUT, SINCE, CODE, NOTE),
    said("关键投入", "Critical inputs"),
    key=("name", "item"),
)
SMALL = Table("small", (NAME, DAYS), key=("name",))


def table_of(*columns: Column, key: tuple[str, ...] = ()) -> Table:
    return Table("probe", columns, key=key)


def optional(column: Column) -> Column:
    return replace(column, required=False)


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "Sheet1") -> Path:
    """Write rows into a sheet as they are: text as text, numbers as numbers."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        worksheet = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            worksheet.write_row(number, 0, row)
    return path


def cell(tmp_path: Path, column: Column, text: str) -> TableRead:
    """Read one cell of one column beneath its title, beside a name."""
    quoted = '"' + text.replace('"', '""') + '"'
    title = column.titled("zh") + ("（元）" if column.unit == "CNY" else "")
    path = text_file(tmp_path / "cell.csv", f"企业名称,{title}\n甲,{quoted}\n")
    return read_table(path, table_of(NAME, column))


def codes(read: TableRead, *, notes: bool = False) -> list[str]:
    return [problem.code for problem in read.problems if notes or problem.severity != "note"]


def only(read: TableRead) -> Problem:
    """Return the one problem of a file; every problem has texts in both languages."""
    found = [problem for problem in read.problems if problem.severity != "note"]
    assert len(found) == 1, found
    assert all(found[0].text("zh")) and all(found[0].text("en"))
    return found[0]
