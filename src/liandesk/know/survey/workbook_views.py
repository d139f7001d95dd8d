"""Send forms as a workbook, take it back, and say what is to be mended."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.copies import send
from liandesk.know.survey.models import Invitation
from liandesk.know.survey.workbooks import Outcome, import_forms, write_forms
from liankit.tables.problems import UnreadableFile


class WorkbookForm(forms.Form):
    """A workbook that comes back."""

    file = forms.FileField(label=_("Workbook"), help_text=_("Excel, the questions filled in, up to 5 MB"))


def workbook(
    request: HttpRequest, found: Sequence[Invitation], by: Viewer, *, title: str, back: str
) -> HttpResponseBase:
    """Show the page of a workbook; with ``?take`` send it; take the one that is sent back."""
    if "take" in request.GET:
        return send("xlsx", lambda path: _written(path, found, by))
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    outcome = _taken(form, found, by) if request.method == "POST" and form.is_valid() else None
    context = {"form": form, "outcome": outcome, "title": title, "back": back, "count": len(found)}
    return render(request, "survey/workbook.html", context, status=400 if form.errors else 200)


def _written(path: Path, found: Sequence[Invitation], by: Viewer) -> str:
    write_forms(path, found, by=by)
    return f"survey_{today():%Y-%m-%d}.xlsx"


def _taken(form: WorkbookForm, found: Sequence[Invitation], by: Viewer) -> Outcome | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent.xlsx"
        path.write_bytes(form.cleaned_data["file"].read())
        try:
            return import_forms(path, found, by=by)
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return None
