"""Read a real file under a contract: every row ends as good, bad with its problems, blank, a note, or repeated.

file -> sources (what is it?) -> csvfile | workbook (text of cells) -> heads (which column is which?)
     -> sheets, rows, cells, faults (values, or why not; a batch at a time) -> duplicates (the whole file) -> TableRead
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from liankit.tables.contract import PLACE, Counts, Limits, Table
from liankit.tables.csvfile import open_csv
from liankit.tables.duplicates import Duplicates, find_duplicates
from liankit.tables.problems import PROBLEM_SCHEMA, Problem, frame_of, problems_of
from liankit.tables.sheets import SheetRead, read_sheet
from liankit.tables.sources import Source, detect_format, name_problems
from liankit.tables.workbook import open_workbook

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class TableRead:
    """What a file holds under a contract.

    ``rows``: the good rows, ``table.schema()``. ``rejected``: the bad rows as text, the contract's columns (String),
    ``sheet`` and ``row``. ``heads``: the contract's columns and the titles that the file has for them, so that
    rejected rows can be written as they came, mended, and read again.
    """

    table: Table
    rows: pl.DataFrame
    rejected: pl.DataFrame
    counts: Counts
    heads: Mapping[str, str]
    _problems: pl.DataFrame

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was found, in the order of the file; of the file as a whole first."""
        return problems_of(self._problems)

    def problems_frame(self) -> pl.DataFrame:
        """Return the problems as a table with ``PROBLEM_SCHEMA``; cheap where there are a million of them."""
        return self._problems


def read_table(path: Path | str, table: Table, *, limits: Limits = DEFAULT_LIMITS) -> TableRead:
    """Read a CSV file or an Excel workbook as ``table``; what it is is told by its content, not by its name.

    A wrong row never raises: it is in ``rejected`` with its problems. A file that lacks a required column, names one
    twice or gives it in another unit has no good rows and one problem for each.

    Raises ``UnreadableFile`` with a problem where nothing can be read: no such file, a folder, empty, damaged,
    encrypted, another format, more than ``limits`` allow, or no head of this table in it.
    """
    path = Path(path)
    with TemporaryDirectory(prefix="liankit-") as workdir:
        source = _opened(path, table, limits, Path(workdir))
        sheets = [read_sheet(path, raw, table, source.is_workbook, limits) for raw in source.sheets]
        duplicates = find_duplicates(pl.concat([sheet.rows for sheet in sheets]), table)
        pairs = zip(source.sheets, sheets, strict=True)
        clashing = [sheet.text_of(raw, duplicates.clashing) for raw, sheet in pairs]
        return _together(path, source, sheets, duplicates, clashing)


def _opened(path: Path, table: Table, limits: Limits, workdir: Path) -> Source:
    found = detect_format(path, limits)
    source = open_csv(path, table, limits, workdir) if found == "csv" else open_workbook(path, found, table, limits)
    return replace(source, problems=name_problems(path, found) + source.problems)


def _together(
    path: Path, source: Source, sheets: Sequence[SheetRead], duplicates: Duplicates, clashing: Sequence[pl.DataFrame]
) -> TableRead:
    rows = pl.concat([sheet.rows for sheet in sheets])
    for dropped in (duplicates.repeated, duplicates.clashing):
        rows = rows.join(dropped, on=PLACE, how="anti", maintain_order="left") if dropped.height else rows
    rejected = pl.concat([*(sheet.rejected for sheet in sheets), *clashing])
    places = [sheet.titles() for sheet in sheets]
    return TableRead(
        sheets[0].layout.table,
        rows,
        _in_order(rejected, sheets) if duplicates.clashing.height else rejected,
        _counts(sheets, duplicates),
        {name: title for titles in reversed(places) for name, title in titles.items()},
        _problems(path, source, sheets, duplicates),
    )


def _counts(sheets: Sequence[SheetRead], duplicates: Duplicates) -> Counts:
    total = Counts.sum(sheet.counts for sheet in sheets)
    repeated, clashing = duplicates.repeated.height, duplicates.clashing.height
    return replace(total, good=total.good - repeated - clashing, bad=total.bad + clashing, repeated=repeated)


def _problems(path: Path, source: Source, sheets: Sequence[SheetRead], duplicates: Duplicates) -> pl.DataFrame:
    of_file = [replace(problem, file=path.name) for problem in source.problems]
    of_sheets = [replace(problem, file=path.name, sheet=s.name) for s in sheets for problem in s.problems]
    of_rows = pl.concat([*(sheet.faults for sheet in sheets), duplicates.faults])
    if duplicates.faults.height:
        of_rows = _in_order(of_rows, sheets)
    placed = of_rows.with_columns(file=pl.lit(path.name)).select(PROBLEM_SCHEMA.keys())
    return pl.concat([frame_of(of_file + of_sheets), placed])


def _in_order(rows: pl.DataFrame, sheets: Sequence[SheetRead]) -> pl.DataFrame:
    """Sort rows as they stand in the file: by sheet, then by row."""
    order = pl.col("sheet").cast(pl.Enum([sheet.name for sheet in sheets]))
    return rows.sort(order, "row", maintain_order=True)
