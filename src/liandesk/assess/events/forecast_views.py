"""Forecasts: the ledger, what they are worth, and an office's own number on an entry."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.assess.events import forecast_queries as queries
from liandesk.assess.events import hindcasts, ledger
from liandesk.assess.events.charts import calibration
from liandesk.assess.events.forecast_listing import (
    FORECASTS,
    MEASURES,
    SCORE_COLUMNS,
    questions,
    score_row,
    title_of,
)
from liandesk.assess.events.forms import LikelihoodForm
from liandesk.assess.events.models import Forecast
from liandesk.assess.events.policies import FORECAST
from liandesk.assess.events.wording import OUTCOMES
from liandesk.assess.lists.queries import as_row, entry
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing import Listing
from liandesk.base.ui.listing_pages import list_context, send_copy
from liankit.risk.scores import MIN_EVENTS

_ScoreRow = make_dataclass("_ScoreRow", [*(column.name for column in SCORE_COLUMNS), "is_synthetic"], frozen=True)


@require_safe
@page
def forecasts(request: Request) -> HttpResponse:
    """The ledger; hindcasts only where they are asked for."""
    return render(request, "events/forecasts.html", list_context(request, FORECASTS, _ledger(request), questions()))


def _ledger(request: Request) -> QuerySet[Forecast]:
    rows = queries.forecasts(request.viewer)
    return rows if request.GET.get("hindcasts") == "yes" else rows.filter(is_hindcast=False)


@require_safe
@page
def forecasts_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    return send_copy(request, FORECASTS, _ledger(request), kind, questions())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def forecast_scores(request: Request) -> HttpResponse:
    """What forecasts were worth; POST lets the worker try the model on earlier days."""
    if request.method == "POST":
        hindcasts.ask(by=request.viewer)
        return redirect("forecast_scores")
    tried = "hindcasts" in request.GET
    found = queries.scored(request.viewer, hindcasts=tried)
    context = {
        "found": found,
        "tried": tried,
        "groups": [_shown(group) for group in found.groups],
        "measures": MEASURES.values(),
        "picture": calibration(found.reliability),
        "bins": found.reliability.to_dicts(),
        "least": MIN_EVENTS,
        "copies": COPY_KINDS,
        "may_try": can(request.viewer, FORECAST, "try"),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "events/scores.html", context)


def _shown(group: queries.Group) -> tuple[str, queries.Group, list[tuple[object, tuple[float, float, float] | None]]]:
    """Return a group with its title and each score as (estimate, low, high), None where there are too few."""
    measured = [(title, getattr(group.scores, name)) for name, title in MEASURES.items()]
    return title_of(group), group, [(t, (one.value, one.low, one.high) if one else None) for t, one in measured]


@require_safe
@page
def forecast_scores_export(request: Request, kind: str) -> FileResponse:
    """Send the table of scores as a file."""
    tried = "hindcasts" in request.GET
    title = _("Scores of hindcasts") if tried else _("Scores of forecasts")
    found = queries.scored(request.viewer, hindcasts=tried)
    rows = [_ScoreRow(**score_row(group)) for group in found.groups]
    listing = Listing("forecast_scores", title, SCORE_COLUMNS, (), "", (), "")
    return send(
        kind,
        lambda path: write_copy(listing, rows, SCORE_COLUMNS, path, by=request.viewer, kind=kind, seen_as=_("none")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def forecast_new(request: Request, entry_key: str) -> HttpResponse:
    """The forecasts of one entry, and an office's own number on it."""
    check(request.viewer, FORECAST, "make" if request.method == "POST" else "read")
    found = entry(request.viewer, entry_key)
    rows = list(queries.of_entry(request.viewer, entry_key))
    may_make = can(request.viewer, FORECAST, "make", as_row(found))
    form = LikelihoodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        check(request.viewer, FORECAST, "make", as_row(found))
    if form.is_valid():
        try:
            ledger.say_likelihood(entry_key, **form.said(), by=request.viewer)
            return redirect("forecast_new", entry_key)
        except UserError as error:
            form.add_error(None, str(error))
    context: dict[str, Any] = {
        "entry": found,
        "rows": [(row, OUTCOMES[row.outcome]) for row in rows],
        "form": form if may_make else None,
        "names": names_of([row.made_by for row in rows]),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "events/forecast_new.html", context, status=400 if form.errors else 200)
