"""Reports: order one, read what it holds, take its files, check a bundle."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import UserError
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.steer.reports import actions, queries
from liandesk.steer.reports.contents.gather import office_name
from liandesk.steer.reports.forms import BundleForm, OrderForm
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.reports.tables import NumberTable, ReportTable
from liandesk.steer.reports.wording import FILES, PHASES, STATES
from liankit.errors import UserError as KitError
from liankit.plan.report.bundle import Verdict

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page
def reports(request: Request) -> HttpResponse:
    """What was made, and the form that orders another."""
    may_order = can(request.viewer, REPORT, "order")
    if request.method == "POST":
        check(request.viewer, REPORT, "order")
    initial = {"language": language(), "kind": Kind.ANNUAL}
    sent = request.POST if request.method == "POST" else None
    form = OrderForm(sent, viewer=request.viewer, initial=initial)
    if form.is_valid():
        try:
            made = actions.order(**form.cleaned_data, by=request.viewer)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("report", made.pk)
    table = ReportTable(queries.reports(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "form": form, "may_order": may_order}
    return render(request, "reports/reports.html", context, status=400 if form.errors else 200)


@require_safe
@page
def report(request: Request, pk: int) -> HttpResponse:
    """How far a report is, or its files and its numbers."""
    found = queries.report(request.viewer, pk)
    if request.htmx and not found.is_open:
        return HttpResponseClientRefresh()  # the page that waits gives way to the report
    context = _shown(found)
    if found.is_made:
        table = NumberTable(queries.numbers(request.viewer, pk))
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
        context["table"] = table
    return render(request, "reports/_progress.html" if request.htmx else "reports/report.html", context)


def _shown(found: Report) -> dict[str, Any]:
    return {
        "report": found,
        "job": found.job,
        "state": STATES[found.job.state],
        "phase": PHASES.get(found.job.phase, ""),
        "kind": Kind(found.kind).label,
        "office": office_name(found.office) if found.office else "",
        "names": names_of([found.ordered_by]),
        "files": [(kind, title) for kind, title in FILES.items() if kind in found.files],
        "is_synthetic": found.is_synthetic,
    }


@require_safe
@page
def report_file(request: Request, pk: int, kind: str) -> FileResponse:
    """Send a file of a report, the same bytes to everybody; the log says who took it."""
    found, content = queries.content(request.viewer, pk, kind)
    actions.log_copy(found, kind, by=request.viewer)
    synthetic = "-synthetic" if found.is_synthetic else ""
    name = f"{found.title}_{found.day.isoformat()}{synthetic}.{kind}"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


@require_POST
@page
def report_verify(request: Request, pk: int) -> HttpResponse:
    """Check the bundle of a report as it lies here."""
    _found, content = queries.content(request.viewer, pk, "zip")
    verdict, _registered = queries.checked(request.viewer, content, "report.zip")
    if verdict.holds:
        said = _("All holds: %(count)s of %(all)s numbers were computed again.")
        messages.success(request, said % {"count": len(verdict.recomputed), "all": verdict.numbers})
    for fault in verdict.faults:
        messages.error(request, fault.said(language()))
    return redirect("report", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def report_check(request: Request) -> HttpResponse:
    """Check a bundle that somebody hands in."""
    check(request.viewer, REPORT, "read")
    form = BundleForm(request.POST or None, request.FILES or None)
    verdict: Verdict | None = None
    registered: Report | None = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            verdict, registered = queries.checked(request.viewer, file.read(), file.name)
        except KitError as error:
            form.add_error("file", str(error))
    faults = [fault.said(language()) for fault in verdict.faults] if verdict else []
    context = {"form": form, "verdict": verdict, "registered": registered, "faults": faults}
    return render(request, "reports/check.html", context, status=400 if form.errors else 200)
