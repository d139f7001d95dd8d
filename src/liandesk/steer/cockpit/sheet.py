"""The exceptions on one sheet of paper, to be talked through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of
from liandesk.base.ui.display import language
from liandesk.base.ui.word import add_about, open_paper, printable
from liandesk.steer.cockpit.queries import Kind

_LINES = 5  # of a kind: the sheet is for a table, the rest is on the page


def write_sheet(found: Sequence[Kind], since: date, path: Path, *, by: Viewer) -> str:
    """Write what ``by`` sees out of order; return the file's proper name."""
    is_synthetic = any(line.is_synthetic for kind in found for line in kind.lines)
    title = f"{pack().name[language()]} · {_('Exceptions')} · {today()}"
    paper = open_paper(title, mark=mark_of(is_synthetic), size=9.5)
    for kind in found:
        _write_kind(paper, kind, since)
    add_about(paper, about_copy([(_("Last meeting"), str(since))], is_synthetic=is_synthetic, by=by))
    paper.save(str(path))
    record("cockpit.export", "cockpit", str(today()), by=by, kind="docx", file=file_digest(path))
    return f"exceptions_{today():%Y-%m-%d}{'-synthetic' if is_synthetic else ''}.docx"


def _write_kind(paper: Any, kind: Kind, since: date) -> None:
    paper.add_paragraph(f"{kind.title} ({len(kind.lines)})", style="Heading 1")
    for line in kind.lines[:_LINES]:
        new = f"[{_('new')}] " if line.is_new(since) else ""
        parts = [f"{new}{line.title}", line.why, line.office, str(line.since or "")]
        text = " · ".join(part for part in parts if part)
        paper.add_paragraph(printable(text), style="List Bullet")
    if len(kind.lines) > _LINES:
        paper.add_paragraph(_("%(count)s more on the page.") % {"count": len(kind.lines) - _LINES})
