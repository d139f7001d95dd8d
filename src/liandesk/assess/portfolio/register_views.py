"""The register of interventions: all of them, enter one, change one, take one out."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from liandesk.assess.portfolio import actions, queries
from liandesk.assess.portfolio.copies import send_interventions
from liandesk.assess.portfolio.excel import import_interventions, write_sheet
from liandesk.assess.portfolio.forms import InterventionForm, WithdrawForm, initial_of
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.portfolio.tables import InterventionTable
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.ui.copies import COPY_KINDS, send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write

PER_PAGE = 50


@require_safe
@page
def interventions(request: Request) -> HttpResponse:
    """The register."""
    table = InterventionTable(queries.interventions(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "may_ask": can(request.viewer, PORTFOLIO, "ask"), "copies": COPY_KINDS}
    return render(request, "portfolio/interventions.html", context)


@require_safe
@page
def interventions_export(request: Request, kind: str) -> FileResponse:
    """Send the register as a file."""
    return send_interventions(queries.interventions(request.viewer), kind, by=request.viewer)


@require_safe
@page
def interventions_sheet(request: Request) -> FileResponse:
    """Send the sheet to fill in, with the register as it stands."""
    check(request.viewer, PORTFOLIO, "ask")

    def write(path: Path) -> str:
        write_sheet(path, queries.interventions(request.viewer))
        return f"interventions_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def interventions_import(request: Request) -> HttpResponse:
    """Look into a sheet that is sent; write what was looked into when its sender says so."""
    check(request.viewer, PORTFOLIO, "ask")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_interventions(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "portfolio/import.html", take)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def intervention_new(request: Request) -> HttpResponse:
    """Enter an intervention; ``item`` of the address names the risk."""
    check(request.viewer, PORTFOLIO, "ask")
    sent = request.POST if request.method == "POST" else None
    form = InterventionForm(sent, initial={"item": request.GET.get("item", "")})
    if form.is_valid():
        try:
            actions.enter(form.said(), by=request.viewer)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The intervention was entered."))
            return redirect("interventions")
    return _form(request, form, _("Enter an intervention"))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def intervention(request: Request, pk: int) -> HttpResponse:
    """Show one, and let who may change it."""
    found = queries.intervention(request.viewer, pk)
    may_ask = can(request.viewer, PORTFOLIO, "ask")
    if request.method == "POST":
        check(request.viewer, PORTFOLIO, "ask")
    form = InterventionForm(request.POST if request.method == "POST" else None, initial=initial_of(found))
    if form.is_valid():
        try:
            actions.change(pk, form.said(), by=request.viewer, version=form.cleaned_data["version"])
        except Conflict:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("interventions")
    withdrawing = WithdrawForm(initial={"version": found.version}) if may_ask else None
    return _form(request, form, found.title, found=found, may_ask=may_ask, withdrawing=withdrawing)


def _form(request: Request, form: InterventionForm, title: str, **more: object) -> HttpResponse:
    context = {"form": form, "title": title, "items": queries.items_offered(request.viewer), "may_ask": True, **more}
    return render(request, "portfolio/intervention.html", context, status=400 if form.errors else 200)


@require_http_methods(["POST"])
@page
def intervention_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one out of the register."""
    check(request.viewer, PORTFOLIO, "ask")
    queries.intervention(request.viewer, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is taken out."))
        return redirect(reverse("intervention", args=[pk]))
    actions.withdraw(pk, form.cleaned_data["reason"], by=request.viewer, version=form.cleaned_data["version"])
    return redirect("interventions")
