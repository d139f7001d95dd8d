"""Chase overdue cases, one or many; take an instruction as a sheet for signing."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.teamwork import chasing
from liandesk.base.teamwork.sheet import write_sheet
from liandesk.base.teamwork.views import to_case
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.work.models import Party
from liandesk.base.work.wording import holder_name

PER_PAGE = 50


@page
@require_http_methods(["GET", "HEAD", "POST"])
def chase_many(request: Request) -> HttpResponse:
    """List what is overdue, and chase what is chosen."""
    if request.method == "POST":
        pks = [int(text) for text in request.POST.getlist("case") if text.isdecimal()]
        _tell(request, chasing.chase(pks, by=request.viewer, note=request.POST.get("note", "")))
        return redirect("chase_many")
    shown = Paginator(chasing.to_chase(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, _names(chasing.leading(case)), chasing.was_chased_today(case)) for case in shown.object_list]
    return render(request, "teamwork/chase.html", {"page": shown, "rows": rows})


def _names(parties: Iterable[Party]) -> str:
    return "、".join(dict.fromkeys(holder_name(party.scope_kind, party.scope_id) for party in parties))


@page
@require_POST
def chase_one(request: Request, pk: int) -> HttpResponse:
    _tell(request, chasing.chase([pk], by=request.viewer, note=request.POST.get("note", "")))
    return to_case(pk, "comments")


def _tell(request: Request, chased: chasing.Chased) -> None:
    count = len(chased.done)
    said = ngettext("%(count)s case chased", "%(count)s cases chased", count) % {"count": count}
    told = ngettext("%(count)s person told", "%(count)s people told", chased.told) % {"count": chased.told}
    messages.success(request, f"{said} · {told}")
    if chased.passed_over:
        names = "、".join(case.title for case in chased.passed_over)
        messages.warning(request, _("Chased today already: %(names)s") % {"names": names})


@page
@require_safe
def sheet(request: Request, pk: int) -> HttpResponseBase:
    """Send the sheet of an instruction."""
    return send("docx", lambda path: write_sheet(pk, path, by=request.viewer))
