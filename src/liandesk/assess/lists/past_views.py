"""How the list differs between two dates: a page, and the same as a workbook."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from liandesk.assess.lists import past
from liandesk.assess.lists.exports.changes import write_changes
from liandesk.assess.lists.policies import ENTRY
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.forms import DateInput

_BACK = timedelta(days=30)


class DatesForm(forms.Form):
    """Between the ends of which two days the list is compared."""

    earlier = forms.DateField(label=_("From the end of"), widget=DateInput)
    later = forms.DateField(label=_("To the end of"), widget=DateInput)

    @classmethod
    def of(cls, request: Request) -> DatesForm:
        """Return the form as it was sent, else the last 30 days."""
        usual = {"earlier": (today() - _BACK).isoformat(), "later": today().isoformat()}
        return cls({name: request.GET.get(name) or day for name, day in usual.items()})


@require_safe
@page
def changes(request: Request) -> HttpResponse:
    check(request.viewer, ENTRY, "compare")
    form = DatesForm.of(request)
    found = past.diff_between(request.viewer, **form.cleaned_data) if form.is_valid() else None
    return render(request, "lists/changes.html", {"form": form, "diff": found, "query": request.GET.urlencode()})


@require_safe
@page
def changes_export(request: Request) -> FileResponse:
    """Send the differences as a workbook, one change a row."""
    check(request.viewer, ENTRY, "compare")
    form = DatesForm.of(request)
    if not form.is_valid():
        raise UserError(_("Give two dates, as 2024-09-30."))
    days = form.cleaned_data["earlier"], form.cleaned_data["later"]
    found = past.diff_between(request.viewer, *days)

    def write(path: Path) -> str:
        return write_changes(found, days, path, by=request.viewer)

    return send("xlsx", write)
