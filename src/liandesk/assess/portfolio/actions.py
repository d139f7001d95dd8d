"""Enter interventions, ask for a portfolio, cancel it, keep its answer, propose what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.portfolio import queries
from liandesk.assess.portfolio.models import Intervention, Objective, Portfolio, Proposal, ProposalKind
from liandesk.assess.portfolio.plans import EXCLUDED, LOCKED, Network, Plan, Said
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, UserError
from liandesk.base.jobs import actions as jobs
from liandesk.base.ui.sheets import Result

JOB = "portfolio"
MOST_PLANS = 500


@transaction.atomic
def enter(said: Said, *, by: Viewer, is_synthetic: bool = False) -> Intervention:
    """Enter an intervention into the register; raise UserError where its words mean nothing in the network."""
    check(by, PORTFOLIO, "ask")
    plan = Network(queries.asked_of()).plan(said)
    made = Intervention.objects.create(
        **plan.columns(), entered_by=by.actor, entered_at=now(), is_synthetic=is_synthetic
    )
    record("intervention.enter", "intervention", made.pk, by=by, kind=made.kind)
    return made


@transaction.atomic
def change(pk: int, said: Said, *, by: Viewer, version: int) -> Intervention:
    """Change an intervention of the register; raise Conflict when somebody else changed it first."""
    found = _locked(pk, version, by)
    _set(found, Network(queries.asked_of()).plan(said))
    record("intervention.change", "intervention", pk, by=by, version=found.version)
    return found


def put_plan(plan: Plan, *, by: Viewer) -> Result:
    """Write an intervention of a sheet, whose one event names all: that of the same title, risk and ends is changed.

    Inside the transaction of the sheet, after its right was checked.
    """
    same = {name: getattr(plan, name) for name in ("kind", "title", "item", "supplier", "buyer")}
    found = Intervention.objects.select_for_update().filter(**same, withdrawn_at=None).order_by("pk").first()
    if found is None:
        Intervention.objects.create(**plan.columns(), entered_by=by.actor, entered_at=now())
        return "new"
    if all(getattr(found, name) == value for name, value in plan.columns().items()):
        return "same"
    _set(found, plan)
    return "changed"


def _set(found: Intervention, plan: Plan) -> None:
    for name, value in plan.columns().items():
        setattr(found, name, value)
    found.version += 1
    found.save()


@transaction.atomic
def withdraw(pk: int, reason: str, *, by: Viewer, version: int) -> None:
    """Take an intervention out of the register, with the reason; portfolios that weighed it keep it."""
    found = _locked(pk, version, by)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = now(), by.actor, reason
    found.version += 1
    found.save()
    record("intervention.withdraw", "intervention", pk, by=by)


def _locked(pk: int, version: int, by: Viewer) -> Intervention:
    check(by, PORTFOLIO, "ask")
    queries.intervention(by, pk)
    found = Intervention.objects.select_for_update().get(pk=pk)
    if found.version != version:
        raise Conflict(_("Somebody changed this intervention after you opened it. Look at it, then act again."))
    return found


@transaction.atomic
def ask(
    title: str,
    plans: Sequence[Plan],
    *,
    by: Viewer,
    budget_cny: int,
    objective: str = Objective.EXPECTED,
    months_most: float | None = None,
    is_synthetic: bool = False,
) -> Portfolio:
    """Ask which of the plans save most within a budget, on the published snapshot; the worker answers.

    Raises UserError where there is nothing to choose from, or what is locked is dearer than the budget.
    """
    check(by, PORTFOLIO, "ask")
    _check_plans(plans, budget_cny)
    snapshot, moment = queries.asked_of(), now()
    # the right to ask is not the right to start runs: the system asks for the job, the log names who asked
    job = jobs.enqueue(JOB, by=system_viewer("portfolio"), params={"asked": moment.isoformat(), "by": by.actor})
    made = Portfolio.objects.create(
        title=title,
        objective=objective,
        budget_cny=budget_cny,
        months_most=months_most,
        plans=[asdict(plan) for plan in plans],
        asked_by=by.actor,
        asked_at=moment,
        snapshot=snapshot,
        job=job,
        is_synthetic=is_synthetic or snapshot.is_synthetic,
    )
    record("portfolio.ask", "portfolio", made.pk, by=by, snapshot=snapshot.key, plans=len(plans))
    return made


def ask_of_rows(
    title: str, rows: Sequence[Said], *, by: Viewer, budget_cny: int, objective: str = Objective.EXPECTED
) -> Portfolio:
    """Ask of interventions that were only written down for this question: the calculator."""
    check(by, PORTFOLIO, "ask")
    network = Network(queries.asked_of())
    plans = [replace(network.plan(said), key=f"r{number}") for number, said in enumerate(rows, start=1)]
    return ask(title, plans, by=by, budget_cny=budget_cny, objective=objective)


def _check_plans(plans: Sequence[Plan], budget_cny: int) -> None:
    if not [plan for plan in plans if plan.state != EXCLUDED]:
        raise UserError(_("There is nothing to choose from. Enter an intervention."))
    if len(plans) > MOST_PLANS:
        raise UserError(_("At most %(most)s interventions are weighed at once.") % {"most": MOST_PLANS})
    if sum(plan.cost_high_cny for plan in plans if plan.state == LOCKED) > budget_cny:
        raise UserError(_("What is locked costs more than the budget."))


@transaction.atomic
def cancel(pk: int, *, by: Viewer) -> Portfolio:
    """Ask the worker to stop: at once when the question waits, at its next beat when it is being answered."""
    check(by, PORTFOLIO, "ask")
    found = queries.opened(by, pk).portfolio
    if found.is_open:
        jobs.cancel(found.job_id, by=system_viewer("portfolio"))
        record("portfolio.cancel", "portfolio", pk, by=by)
    return found


@transaction.atomic
def keep_answer(found: Portfolio, tables: Mapping[str, str], *, by: Viewer) -> None:
    """Keep the tables of an answer, given by the hashes of their blobs."""
    found.tables = dict(tables)
    found.save(update_fields=["tables"])
    record("portfolio.answer", "portfolio", found.pk, by=by, **tables)


@transaction.atomic
def propose_deal(pk: int, key: str, *, by: Viewer) -> Proposal:
    """Keep an intervention as a proposal of a co-operation deal, for the process of deals."""
    check(by, PORTFOLIO, "propose")
    return keep_proposal(queries.opened(by, pk), key, ProposalKind.DEAL, by=by)


def plan_to_propose(found: queries.Opened, key: str) -> Plan:
    """Return the intervention of an answered portfolio; raise UserError when it has none of that key."""
    plan = next((plan for plan in found.plans if plan.key == key), None)
    if plan is None or not found.portfolio.is_answered:
        raise UserError(_("This portfolio has no such intervention."))
    return plan


def keep_proposal(
    found: queries.Opened, key: str, kind: ProposalKind, *, by: Viewer, case_id: int | None = None
) -> Proposal:
    """Keep what was proposed, once; inside a transaction."""
    plan = plan_to_propose(found, key)
    if found.portfolio.proposals.filter(plan=key, kind=kind).exists():
        raise Conflict(_("This was proposed already."))
    made = found.portfolio.proposals.create(
        kind=kind, plan=key, title=plan.title, case_id=case_id, made_by=by.actor, made_at=now()
    )
    record("portfolio.propose", "portfolio", found.portfolio.pk, by=by, kind=kind, plan=key)
    return made
