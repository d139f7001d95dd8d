"""Runs: what is going on, what each step took in, gave out and lost; start and cancel."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.jobs import actions, queries
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import OPEN_STATES
from liandesk.base.jobs.policies import RUN
from liandesk.base.ui.decorators import signed_in
from liandesk.refresh.tables import RunTable


@signed_in
def run_list(request: Request) -> HttpResponse:
    check(request.viewer, RUN, "read")
    table = RunTable(queries.jobs(request.viewer))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "refresh/run_list.html", {"table": table, "can_start": can(request.viewer, RUN, "start")})


@signed_in
def run(request: Request, run_id: int) -> HttpResponse:
    job = queries.jobs(request.viewer).filter(pk=run_id).first()
    if job is None:
        raise Http404
    is_open = job.state in OPEN_STATES
    context = {
        "job": job,
        "steps": job.steps.all(),
        "is_open": is_open,
        "can_cancel": can(request.viewer, RUN, "cancel"),
    }
    template = "refresh/_run.html" if request.htmx else "refresh/run.html"
    return render(request, template, context)


@require_POST
@signed_in
def start(request: Request) -> HttpResponse:
    return redirect("run", actions.enqueue(REFRESH, by=request.viewer).pk)


@require_POST
@signed_in
def cancel(request: Request, run_id: int) -> HttpResponse:
    return redirect("run", actions.cancel(run_id, by=request.viewer).pk)
