"""What the demo's chain office weighed against its budget: one intervention of every kind, and what a budget buys."""

from __future__ import annotations

from liandesk.assess.portfolio import actions, queries
from liandesk.assess.portfolio.models import Kind
from liandesk.assess.portfolio.plans import Network, Said, plan_of
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.jobs.actions import claim
from liandesk.refresh.worker import do

SOURCE = "合成演示数据"
# share covered; cost in 10,000 yuan, low and high; months until it takes effect
_USUAL = {
    Kind.SECOND_SOURCE: (0.6, (180, 300), (9, 15)),
    Kind.STOCK: (0.3, (250, 400), (1, 3)),
    Kind.DOMESTIC: (0.8, (1_500, 2_600), (18, 36)),
    Kind.ACQUISITION: (0.9, (6_000, 9_000), (12, 24)),
    Kind.JOINT_VENTURE: (0.7, (3_000, 4_500), (15, 30)),
    Kind.LICENCE: (0.5, (800, 1_200), (12, 18)),
    Kind.PLANT: (1.0, (12_000, 18_000), (24, 36)),
}


def weigh_a_budget(people: dict[str, User]) -> int:
    """Let the chain office enter interventions against the gravest risks and compute what a budget buys."""
    office = viewer_of(people["ChainOffice"])
    if queries.interventions(office).exists():
        return 0
    for kind, item in zip(_USUAL, _gravest_items(), strict=False):  # a small district may have fewer items
        actions.enter(_said(kind, item), by=office, is_synthetic=True)
    plans = [plan_of(found) for found in queries.interventions(office)]
    asked = actions.ask("五千万元能护住多少产出", plans, by=office, budget_cny=50_000_000, is_synthetic=True)
    if job := claim("demo", job_id=asked.job_id):
        do(job)
    return len(plans)


def _gravest_items() -> list[str]:
    entries = Network(queries.asked_of()).entries.drop_nulls("critical_supplier")
    return entries.sort("rank")["item"].head(len(_USUAL)).to_list()


def _said(kind: Kind, item: str) -> Said:
    covers, (low, high), months = _USUAL[kind]
    costs = (low * 10_000, high * 10_000)
    return Said(kind, item, covers, costs, months=months, cost_source=SOURCE, months_source=SOURCE)
