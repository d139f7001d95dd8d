"""Facts that offices share, and the sheet of values: out to an office, in after a look at what would be written."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.access import barred, can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write
from liandesk.steer.indicators import queries, sharing
from liandesk.steer.indicators.excel import import_values, write_sheet
from liandesk.steer.indicators.forms import CreditForm, FactForm
from liandesk.steer.indicators.models import Fact
from liandesk.steer.indicators.policies import CLAIM
from liandesk.steer.indicators.shown import title_of
from liankit.plan.indicators import Indicator


@require_safe
@page
def indicator_sheet(request: Request) -> FileResponse:
    """Send the sheet to fill in."""
    check(request.viewer, CLAIM, "claim")

    def write(path: Path) -> str:
        write_sheet(path, request.viewer)
        return f"indicator-values_{today():%Y-%m-%d}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def indicator_import(request: Request) -> HttpResponse:
    """Look into a sheet that is sent; claim what was looked into when its sender says so."""
    check(request.viewer, CLAIM, "claim")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_values(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "indicators/import.html", take)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def indicator_facts(request: Request, key: str) -> HttpResponse:
    """The facts of an indicator with the shares of offices, and the ways to enter both."""
    if request.method == "POST":
        check(request.viewer, CLAIM, "claim")
    found = queries.indicator(request.viewer, key)
    facts = queries.facts(request.viewer, key)
    may_claim = can(request.viewer, CLAIM, "claim", {"owner": found.owner, "offices": barred(found.offices)})
    fact_form = FactForm(request.POST if request.POST.get("what") == "fact" else None, initial={"on": today()})
    credit_form = CreditForm(request.POST if request.POST.get("what") == "credit" else None, offices=found.offices)
    if request.method == "POST" and _written(request, found, fact_form, credit_form):
        messages.success(request, _("Saved."))
        return redirect("indicator_facts", key)
    context = {
        "indicator": found,
        "title": title_of(found),
        "facts": [_shown(fact) for fact in facts],
        "fact_form": fact_form,
        "credit_form": credit_form,
        "may_claim": may_claim,
        "is_synthetic": any(fact.is_synthetic for fact in facts),
    }
    is_wrong = fact_form.errors or credit_form.errors
    return render(request, "indicators/facts.html", context, status=400 if is_wrong else 200)


def _shown(fact: Fact) -> tuple[Fact, list[tuple[str, float]], float]:
    """Return a fact, the share of each office from 0 to 1, and what nobody claimed."""
    shares = [(one.office, one.share / sharing.WHOLE) for one in fact.credits.all()]
    return fact, shares, 1 - fact.credited / sharing.WHOLE


def _written(request: Request, found: Indicator, fact_form: FactForm, credit_form: CreditForm) -> bool:
    """Write what is valid; what is refused is said on its form."""
    form = fact_form if fact_form.is_bound else credit_form
    if not form.is_valid():
        return False
    told = form.cleaned_data
    try:
        if form is fact_form:
            sharing.add_fact(found.key, told["title"], told["on"], by=request.viewer)
        else:
            pk = request.POST.get("fact", "")
            share = round(told["share"] * 100)
            sharing.credit(int(pk) if pk.isdecimal() else 0, told["office"], share, by=request.viewer)
    except (NotThere, NotAllowed):
        raise
    except UserError as error:
        form.add_error(None, str(error))
        return False
    return True
