"""Loads: the list, one load with its report and waiting rows, sending files, mending a row, withdrawing, templates."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.facts import actions as facts
from liandesk.base.facts.models import Landing
from liandesk.base.facts.policies import LANDING
from liandesk.base.jobs.models import OPEN_STATES
from liandesk.base.jobs.queries import jobs
from liandesk.base.snapshots import store
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.display import language
from liandesk.know.sources import actions, queries, reports, uploads
from liandesk.know.sources.forms import ReasonForm, RowForm, UploadForm
from liandesk.know.sources.models import QuarantinedRow, Upload, UploadState
from liandesk.know.sources.readers import sources
from liandesk.know.sources.tables import CountsTable, LoadTable, ReportTable, WaitingTable
from liankit.tables import UnreadableFile

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def load_list(request: Request) -> HttpResponse:
    """All loads, and where to start one."""
    check(request.viewer, LANDING, "read")
    rows = queries.loads(request.viewer)
    names = names_of(set(rows.values_list("recorded_by", flat=True)))
    table = LoadTable(rows, names=names)
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    context = {"table": table, "can_load": can(request.viewer, LANDING, "load")}
    return render(request, "sources/load_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Choose a source and files; what was sent is looked into, not loaded."""
    check(request.viewer, LANDING, "load")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            files = form.cleaned_data["files"]
            source, sender = form.cleaned_data["source"], form.cleaned_data["sender"]
            sent = uploads.receive(source=source, files=files, by=request.viewer, sender=sender)
            return redirect("upload", sent.pk)
        except UnreadableFile as error:
            form.add_error("files", " ".join(error.problem.text(language())))
    status = 400 if form.errors else 200
    context = {"form": form, "sheets": queries.template_titles(language())}
    return render(request, "sources/load_new.html", context, status=status)


@require_safe
@signed_in
def upload(request: Request, key: str) -> HttpResponse:
    """What was found in the files; the sender decides."""
    sent = _upload(request, key)
    if sent.state == UploadState.LOADED:
        loaded = reverse("load", args=[sent.landing_id])
        return HttpResponseClientRedirect(loaded) if request.htmx else redirect(loaded)
    if sent.state == UploadState.MAPPING:
        asked = reverse("upload_columns", args=[key])
        return HttpResponseClientRedirect(asked) if request.htmx else redirect(asked)
    template = "sources/_upload.html" if request.htmx else "sources/upload.html"
    return render(request, template, _upload_context(request, sent))


def _upload_context(request: Request, sent: Upload) -> dict[str, object]:
    context: dict[str, object] = {"upload": sent, "source": sources().get(sent.source)}
    if sent.job:
        job = jobs(request.viewer).filter(pk=sent.job).first()
        context |= {"job": job, "is_open": job is not None and job.state in OPEN_STATES}
    if "problem" in sent.preview:
        context["failure"] = reports.line_of(sent.preview["problem"], None, language())
    if "report" in sent.preview:
        problems = queries.errors_first(store.scan_frame(sent.preview["report"]))
        context |= _report_context(request, problems, sent.source)
        context["counts"] = CountsTable(sent.source, sent.preview["counts"])
    return context


@require_POST
@signed_in
def upload_confirm(request: Request, key: str) -> HttpResponse:
    """Load what was looked into."""
    _upload(request, key)
    sent = uploads.confirm(key=key, by=request.viewer)
    if sent.landing_id:
        messages.success(request, _("Loaded. Refresh the lists to see the facts in them."))
    return redirect("upload", key)


@require_POST
@signed_in
def upload_discard(request: Request, key: str) -> HttpResponse:
    """Throw the files away."""
    _upload(request, key)
    uploads.discard(key=key, by=request.viewer)
    messages.success(request, _("The files were thrown away; nothing was loaded."))
    return redirect("loads")


@require_safe
@signed_in
def upload_report(request: Request, key: str) -> HttpResponseBase:
    """The report of a preview as CSV."""
    sent = _upload(request, key)
    if "report" not in sent.preview:
        raise Http404
    return _report_file(store.scan_frame(sent.preview["report"]), sent.source, key)


@require_safe
@signed_in
def load(request: Request, key: str) -> HttpResponse:
    """One load: where every row went, its report, its waiting rows."""
    landing = _load(request, key)
    can_mend = queries.can_mend(request.viewer, landing)
    waiting = WaitingTable(queries.waiting_rows(request.viewer, landing), landing=landing, can_mend=can_mend)
    RequestConfig(request, paginate={"per_page": ROWS}).configure(waiting)
    names = names_of([landing.recorded_by])
    context = {
        "landing": landing,
        "source": sources().get(landing.source),
        "receipt": queries.receipt_of(landing),
        "by": names.get(landing.recorded_by, landing.recorded_by),
        "counts": CountsTable(landing.source, landing.counts),
        "waiting": waiting,
        "can_mend": can_mend,
        "can_withdraw": can(request.viewer, LANDING, "withdraw") and landing.withdrawn_at is None,
        **_report_context(request, queries.report_of(landing), landing.source),
    }
    return render(request, "sources/load.html", context)


