"""A Word document to be printed: page, fonts and styles; mark above, who took the copy below; tables and what it is.

The styles are those of Word itself (Title, Heading 1) and "Small". Content is the caller's, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document as open_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "SimSun"  # present wherever Chinese office documents are read; Latin text falls back by itself
_SHORT, _LONG = Mm(210), Mm(297)  # A4
_TITLE_PT, _SMALL_PT = 16, 7.5
_FROM_EDGE = Mm(7)  # of what stands above and below the text


def open_paper(
    title: str,
    *,
    mark: str = "",
    footer: str = "",
    size: float = 10,
    is_across: bool = False,
    sides: float = 18,
    ends: float = 15,
) -> Any:
    """Return an A4 document with its title; ``mark`` stands above every page, ``footer`` and the page's number below.

    ``size`` in points; ``sides`` and ``ends``: margins left and right, above and below, in mm.
    """
    paper = open_document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if is_across else (_SHORT, _LONG)
    section.left_margin = section.right_margin = Mm(sides)
    section.top_margin = section.bottom_margin = Mm(ends)
    section.header_distance = section.footer_distance = _FROM_EDGE
    _set_styles(paper, size)
    section.header.paragraphs[0].text = mark
    below = section.footer.paragraphs[0]
    below.add_run(f"{footer} · " if footer else "")
    add_page_number(below)
    paper.add_paragraph(printable(title), style="Title")
    core = paper.core_properties
    core.title, core.subject, core.author, core.comments = title, mark, "", ""
    return paper


def _set_styles(paper: Any, size: float) -> None:
    styles = paper.styles
    set_style(styles["Normal"], size)
    set_style(styles["Title"], _TITLE_PT, is_bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    set_style(styles["Heading 1"], size, is_bold=True)
    small = styles.add_style("Small", 1)
    small.base_style = styles["Normal"]
    set_style(small, _SMALL_PT)
    for name, before, after in (("Normal", 0, 2), ("Title", 0, 6), ("Heading 1", 6, 2), ("Small", 0, 0)):
        form = styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)


def set_style(
    style: Any, size: float, *, font: str = FONT, latin: str = FONT, is_bold: bool = False, align: Any = None
) -> None:
    """Set a style to black text in these fonts, without the colours, theme fonts and lines of Word's own template."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), is_bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.alignment = align
    for line in list(style.element.iter(qn("w:pBdr"))):
        line.getparent().remove(line)


def add_table(
    paper: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], *, shares: Sequence[float] = (), size: float = 0
) -> None:
    """Add a table whose head repeats on every page; ``shares`` of the width by column, equal where not given.

    ``size`` in points: the document's own where not given.
    """
    width = _text_width(paper)
    parts = shares or [1] * len(heads)
    widths = [int(width * part / sum(parts)) for part in parts]
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide  # LibreOffice and WPS go by the columns, Word by the cells
    _fill(table.rows[0], heads, widths, size, is_head=True)
    for row in rows:
        _fill(table.add_row(), row, widths, size)


def _text_width(paper: Any) -> int:
    section = paper.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _fill(row: Any, texts: Sequence[str], widths: Sequence[int], size: float, *, is_head: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run(printable(text))
        run.font.bold = is_head
        run.font.size = Pt(size) if size else None
    form = row._tr.get_or_add_trPr()
    form.append(OxmlElement("w:cantSplit"))
    if is_head:
        form.append(OxmlElement("w:tblHeader"))


def add_about(paper: Any, lines: Iterable[tuple[str, str]]) -> None:
    """Add what a copy says of itself, in small letters."""
    for label, text in lines:
        paper.add_paragraph(printable(f"{label}: {text}"), style="Small")


def add_page_number(paragraph: Any) -> None:
    """Add the number of the page, which Word computes."""
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        paragraph.add_run()._r.append(mark)


def printable(text: str) -> str:
    """Return a text without the signs that no Word file may hold; lines stay lines."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")
