"""The sheet of the backup list: out with the list as it stands, in after a look at what would be written."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.assess.backups.excel import write_sheet
from liandesk.assess.backups.excel_actions import import_backups
from liandesk.assess.backups.lines import lines
from liandesk.assess.backups.policies import BACKUP
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write


@require_safe
@page
def backup_sheet(request: Request) -> FileResponse:
    """Send the sheet to fill in, with the list as it stands."""
    check(request.viewer, BACKUP, "list")

    def write(path: Path) -> str:
        write_sheet(path, lines(request.viewer))
        return f"backup-list_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def backup_import(request: Request) -> HttpResponse:
    """Look into a sheet that is sent; write what was looked into when its sender says so."""
    check(request.viewer, BACKUP, "list")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_backups(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "backups/import.html", take)
