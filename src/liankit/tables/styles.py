"""How the workbooks look that are written: formats of cells, names of sheets, the printed page."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl
import xlsxwriter

from liankit.tables.contract import Column
from liankit.texts import Language, render

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
"""Stands as date of creation in every workbook: a real one would change the bytes of equal tables."""
_PAPER = {"A4": 9, "A3": 8}
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Page:
    """How sheets are printed; header and footer (classification, watermark) stand on every page, at most 255 signs."""

    paper: Literal["A4", "A3"] = "A4"
    landscape: bool = True
    header: str = ""
    footer: str = ""


def new_workbook(file: io.BytesIO) -> xlsxwriter.Workbook:
    """Return a new workbook in which no text becomes a formula, a link or a number."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(file, options)
    workbook.set_properties({"created": CREATED})
    return workbook


class Formats:
    """The cell formats of a workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.label = workbook.add_format({"bold": True, "valign": "top"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.head = self._head("#DDE7F0")
        self.required_head = self._head("#FBE3C8")
        self._numbers: dict[str, Any] = {}

    def _head(self, colour: str) -> Any:
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": colour, "border": 1}
        return self._workbook.add_format(look)

    def number(self, form: str) -> Any:
        """Return the format of a number format such as "0.0%"."""
        if form not in self._numbers:
            self._numbers[form] = self._workbook.add_format({"num_format": form, "valign": "top"})
        return self._numbers[form]


def number_format(column: Column | None, dtype: pl.DataType) -> str:
    """Return the number format of cells; the format of text keeps long codes from becoming numbers."""
    if dtype == pl.Date:
        return "yyyy-mm-dd"
    if not dtype.is_numeric():
        return "@"
    if column is None:
        return "General"
    if column.unit == "share" and column.scale == 1:
        return "0.0%"
    return "#,##0.00" if column.unit == "CNY" else "General"


def sheet_title(name: str) -> str:
    """Return a name that a sheet may have: no forbidden sign, at most 31 signs."""
    return _FORBIDDEN_IN_NAME.sub(" ", name).strip("' ")[:31]


def set_page(worksheet: Any, page: Page, language: Language) -> None:
    """Set paper, orientation, width of one page, header and footer."""
    worksheet.set_paper(_PAPER[page.paper])
    if page.landscape:
        worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.set_header(f"&C{_header_text(page.header)}")
    worksheet.set_footer(f"&L{_header_text(page.footer)}&R{render('workbook.page', {}, language)}")


def _header_text(text: str) -> str:
    return text.replace("&", "&&")
