"""What the demo's chain office weighed against its budget: interventions of every kind, and two portfolios of them."""

from __future__ import annotations

from liandesk.assess.portfolio import actions, queries
from liandesk.assess.portfolio.models import Kind, Objective
from liandesk.assess.portfolio.plans import Network, Said, plan_of
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.refresh.worker import work

INTERVENTIONS = 10
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
    """Let the chain office enter interventions against the gravest risks and compute what budgets buy."""
    office = viewer_of(people["ChainOffice"])
    if queries.interventions(office).exists():
        return 0
    kinds = list(_USUAL)
    for number, item in enumerate(_gravest_items()):
        actions.enter(_said(kinds[number % len(kinds)], item), by=office, is_synthetic=True)
    plans = [plan_of(found) for found in queries.interventions(office)]
    for objective, title in _ASKED.items():
        actions.ask(title, plans, by=office, budget_cny=50_000_000, objective=objective, is_synthetic=True)
    work(until_idle=True)
    return len(plans)


_ASKED = {Objective.IMPACT: "五千万元能护住多少产出", Objective.EXPECTED: "按预期损失配置五千万元"}


def _gravest_items() -> list[str]:
    entries = Network(queries.asked_of()).entries.drop_nulls("critical_supplier")
    return entries.sort("rank")["item"].head(INTERVENTIONS).to_list()


def _said(kind: Kind, item: str) -> Said:
    covers, (low, high), months = _USUAL[kind]
    costs = (low * 10_000, high * 10_000)
    return Said(kind, item, covers, costs, months=months, cost_source=SOURCE, months_source=SOURCE)
