"""Write tables as CSV files and Excel workbooks that are safe to open, ready to print, and read back by ``read_table``.

present (values as people read them) -> xlsxwriter (heads, formats, page) -> sheetdata (rows, spliced into the sheet)

No clock is read: the same tables give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from liankit.errors import UserError
from liankit.tables.cells import LONGEST_CELL
from liankit.tables.contract import Table
from liankit.tables.present import Shown, present
from liankit.tables.sheetdata import letters, rows_xml
from liankit.tables.styles import Formats, Page, new_workbook, number_format, set_page, sheet_title
from liankit.texts import Language

MOST_ROWS = 1_048_576
_WIDTHS = (6, 60)
_LONGEST_HEADER = 255
_DANGEROUS = r"^('*[=+\-@\t\r＝＋－＠])"  # what OWASP lists as the beginning of a formula in CSV, also full-width


class UnwritableTable(UserError):
    """A table does not fit the format it shall be written in."""


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook: ``titles`` (by column) go before those of the contract ``table``."""

    name: str
    frame: pl.DataFrame
    table: Table | None = None
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cover:
    """The first sheet: where the figures come from, of which snapshot, and what the words mean."""

    name: str
    title: str
    rows: tuple[tuple[str, str], ...]


DEFAULT_PAGE = Page()


def write_csv(
    frame: pl.DataFrame,
    path: Path | str,
    *,
    table: Table | None = None,
    titles: Mapping[str, str] | None = None,
    language: Language = "zh",
) -> None:
    """Write a frame as CSV in UTF-8 with a byte order mark, so that spreadsheet programs show Chinese.

    Columns of ``table`` are written under its contract. Text that a program would run as a formula gets an apostrophe
    before it, which ``read_table`` takes off; numbers stay numbers.
    """
    shown = present(frame, table, titles or {}, language)
    columns = {_harmless(pl.Series([column.title]))[0]: _csv_cells(column) for column in shown}
    if len(columns) < len(shown):
        raise UnwritableTable(f"{Path(path).name}: two columns have the same title; give each a title of its own.")
    pl.DataFrame(columns).write_csv(Path(path), include_bom=True)


def _csv_cells(column: Shown) -> pl.Series:
    return _harmless(column.as_text()) if column.cells.dtype == pl.String else column.as_text()


def _harmless(text: pl.Series) -> pl.Series:
    return text.str.replace(_DANGEROUS, "'${1}")


def write_workbook(
    path: Path | str,
    sheets: Sequence[Sheet],
    *,
    cover: Cover | None = None,
    page: Page = DEFAULT_PAGE,
    language: Language = "zh",
) -> None:
    """Write an Excel workbook: frozen heads with units, filters, widths by content, number formats, print set-up.

    Text is stored as text, never as a formula or link. Memory is that of the frames and one batch of rows.

    Raises ``UnwritableTable`` where a sheet has too many rows, a cell more than 32,767 signs, a header more than 255,
    or two sheets one name.
    """
    path = Path(path)
    shown = [present(sheet.frame, sheet.table, sheet.titles, language) for sheet in sheets]
    _check(path, sheets, shown, page)
    frame = io.BytesIO()
    with new_workbook(frame) as workbook:
        formats = Formats(workbook)
        if cover:
            _write_cover(workbook, formats, cover, page, language)
        for sheet, columns in zip(sheets, shown, strict=True):
            _write_head(workbook, formats, sheet, columns, page, language)
    _splice(frame, path, dict(enumerate(shown, start=2 if cover else 1)))


def _check(path: Path, sheets: Sequence[Sheet], shown: Sequence[Sequence[Shown]], page: Page) -> None:
    names = [sheet_title(sheet.name).casefold() for sheet in sheets]
    if len(set(names)) < len(names):
        raise UnwritableTable(f"{path.name}: two sheets have the same name in their first 31 signs; rename one.")
    if max(len(page.header), len(page.footer)) > _LONGEST_HEADER - 40:
        raise UnwritableTable(f"{path.name}: a header or footer is too long; 215 signs fit.")
    for sheet, columns in zip(sheets, shown, strict=True):
        _check_sheet(f"{path.name}, sheet {sheet.name!r}", sheet.frame.height, columns)


