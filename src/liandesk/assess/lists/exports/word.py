"""A list as a Word document on A4 across: mark above, signature below, who took the copy on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docx import Document as open_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from liandesk.assess.lists import wording
from liandesk.assess.lists.exports.document import Document
from liandesk.base.errors import UserError
from liandesk.base.ui import numbers

MOST_ROWS = 500
MOST_COLUMNS = 14
_FONT = "SimSun"  # present wherever Chinese office documents are read; Latin text falls back by itself
_WIDTH_MM = 297 - 2 * 12


def to_docx(document: Document, path: Path) -> None:
    """Write the list as Word; raise UserError for more rows or columns than fit on paper."""
    if len(document.columns) > MOST_COLUMNS:
        said = _("A Word page holds at most %(most)s columns, this list has %(count)s. Choose fewer, or take Excel.")
        raise UserError(said % {"most": MOST_COLUMNS, "count": len(document.columns)})
    if document.rows.height > MOST_ROWS:
        said = _(
            "A Word form holds at most %(most)s entries, this list has %(count)s. Filter it, or take Excel or CSV."
        )
        raise UserError(said % {"most": MOST_ROWS, "count": document.rows.height})
    paper = _paper(document)
    _write_table(paper, document)
    if document.signature:
        paper.add_paragraph(f"{_('Signed')}: {document.signature}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for label, text in document.about():
        paper.add_paragraph(f"{label}: {text}", style="Small")
    paper.save(str(path))


def _paper(document: Document) -> Any:
    paper = open_document()
    section = paper.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(15)
    _set_fonts(paper)
    section.header.paragraphs[0].text = document.mark
    footer = section.footer.paragraphs[0]
    footer.text = f"{document.watermark} · "
    _add_field(footer, "PAGE")
    heading = paper.add_paragraph(document.title)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.runs[0].font.size, heading.runs[0].font.bold = Pt(16), True
    paper.core_properties.title, paper.core_properties.subject = document.title, document.mark
    paper.core_properties.author = document.taken_by
    return paper


def _set_fonts(paper: Any) -> None:
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(9)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    small = paper.styles.add_style("Small", 1)
    small.base_style, small.font.size = normal, Pt(7.5)
    small.paragraph_format.space_after = Pt(0)


def _write_table(paper: Any, document: Document) -> None:
    widths = [column.width for column in document.columns]
    table = paper.add_table(rows=1, cols=len(widths), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], list(document.titles().values()), is_head=True)
    unknown = wording.unknown(document.language)
    for row in document.values().iter_rows():
        _fill(table.add_row(), [_text(value, unknown) for value in row])
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = Mm(_WIDTH_MM * width / sum(widths))


def _fill(row: Any, texts: Sequence[str], *, is_head: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.font.bold = Pt(8), is_head
    if is_head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeats the head on every page
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _text(value: str | float | date | None, unknown: str) -> str:
    if value is None:
        return unknown
    text = numbers.plain(value) if isinstance(value, int | float) else str(value)
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def _add_field(paragraph: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        run = paragraph.add_run()._r
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run.append(mark)
