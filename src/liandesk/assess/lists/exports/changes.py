"""The differences of a list between two dates as a workbook: one added, gone or changed thing a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from liandesk.assess.lists.edition_queries import Diff
from liandesk.assess.lists.queries import entries
from liandesk.assess.lists.templatetags.lists import said, title
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of, watermark
from liandesk.base.ui.display import language
from liankit.tables.write import Cover, Page, Sheet, write_workbook

_COLUMNS = ("kind", "name", "column", "before", "after", "key")


def write_changes(found: Diff, days: tuple[date, date], path: Path, *, by: Viewer) -> str:
    """Write a diff that ``by`` may see in the reader's language; return the file's proper name."""
    head = _("The risk list from %(earlier)s to %(later)s") % {"earlier": days[0], "later": days[1]}
    frame = pl.DataFrame(list(_rows(found)), schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    is_synthetic = entries(by).filter(is_synthetic=True).exists()
    about = about_copy([(_("List"), head)], is_synthetic=is_synthetic, by=by)
    page = Page("A4", header=f"{head} · {mark_of(is_synthetic)}", footer=watermark(by))
    cover = Cover(_("About this copy"), head, about)
    write_workbook(path, [Sheet(_("Changes"), frame, titles=_titles())], cover=cover, page=page, language=language())
    record("list.export", "list", "changes", by=by, rows=frame.height, kind="xlsx", file=file_digest(path))
    synthetic = "-synthetic" if is_synthetic else ""
    return f"risk-list-changes_{days[0]:%Y-%m-%d}_{days[1]:%Y-%m-%d}{synthetic}.xlsx"


def _titles() -> dict[str, str]:
    return {
        "kind": _("Kind of change"),
        "name": _("Item and enterprise"),
        "column": _("Column"),
        "before": _("Before"),
        "after": _("After"),
        "key": _("Key of the entry"),
    }


def _rows(found: Diff) -> Iterator[tuple[str, str, str, str, str, str]]:
    for kind, rows in ((_("Added"), found.added), (_("Taken off"), found.removed)):
        for row in rows:
            yield kind, f"{row['item_name']} {row['organisation_name'] or ''}".strip(), "", "", "", str(row["key"])
    for change in found.changed:
        for name, (before, after) in change.fields.items():
            yield _("Changed"), change.name, title(name), _plain(name, before), _plain(name, after), change.key


def _plain(name: str, value: object) -> str:
    return strip_tags(str(said(name, value)))
