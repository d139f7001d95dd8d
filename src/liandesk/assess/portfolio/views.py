"""What to do with a budget: the calculator, a portfolio of the register, its answer, what is proposed of it."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from liandesk.assess.portfolio import actions, proposals, queries
from liandesk.assess.portfolio.chart import frontier_chart
from liandesk.assess.portfolio.copies import PARTS, send_part
from liandesk.assess.portfolio.forms import AskForm, BudgetForm, Calculator, said_of
from liandesk.assess.portfolio.models import Objective, ProposalKind
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.portfolio.tables import FrontierTable, LoweredTable, PortfolioTable
from liandesk.assess.portfolio.wording import PHASES
from liandesk.assess.whatif.wording import STATES
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import NotThere, UserError
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.know.chain.tables import FrameData

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page
def portfolios(request: Request) -> HttpResponse:
    """The calculator, and what was asked before."""
    may_ask = can(request.viewer, PORTFOLIO, "ask")
    if request.method == "POST":
        check(request.viewer, PORTFOLIO, "ask")
    sent = request.POST if request.method == "POST" else None
    rows, budget = Calculator(sent, prefix="row"), BudgetForm(sent)
    if sent is not None and rows.is_valid() and budget.is_valid():
        try:
            made = actions.ask_of_rows(
                _("Calculation of %(day)s") % {"day": today().isoformat()},
                said_of(rows),
                by=request.viewer,
                budget_cny=budget.budget_cny,
                objective=budget.cleaned_data["objective"],
            )
        except UserError as error:
            budget.add_error(None, str(error))
        else:
            return redirect("portfolio", made.pk)
    table = PortfolioTable(queries.portfolios(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "may_ask": may_ask, "rows": rows, "budget": budget}
    context["items"] = queries.items_offered(request.viewer) if may_ask else []
    is_wrong = sent is not None and (budget.errors or rows.total_error_count())
    return render(request, "portfolio/portfolios.html", context, status=400 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def portfolio_new(request: Request) -> HttpResponse:
    """Ask for a portfolio of what stands in the register."""
    check(request.viewer, PORTFOLIO, "ask")
    sent = request.POST if request.method == "POST" else None
    form = AskForm(sent, offered=list(queries.interventions(request.viewer)[: actions.MOST_PLANS]))
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.ask(
                said["title"],
                form.plans(),
                by=request.viewer,
                budget_cny=form.budget_cny,
                objective=said["objective"],
                months_most=said["months_most"],
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("portfolio", made.pk)
    return render(request, "portfolio/portfolio_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@page
def portfolio(request: Request, pk: int) -> HttpResponse:
    """How far the answer is, or the answer; ``at`` chooses another point of the frontier."""
    found = queries.opened(request.viewer, pk)
    if request.htmx and not found.portfolio.is_open:
        return HttpResponseClientRefresh()  # the page that waits gives way to the answer
    job = found.portfolio.job
    context: dict[str, Any] = {
        "opened": found,
        "portfolio": found.portfolio,
        "job": job,
        "state": STATES[job.state],
        "phase": PHASES.get(job.phase, ""),
        "names": names_of([found.portfolio.asked_by]),
        "objective": Objective(found.portfolio.objective).label,
        "copies": COPY_KINDS,
        "is_synthetic": found.portfolio.is_synthetic,
        **_answer(request, found),
    }
    return render(request, "portfolio/_progress.html" if request.htmx else "portfolio/portfolio.html", context)


def _answer(request: Request, found: queries.Opened) -> dict[str, Any]:
    """Return the parts of an answer: the point that is shown, what is chosen there, the tables, the picture."""
    if found.frontier is None or found.lowered is None or found.effects is None:
        return {}
    at = request.GET.get("at", "")
    point = found.at(int(at) if at.isdecimal() else None).row(0, named=True)
    frontier = found.frontier.with_columns(count=pl.col("interventions").list.len())
    tables = {
        "frontier": FrontierTable(FrameData(frontier), prefix="frontier-"),
        "lowered": LoweredTable(FrameData(_lowered(found, point)), prefix="lowered-"),
    }
    for table in tables.values():
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    proposed = {(one.plan, one.kind): one for one in found.proposals}
    return {
        "point": point,
        "chosen": [
            (plan, *(proposed.get((plan.key, kind)) for kind in ProposalKind))
            for plan in found.plans
            if plan.key in point["interventions"]
        ],
        "left_out": [plan for plan in found.plans if plan.key not in point["interventions"]],
        "uncounted": _uncounted(found),
        "tables": tables,
        "chart": frontier_chart(found.frontier, point["cost_cny"]),
    }


def _lowered(found: queries.Opened, point: dict[str, Any]) -> pl.DataFrame:
    """Return what each risk comes to at a point, with the titles of the interventions that touch it."""
    assert found.lowered is not None
    assert found.effects is not None
    titles = {plan.key: plan.title for plan in found.plans}
    alone = found.effects.filter(pl.col("interventions").list.len() == 1)
    alone = alone.select("entry", key=pl.col("interventions").list.first())
    alone = alone.filter(pl.col("key").is_in(point["interventions"]))
    by = alone.group_by("entry").agg(pl.col("key").replace_strict(titles, return_dtype=pl.String).sort().alias("by"))
    rows = found.lowered.filter(pl.col("cost_cny") == point["cost_cny"]).join(by, on="entry", how="left")
    return rows.with_columns(pl.col("by").list.join("、").fill_null(""))


def _uncounted(found: queries.Opened) -> int:
    """Return how many risks that interventions would lower have no known likelihood: they do not count."""
    if found.portfolio.objective == Objective.IMPACT or found.effects is None:
        return 0
    return found.effects.filter(pl.col("likelihood_low").is_null())["entry"].n_unique()


@require_POST
@page
def portfolio_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop computing."""
    return redirect("portfolio", actions.cancel(pk, by=request.viewer).pk)


@require_safe
@page
def portfolio_export(request: Request, pk: int, part: str, kind: str) -> FileResponse:
    """Send a part of the answer as a file."""
    found = queries.opened(request.viewer, pk)
    if not found.portfolio.is_answered or part not in PARTS:
        raise NotThere(_("There is no answer to copy yet."))
    return send_part(found, part, kind, by=request.viewer)


@require_POST
@page
def portfolio_propose(request: Request, pk: int) -> HttpResponse:
    """Open a challenge for an intervention, or keep it as a deal for later."""
    check(request.viewer, PORTFOLIO, "propose")
    plan = request.POST.get("plan", "")
    if request.POST.get("kind") == ProposalKind.CHALLENGE:
        made = proposals.open_challenge(pk, plan, by=request.viewer)
        return redirect("case", made.case_id)
    actions.propose_deal(pk, plan, by=request.viewer)
    messages.success(request, _("Kept as a proposal of a co-operation deal."))
    return redirect("portfolio", pk)
