"""Our own workbook: any of our sheets, in one file or several, as Excel or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from liandesk.know.sources import contracts
from liandesk.know.sources.contracts import said
from liandesk.know.sources.dated import with_values
from liandesk.know.sources.declared import facts_of
from liandesk.know.sources.reading import Part, Source, read_part
from liankit.tables import Limits, Problem, Table, UnreadableFile
from liankit.tables.find import NOTHING_MAPPED, find_tables
from liankit.tables.guess import Mappings

_NO_TABLE = frozenset({"empty_file", "head_not_found"})


def parse(paths: Sequence[Path]) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read workbooks in our words."""
    return parse_as("workbook", paths)


def parse_mapped(paths: Sequence[Path], mapped: Mappings) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read sheets as their offices made them, whose columns a person has said the meaning of."""
    return parse_as("workbook", paths, mapped)


def parse_as(
    prefix: str, paths: Sequence[Path], mapped: Mappings = NOTHING_MAPPED
) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read files under our contracts; ``prefix`` starts the records of the facts."""
    parts = tuple(part for path in paths for part in _parts(path, mapped))
    return parts, facts_of(prefix, parts)


def _parts(path: Path, mapped: Mappings) -> list[Part]:
    """Read every sheet that holds one of our tables; one that is empty does not keep the others out."""
    tables, left_out = find_tables(path, contracts.accepted(), limits=Limits(), mapped=mapped)
    parts: list[Part] = []
    without: list[Problem] = [*left_out]
    for table in tables:
        try:
            parts.append(_part(path, table))
        except UnreadableFile as error:
            if len(tables) == 1 or error.problem.code not in _NO_TABLE:
                raise
            without.append(_of_sheet(error.problem, table))
    if not parts:
        raise UnreadableFile(without[-1])
    return [parts[0].with_problems(without), *parts[1:]]


def _part(path: Path, table: Table) -> Part:
    part = read_part(path, table)
    return with_values(part) if table.name == "facts" else part


def _of_sheet(problem: Problem, table: Table) -> Problem:
    """Say it of the sheet: an empty one is only not read, one that has lost its head is an error."""
    if problem.code == "empty_file":
        return Problem("sheet_not_read", {}, problem.file, table.sheet, severity="warning")
    return replace(problem, sheet=table.sheet)


SOURCE = Source(
    key="workbook",
    title=said("报表模板", "Workbook"),
    origin=said(
        "链长办公室下发、企业或部门填报的 Excel 模板；用 `liandesk template` 取得。",
        "The Excel template that the chain office sends out and enterprises or bureaus fill in; "
        "`liandesk template` writes it.",
    ),
    tables=contracts.accepted(),
    identity=contracts.IDENTITY,
    parse=parse,
    parse_mapped=parse_mapped,
    version=2,
)
