"""The cockpit of the chain chief: what is out of order, what is new since the last meeting, and a sheet for it."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.forms import DateInput
from liandesk.steer.cockpit import queries
from liandesk.steer.cockpit.sheet import write_sheet

_BACK = timedelta(days=30)
_SHOWN = 8  # lines of a kind; the rest stand where all of it is listed


class MeetingForm(forms.Form):
    """When the last meeting was: what came later is new."""

    since = forms.DateField(label=_("Last meeting"), widget=DateInput)

    @classmethod
    def of(cls, request: Request) -> MeetingForm:
        """Return the form as it was sent, else a month back."""
        return cls({"since": request.GET.get("since") or (today() - _BACK).isoformat()})

    def day(self) -> date:
        """Return the day; raise UserError where it is none."""
        if not self.is_valid():
            raise UserError(_("Give the day of the last meeting, as 2024-09-02."))
        day: date = self.cleaned_data["since"]
        return day


@require_safe
@page
def cockpit(request: Request) -> HttpResponse:
    form = MeetingForm.of(request)
    found = queries.exceptions(request.viewer)
    since = form.day()
    context = {
        "form": form,
        "since": since,
        "kinds": [(kind, kind.lines[:_SHOWN], max(0, len(kind.lines) - _SHOWN)) for kind in found],
        "count": sum(len(kind.lines) for kind in found),
        "new": sum(line.is_new(since) for kind in found for line in kind.lines),
        "instruct": queries.INSTRUCTION if queries.may_instruct(request.viewer) else "",
        "ended": queries.ended_since(request.viewer, since)[:_SHOWN],
    }
    return render(request, "cockpit/cockpit.html", context)


@require_safe
@page
def cockpit_sheet(request: Request) -> FileResponse:
    """Send the exceptions as one sheet for the meeting."""
    since = MeetingForm.of(request).day()
    found = queries.exceptions(request.viewer)
    return send("docx", lambda path: write_sheet(found, since, path, by=request.viewer))
