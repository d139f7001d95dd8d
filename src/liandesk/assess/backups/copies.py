"""The backup list as a file: CSV and Excel as every list, and a form in Word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.assess.backups.lines import Line
from liandesk.assess.backups.listing import BACKUPS
from liandesk.assess.lists.columns import Column
from liandesk.assess.lists.exports.document import Document
from liandesk.assess.lists.exports.word import to_docx
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn
from liandesk.base.ui.numbers import plain

COPIES = (*COPY_KINDS, "docx")
_WIDE = {"name": 20, "holder_name": 18, "source_holder": 16}


def send_lines(
    found: Sequence[Line], shown: Sequence[ListColumn], kind: str, *, by: Viewer, seen_as: str
) -> FileResponse:
    """Send lines that ``by`` may see, in their order; UserError for a kind of file that there is not."""
    if kind == "docx":
        return send(kind, lambda path: _write_word(found, shown, path, by, seen_as))
    return send(kind, lambda path: write_copy(BACKUPS, found, shown, path, by=by, kind=kind, seen_as=seen_as))


def _write_word(found: Sequence[Line], shown: Sequence[ListColumn], path: Path, by: Viewer, seen_as: str) -> str:
    columns = (Column("number", gettext_lazy("No."), width=4), *(_column(one) for one in shown))
    rows = pl.DataFrame({one.name: [_text(one, line) for line in found] for one in shown}, strict=False)
    document = Document(
        name=f"backup-list_{today():%Y-%m-%d}",
        title=f"{pack().name[language()]} · {BACKUPS.title}",
        rows=rows.with_columns(pl.col(name).cast(pl.String) for name in rows.columns).with_row_index("number", 1),
        columns=columns,
        language=language(),
        classification=pack().classifications[-1],
        is_synthetic=any(line.is_synthetic for line in found),
        taken_by=names_of([by.actor]).get(by.actor, by.name),
        taken_at=now(),
        origin=((_("Business date"), str(today())), (_("Filters"), seen_as)),
    )
    to_docx(document, path)
    record("list.export", "list", BACKUPS.code, by=by, rows=len(found), kind="docx", file=file_digest(path))
    return f"{document.stem}.docx"


def _column(one: ListColumn) -> Column:
    return Column(one.name, gettext_lazy(one.head), width=_WIDE.get(one.name, 10))


def _text(column: ListColumn, line: Any) -> str | None:
    """Return a cell in words; null is unknown, an empty text nothing to be known."""
    value = column.value(line)
    if value is None:
        return "" if column.may_be_empty else None
    said = column.said(value)
    if isinstance(said, date):
        return said.isoformat()
    return plain(said) if isinstance(said, float) else str(said)
