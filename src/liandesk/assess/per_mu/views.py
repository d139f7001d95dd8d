"""The list, one organisation, the method with its worked examples, the sheet of published results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.actions import make_final
from liandesk.assess.per_mu.corrections import shown_correction
from liandesk.assess.per_mu.definitions import method_of, methods
from liandesk.assess.per_mu.importing import import_results
from liandesk.assess.per_mu.listing import lines_listing, questions
from liandesk.assess.per_mu.method_page import examples_shown, groups_shown, rules_shown
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.objections import objection_url, open_case_of
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.per_mu.wording import STATES, class_said, edge_said, reasons_shown, said, score_said
from liandesk.assess.rules.wording import CONFIDENCE
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.clock import today
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.base.ui.sheets import Outcome, look_then_write
from liankit.rules.per_mu_method import Method, base_year


def asked_method(request: Request) -> Method:
    """Return the method that a page is asked for, the one in use without one."""
    return method_of(request.GET.get("method", ""))


def about(request: Request, method: Method) -> dict[str, Any]:
    """Return what every page says of the method."""
    return {
        "method": method,
        "method_title": said(method.title),
        "method_about": said(method.about),
        "method_source": said(method.source.title),
        "confidence": CONFIDENCE[method.source.confidence],
        "methods": [(key, said(one.title), one.key == method.key) for key, one in methods().items()],
        "year": base_year(today()),
        "is_synthetic": method.is_synthetic,
        "may_weigh": can(request.viewer, PER_MU, "weigh"),
        "may_land": can(request.viewer, PER_MU, "land"),
    }


def _asked(request: Request, method: Method) -> tuple[Any, Any]:
    """Return the rows that the viewer may see and what is asked beside the columns."""
    rows = queries.lines(request.viewer, method)
    segments = rows.exclude(segment="").order_by("segment").values_list("segment", flat=True).distinct()
    return rows, questions(method, list(segments))


@require_safe
@page
def per_mu(request: Request) -> HttpResponse:
    """Every enterprise the viewer may see: score and class, and the published class beside it."""
    check(request.viewer, PER_MU, "read")
    method = asked_method(request)
    rows, more = _asked(request, method)
    context = about(request, method) | list_context(request, lines_listing(method), rows, more)
    if context["may_land"]:
        context["standing"] = queries.standing(request.viewer)
    return render(request, "per_mu/per_mu.html", context)


@require_safe
@page
def per_mu_export(request: Request, kind: str) -> FileResponse:
    """Send what the table shows as a file."""
    check(request.viewer, PER_MU, "read")
    method = asked_method(request)
    rows, more = _asked(request, method)
    return send_copy(request, lines_listing(method), rows, kind, more)


@require_safe
@page
def per_mu_own(request: Request, organisation: str) -> HttpResponse:
    """How one organisation is judged: value, base value and points of each indicator, and what else counts."""
    method = asked_method(request)
    found = queries.own(request.viewer, organisation, method)
    line = found.line
    excluded = {one.key: said(one.title) for one in method.exclusions}
    context = {
        "organisation": found.organisation,
        "line": line,
        "state": STATES[str(line["state"])],
        "excluded_by": excluded.get(str(line["why"])),
        "group": said(method.group(str(line["group"])).title) if line["group"] else "",
        "score": score_said(line["low"], line["high"]),  # type: ignore[arg-type]
        "class": class_said(line["best"], line["worst"]),  # type: ignore[arg-type]
        "placed": found.placed.upper() if found.placed else None,
        "reasons": reasons_shown(method, found.reasons, line["group"]),  # type: ignore[arg-type]
        "edges": _edges(method, found.edges),
        "results": [_result(request, one) for one in found.results],
        "corrections": [shown_correction(request.viewer, one) for one in found.corrections],
        "plot": found.plot,
        "plot_lines": _plot_lines(method, found.plot) if found.plot else [],
    }
    return render(request, "per_mu/own.html", context | about(request, method))


def _result(request: Request, one: Result) -> dict[str, Any]:
    """Return a published result with its class as a letter, and the way to object to it or the open objection."""
    is_own = one.organisation in request.viewer.scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION)
    case = open_case_of(one) if is_own or can(request.viewer, PER_MU, "weigh") else None
    return {"is": one, "place": one.result.upper(), "object_url": objection_url(request.viewer, one), "case": case}


def _plot_lines(method: Method, plot: queries.Plot) -> list[dict[str, Any]]:
    excluded = {one.key: said(one.title) for one in method.exclusions}
    return [
        {
            "on": one,
            "state": STATES[str(one.line["state"])],
            "why": excluded.get(str(one.line["why"])),
            "class": class_said(one.line["best"], one.line["worst"]),  # type: ignore[arg-type]
        }
        for one in plot.members
    ]


def _edges(method: Method, edges: pl.DataFrame) -> list[tuple[str, float, list[str]]]:
    """Return the lines beside an organisation: the class across, the points, and each indicator alone in words."""
    parts = edges.partition_by("next", maintain_order=True)
    return [
        (part["next"][0].upper(), part["points"][0], [edge_said(method, line) for line in part.iter_rows(named=True)])
        for part in parts
    ]


@require_safe
@page
def per_mu_method(request: Request) -> HttpResponse:
    """The method in words: groups, weights, what moves a class; and its examples worked step by step."""
    check(request.viewer, PER_MU, "read")
    method = asked_method(request)
    context = {
        "groups": groups_shown(method),
        "rules": rules_shown(method),
        "examples": [(said(one.title), shown) for one in methods().values() if (shown := examples_shown(one))],
    }
    return render(request, "per_mu/method.html", context | about(request, method))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def per_mu_import(request: Request) -> HttpResponse:
    """Look into the table that the per-mu office published, then land it."""
    check(request.viewer, PER_MU, "land")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_results(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "per_mu/import.html", take)


@require_POST
@page
def per_mu_final(request: Request) -> HttpResponse:
    """Make the preliminary results of the judged year final."""
    made = make_final(base_year(today()), by=request.viewer)
    told = ngettext("%(count)d result is final.", "%(count)d results are final.", made) % {"count": made}
    messages.success(request, told)
    return redirect("per_mu")
