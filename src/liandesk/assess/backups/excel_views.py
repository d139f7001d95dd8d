"""Send the sheet of the backup list: look at what would be written, then write it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.assess.backups.excel import write_sheet
from liandesk.assess.backups.excel_actions import Outcome, import_backups
from liandesk.assess.backups.lines import lines
from liandesk.assess.backups.policies import BACKUP
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.snapshots import store
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liankit.tables.problems import UnreadableFile

_SALT = "liandesk.backups.import"
_AN_HOUR = 3600


class SheetForm(forms.Form):
    """A sheet to look into."""

    file = forms.FileField(label=_("Sheet"), help_text=_("Excel or CSV, up to 5 MB"))


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
    if request.method != "POST":
        return _page(request, SheetForm())
    if token := request.POST.get("token"):
        return _written(request, token)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    content = form.cleaned_data["file"].read()
    try:
        outcome = _tried(request, content, is_sure=False)
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, form, status=400)
    token = signing.dumps([store.put_bytes(content), request.viewer.actor], salt=_SALT)
    return _page(request, SheetForm(), outcome, token)


def _written(request: Request, token: str) -> HttpResponse:
    try:
        digest, sender = signing.loads(token, salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        digest, sender = "", ""
    if sender != request.viewer.actor:
        form = SheetForm({})
        form.add_error(None, _("This look is too old or another person's. Send the sheet again."))
        return _page(request, form, status=400)
    return _page(request, SheetForm(), _tried(request, store.get_bytes(digest), is_sure=True))


def _tried(request: Request, content: bytes, *, is_sure: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        return import_backups(path, by=request.viewer, is_sure=is_sure)


def _page(
    request: Request, form: SheetForm, outcome: Outcome | None = None, token: str = "", status: int = 200
) -> HttpResponse:
    return render(request, "backups/import.html", {"form": form, "outcome": outcome, "token": token}, status=status)
