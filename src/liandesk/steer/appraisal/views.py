"""Appraisals: the years, a year's table for those who appraise, its values, its publication, copies."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write
from liandesk.steer.appraisal import actions, queries
from liandesk.steer.appraisal.copies import COPY_KINDS, send_copy
from liandesk.steer.appraisal.excel import import_values, write_sheet
from liandesk.steer.appraisal.forms import ChangeForm, PublishForm, StartForm
from liandesk.steer.appraisal.policies import APPRAISAL, FORMULA
from liandesk.steer.appraisal.shown import differing_shown, formulas_shown, group_shown, unit_shown
from liandesk.steer.appraisal.unit_copies import send_unit_copy


@require_http_methods(["GET", "HEAD", "POST"])
@page
def appraisals(request: Request) -> HttpResponse:
    """The years with a frozen formula; a reader's own results; freeze the formula of a further year."""
    found = queries.appraisals(request.viewer)
    may_freeze = can(request.viewer, FORMULA, "freeze")
    if request.method == "POST":
        check(request.viewer, FORMULA, "freeze")
    form = StartForm(request.POST if request.method == "POST" else None, initial={"year": today().year + 1})
    if form.is_valid():
        try:
            made = actions.start(form.cleaned_data["year"], by=request.viewer)
        except Conflict:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The formula is frozen."))
            return redirect("appraisal_formula", made.pk)
    context = {
        "years": [(one, queries.formula_of(one), queries.result_of(one)) for one in found],
        "own": list(queries.own_units(request.viewer)),
        "form": form if may_freeze else None,
        "may_read": can(request.viewer, APPRAISAL, "read"),
    }
    return render(request, "appraisal/appraisals.html", context, status=400 if form.errors else 200)


@require_safe
@page
def appraisal(request: Request, pk: int) -> HttpResponse:
    """The table of a year: what was published, or what stands now (``result=0``)."""
    asked = request.GET.get("result", "")
    found = queries.opened(request.viewer, pk, int(asked) if asked.isdecimal() else None)
    is_first = not found.appraisal.results.exists()
    may_publish = found.may_publish and found.result is None
    context = {
        "opened": found,
        "groups": [group_shown(one) for one in found.groups],
        "differing": differing_shown(found),
        "results": found.appraisal.results.order_by("-number"),
        "form": PublishForm(is_first=is_first, initial={"version": found.appraisal.version}) if may_publish else None,
        "copies": COPY_KINDS,
        "names": names_of([found.result.published_by] if found.result else []),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "appraisal/appraisal.html", context)


@require_POST
@page
def appraisal_publish(request: Request, pk: int) -> HttpResponse:
    """Publish what stands."""
    check(request.viewer, APPRAISAL, "publish")
    found = queries.appraisal(request.viewer, pk)
    form = PublishForm(request.POST, is_first=not found.results.exists())
    if not form.is_valid():
        messages.error(request, _("Say why it is published again."))
        return redirect(f"{reverse('appraisal', args=[pk])}?result=0")
    said = form.cleaned_data
    actions.publish(pk, by=request.viewer, version=said["version"], reason=said.get("reason", ""))
    messages.success(request, _("Published. Each unit reads its own result and may object within the days."))
    return redirect("appraisal", pk)


@require_safe
@page
def appraisal_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send the table as a file: the last publication, or what stands."""
    return send_copy(queries.opened(request.viewer, pk), kind, by=request.viewer)


@require_safe
@page
def appraisal_unit(request: Request, pk: int, unit: str) -> HttpResponse:
    """The published result of a unit: its own detail, and how its group lies."""
    found = queries.of_unit(request.viewer, pk, unit)
    context = {"found": found, "appraisal": found.result.appraisal, "is_synthetic": found.result.is_synthetic}
    return render(request, "appraisal/unit.html", {**context, "copies": COPY_KINDS, **unit_shown(found)})


@require_safe
@page
def appraisal_unit_export(request: Request, pk: int, unit: str, kind: str) -> FileResponse:
    """Send the published result of a unit as a file: what its page shows, to those who read the page."""
    return send_unit_copy(queries.of_unit(request.viewer, pk, unit), kind, by=request.viewer)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def appraisal_formula(request: Request, pk: int) -> HttpResponse:
    """The formulas of a year under their hashes, what each changed; freeze the version in force instead."""
    found = queries.formulas(request.viewer, pk)
    if request.method == "POST":
        check(request.viewer, FORMULA, "freeze")
    sent = request.POST if request.method == "POST" else None
    form = ChangeForm(sent, initial={"version": found.appraisal.version})
    if form.is_valid():
        said = form.cleaned_data
        actions.freeze_again(pk, said["reason"], by=request.viewer, version=said["version"])
        messages.success(request, _("The changed formula is frozen; the one before stays visible."))
        return redirect("appraisal_formula", pk)
    offered = form if found.may_freeze and found.is_outdated else None
    context = {"found": found, "appraisal": found.appraisal, "form": offered, **formulas_shown(found)}
    return render(request, "appraisal/formula.html", context, status=400 if form.errors else 200)


@require_safe
@page
def appraisal_sheet(request: Request, pk: int) -> FileResponse:
    """Send the sheet to fill in, with what stands."""
    check(request.viewer, APPRAISAL, "give")
    found = queries.appraisal(request.viewer, pk)

    def write(path: Path) -> str:
        write_sheet(path, found)
        return f"appraisal-values-{found.year}_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def appraisal_import(request: Request, pk: int) -> HttpResponse:
    """Look into a sheet that is sent; write what was looked into when its sender says so."""
    check(request.viewer, APPRAISAL, "give")
    queries.appraisal(request.viewer, pk)

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_values(pk, path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "appraisal/import.html", take)
