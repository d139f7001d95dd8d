"""Other weights with who moves, and who stands near a line."""

from __future__ import annotations

import polars as pl
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.chart import class_chart
from liandesk.assess.per_mu.copies import send_edges, send_moves
from liandesk.assess.per_mu.forms import WeightsForm
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.per_mu.tables import EdgeTable, MoveTable, town_name
from liandesk.assess.per_mu.views import about, asked_method
from liandesk.assess.per_mu.wording import bounds_shown, moves_by_class, stability_shown
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.know.chain.tables import FrameData

PER_PAGE = 50
WITHIN = 1.0
"""Points within which a line is near, where nobody asks for another number."""


@require_safe
@page
def per_mu_what_if(request: Request) -> HttpResponse:
    """Other weights: who moves class, how many by town, and how far each weight may go before anybody does."""
    check(request.viewer, PER_MU, "weigh")
    method = asked_method(request)
    form = WeightsForm(method, request.GET or None)
    found = queries.what_if(request.viewer, method, form.weights())
    table = MoveTable(method, FrameData(found.moved))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "form": form,
        "table": table,
        "up": found.moved.filter(pl.col("step") > 0).height,
        "down": found.moved.filter(pl.col("step") < 0).height,
        "between": moves_by_class(found.moved),
        "towns": _by_town(found.moved),
        "chart": class_chart(found.before, found.after),
        "stable": stability_shown(method, found.stable, found.names),
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
    }
    return render(request, "per_mu/what_if.html", context | about(request, method))


def _by_town(moved: pl.DataFrame) -> list[tuple[str, int, int]]:
    counts = moved.group_by("town").agg(up=(pl.col("step") > 0).sum(), down=(pl.col("step") < 0).sum(), all=pl.len())
    return [(town_name(town or ""), up, down) for town, up, down, _all in counts.sort("all", descending=True).rows()]


@require_safe
@page
def per_mu_what_if_export(request: Request, kind: str) -> FileResponse:
    """Send who changes class under the weights that are asked for."""
    check(request.viewer, PER_MU, "weigh")
    method = asked_method(request)
    form = WeightsForm(method, request.GET or None)
    found = queries.what_if(request.viewer, method, form.weights())
    return send_moves(found.moved, method, kind, by=request.viewer, seen_as=form.told())


@require_safe
@page
def per_mu_edges(request: Request) -> HttpResponse:
    """Who stands within so many points of a line between classes, and where these lines lie."""
    check(request.viewer, PER_MU, "weigh")
    method, within = asked_method(request), _within(request)
    key = ["enterprise", "name", "town", "group", "place", "following", "points"]
    ways = pl.struct("indicator", "amount").alias("ways")
    near = _near(request, within).group_by(key, maintain_order=True).agg(ways)
    table = EdgeTable(method, FrameData(near))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "table": table,
        "within": within,
        "bounds": bounds_shown(method, queries.bounds(request.viewer, method)),
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
    }
    return render(request, "per_mu/edges.html", context | about(request, method))


@require_safe
@page
def per_mu_edges_export(request: Request, kind: str) -> FileResponse:
    """Send who stands near a line."""
    check(request.viewer, PER_MU, "weigh")
    within = _within(request)
    told = _("Within points") + f": {within:g}"
    return send_edges(_near(request, within), asked_method(request), kind, by=request.viewer, seen_as=told)


def _near(request: Request, within: float) -> pl.DataFrame:
    found = queries.edges(request.viewer, asked_method(request), within)
    return found.rename({"class": "place", "next": "following"})


def _within(request: Request) -> float:
    """Return the points asked for; what is no number from 0 to 100 asks for the usual ones."""
    try:
        asked = float(request.GET.get("within", ""))
    except ValueError:
        return WITHIN
    return asked if 0 <= asked <= 100 else WITHIN