def _check_sheet(where: str, height: int, columns: Sequence[Shown]) -> None:
    if height >= MOST_ROWS:
        raise UnwritableTable(f"{where}: {height:,} rows; {MOST_ROWS - 1:,} fit. Write it as CSV or in parts.")
    for column in columns:
        if column.cells.dtype == pl.String and (column.cells.str.len_chars() > LONGEST_CELL).any():
            raise UnwritableTable(
                f"{where}: a cell of {column.title!r} has more than {LONGEST_CELL:,} signs, more than a spreadsheet "
                "holds. Shorten it or write the table as CSV."
            )


def _write_cover(workbook: Any, formats: Formats, cover: Cover, page: Page, language: Language) -> None:
    worksheet = workbook.add_worksheet(sheet_title(cover.name))
    worksheet.set_column(0, 0, 24)
    worksheet.set_column(1, 1, 90)
    worksheet.write_string(0, 0, cover.title, formats.title)
    for row, (label, text) in enumerate(cover.rows, start=2):
        worksheet.write_string(row, 0, label, formats.label)
        worksheet.write_string(row, 1, text, formats.wrapped)
    set_page(worksheet, page, language)


def _write_head(
    workbook: Any, formats: Formats, sheet: Sheet, columns: Sequence[Shown], page: Page, language: Language
) -> None:
    """Write everything of a sheet but its rows."""
    worksheet = workbook.add_worksheet(sheet_title(sheet.name))
    for place, column in enumerate(columns):
        worksheet.set_column(place, place, _width(column), formats.number(_format_of(column)))
        worksheet.write_string(0, place, column.title, formats.head)
    worksheet.freeze_panes(1, 1)
    worksheet.repeat_rows(0)
    if columns:
        worksheet.autofilter(0, 0, sheet.frame.height, len(columns) - 1)
    set_page(worksheet, page, language)


def _format_of(column: Shown) -> str:
    return number_format(column.column, column.cells.dtype)


def _width(column: Shown) -> float:
    """Return a width in digits: a Chinese sign has three bytes in UTF-8 and is two digits wide."""
    text = pl.concat([column.as_text().head(1_000), pl.Series([column.title])])
    widest = ((text.str.len_bytes() + text.str.len_chars()) / 2).max()
    return min(max(float(widest or 0) + 2, _WIDTHS[0]), _WIDTHS[1])  # type: ignore[arg-type]


def _splice(frame: io.BytesIO, path: Path, tables: Mapping[int, Sequence[Shown]]) -> None:
    """Copy a workbook and put the rows of ``tables``, by the number of their sheet, beneath the heads."""
    members = {f"xl/worksheets/sheet{number}.xml": columns for number, columns in tables.items()}
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            text = source.read(member)
            copy = zipfile.ZipInfo(member.filename, member.date_time)
            copy.compress_type = zipfile.ZIP_DEFLATED
            with target.open(copy, "w", force_zip64=True) as file:
                for piece in _with_rows(text, members[member.filename]) if member.filename in members else [text]:
                    file.write(piece)


def _with_rows(text: bytes, columns: Sequence[Shown]) -> Iterator[bytes]:
    before, end, after = text.partition(b"</sheetData>")
    height = len(columns[0].cells) if columns else 0
    last = f"A1:{letters(max(len(columns) - 1, 0))}{height + 1}".encode()
    yield re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="' + last + b'"/>', before)
    yield from rows_xml(columns, _styles(before, len(columns)), 2)
    yield end + after


def _styles(sheet: bytes, width: int) -> list[int]:
    """Return the format of each column, as the sheet declares it; neighbours of one format are declared together."""
    styles = [0] * width
    for column in re.findall(rb"<col [^>]*/>", sheet):
        first, last, style = (_attribute(column, name) for name in (b"min", b"max", b"style"))
        for place in range(first - 1, min(last, width)):
            styles[place] = style
    return styles


def _attribute(element: bytes, name: bytes) -> int:
    found = re.search(rb"\b" + name + rb'="(\d+)"', element)
    return int(found[1]) if found else 0
