"""What-ifs: ask, watch, read the answer, lay two beside each other, take a copy."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from liandesk.assess.whatif import actions, queries
from liandesk.assess.whatif.chart import chart_says, hits_chart
from liandesk.assess.whatif.copies import send_hits
from liandesk.assess.whatif.forms import AskForm
from liandesk.assess.whatif.policies import WHAT_IF
from liandesk.assess.whatif.summary import summary
from liandesk.assess.whatif.tables import BesideTable, HitTable, StopTable, WhatIfTable
from liandesk.assess.whatif.wording import LEGEND, PHASES, STATES
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.know.chain.tables import FrameData

PER_PAGE = 50


@require_safe
@page
def what_ifs(request: Request) -> HttpResponse:
    """What was asked."""
    table = WhatIfTable(queries.what_ifs(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "whatif/what_ifs.html", {"table": table, "may_ask": can(request.viewer, WHAT_IF, "ask")})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def what_if_new(request: Request) -> HttpResponse:
    """Ask; ``makers`` or ``items`` of the address name what fails."""
    check(request.viewer, WHAT_IF, "ask")
    sent = request.POST if request.method == "POST" else None
    named = {name: request.GET[name] for name in ("makers", "items") if name in request.GET}
    form = AskForm(sent, viewer=request.viewer, initial=named)  # no title from names: towns that are hit see it
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.ask(said["title"], form.shocks, by=request.viewer, note=said["note"])
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("what_if", made.pk)
    return render(request, "whatif/what_if_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@page
def what_if(request: Request, pk: int) -> HttpResponse:
    """How far the answer is, or the answer."""
    found = queries.opened(request.viewer, pk)
    if request.htmx and not found.what_if.is_open:
        return HttpResponseClientRefresh()  # the page that waits gives way to the answer
    job = found.what_if.job
    context: dict[str, Any] = {
        "opened": found,
        "what_if": found.what_if,
        "job": job,
        "state": STATES[job.state],
        "phase": PHASES.get(job.phase, ""),
        "names": names_of([found.what_if.asked_by]),
        "copies": COPY_KINDS,
        "threshold": pack().cascade_coverage,
        "is_synthetic": found.what_if.snapshot.is_synthetic,
        **_answer(request, found),
    }
    return render(request, "whatif/_progress.html" if request.htmx else "whatif/what_if.html", context)


def _answer(request: Request, found: queries.Opened) -> dict[str, Any]:
    """Return the parts of an answer: what it comes to, the tables, the picture for who sees all of it."""
    if found.hits is None or found.stops is None:
        return {}
    hits = found.hits.filter("is_product")
    tables = {"hits": HitTable(FrameData(hits)), "stops": StopTable(FrameData(found.stops), prefix="stops-")}
    for table in tables.values():
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    picture, told = hits_chart(found.hits) if found.sees_all else None, summary(found.hits)
    return {
        "summary": told,
        "tables": tables,
        "picture": picture,
        "says": chart_says(told) if picture else "",
        "legend": LEGEND,
        "others": queries.others(request.viewer, found.what_if),
    }


@require_POST
@page
def what_if_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop answering."""
    return redirect("what_if", actions.cancel(pk, by=request.viewer).pk)


@require_safe
@page
def what_if_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send the rows of the answer as a file."""
    found = queries.opened(request.viewer, pk)
    if found.hits is None:
        raise NotThere(_("There is no answer to copy yet."))
    return send_hits(found, kind, by=request.viewer)


@require_safe
@page
def what_if_beside(request: Request, pk: int, other: int) -> HttpResponse:
    """Lay two answers beside each other."""
    pair = [queries.opened(request.viewer, one) for one in (pk, other)]
    if any(found.hits is None for found in pair):
        raise NotThere(_("Both need an answer before they can be compared."))
    table = BesideTable(FrameData(queries.beside(*pair)))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    told = [(found, summary(found.hits)) for found in pair if found.hits is not None]
    return render(request, "whatif/beside.html", {"pair": told, "table": table})
