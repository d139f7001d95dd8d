"""Pages of trials: the list with its clocks, the times, the sheet of dates, the joint session with reviewers."""

from __future__ import annotations

from dataclasses import asdict, make_dataclass
from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.act.insight import groups
from liandesk.act.insight.chart import picture_of as compared_picture
from liandesk.act.trials import actions, queries
from liandesk.act.trials.chart import picture_of
from liandesk.act.trials.forms import SessionForm
from liandesk.act.trials.milestones import PROCESS
from liandesk.act.trials.models import Variant
from liandesk.act.trials.policies import STARTUP
from liandesk.act.trials.sheet import write_sheet
from liandesk.act.trials.tables import STARTUPS
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.base.ui.sheets import Outcome, look_then_write

_BARS = (
    ListColumn("first", _("From day"), "number"),
    ListColumn("below", _("Before day"), "number"),
    ListColumn("started", _("First patient in"), "number"),
    ListColumn("under_way", _("Still under way"), "number"),
)
_Row = make_dataclass("_Row", [*(column.name for column in _BARS), "is_synthetic"], frozen=True)


@require_safe
@page
def startups(request: Request) -> HttpResponse:
    """Every trial that the viewer may see, with the clock that is due first."""
    check(request.viewer, STARTUP, "read")
    context = list_context(request, STARTUPS, queries.startups(request.viewer))
    context |= {
        "may_enter": can(request.viewer, STARTUP, "enter"),
        "may_convene": can(request.viewer, STARTUP, "convene"),
        "process": PROCESS,
    }
    return render(request, "trials/trials.html", context)


@require_safe
@page
def startups_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, STARTUP, "read")
    return send_copy(request, STARTUPS, queries.startups(request.viewer), kind)


@require_safe
@page
def startup_times(request: Request) -> HttpResponse:
    """How long start-ups take: the distribution, by variant and by site, and what the viewer may know of others."""
    found = queries.distribution(request.viewer)
    lines = [(_now("Start-up"), found.compared)] if found.compared else []
    context = {
        "found": found,
        "bars": picture_of(found.bars),
        "tables": [
            (_now("All"), [("", found.all)] if found.all else []),
            (_now("By variant"), [(str(Variant(one.group).label), one) for one in found.by_variant]),
            (_now("By site"), [(one.group, one) for one in found.by_site]),
        ],
        "lines": lines,
        "picture": compared_picture(lines),
        "least_cases": groups.LEAST_CASES,
        "least_organisations": groups.LEAST_ORGANISATIONS,
        "copies": COPY_KINDS,
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "trials/times.html", context)


@require_safe
@page
def startup_times_export(request: Request, kind: str) -> FileResponse:
    """Send the distribution as a file."""
    found = queries.distribution(request.viewer)
    rows = [_Row(**asdict(bar), below=bar.below, is_synthetic=found.is_synthetic) for bar in found.bars]
    listing = Listing("startup_times", _("Start-up times of trials"), _BARS, (), "", (), "")

    def write(path: Path) -> str:
        return write_copy(listing, rows, _BARS, path, by=request.viewer, kind=kind, seen_as=found.day.isoformat())

    return send(kind, write)


@require_safe
@page
def startup_sheet(request: Request) -> FileResponse:
    """Send the sheet to fill in."""
    check(request.viewer, STARTUP, "enter")

    def write(path: Path) -> str:
        write_sheet(path, request.viewer)
        return f"trial-startups_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def startup_import(request: Request) -> HttpResponse:
    """Look into a sheet of dates that is sent; write what was looked into when its sender says so."""
    check(request.viewer, STARTUP, "enter")

    def take(path: Path, is_sure: bool) -> Outcome:
        return actions.import_dates(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "trials/import.html", take)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def startup_session(request: Request) -> HttpResponse:
    """What waits for reviewers; POST calls one joint session about several trials."""
    waiting = queries.waiting_for_reviewers(request.viewer)
    form = SessionForm(waiting, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            case = actions.call_session(form.cleaned_data["trials"], form.session(), by=request.viewer)
            return redirect("case", case.pk)
        except UserError as error:
            form.add_error(None, str(error))
    lines = [(one, queries.review_stages(one), queries.days_left(one.case)) for one in waiting]
    context = {"form": form, "lines": lines, "is_synthetic": any(one.is_synthetic for one in waiting)}
    return render(request, "trials/session.html", context, status=400 if form.errors else 200)
