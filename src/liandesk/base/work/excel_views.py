"""Send a workbook of cases: look at what would be written, then write it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.definitions.queries import in_force
from liandesk.base.snapshots import store
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work.excel import write_sheets
from liandesk.base.work.excel_actions import Outcome, import_cases
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said
from liankit.process import Process
from liankit.tables.problems import UnreadableFile

_SALT = "liandesk.work.import"
_AN_HOUR = 3600


class WorkbookForm(forms.Form):
    """A workbook to look into."""

    file = forms.FileField(label=_("Workbook"), help_text=_("Excel, the sheet to fill in, up to 5 MB"))


def _process(request: Request, key: str) -> Process:
    check(request.viewer, CASE, "open")
    definition = in_force("process", key)
    if definition is None:
        raise Http404
    return process_of(definition)


@signed_in
@require_safe
def case_sheets(request: Request, process: str) -> FileResponse:
    """Send the workbook to fill in."""
    found = _process(request, process)

    def write(path: Path) -> str:
        write_sheets(path, found, request.viewer)
        return f"{process}_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case_import(request: Request, process: str) -> HttpResponse:
    """Look into a workbook that is sent; write what was looked into when its sender says so."""
    found = _process(request, process)
    if request.method != "POST":
        return _page(request, found, WorkbookForm())
    if token := request.POST.get("token"):
        return _written(request, found, token)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    content = form.cleaned_data["file"].read()
    try:
        outcome = _tried(request, found, content, is_sure=False)
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, found, form, status=400)
    token = signing.dumps([store.put_bytes(content), request.viewer.actor], salt=_SALT)
    return _page(request, found, WorkbookForm(), outcome, token)


def _written(request: Request, process: Process, token: str) -> HttpResponse:
    try:
        digest, sender = signing.loads(token, salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        digest, sender = "", ""
    if sender != request.viewer.actor:
        form = WorkbookForm({})
        form.add_error(None, _("This look is too old or another person's. Send the workbook again."))
        return _page(request, process, form, status=400)
    return _page(request, process, WorkbookForm(), _tried(request, process, store.get_bytes(digest), is_sure=True))


def _tried(request: Request, process: Process, content: bytes, *, is_sure: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent.xlsx"
        path.write_bytes(content)
        return import_cases(path, process, by=request.viewer, is_sure=is_sure)


def _page(
    request: Request,
    process: Process,
    form: WorkbookForm,
    outcome: Outcome | None = None,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"process": process, "title": said(process.title), "form": form, "outcome": outcome, "token": token}
    return render(request, "work/case_import.html", context, status=status)
