"""A report as an editable Word document in the layout of official papers; a bookmark around every number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docx import Document as open_document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from liandesk.base.ui.word import add_page_number, set_style
from liandesk.steer.reports.writing.fonts import BODY, HEADING, LATIN, OFFICIAL, SUBHEADING, TITLE
from liandesk.steer.reports.writing.paper import Bars, Block, Chart, Lines, Paper, Rows, annex, numbered
from liankit.plan.report.archive import rewritten

_BODY_PT, _TITLE_PT, _TABLE_PT, _SMALL_PT = 16, 22, 10.5, 9  # 三号, 二号, 五号, 小五
_LINE = Pt(28.95)  # 22 lines on the 225 mm of a page
_INDENT = Pt(2 * _BODY_PT)
_TEXT_MM = 156
_CLOSER_PT = 0.25  # 28 signs on a line


def to_word(paper: Paper, pictures: Sequence[bytes], day: date) -> bytes:
    """Return the report as Word with the pictures of its charts as PNG; the same report gives the same bytes."""
    writer = _Word(paper, pictures, day)
    writer.write()
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.docx")
        writer.document.save(str(path))
        return rewritten(path)


class _Word:
    """Writes one paper; counts the bookmarks, whose names and ids are unique in a document."""

    def __init__(self, paper: Paper, pictures: Sequence[bytes], day: date) -> None:
        self.paper, self.day = paper, day
        self._pictures = iter(pictures)
        self.document: Any = open_document()
        self._uses: dict[str, int] = {}
        self._bookmarks = 0

    def write(self) -> None:
        paper = self.paper
        self._set_page()
        self._set_styles()
        self.document.add_paragraph(paper.title, style="Title")
        self.document.add_paragraph(paper.subtitle, style="Subtitle")
        for place, section in enumerate(paper.sections, start=1):
            self.document.add_heading(f"{numbered(place, paper.language)}{section.title}", 1)
            titles = section.headings(paper.language)
            for at, block in enumerate(section.blocks):
                if at in titles:
                    self.document.add_heading(titles[at], 2)
                else:
                    self._block(block)
        self.document.add_page_break()
        self._table(annex(paper), _SMALL_PT)
        for label, text in paper.about:
            self.document.add_paragraph(f"{label}: {text}", style="Small")

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(20), Mm(26)
        self.document.settings.odd_and_even_pages_header_footer = True
        for header in (section.header, section.even_page_header):
            header.paragraphs[0].add_run(self.paper.mark).font.size = Pt(10.5)
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            _page_number(footer.paragraphs[0], side)
        core = self.document.core_properties
        core.title, core.author, core.comments = self.paper.title, "", ""
        core.created = core.modified = datetime.combine(self.day, time(), UTC)
        core.language = "zh-CN" if self.paper.language == "zh" else "en"

    def _set_styles(self) -> None:
        styles = self.document.styles
        _set_style(styles["Normal"], OFFICIAL[BODY], _BODY_PT)
        if self.paper.language == "zh":
            _set_closer(styles["Normal"], _CLOSER_PT)
        form = styles["Normal"].paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
        form.space_before = form.space_after = Pt(0)
        _set_style(styles["Title"], OFFICIAL[TITLE], _TITLE_PT, align=WD_ALIGN_PARAGRAPH.CENTER)
        _set_style(styles["Subtitle"], OFFICIAL[SUBHEADING], _BODY_PT, align=WD_ALIGN_PARAGRAPH.CENTER)
        _set_style(styles["Heading 1"], OFFICIAL[HEADING], _BODY_PT, indent=_INDENT)
        _set_style(styles["Heading 2"], OFFICIAL[SUBHEADING], _BODY_PT, indent=_INDENT)
        _set_style(styles["Caption"], OFFICIAL[HEADING], _TABLE_PT, align=WD_ALIGN_PARAGRAPH.CENTER)
        styles["Caption"].paragraph_format.space_before = Pt(_TABLE_PT / 2)
        small = styles.add_style("Small", 1)
        small.base_style = styles["Normal"]
        _set_style(small, OFFICIAL[BODY], _SMALL_PT)
        small.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE

    def _block(self, block: Block) -> None:
        if isinstance(block, Rows):
            self._table(block, _TABLE_PT)
        elif isinstance(block, Bars | Lines):
            self._picture(block)
        else:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = _INDENT
            self._text(paragraph, str(block))

    def _text(self, paragraph: Any, text: str, size: float | None = None) -> None:
        """Write a text; every number of it stands in a bookmark of its own."""
        for name, words in self.paper.pieces(text):
            run = paragraph.add_run(words)
            run.font.size = None if size is None else Pt(size)
            if name:
                self._bookmark(run._r, name)

    def _bookmark(self, run: Any, name: str) -> None:
        self._bookmarks += 1
        self._uses[name] = use = self._uses.get(name, 0) + 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), str(self._bookmarks))
        start.set(qn("w:name"), name if use == 1 else f"{name}_{use}")
        end.set(qn("w:id"), str(self._bookmarks))
        run.addprevious(start)
        run.addnext(end)

    def _table(self, rows: Rows, size: float) -> None:
        self.document.add_paragraph(rows.title, style="Caption").paragraph_format.keep_with_next = True
        table = self.document.add_table(len(rows.cells) + 1, len(rows.heads), style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, rows.shares, strict=True):
            column.width = Mm(_TEXT_MM * share)  # LibreOffice and WPS go by the columns, Word by the cells
        for row, texts in zip(table.rows, (rows.heads, *rows.cells), strict=True):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, text, share in zip(row.cells, texts, rows.shares, strict=True):
                cell.width = Mm(_TEXT_MM * share)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
                self._text(paragraph, text, size)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeats the head on every page
        self.document.add_paragraph()

    def _picture(self, chart: Chart) -> None:
        self.document.add_paragraph(chart.title, style="Caption").paragraph_format.keep_with_next = True
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # an exact line would cut the picture
        picture = paragraph.add_run().add_picture(io.BytesIO(next(self._pictures)), width=Mm(_TEXT_MM))
        picture._inline.docPr.set("descr", plain(self.paper, chart.says))
        says = self.document.add_paragraph()
        says.paragraph_format.first_line_indent = _INDENT
        self._text(says, chart.says)


def plain(paper: Paper, text: str) -> str:
    """Return a text with its numbers as words only: where no id can be kept, as in the description of a picture."""
    return "".join(words for _name, words in paper.pieces(text))


def _set_style(style: Any, font: str, size: float, *, align: Any = None, indent: Any = None) -> None:
    set_style(style, size, font=font, latin=LATIN, align=align)
    form = style.paragraph_format
    form.first_line_indent = indent
    form.space_before = form.space_after = Pt(0)


def _set_closer(style: Any, points: float) -> None:
    """Set the signs of a style closer than they are wide."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round(-points * 20)))
    style.element.get_or_add_rPr().append(spacing)


def _page_number(paragraph: Any, side: Any) -> None:
    """Write "— 1 —" at the outer side, one sign from the edge."""
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(14)
    paragraph.add_run("— ")
    add_page_number(paragraph)
    paragraph.add_run(" —")
    for run in paragraph.runs:
        run.font.size = Pt(14)
