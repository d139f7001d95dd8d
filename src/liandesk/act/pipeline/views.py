"""The pages of the pipeline: the list, how far cohorts came, the dates; copies of each."""

from __future__ import annotations

from dataclasses import make_dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c
from django.views.decorators.http import require_safe

from liandesk.act.pipeline import queries
from liandesk.act.pipeline.chart import gantt, of_cohort, of_counts
from liandesk.act.pipeline.cohorts import Cohort, Intake, Rate
from liandesk.act.pipeline.effects import PROCESS
from liandesk.act.pipeline.forms import CohortForm
from liandesk.act.pipeline.policies import PROJECT
from liandesk.act.pipeline.sketch import CODE
from liandesk.act.pipeline.tables import COHORTS, DAYS, dates, places
from liandesk.act.pipeline.tables import projects as list_for
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing import YES_NO, Listing, Question
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.base.work.of_cases import cases_seen
from liandesk.base.work.opening import may_open

MOST_LINES = 60
"""Projects that are drawn; the table tells all."""
REACHED: dict[str, Promise | str] = {
    "opened_on": _c("cohort", "Recorded"),
    "contacted_on": _c("cohort", "In contact"),
    "proposed_on": _c("cohort", "Proposal made"),
    "signed_on": _c("cohort", "Signed"),
    "registered_on": _c("cohort", "Registered"),
    "landed_on": _c("cohort", "Landed"),
    "produced_on": _c("cohort", "In production"),
    "capacity_on": _c("cohort", "At full capacity"),
}
"""The milestones that every project passes, by land or in a lease, in their order."""
MEASURES: dict[str, Promise | str] = {
    "registered_on": _c("cohort", "Registered"),
    "landed_on": _c("cohort", "Landed"),
    "started_on": _c("cohort", "Started (on land)"),
    "produced_on": _c("cohort", "In production"),
    "capacity_on": _c("cohort", "At full capacity"),
}
_MARKED: dict[str, Promise | str] = {one.name: one.title for one in DAYS if one.name not in ("opened_on", "ended_on")}
_Row = make_dataclass("_Row", [*(column.name for column in COHORTS), "is_synthetic"], frozen=True)


def _questions(viewer: Viewer) -> list[Question]:
    options = [(code, str(title)) for code, title in YES_NO.items()]
    years = [(str(year), str(year)) for year in queries.years(viewer)]
    return [
        Question("is_open", _("Under way"), options, queries.is_open),
        Question("year", _("Recorded in"), years, queries.recorded_in),
    ]


@require_safe
@page
def pipeline(request: Request) -> HttpResponse:
    """Every project that the viewer may see, and how far those came that the filters let through."""
    viewer = request.viewer
    check(viewer, PROJECT, "read")
    rows = queries.projects(viewer)
    context = list_context(request, list_for(viewer), rows, _questions(viewer))
    counts = queries.reached(context["filter"].apply(rows), REACHED)
    context |= {
        "process": PROCESS,
        "sketch": CODE,
        "may_open": may_open(viewer, PROCESS),
        "picture": of_counts(counts, REACHED) if counts["opened_on"] else None,
        "counts": [(title, counts[name]) for name, title in REACHED.items()],
    }
    return render(request, "pipeline/pipeline.html", context)


@require_safe
@page
def pipeline_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, PROJECT, "read")
    rows = queries.projects(request.viewer)
    return send_copy(request, list_for(request.viewer), rows, kind, _questions(request.viewer))


@require_safe
@page
def pipeline_cohorts(request: Request) -> HttpResponse:
    """How far the projects signed in each year came, and what each town has of them."""
    form = CohortForm(request.GET)
    months, town = form.asked
    found = queries.cohorts_of(request.viewer, months, town)
    intakes = queries.intakes_of(request.viewer, months, town)
    names = places()
    context = {
        "form": form,
        "months": months,
        "cohorts": [(one, list(zip(MEASURES.values(), one.rates.values(), strict=True))) for one in found],
        "intakes": intakes,
        "measures": list(MEASURES.values()),
        "picture": of_cohort(found[-1], MEASURES) if found and found[-1].signed else None,
        "credits": [(names.get(one.town, one.town), one) for one in queries.credits(request.viewer, town)],
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
        "is_synthetic": any(one.is_synthetic for one in intakes),
    }
    return render(request, "pipeline/cohorts.html", context, status=400 if form.errors else 200)


@require_safe
@page
def pipeline_cohorts_export(request: Request, kind: str) -> FileResponse:
    """Send the rates with their denominators as a file."""
    months, town = CohortForm(request.GET).asked
    rows = [_of_intake(one) for one in queries.intakes_of(request.viewer, months, town)]
    rows += [row for one in queries.cohorts_of(request.viewer, months, town) for row in _of_cohort(one)]
    listing = Listing("pipeline_cohorts", _("Cohorts of projects"), COHORTS, (), "", (), "")
    seen_as = f"{_now('Signed at least so many months ago')}: {months}; {places().get(town, '')}".rstrip("; ")

    def write(path: Path) -> str:
        return write_copy(listing, rows, COHORTS, path, by=request.viewer, kind=kind, seen_as=seen_as)

    return send(kind, write)


def _of_intake(one: Intake) -> Any:
    cohort = _now("recorded in %(year)s") % {"year": one.year} if one.year else _now("recorded in all years")
    return _row(cohort, REACHED["signed_on"], one.signed, one.is_synthetic)


def _of_cohort(one: Cohort) -> list[Any]:
    told = [(MEASURES[name], rate) for name, rate in one.rates.items()] + [(_now("Funds in (CNY)"), one.funds)]
    cohort = _now("signed in %(year)s") % {"year": one.year} if one.year else _now("signed in all years")
    return [_row(cohort, title, rate, one.is_synthetic) for title, rate in told]


def _row(cohort: str, title: Promise | str, rate: Rate, is_synthetic: bool) -> Any:
    told = {"numerator": rate.numerator, "denominator": rate.denominator, "unknown": rate.unknown}
    return _Row(cohort=cohort, measure=str(title), value=rate.value, is_synthetic=is_synthetic, **told)


@require_safe
@page
def pipeline_dates(request: Request) -> HttpResponse:
    """The dates of the projects, drawn and as a table."""
    viewer = request.viewer
    check(viewer, PROJECT, "read")
    rows = queries.projects(viewer)
    context = list_context(request, dates(viewer), rows, _questions(request.viewer))
    found = context["filter"].apply(rows).order_by("-case_id")
    context |= {
        "chart": gantt(list(found[:MOST_LINES]), _MARKED, today()),
        "seen": cases_seen(viewer, PROCESS),
        "more": max(found.count() - MOST_LINES, 0),
        "most": MOST_LINES,
        "is_synthetic": rows.filter(is_synthetic=True).exists(),
    }
    return render(request, "pipeline/dates.html", context)


@require_safe
@page
def pipeline_dates_export(request: Request, kind: str) -> FileResponse:
    """Send the dates as a file."""
    check(request.viewer, PROJECT, "read")
    rows = queries.projects(request.viewer)
    return send_copy(request, dates(request.viewer), rows, kind, _questions(request.viewer))
