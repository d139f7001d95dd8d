"""The table, one organisation, other weights, edges, and the sheet of published results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.chart import class_chart
from liandesk.assess.per_mu.copies import send_lines
from liandesk.assess.per_mu.definitions import method_of, methods
from liandesk.assess.per_mu.forms import LineFilter, WeightsForm
from liandesk.assess.per_mu.importing import import_results
from liandesk.assess.per_mu.panels import objection_url
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.per_mu.tables import EdgeTable, LineTable, MoveTable, town_name
from liandesk.assess.per_mu.wording import class_said, edge_said, reasons_shown, said, score_said
from liandesk.assess.rules.wording import CONFIDENCE
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write
from liandesk.know.chain.tables import FrameData
from liankit.rules.per_mu_method import Method, base_year

PER_PAGE = 50
WITHIN = 1.0
"""Points within which a line is near, where nobody asks for another number."""


def _method(request: Request) -> Method:
    return method_of(request.GET.get("method", ""))


def _about(request: Request, method: Method) -> dict[str, Any]:
    """Return what every page says of the method."""
    return {
        "method": method,
        "method_title": said(method.title),
        "method_about": said(method.about),
        "method_source": said(method.source.title),
        "confidence": CONFIDENCE[method.source.confidence],
        "methods": [(key, said(one.title), one is method) for key, one in methods().items()],
        "year": base_year(today()),
        "is_synthetic": method.is_synthetic,
        "may_weigh": can(request.viewer, PER_MU, "weigh"),
        "may_land": can(request.viewer, PER_MU, "land"),
    }


@require_safe
@page
def per_mu(request: Request) -> HttpResponse:
    """Every enterprise the viewer may see: score and class, and the published class beside it."""
    check(request.viewer, PER_MU, "read")
    method = _method(request)
    lines = queries.lines(request.viewer, method)
    asked = LineFilter(method, request.GET)
    table = LineTable(method, FrameData(asked.apply(lines)))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "filter": asked, "copies": COPY_KINDS, "query": request.GET.urlencode()}
    return render(request, "per_mu/per_mu.html", context | _about(request, method))


@require_safe
@page
def per_mu_export(request: Request, kind: str) -> FileResponse:
    """Send what the table shows as a file."""
    check(request.viewer, PER_MU, "read")
    method = _method(request)
    asked = LineFilter(method, request.GET)
    lines = asked.apply(queries.lines(request.viewer, method))
    return send_lines(lines, method, kind, by=request.viewer, seen_as=asked.told())


@require_safe
@page
def per_mu_own(request: Request, organisation: str) -> HttpResponse:
    """How one organisation is judged: value, base value and points of each indicator, and what else counts."""
    method = _method(request)
    found = queries.own(request.viewer, organisation, method)
    line = found.line
    context = {
        "organisation": found.organisation,
        "town": town_name(found.organisation.town),
        "line": line,
        "score": score_said(line["low"], line["high"]),  # type: ignore[arg-type]
        "class": class_said(line["best"], line["worst"]),  # type: ignore[arg-type]
        "reasons": reasons_shown(method, found.reasons),
        "edges": _edges(method, found.edges),
        "results": [(one, one.result.upper(), objection_url(request.viewer, one)) for one in found.results],
    }
    return render(request, "per_mu/own.html", context | _about(request, method))


def _edges(method: Method, edges: pl.DataFrame) -> list[tuple[str, float, list[str]]]:
    """Return the lines beside an organisation: the class across, the points, and each indicator alone in words."""
    parts = edges.partition_by("next", maintain_order=True)
    return [
        (part["next"][0].upper(), part["points"][0], [edge_said(method, line) for line in part.iter_rows(named=True)])
        for part in parts
    ]


@require_safe
@page
def per_mu_what_if(request: Request) -> HttpResponse:
    """Other weights: who moves class, how many by group and town."""
    check(request.viewer, PER_MU, "weigh")
    method = _method(request)
    form = WeightsForm(method, request.GET if request.GET else None)
    found = queries.what_if(request.viewer, method, form.weights())
    table = MoveTable(method, FrameData(found.moved))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    towns = found.moved.group_by("town").agg(
        up=(pl.col("step") > 0).sum(), down=(pl.col("step") < 0).sum(), all=pl.len()
    )
    context = {
        "form": form,
        "table": table,
        "up": found.moved.filter(pl.col("step") > 0).height,
        "down": found.moved.filter(pl.col("step") < 0).height,
        "towns": [(town_name(town or ""), up, down) for town, up, down, _ in towns.sort("all", descending=True).rows()],
        "chart": class_chart(found.before, found.after),
    }
    return render(request, "per_mu/what_if.html", context | _about(request, method))


@require_safe
@page
def per_mu_edges(request: Request) -> HttpResponse:
    """Who stands within so many points of a line between classes."""
    check(request.viewer, PER_MU, "weigh")
    method, within = _method(request), _within(request.GET.get("within", ""))
    near = queries.edges(request.viewer, method, within).rename({"class": "place", "next": "following"})
    table = EdgeTable(method, FrameData(near))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "within": within}
    return render(request, "per_mu/edges.html", context | _about(request, method))


def _within(text: str) -> float:
    """Return the points asked for; what is no number from 0 to 100 asks for the usual ones."""
    try:
        asked = float(text)
    except ValueError:
        return WITHIN
    return asked if 0 <= asked <= 100 else WITHIN


@require_http_methods(["GET", "HEAD", "POST"])
@page
def per_mu_import(request: Request) -> HttpResponse:
    """Look into the table that the per-mu office published, then land it."""
    check(request.viewer, PER_MU, "land")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_results(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "per_mu/import.html", take)
