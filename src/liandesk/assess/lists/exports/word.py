"""A list as a Word document on A4 across: mark above, signature below, who took the copy on every page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH

from liandesk.assess.lists import wording
from liandesk.assess.lists.exports.document import Document
from liandesk.base.errors import UserError
from liandesk.base.ui import numbers
from liandesk.base.ui.word import add_about, add_table, open_paper

MOST_ROWS = 500
MOST_COLUMNS = 14
_TABLE_PT = 8


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
    paper = open_paper(document.title, mark=document.mark, footer=document.watermark, size=9, is_across=True, sides=12)
    paper.core_properties.author = document.taken_by
    unknown = wording.unknown(document.language)
    rows = ([_text(value, unknown) for value in row] for row in document.values().iter_rows())
    shares = [column.width for column in document.columns]
    add_table(paper, list(document.titles().values()), rows, shares=shares, size=_TABLE_PT)
    if document.signature:
        paper.add_paragraph(f"{_('Signed')}: {document.signature}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_about(paper, document.about())
    paper.save(str(path))


def _text(value: str | float | date | None, unknown: str) -> str:
    if value is None:
        return unknown
    return numbers.plain(value) if isinstance(value, int | float) else str(value)
