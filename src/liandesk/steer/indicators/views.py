"""Indicators: all of them, one with its values, and what people do with the claims of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.ui.copies import COPY_KINDS, send_evidence
from liandesk.base.ui.decorators import page
from liandesk.steer.indicators import actions, progress, queries
from liandesk.steer.indicators.chart import course
from liandesk.steer.indicators.copies import IndicatorRow, send_indicators, send_values
from liandesk.steer.indicators.excel import entered_by
from liandesk.steer.indicators.forms import ClaimForm, RefuseForm
from liandesk.steer.indicators.policies import CLAIM, INDICATOR, JUMP
from liandesk.steer.indicators.queries import Value
from liandesk.steer.indicators.shown import scope_name, title_of, unit_of, with_unit
from liandesk.steer.indicators.tables import IndicatorTable
from liandesk.steer.indicators.wording import COUNTINGS, DIRECTIONS, PERIODS, STATES
from liankit.plan.indicators import Indicator

CLAIMS_SHOWN = 50
PER_PAGE = 50


@require_safe
@page
def indicators(request: Request) -> HttpResponse:
    """All indicators with their last value and light."""
    table = IndicatorTable(_rows(request))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    _with_values(request, [row.record for row in table.paginated_rows])
    context = {
        "table": table,
        "copies": COPY_KINDS,
        "may_enter": bool(entered_by(request.viewer)),
        "may_assess": can(request.viewer, JUMP, "read"),
        "waiting": len(queries.waiting_for(request.viewer)),
    }
    return render(request, "indicators/indicators.html", context)


def _rows(request: Request) -> list[IndicatorRow]:
    """Return all indicators, their last values not looked up yet."""
    check(request.viewer, INDICATOR, "read")
    by_indicator = {one.indicator: one for one in progress.progress_of_all(request.viewer)}
    return [IndicatorRow(one, by_indicator.get(one.key)) for one in queries.indicators(request.viewer)]


def _with_values(request: Request, rows: list[IndicatorRow]) -> list[IndicatorRow]:
    last = queries.latest_values(request.viewer, [row.indicator for row in rows])
    for row in rows:
        row.last = last.get(row.indicator.key)
    return rows


@require_safe
@page
def indicators_export(request: Request, kind: str) -> FileResponse:
    """Send the list as a file."""
    return send_indicators(_with_values(request, _rows(request)), kind, by=request.viewer)


@require_safe
@page
def indicator(request: Request, key: str) -> HttpResponse:
    """One indicator: what it means, its course, its values, and the claims of it."""
    found = queries.indicator(request.viewer, key)
    values = queries.values(request.viewer, key)
    stands = progress.progress_of_indicator(request.viewer, key)
    claims = queries.claims(request.viewer).filter(indicator=key)[:CLAIMS_SHOWN]
    context = {
        "indicator": found,
        "title": title_of(found),
        "unit": "%" if found.unit == "share" else unit_of(found),
        "chart": course(found, values, stands, progress.fan_of(request.viewer, stands.target) if stands else None),
        "stands": stands,
        "values": [(one, with_unit(one.value, found), STATES[one.state]) for one in reversed(values)],
        "parts": _parts(request, found),
        "claims": [(one, with_unit(one.value, found), queries.steps_of(request.viewer, one)) for one in claims],
        "names": names_of(name for one in claims for name in (one.claimed_by, one.verified_by, one.approved_by)),
        "states": STATES,
        "said": (COUNTINGS[found.counting], PERIODS[found.period], DIRECTIONS[found.direction]),
        "may_claim": found.is_entered and can(request.viewer, CLAIM, "claim", _as_row(found)),
        "may_share": can(request.viewer, INDICATOR, "read"),
        "copies": COPY_KINDS,
        "is_synthetic": any(one.is_synthetic for one in values) or any(one.is_synthetic for one in claims),
    }
    return render(request, "indicators/indicator.html", context)


def _as_row(found: Indicator) -> dict[str, str]:
    return {"owner": found.owner, "offices": queries.offices_of(found)}


def _parts(request: Request, found: Indicator) -> list[tuple[str, Value, object]]:
    """Return the last value of each town or office that the viewer may see."""
    last = queries.last_of_parts(request.viewer, found.key)
    return [(scope_name(one.scope), one, with_unit(one.value, found)) for one in last]


@require_safe
@page
def indicator_export(request: Request, key: str, kind: str) -> FileResponse:
    """Send the values of one indicator as a file."""
    found = queries.indicator(request.viewer, key)
    values = [*queries.values(request.viewer, key), *queries.values_of_parts(request.viewer, key)]
    return send_values(found, values, kind, by=request.viewer)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def indicator_claim(request: Request, key: str) -> HttpResponse:
    """Claim a value; ``corrects`` of the address names the claim that it takes the place of."""
    check(request.viewer, CLAIM, "claim")
    found = queries.indicator(request.viewer, key)
    asked = request.GET.get("corrects", "")
    corrected = queries.claim(request.viewer, int(asked)) if asked.isdecimal() else None
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClaimForm(*sent, indicator=found, viewer=request.viewer, initial=ClaimForm.start(found, corrected))
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            corrects = corrected.pk if corrected else None
            actions.claim(key, form.said, form.evidence, by=request.viewer, corrects=corrects)
        except (NotThere, NotAllowed):
            raise
        except UserError as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Claimed. Another person verifies it, a third approves it."))
            return redirect("indicator", key)
    context = {"form": form, "indicator": found, "title": title_of(found), "corrected": corrected}
    return render(request, "indicators/claim.html", context, status=status)


@require_POST
@page
def claim_verify(request: Request, pk: int) -> HttpResponse:
    """Say that a claim is what its evidence shows."""
    found = actions.verify(pk, by=request.viewer, version=_version(request))
    messages.success(request, _("Verified. A third person approves it."))
    return redirect("indicator", found.indicator)


@require_POST
@page
def claim_approve(request: Request, pk: int) -> HttpResponse:
    """Let a claim count."""
    found = actions.approve(pk, by=request.viewer, version=_version(request))
    messages.success(request, _("Approved. The lights are being computed anew."))
    return redirect("indicator", found.indicator)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def claim_refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse a claim, with the reason."""
    found = queries.claim(request.viewer, pk)
    check(request.viewer, CLAIM, "verify" if found.state == "claimed" else "approve", queries.as_row(found))
    form = RefuseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if form.is_valid():
        told = form.cleaned_data
        actions.refuse(pk, by=request.viewer, version=told["version"], reason=told["reason"])
        messages.success(request, _("Refused."))
        return redirect("indicator", found.indicator)
    context = {"form": form, "claim": found, "title": title_of(queries.known(found.indicator))}
    return render(request, "indicators/refuse.html", context, status=400 if form.errors else 200)


def _version(request: Request) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() else 0


@require_safe
@page
def claim_evidence(request: Request, pk: int) -> HttpResponse:
    """Send the evidence of a claim, never shown inside a page."""
    found = queries.claim(request.viewer, pk)
    return send_evidence(found.evidence_name, found.evidence)
