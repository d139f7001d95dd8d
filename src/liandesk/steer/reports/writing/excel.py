"""A report as a workbook: a sheet a part, charts that Excel draws, and every number once, in a cell of its name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.steer.reports.writing.paper import (
    Bars,
    Chart,
    Lines,
    Paper,
    Rows,
    Section,
    Sub,
    annex,
    annex_inputs,
)
from liandesk.steer.reports.writing.word import plain
from liankit.plan.report.archive import rewritten

_SHEET_WIDTH = 110  # signs of 11 points: what a page across holds
_LINE_PT = 15
_ID, _VALUE = 0, 2  # columns of the annex


def to_excel(paper: Paper, day: date) -> bytes:
    """Return the report as a workbook; the same report gives the same bytes."""
    import xlsxwriter

    with TemporaryDirectory() as folder:
        path = Path(folder, "report.xlsx")
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"title": paper.title, "created": datetime.combine(day, time(), UTC)})
            _Excel(paper, book).write()
        return rewritten(path)


class _Excel:
    """Writes one paper; cells of the parts refer to the named cells of the annex."""

    def __init__(self, paper: Paper, book: Any) -> None:
        self.paper, self.book = paper, book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E7ECF2", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.date = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "align": "left"})
        self.bold = book.add_format({"bold": True, "font_size": 14})

    def write(self) -> None:
        self._cover()
        for place, block in enumerate(self._blocks(), start=1):
            sheet = self._sheet(f"{place} {block.title}", block.title)
            if isinstance(block, Rows):
                self._rows(sheet, block)
            elif isinstance(block, Bars):
                self._bars(sheet, block)
            else:
                self._lines(sheet, block)
        for name, rows in ((_("Numbers"), annex(self.paper)), (_("Inputs"), annex_inputs(self.paper))):
            self._rows(self._sheet(name, rows.title), rows, names=name if name == _("Numbers") else "")

    def _blocks(self) -> list[Rows | Chart]:
        blocks = [block for section in self.paper.sections for block in section.blocks]
        return [block for block in blocks if isinstance(block, Rows | Bars | Lines)]

    def _cover(self) -> None:
        sheet = self._sheet(_c("document", "Report"), self.paper.title)
        lines = [text for section in self.paper.sections for text in _texts(section, self.paper)]
        texts = [self.paper.subtitle, *(plain(self.paper, line) for line in lines)]
        texts += [f"{label}: {text}" for label, text in self.paper.about]
        sheet.set_column(0, 0, _SHEET_WIDTH)
        for row, text in enumerate(texts, start=1):
            sheet.set_row(row, _height([text], [_SHEET_WIDTH]))
            sheet.write_string(row, 0, text, self.cell)

    def _sheet(self, name: str, title: str) -> Any:
        """Add a sheet that prints across on A4, its title above, the mark of the report on every page."""
        sheet = self.book.add_worksheet("".join(sign for sign in name if sign not in "[]:*?/\\'")[:31])
        sheet.write_string(0, 0, title, self.bold)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{self.paper.mark}".replace("&L&", "&L&&"))
        sheet.set_footer("&C— &P —")
        return sheet

    def _rows(self, sheet: Any, rows: Rows, *, names: str = "") -> None:
        """Write a table; ``names`` is the sheet's name where its values are the named cells themselves."""
        for column, (head, share) in enumerate(zip(rows.heads, rows.shares, strict=True)):
            sheet.set_column(column, column, _SHEET_WIDTH * share)
            sheet.write_string(1, column, head, self.head)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        sheet.autofilter(1, 0, len(rows.cells) + 1, len(rows.heads) - 1)
        widths = [_SHEET_WIDTH * share for share in rows.shares]
        sheet.set_row(1, _height(rows.heads, widths))
        for row, cells in enumerate(rows.cells, start=2):
            sheet.set_row(row, _height([plain(self.paper, text) for text in cells], widths))
            for column, text in enumerate(cells):
                if names and column == _VALUE:
                    self._named(sheet, names, row, cells[_ID])
                else:
                    self._text(sheet, row, column, text)

    def _named(self, sheet: Any, names: str, row: int, number: str) -> None:
        value = self.paper.ledger.numbers[number].value
        if value is None:
            sheet.write_string(row, _VALUE, self.paper.printed(number), self.cell)
        else:
            sheet.write_number(row, _VALUE, Decimal(value), self._digits(number))  # a float would get a 17th digit
        self.book.define_name(number, f"='{names}'!$C${row + 1}")

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Write a text, or, where it is one number and no more, a reference to its named cell."""
        pieces = list(self.paper.pieces(text))
        if len(pieces) == 1 and pieces[0][0]:
            self._reference(sheet, row, column, pieces[0][0])
        else:
            sheet.write_string(row, column, "".join(words for _name, words in pieces), self.cell)

    def _reference(self, sheet: Any, row: int, column: int, number: str) -> None:
        value = self.paper.ledger.numbers[number].value
        shown = self.paper.printed(number) if value is None else float(value)
        sheet.write_formula(row, column, f"={number}", self._digits(number), shown)

    def _digits(self, number: str) -> Any:
        places = self.paper.ledger.numbers[number].places
        return self.book.add_format(
            {"border": 1, "valign": "top", "num_format": f"0.{'0' * places}" if places else "0"}
        )

    def _bars(self, sheet: Any, chart: Bars) -> None:
        """Write the numbers of a chart as a table, and beside it the chart over these cells."""
        heads = ["", *(name for name, _ids in chart.series)]
        for column, head in enumerate(heads):
            sheet.set_column(column, column, 28 if column == 0 else 12)
            sheet.write_string(1, column, head, self.head)
        for row, label in enumerate(chart.labels, start=2):
            sheet.write_string(row, 0, label, self.cell)
            for column, (_name, ids) in enumerate(chart.series, start=1):
                self._reference(sheet, row, column, ids[row - 2])
        drawn = self.book.add_chart({"type": "bar", **({"subtype": "stacked"} if chart.is_stacked else {})})
        last = len(chart.labels) + 1
        for column in range(1, len(heads)):
            drawn.add_series(
                {
                    "name": [sheet.get_name(), 1, column],
                    "categories": [sheet.get_name(), 2, 0, last, 0],
                    "values": [sheet.get_name(), 2, column, last, column],
                    "data_labels": {"value": True},
                }
            )
        drawn.set_title({"name": chart.title, "overlay": False})
        drawn.set_x_axis({"name": chart.unit})
        drawn.set_y_axis({"reverse": True})
        drawn.set_size({"width": 720, "height": 120 + 28 * len(chart.labels) * len(chart.series)})
        self._insert(sheet, len(heads), drawn, chart)

    def _insert(self, sheet: Any, column: int, drawn: Any, chart: Chart) -> None:
        sheet.insert_chart(1, column + 1, drawn, {"description": plain(self.paper, chart.says)})

    def _lines(self, sheet: Any, chart: Lines) -> None:
        """Write a row a day, a column a line, and beside them the lines over these cells."""
        lines = _columns(chart)
        days = sorted({day for _name, points, _look in lines for day in points})
        for column, head in enumerate((_("Day"), *(name for name, _points, _look in lines))):
            sheet.set_column(column, column, 14)
            sheet.write_string(1, column, head, self.head)
        for row, day in enumerate(days, start=2):
            sheet.write_datetime(row, 0, datetime.combine(day, time()), self.date)
            for column, (_name, points, _look) in enumerate(lines, start=1):
                if day in points:
                    self._reference(sheet, row, column, points[day])
        drawn = self.book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
        for column, (_name, _points, look) in enumerate(lines, start=1):
            said = {"name": [sheet.get_name(), 1, column], **look}
            said["categories"] = [sheet.get_name(), 2, 0, len(days) + 1, 0]
            said["values"] = [sheet.get_name(), 2, column, len(days) + 1, column]
            drawn.add_series(said)
        drawn.set_title({"name": chart.title, "overlay": False})
        drawn.set_x_axis({"num_format": "yyyy", "min": days[0], "max": days[-1], "major_unit": 365.25})
        drawn.set_y_axis({"name": chart.unit})
        drawn.show_blanks_as("span")
        drawn.set_size({"width": 760, "height": 400})
        self._insert(sheet, len(lines) + 1, drawn, chart)


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row in points: not every program fits rows to the lines that are wrapped in them."""
    taken = (
        sum(1 if sign.isascii() else 2 for sign in text) / width for text, width in zip(texts, widths, strict=True)
    )
    return _LINE_PT * max(1, *(math.ceil(lines * 1.1) for lines in taken))  # a tenth is lost where words break


