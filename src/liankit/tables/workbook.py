"""Excel workbooks as raw sheets: every cell as the text that a person would type for it.

A cell that is merged over several rows counts for each of them. Macros and formulas are never run: a formula counts
with the value it was saved with, and stands as faulty where it has none.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine as calamine

from liankit.tables.archive import Faulty, SheetScan, check_archive, scan_sheets
from liankit.tables.contract import Limits, Table, title_key
from liankit.tables.heads import find_head, matched
from liankit.tables.oldbook import scan_old_sheets
from liankit.tables.problems import Problem, UnreadableFile, unreadable
from liankit.tables.sources import BATCH_ROWS, SAMPLE_ROWS, Format, RawSheet, Source, megabytes

_EXACT = 1e15  # beyond it a float no longer counts in ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Book:
    """An opened workbook whose size has been checked; ``sheet`` reads its sheets."""

    path: Path
    limits: Limits
    workbook: calamine.CalamineWorkbook
    scans: Mapping[str, SheetScan]

    def names(self) -> list[str]:
        """Return the names of all worksheets, hidden ones too."""
        metadata = self.workbook.sheets_metadata
        return [sheet.name for sheet in metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]

    def visible(self) -> list[str]:
        """Return the names of the worksheets that a person sees."""
        shown = {s.name for s in self.workbook.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible}
        return [name for name in self.names() if name in shown]

    def sheet(self, name: str) -> RawSheet:
        """Read a sheet; raises ``UnreadableFile`` where it is damaged or would not fit into memory."""
        scan = self._scan(name)
        with _clear_errors(self.path):
            sheet = self.workbook.get_sheet_by_name(name)
            merged = _merged_down(sheet, self.limits)
        if merged is None:
            raise self._too_large(name, scan)
        beyond = max((column + 1 for cells in scan.faulty.values() for column in cells), default=0)
        width = max((sheet.end or (0, -1))[1] + 1, beyond)
        if width > self.limits.columns:
            raise unreadable("too_many_columns", self.path.name, columns=width, limit=self.limits.columns)

        def rows() -> Iterator[list[str | None]]:
            return _rows(sheet, width, scan.faulty, merged)

        return RawSheet(name, list(itertools.islice(rows(), SAMPLE_ROWS)), width, lambda: _batches(rows(), width))

    def _scan(self, name: str) -> SheetScan:
        scan = self.scans.get(name)
        if scan is None:
            raise unreadable("corrupt_workbook", self.path.name, reason=f"no part holds the sheet {name}")
        if scan.rows * scan.columns > self.limits.cells:
            raise self._too_large(name, scan)
        if scan.text_bytes > self.limits.text_bytes:
            sizes = {"packed": megabytes(self.path.stat().st_size), "limit": megabytes(self.limits.text_bytes)}
            raise unreadable("unpacks_too_large", self.path.name, **sizes)
        return scan

    def _too_large(self, name: str, scan: SheetScan) -> UnreadableFile:
        size = {"rows": scan.rows, "columns": scan.columns}
        return unreadable("sheet_too_large", self.path.name, sheet=name, **size)


def open_book(path: Path, form: Format, limits: Limits) -> Book:
    """Open a workbook; raises ``UnreadableFile`` where it is damaged, encrypted or unpacks to too much."""
    if form == "xls":
        return _open_old_book(path, limits)
    check_archive(path, limits)
    with _clear_errors(path):
        return Book(path, limits, calamine.load_workbook(path), scan_sheets(path))


def _open_old_book(path: Path, limits: Limits) -> Book:
    """Open an .xls; here the reader lays out all sheets at once, so all are measured before."""
    if _ENCRYPTED in path.read_bytes():
        raise unreadable("encrypted_workbook", path.name)
    scans = scan_old_sheets(path)
    largest = max(scans, key=lambda scan: scan.rows * scan.columns, default=SheetScan())
    if sum(scan.rows * scan.columns for scan in scans) > limits.cells:
        raise unreadable("sheet_too_large", path.name, sheet="", rows=largest.rows, columns=largest.columns)
    with _clear_errors(path):
        workbook = calamine.load_workbook(path)
        return Book(path, limits, workbook, dict(zip(workbook.sheet_names, scans, strict=True)))


def open_workbook(path: Path, form: Format, table: Table, limits: Limits) -> Source:
    """Open the sheets of a workbook that hold ``table``.

    They are the sheet of the table's name or title; without one, all visible sheets whose head is complete; without
    these, the one whose head names most columns. Raises ``UnreadableFile`` as ``open_book`` and where no sheet fits.
    """
    book = open_book(path, form, limits)
    named = [name for name in book.names() if name == table.sheet]
    named = named or [name for name in book.names() if is_sheet_of(name, table)]
    sheets = [book.sheet(name) for name in named or book.visible()]
    chosen = sheets if named else _fitting(path, sheets, table)
    left = [sheet for sheet in sheets if sheet not in chosen and any(map(any, sheet.sample))]
    skipped = [Problem("sheet_not_read", {}, path.name, sheet.name, severity="warning") for sheet in left]
    return Source(form, tuple(chosen), tuple(skipped))


def is_sheet_of(name: str, table: Table) -> bool:
    """Say whether a sheet of this name holds ``table`` whatever its head is."""
    return title_key(name) in {title_key(known) for known in (table.name, table.sheet, *table.title.values()) if known}


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """Turn whatever the reader of workbooks raises, its panics too, into one that says what to do."""
    try:
        yield
    except calamine.PasswordError:
        raise unreadable("encrypted_workbook", path.name) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable("corrupt_workbook", path.name, reason=str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable("corrupt_workbook", path.name, reason=str(error)) from error


def _fitting(path: Path, sheets: list[RawSheet], table: Table) -> list[RawSheet]:
    heads = [find_head(sheet.sample, table) for sheet in sheets]
    complete = [sheet for sheet, head in zip(sheets, heads, strict=True) if head and head.is_complete]
    if complete:
        return complete
    if not any(heads):
        if not any(any(map(any, sheet.sample)) for sheet in sheets):
            raise unreadable("empty_file", path.name)
        expected = {language: table.sheet_name(language) for language in ("zh", "en")}
        found = [sheet.name for sheet in sheets]
        raise unreadable("sheet_not_found", path.name, expected=expected, found=found)
    return [max(zip(sheets, heads, strict=True), key=lambda pair: matched(pair[1]))[0]]


def _merged_down(sheet: calamine.CalamineSheet, limits: Limits) -> Mapping[int, set[int]] | None:
    """Return which columns of a row continue the cell above; None where the file claims absurdly many."""
    height = sheet.end[0] + 1 if sheet.end else 0
    merged = [area for area in sheet.merged_cell_ranges or [] if area[0][1] == area[1][1]]
    if sum(min(bottom, height) - top for (top, _), (bottom, _) in merged) > limits.cells:
        return None
    continued: dict[int, set[int]] = {}
    for (top, column), (bottom, _) in merged:
        for row in range(top + 1, min(bottom + 1, height)):
            continued.setdefault(row, set()).add(column)
    return continued


def _rows(
    sheet: calamine.CalamineSheet, width: int, faulty: Faulty, merged: Mapping[int, set[int]]
) -> Iterator[list[str | None]]:
    above: list[str | None] = []
    for number, row in enumerate(sheet.iter_rows()):
        cells = [_TEXT_OF[type(value)](value) for value in row] + [None] * (width - len(row))
        for column, text in faulty.get(number, {}).items():
            cells[column] = text
        for column in merged.get(number, ()):
            cells[column] = above[column]
        above = cells
        yield cells


def _batches(rows: Iterator[list[str | None]], width: int) -> Iterator[pl.DataFrame]:
    start = 1
    while chunk := list(itertools.islice(rows, BATCH_ROWS)):
        columns = zip(*chunk, strict=True)
        cells = [pl.Series(f"c{place}", column, dtype=pl.String) for place, column in enumerate(columns)]
        numbers = pl.int_range(start, start + len(chunk), dtype=pl.Int32, eager=True).alias("row")
        yield pl.DataFrame([numbers, *cells])
        start += len(chunk)


def _float_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


_TEXT_OF: dict[type, Callable[[Any], str | None]] = {
    str: lambda value: value or None,
    float: _float_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: lambda value: value.isoformat(sep=" "),
    time: time.isoformat,
    timedelta: str,
}