@require_safe
@signed_in
def report(request: Request, key: str) -> HttpResponseBase:
    """The report as CSV."""
    landing = _load(request, key)
    return _report_file(queries.report_of(landing), landing.source, key)


@require_safe
@signed_in
def waiting(request: Request, key: str) -> HttpResponseBase:
    """The waiting rows as our workbook, to be mended and sent again."""
    landing = _load(request, key)
    if not queries.can_mend(request.viewer, landing) or not queries.waiting_rows(request.viewer, landing).exists():
        raise Http404
    name = f"waiting-{key}.xlsx"
    return _file(name, lambda path: queries.write_waiting(request.viewer, landing, path, language()), XLSX)


@require_safe
@signed_in
def beyond(request: Request, key: str) -> HttpResponseBase:
    """The kept-out rows that are too many to wait one by one."""
    landing = _load(request, key)
    receipt = queries.receipt_of(landing)
    if receipt is None or not receipt.beyond or not queries.can_mend(request.viewer, landing):
        raise Http404
    return FileResponse(store.blob_path(receipt.beyond).open("rb"), as_attachment=True, filename=f"kept-out-{key}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: Request, key: str) -> HttpResponse:
    """Ask for the reason, then take the load back whole."""
    landing = _load(request, key)
    check(request.viewer, LANDING, "withdraw")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts.withdraw(landing.pk, why=form.cleaned_data["why"], by=request.viewer)
        messages.success(request, _("Withdrawn. Refresh the lists to take its facts out of them."))
        return redirect("load", key)
    context = {
        "form": form,
        "landing": landing,
        "consequence": _("Its facts will no longer be known; what was known before stays known as of then."),
        "submit": _("Withdraw"),
        "cancel_url": reverse("load", args=[landing.pk]),
    }
    return render(request, "sources/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def row(request: Request, key: str, row: int) -> HttpResponse:
    """Mend one waiting row on the screen and send it again."""
    landing, found = _row(request, key, row)
    form = RowForm(found, sources()[landing.source], request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = actions.resend(row=found.pk, cells=form.cleaned_data, by=request.viewer)
        if sent.landing:
            messages.success(request, _("The row is loaded. It no longer waits."))
            return redirect("load", key)
        assert sent.reading is not None
        form.add_problems(sent.reading)
    context = {"form": form, "landing": landing, "row": found, "aside": ReasonForm()}
    return render(request, "sources/row.html", context, status=400 if form.errors else 200)


@require_POST
@signed_in
def row_aside(request: Request, key: str, row: int) -> HttpResponse:
    """Say that a waiting row needs no mending."""
    _landing, found = _row(request, key, row)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.set_aside(row=found.pk, why=form.cleaned_data["why"], by=request.viewer)
        messages.success(request, _("The row was set aside."))
    else:
        messages.error(request, _("Say in a few words why the row is not needed."))
        return redirect("row", key, row)
    return redirect("load", key)


@require_safe
@signed_in
def template(request: Request, name: str) -> HttpResponseBase:
    """The file to fill in."""
    if name not in queries.template_names():
        raise Http404
    return _file(f"{name}.xlsx", lambda path: queries.write_blank(name, path, language()), XLSX)


def _upload(request: Request, key: str) -> Upload:
    sent = queries.upload_of(request.viewer, key)
    if sent is None:
        raise Http404
    return sent


def _load(request: Request, key: str) -> Landing:
    landing = queries.load_of(request.viewer, key)
    if landing is None:
        raise Http404
    return landing


def _row(request: Request, key: str, row: int) -> tuple[Landing, QuarantinedRow]:
    landing = _load(request, key)
    check(request.viewer, LANDING, "load")
    found = queries.waiting_row(request.viewer, landing, row)
    if found is None or not queries.can_mend(request.viewer, landing, found):
        raise Http404
    return landing, found


def _report_context(request: Request, problems: pl.LazyFrame, source: str) -> dict[str, object]:
    asked = request.GET.get("report", "1")
    page = max(1, int(asked)) if asked.isdigit() else 1
    start = (page - 1) * ROWS
    lines, total = queries.report_page(problems, sources().get(source), start=start, count=ROWS, language=language())
    shown = {"first": f"{start + 1:,}", "last": f"{start + len(lines):,}", "total": f"{total:,}"}
    table = ReportTable(lines, prefix="report-")
    table.caption = _("Lines %(first)s to %(last)s of %(total)s; what kept rows out comes first.") % shown
    return {
        "report": table,
        "report_total": total,
        "report_before": page - 1 if page > 1 else None,
        "report_after": page + 1 if start + len(lines) < total else None,
    }


def _report_file(problems: pl.LazyFrame, source: str, key: str) -> FileResponse:
    def write(path: Path) -> None:
        reports.write_report(problems.collect(), sources().get(source), path, language())

    return _file(f"report-{key}.csv", write, "text/csv; charset=utf-8")


def _file(name: str, write: Callable[[Path], None], kind: str) -> FileResponse:
    """Write a file and send it; it is gone from the disk while it is sent."""
    with tempfile.TemporaryDirectory(prefix="liandesk-") as folder:
        path = Path(folder) / name
        write(path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
