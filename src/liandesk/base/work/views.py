"""The pages of many cases: the table with its copies, and the board of a process."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liandesk.base.accounts.access import can
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.base.work import board, cases_listing
from liandesk.base.work.policies import CASE
from liandesk.base.work.wording import said


@signed_in
@require_safe
def case_list(request: Request) -> HttpResponse:
    """The table; who comes without having asked for anything sees the cases in hand."""
    if not request.GET:
        return redirect(f"{reverse('cases')}?show=hand")
    rows = cases_listing.rows(request.viewer, request.GET.get("show", ""))
    known = cases_listing.processes()
    asked = cases_listing.questions(known, request.GET.get("process", ""))
    boards = [(key, said(process.title)) for key, process in known.items()]
    context = list_context(request, cases_listing.listing(known), rows, asked)
    return render(request, "work/case_list.html", {**context, **_may_open(request), "boards": boards})


@signed_in
@require_safe
def cases_export(request: Request, form: str) -> FileResponse:
    """Send what the table shows as a file."""
    rows = cases_listing.rows(request.viewer, request.GET.get("show", ""))
    known = cases_listing.processes()
    asked = cases_listing.questions(known, request.GET.get("process", ""))
    return send_copy(request, cases_listing.listing(known), rows, form, asked)


@signed_in
@require_safe
def case_board(request: Request, process: str) -> HttpResponse:
    """The board of one process."""
    found = cases_listing.processes().get(process)
    if found is None:
        raise Http404
    context = {
        "process": process,
        "title": said(found.title),
        "columns": list(board.columns(request.viewer, found)),
        "today": today(),
    }
    return render(request, "work/case_board.html", {**context, **_may_open(request)})


def _may_open(request: Request) -> dict[str, bool]:
    return {"may_open": can(request.viewer, CASE, "open")}
