"""The exceptions on one sheet of paper, to be talked through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docx import Document as open_document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of
from liandesk.base.ui.display import language
from liandesk.steer.cockpit.queries import Kind

_FONT = "SimSun"  # present wherever Chinese office documents are read
_LINES = 5  # of a kind: the sheet is for a table, the rest is on the page


def write_sheet(found: Sequence[Kind], since: date, path: Path, *, by: Viewer) -> str:
    """Write what ``by`` sees out of order; return the file's proper name."""
    is_synthetic = any(line.is_synthetic for kind in found for line in kind.lines)
    paper = _paper(mark_of(is_synthetic))
    title = f"{pack().name[language()]} · {_('Exceptions')} · {today()}"
    paper.add_paragraph(title).runs[0].font.size = Pt(15)
    for kind in found:
        _write_kind(paper, kind, since)
    for label, text in about_copy([(_("Last meeting"), str(since))], is_synthetic=is_synthetic, by=by):
        paper.add_paragraph(f"{label}: {text}").runs[0].font.size = Pt(7.5)
    paper.save(str(path))
    record("cockpit.export", "cockpit", str(today()), by=by, kind="docx", file=file_digest(path))
    return f"exceptions_{today():%Y-%m-%d}{'-synthetic' if is_synthetic else ''}.docx"


def _paper(mark: str) -> Any:
    paper = open_document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(15)
    section.header.paragraphs[0].text = mark
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(9.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(1)
    return paper


def _write_kind(paper: Any, kind: Kind, since: date) -> None:
    paper.add_paragraph(f"{kind.title} ({len(kind.lines)})").runs[0].font.bold = True
    for line in kind.lines[:_LINES]:
        new = f"[{_('new')}] " if line.is_new(since) else ""
        parts = [f"{new}{line.title}", line.why, line.office, str(line.since or "")]
        text = " · ".join(part for part in parts if part)
        paper.add_paragraph("".join(sign for sign in text if sign.isprintable()), style="List Bullet")
    if len(kind.lines) > _LINES:
        paper.add_paragraph(_("%(count)s more on the page.") % {"count": len(kind.lines) - _LINES})
