"""Templates to fill in: a sheet a table with lists, checks and notes where they write, and at the end a guide."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from liankit.tables.contract import Column, Table
from liankit.tables.sheetdata import letters
from liankit.tables.styles import Formats, Page, new_workbook, number_format, set_page, sheet_title
from liankit.texts import Language, render

TEMPLATE_ROWS = 5_000
"""Rows under a head that have lists and checks."""

_HEAD_ROW = 2  # 0-based: above it the title and how to fill in
_LISTS = "_lists"
_LONGEST_MESSAGE = 255
_LONGEST_TITLE = 32


def write_template(
    path: Path | str, tables: Sequence[Table], *, language: Language = "zh", notes: Sequence[str] = ()
) -> None:
    """Write a workbook to be filled in: one sheet a table, then a guide with ``notes`` and all columns.

    Required columns are coloured and marked with *; heads name the unit; choices and yes/no have lists; numbers,
    dates and lists are checked on entry. ``read_table`` reads each of its sheets.
    """
    file = io.BytesIO()
    with new_workbook(file) as workbook:
        formats = Formats(workbook)
        sheets = [workbook.add_worksheet(sheet_title(table.sheet_name(language))) for table in tables]
        guide = workbook.add_worksheet(render("workbook.guide", {}, language))
        lists = _Lists(workbook)
        for worksheet, table in zip(sheets, tables, strict=True):
            _write_table(worksheet, formats, lists, table, language)
        _write_guide(guide, formats, tables, notes, language)
        for worksheet in (*sheets, guide):
            set_page(worksheet, Page(), language)
    Path(path).write_bytes(file.getvalue())


class _Lists:
    """The hidden sheet that holds the lists to choose from: a list inside a validation is cut off at 255 signs."""

    def __init__(self, workbook: Any) -> None:
        self._sheet = workbook.add_worksheet(_LISTS)
        self._sheet.hide()
        self._width = 0

    def add(self, words: Sequence[str]) -> str:
        """Store a list and return the range that a validation refers to."""
        for row, word in enumerate(words):
            self._sheet.write_string(row, self._width, word)
        name = letters(self._width)
        self._width += 1
        return f"={_LISTS}!${name}$1:${name}${len(words)}"


def _write_table(worksheet: Any, formats: Formats, lists: _Lists, table: Table, language: Language) -> None:
    worksheet.write_string(0, 0, table.titled(language), formats.title)
    fill_in = render("workbook.fill_in", {}, language)
    worksheet.write_string(1, 0, " ".join(filter(None, (fill_in, table.note.get(language)))))
    for place, column in enumerate(table.columns):
        head = column.head(language) + ("*" if column.required else "")
        worksheet.write_string(_HEAD_ROW, place, head, formats.required_head if column.required else formats.head)
        worksheet.set_column(place, place, max(12, 2 * len(head) + 2), formats.number(_cell_format(column)))
        check = _check(column, f"{letters(place)}{_HEAD_ROW + 2}", lists, language)
        worksheet.data_validation(_HEAD_ROW + 1, place, _HEAD_ROW + TEMPLATE_ROWS, place, check)
    worksheet.freeze_panes(_HEAD_ROW + 1, 1)
    worksheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + TEMPLATE_ROWS, len(table.columns) - 1)
    worksheet.repeat_rows(_HEAD_ROW)


def _cell_format(column: Column) -> str:
    return number_format(column, column.dtype())


def _check(column: Column, cell: str, lists: _Lists, language: Language) -> dict[str, Any]:
    """Return the validation of a column; ``cell`` is its first cell."""
    content = describe(column, language)
    message = "\n".join(filter(None, (content, column.note.get(language, ""))))
    told = {
        "ignore_blank": True,
        "input_title": column.titled(language)[:_LONGEST_TITLE],
        "input_message": message[:_LONGEST_MESSAGE],
        "error_title": column.titled(language)[:_LONGEST_TITLE],
        "error_message": render("workbook.not_allowed", {"content": content}, language)[:_LONGEST_MESSAGE],
    }
    words = _words(column, language)
    if words:
        return {**told, "validate": "list", "source": lists.add(words)}
    if column.dtype is pl.String:
        return {**told, "validate": "any"}
    return {**told, "validate": "custom", "value": _formula(column, cell, language), "error_type": "warning"}


def _words(column: Column, language: Language) -> list[str]:
    words = [choice.title(language) for choice in column.choices]
    if column.dtype is pl.Boolean:
        words = [render(f"workbook.{word}", {}, language) for word in ("yes", "no")]
    return [*words, render("workbook.unknown", {}, language)] if words and column.nullable_unknown else words


def _formula(column: Column, cell: str, language: Language) -> str:
    """Return what holds for a number or date of the column, in the unit of the sheet."""
    tests = [f"ISNUMBER({cell})"]
    if column.is_number:
        bounds = ((">=", column.minimum), ("<=", column.maximum))
        tests += [f"{cell}{sign}{float(bound) / column.scale:.15g}" for sign, bound in bounds if bound is not None]  # type: ignore[arg-type]
    if column.dtype is pl.Int64:
        tests.append(f"{cell}=INT({cell})")
    test = f"AND({','.join(tests)})"
    unknown = render("workbook.unknown", {}, language)
    return f'=OR({cell}="{unknown}",{test})' if column.nullable_unknown else f"={test}"


def describe(column: Column, language: Language) -> str:
    """Return what to write in a column, in words."""
    words = _words(column, language)
    if words:
        return render("workbook.one_of", {"choices": words}, language)
    content = render(f"workbook.{_kind(column)}", {}, language)
    return render("workbook.or_unknown", {"content": content}, language) if column.nullable_unknown else content


def _kind(column: Column) -> str:
    if column.check:
        return column.check
    if column.unit == "share" and column.scale == 1:
        return "share"
    return {pl.String: "text", pl.Float64: "number", pl.Int64: "whole_number", pl.Date: "date"}[column.dtype]


def _write_guide(
    worksheet: Any, formats: Formats, tables: Sequence[Table], notes: Sequence[str], language: Language
) -> None:
    lines = [render("workbook.fill_in", {}, language), *notes]
    for row, line in enumerate(lines):
        worksheet.write_string(row, 0, line)
    start = len(lines) + 1
    for place, name in enumerate(("table", "column", "required", "content", "note")):
        worksheet.write_string(start, place, render(f"workbook.{name}", {}, language), formats.head)
    described = [(table, column) for table in tables for column in table.columns]
    for row, (table, column) in enumerate(described, start=start + 1):
        for place, text in enumerate(_guide_row(table, column, language)):
            worksheet.write_string(row, place, text, formats.wrapped)
    for place, width in enumerate((16, 24, 8, 48, 60)):
        worksheet.set_column(place, place, width)
    worksheet.freeze_panes(start + 1, 0)


def _guide_row(table: Table, column: Column, language: Language) -> tuple[str, ...]:
    required = render("workbook.yes", {}, language) if column.required else ""
    note = column.note.get(language, "")
    return table.titled(language), column.head(language), required, describe(column, language), note