def _columns(chart: Lines) -> list[tuple[str, dict[date, str], dict[str, Any]]]:
    """Return the lines of a chart, those of the band at last: name, id of the number by day, how it looks."""
    found = [(trace.name, dict(trace.points), _LOOKS[trace.kind]) for trace in chart.traces]
    for place, name in ((1, _("Least by the forecast")), (2, _("Most by the forecast"))):
        points = {point[0]: str(point[place]) for point in chart.band}
        found += [(name, points, _LOOKS["band"])] if points else []
    return found


_LOOKS: dict[str, dict[str, Any]] = {
    "path": {"line": {"color": "#6E6E6E", "dash_type": "dash"}, "marker": {"type": "none"}},
    "values": {
        "line": {"color": "#1F4E82", "width": 2.25},
        "marker": {"type": "circle"},
        "data_labels": {"value": True},
    },
    "forecast": {"line": {"color": "#000000", "dash_type": "round_dot"}, "marker": {"type": "diamond"}},
    "band": {"line": {"color": "#A0A0A0", "width": 0.75}, "marker": {"type": "none"}},
}


def _texts(section: Section, paper: Paper) -> Iterator[str]:
    """Yield the headings and the words of a section."""
    titles = section.headings(paper.language)
    yield section.title
    for place, block in enumerate(section.blocks):
        if isinstance(block, Sub):
            yield titles[place]
        elif not isinstance(block, Rows):
            yield block if isinstance(block, str) else block.says
