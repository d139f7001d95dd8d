"""A small supply network with two risks of known likelihood, and interventions against them."""

from __future__ import annotations

from typing import Any

import polars as pl
from tests.liandesk.whatif_world import BY, ONE, THREE, TWO, publish_network, tables

from liandesk.assess.portfolio.actions import JOB, keep_answer
from liandesk.assess.portfolio.answer import answer
from liandesk.assess.portfolio.models import Intervention, Portfolio
from liandesk.assess.portfolio.plans import Plan, plan_of
from liandesk.base.clock import now
from liandesk.base.jobs.actions import enqueue
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published
from liankit.risk.effects import Chain, needs_of
from liankit.risk.exposure import ENTRY_SCHEMA
from liankit.risk.supply_shares import SHARE_SCHEMA

SHARES = [
    ("I-resin", ONE, "S-Cytiva", "declared", 1.0, 1.0),
    ("I-resin", ONE, None, "declared", 0.0, 0.0),
    ("I-resin", TWO, "S-Cytiva", "declared", 0.0, 1.0),
    ("I-resin", TWO, None, "declared", 0.0, 1.0),
    ("I-medium", None, "S-Gibco", "market", 1.0, 1.0),
    ("I-medium", THREE, None, "market", 0.0, 0.0),
]


def _entry(item: str, name: str, supplier: str, **more: Any) -> dict[str, Any]:
    known = {"entry": f"item:{item}", "scope": "item", "item": item, "item_name": name, "item_kind": "other"}
    known |= {"impact_measure": "output_cny", "impact_basis": "cascade", "impact_high": 1.0, "rank": 1}
    return dict.fromkeys(ENTRY_SCHEMA) | known | {"critical_supplier": supplier} | more


ENTRIES = [
    _entry("I-resin", "层析填料", "S-Cytiva", likelihood_low=0.1, likelihood_high=0.3),
    _entry("I-medium", "培养基", "S-Gibco", rank=2),
]


def frames() -> dict[str, pl.DataFrame]:
    """Return the tables that a portfolio is computed from."""
    entries = pl.DataFrame(ENTRIES, schema=ENTRY_SCHEMA)
    return tables() | {"entries": entries, "shares": pl.DataFrame(SHARES, SHARE_SCHEMA, orient="row")}


def publish() -> Snapshot:
    """Keep a snapshot with them and let it be the one that is read."""
    found = frames()
    return publish_network(entries=found["entries"], shares=found["shares"])


def chain() -> Chain:
    found = frames()
    lines, links = found["cascade_lines"], found["cascade_links"]
    return Chain(found["entries"], found["shares"], needs_of(lines, links), lines, links)


def marked() -> Portfolio:
    """Return an answered portfolio of one intervention, their texts marked."""
    made = Intervention.objects.create(
        kind="stock",
        title="MarkPlan",
        item="I-resin",
        item_name="MarkPlanItem",
        supplier="S-Cytiva",
        supplier_name="MarkPlanSupplier",
        covers=0.5,
        cost_low_cny=100,
        cost_high_cny=200,
        entered_by=BY.actor,
        entered_at=now(),
    )
    return answered("MarkPortfolio", [plan_of(made)])


def answered(title: str, plans: list[Plan], **more: Any) -> Portfolio:
    """Return a portfolio whose answer is there, without a worker."""
    snapshot = published()
    assert snapshot is not None
    asked = Portfolio.objects.create(
        title=title,
        plans=[vars(plan) for plan in plans],
        asked_by=BY.actor,
        asked_at=now(),
        snapshot=snapshot,
        job=enqueue(JOB, by=BY, params={"title": title}),
        **{"objective": "expected", "budget_cny": 1_000, **more},
    )
    found = answer(asked, plans, chain(), lambda phase: lambda done, total: None)
    keep_answer(asked, {name: store.put_frame(frame) for name, frame in found.items()}, by=BY)
    return asked
