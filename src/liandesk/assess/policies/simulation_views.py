"""Simulations of drafts: what was asked, a draft in numbers or from a file, how far it is, the answer, a copy."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from liandesk.assess.policies import simulation_actions as actions
from liandesk.assess.policies import simulation_queries as queries
from liandesk.assess.policies.policies import SIMULATION
from liandesk.assess.policies.simulation_chart import town_chart
from liandesk.assess.policies.simulation_forms import AskForm, FileForm, MovesFilter, NumbersForm
from liandesk.assess.policies.simulation_tables import EdgeTable, MoveTable, SimulationTable, send_moves
from liandesk.assess.policies.simulation_wording import change_said, chart_says, named_units, size_titles
from liandesk.assess.policies.wording import PHASES, SIMULATION_STATES
from liandesk.assess.rules.queries import vocabulary
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.definitions.packs import body_as_text
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.base.work.wording import said
from liandesk.know.chain.tables import FrameData
from liankit.errors import UserError as KitError
from liankit.rules.policy_check import build_policy

PER_PAGE = 50


@require_safe
@page
def simulations(request: Request) -> HttpResponse:
    """What was asked."""
    table = SimulationTable(queries.simulations(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    may_ask = can(request.viewer, SIMULATION, "ask")
    return render(request, "policies/simulations.html", {"table": table, "may_ask": may_ask})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def simulation_new(request: Request) -> HttpResponse:
    """A draft: ``from`` of the address is the version it is a changed copy of; or a file."""
    check(request.viewer, SIMULATION, "ask")
    versions = queries.versions_to_change(request.viewer)
    chosen = next((one for one in versions if str(one.pk) == request.GET.get("from")), None)
    sent = request.POST if request.method == "POST" else None
    numbers = NumbersForm(sent, build_policy(chosen.body, str(chosen))) if chosen else None
    file = FileForm(sent, request.FILES) if chosen is None and sent is not None else FileForm()
    asked: AskForm = numbers or file
    if asked.is_valid():
        try:
            made = actions.ask(asked.cleaned_data["title"], asked.body, asked.cleaned_data["law"], by=request.viewer)  # type: ignore[attr-defined]
        except (UserError, KitError) as error:
            asked.add_error(None, str(error))
        else:
            return redirect("policy_simulation", made.pk)
    titles = [(one, said(build_policy(one.body, str(one)).title)) for one in versions]
    context = {"numbers": numbers, "file": file, "versions": titles, "chosen": chosen}
    return render(request, "policies/simulation_new.html", context, status=400 if asked.errors else 200)


@require_safe
@page
def simulation(request: Request, pk: int) -> HttpResponse:
    """How far the answer is, or the answer."""
    found = queries.simulation(request.viewer, pk)
    if request.htmx and not found.is_open:
        return HttpResponseClientRefresh()  # the page that waits gives way to the answer
    context: dict[str, Any] = {
        "simulation": found,
        "job": found.job,
        "state": SIMULATION_STATES[found.job.state],
        "phase": PHASES.get(found.job.phase, ""),
        "names": names_of([found.asked_by]),
        "copies": COPY_KINDS,
        "may_ask": can(request.viewer, SIMULATION, "ask"),
        "is_synthetic": found.snapshot.is_synthetic,
    }
    if found.is_answered:
        context |= _answer(request, queries.answer_of(request.viewer, pk))
    return render(request, "policies/_progress.html" if request.htmx else "policies/simulation.html", context)


def _answer(request: Request, found: queries.Answer) -> dict[str, Any]:
    """Return the parts of an answer: costs, what differs, towns and sizes, the tables of enterprises and of edges."""
    words = vocabulary()
    form = MovesFilter(request.GET)
    tables = {
        "moves": MoveTable(FrameData(form.apply(found.moves))),
        "edges": EdgeTable(FrameData(_named_edges(found.edges, found.titles)), prefix="edges-"),
    }
    for table in tables.values():
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    towns = _by(found.moves, "town", {one.code: one.text[language()] for one in pack().towns})
    bars = [(row["title"] or "?", row["gains"], row["loses"]) for row in towns]
    return {
        "found": found,
        "filter": form,
        "query": request.GET.urlencode(),
        "tables": tables,
        "differences": [change_said(one, found.titles, words) for one in found.differences],
        "clauses": [row | {"title": found.titles.get(row["clause"])} for row in found.clauses.iter_rows(named=True)],
        "towns": towns,
        "sizes": _by(found.moves, "size", size_titles()),
        "chart": town_chart(bars),
        "chart_says": chart_says(bars) if bars else "",
    }


def _by(moves: pl.DataFrame, column: str, titles: dict[str, str]) -> list[dict[str, Any]]:
    rows = queries.grouped(moves, column).iter_rows(named=True)
    return [row | {"title": titles.get(row[column], row[column])} for row in rows]


def _named_edges(edges: pl.DataFrame, titles: dict[str, Any]) -> pl.DataFrame:
    """Return the edges with the words of their clause and quantity."""
    words = vocabulary()
    named_titles = {one.key: said(one.title) for one in (*words.inputs, *words.quantities)}
    named = {
        "clause_title": ("clause", {key: said(title) for key, title in titles.items()}),
        "quantity_title": ("quantity", named_titles),
        "unit": ("quantity", named_units(words)),
    }
    return edges.with_columns(
        pl.col(column).replace_strict(table, default=pl.col(column), return_dtype=pl.String).alias(name)
        for name, (column, table) in named.items()
    )


@require_POST
@page
def simulation_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop answering."""
    return redirect("policy_simulation", actions.cancel(pk, by=request.viewer).pk)


@require_safe
@page
def simulation_draft(request: Request, pk: int) -> HttpResponse:
    """Send the draft as YAML: what a definition is proposed from."""
    found = queries.simulation(request.viewer, pk)
    headers = {"Content-Disposition": f'attachment; filename="{found.policy}-{found.pk}.yaml"'}
    return HttpResponse(body_as_text(found.draft), content_type="application/yaml; charset=utf-8", headers=headers)


@require_safe
@page
def simulation_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send the enterprises of the answer as a file, as they are filtered."""
    found, form = queries.answer_of(request.viewer, pk), MovesFilter(request.GET)
    title = queries.simulation(request.viewer, pk).title
    return send_moves(title, form.apply(found.moves), kind, by=request.viewer, seen_as=form.told())
