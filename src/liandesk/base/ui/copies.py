"""Take a copy of a declared list as a file: what the page shows, in its order, and who took it.

A copy leaves a trace in the log: how many rows of which list, and the hash of the file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
from django.http import FileResponse, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.queries import published
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import DTYPES, ListColumn, Listing
from liankit.errors import nearest
from liankit.tables import Column, Table
from liankit.tables.write import Cover, Page, Sheet, write_csv, write_workbook

COPY_KINDS = ("csv", "xlsx")
_UNITS = {"cny": "CNY", "share": "share"}
_FEW_COLUMNS = 10  # what an A4 page across holds


def send(kind: str, write: Callable[[Path], str]) -> FileResponse:
    """Send a file that ``write`` makes and names; it is gone from the server when it is sent."""
    file = tempfile.NamedTemporaryFile(suffix=f".{kind}")  # noqa: SIM115  closed by the response
    return FileResponse(file, as_attachment=True, filename=write(Path(file.name)))


def send_evidence(name: str, digest: str) -> HttpResponse:
    """Send a stored file by the hash of its content: saved under its own name, never shown inside a page."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(store.get_bytes(digest), content_type="application/octet-stream", headers=headers)


def write_copy(
    listing: Listing,
    rows: Iterable[Any],
    shown: Sequence[ListColumn],
    path: Path,
    *,
    by: Viewer,
    kind: str,
    seen_as: str,
) -> str:
    """Write rows that ``by`` may see to a file in the reader's language; return the file's proper name.

    ``rows`` are of the list's model with ``is_synthetic``, in their order; ``seen_as`` says which filters were set.
    Raises UserError for a kind of file that is none of ``COPY_KINDS``.
    """
    if kind not in COPY_KINDS:
        valid = ", ".join(COPY_KINDS)
        raise UserError(
            _("'%(name)s' is none of %(valid)s.") % {"name": kind, "valid": valid} + nearest(kind, COPY_KINDS)
        )
    found = list(rows)
    is_synthetic = any(row.is_synthetic for row in found)
    frame = _frame(found, shown).with_columns(_told(found) if is_synthetic else [])
    titles = {column.name: column.head for column in shown} | {"is_synthetic": _("Synthetic data")}
    table = Table(listing.code, tuple(_contract(column) for column in shown))
    if kind == "csv":
        write_csv(frame, path, table=table, titles=titles, language=language())
    else:
        about = _about(listing, len(found), is_synthetic, by, seen_as)
        _write_workbook(listing, Sheet(str(listing.title), frame, table, titles), about, path, by, is_synthetic)
    record("list.export", "list", listing.code, by=by, rows=len(found), kind=kind, file=file_digest(path))
    synthetic = "-synthetic" if is_synthetic else ""
    return f"{listing.code}_{today():%Y-%m-%d}{synthetic}.{kind}"


def _frame(rows: Sequence[Any], shown: Sequence[ListColumn]) -> pl.DataFrame:
    """Return the cells in the reader's words; null is unknown, or an empty text where a cell may be empty."""
    return pl.DataFrame([_cells(rows, column) for column in shown])


def _cells(rows: Sequence[Any], column: ListColumn) -> pl.Series:
    values = [column.value(row) for row in rows]
    said = [None if value is None else column.said(value) for value in values]
    is_text = DTYPES[column.kind] in (pl.String, pl.Boolean)
    cells = pl.Series(column.name, said, dtype=pl.String if is_text else DTYPES[column.kind])
    return cells.fill_null("") if is_text and column.may_be_empty else cells


def _told(rows: Sequence[Any]) -> list[pl.Series]:
    """Say of each row whether it is synthetic: a CSV has no cover to say it."""
    return [pl.Series("is_synthetic", [row.is_synthetic for row in rows], dtype=pl.Boolean)]


def _contract(column: ListColumn) -> Column:
    is_text = DTYPES[column.kind] in (pl.String, pl.Boolean)
    dtype = pl.String if is_text else DTYPES[column.kind]
    unit = _UNITS.get(column.kind, "")
    says_unknown = not column.may_be_empty
    return Column(column.name, dtype, unit=unit, required=says_unknown, nullable_unknown=says_unknown)


def _write_workbook(
    listing: Listing, sheet: Sheet, about: tuple[tuple[str, str], ...], path: Path, by: Viewer, is_synthetic: bool
) -> None:
    header = f"{listing.title} · {mark_of(is_synthetic)}"
    paper = Page("A4" if sheet.frame.width <= _FEW_COLUMNS else "A3", header=header, footer=watermark(by))
    cover = Cover(_("About this copy"), str(listing.title), about)
    write_workbook(path, [sheet], cover=cover, page=paper, language=language())


def _about(listing: Listing, count: int, is_synthetic: bool, by: Viewer, seen_as: str) -> tuple[tuple[str, str], ...]:
    snapshot = published()
    lines = (
        (_("List"), f"{pack().name[language()]} · {listing.title}"),
        (_("Rows"), str(count)),
        (_("Filters"), seen_as),
        (_("Snapshot"), snapshot.key[:12] if snapshot else _("none")),
    )
    return about_copy(lines, is_synthetic=is_synthetic, by=by)


def about_copy(lines: Iterable[tuple[str, str]], *, is_synthetic: bool, by: Viewer) -> tuple[tuple[str, str], ...]:
    """Return what the cover of a copy says: its own lines, then what every cover says; pairs of label and text."""
    synthetic = _("Some or all of the data is synthetic: made by a generator, about nobody.")
    return (
        *lines,
        (_("Classification"), pack().classifications[-1].text[language()]),
        *([(_("Synthetic data"), synthetic)] if is_synthetic else []),
        (_("Business date"), str(today())),
        (_("Copy taken by"), watermark(by)),
        (_("Note"), _("This system takes no state secrets; do not add any to this copy.")),
    )


def mark_of(is_synthetic: bool) -> str:
    """Return what stands above every page of a copy: its classification, and whether it is synthetic."""
    synthetic = " · " + _("SYNTHETIC DATA") if is_synthetic else ""
    return f"{_('Classification')}: {pack().classifications[-1].text[language()]}{synthetic}"


def watermark(by: Viewer) -> str:
    """Return who takes a copy, and when."""
    user = User.objects.filter(pk=by.user_id).first() if by.user_id else None
    return f"{user.display_name if user else by.name} · {localtime(now()):%Y-%m-%d %H:%M}"
