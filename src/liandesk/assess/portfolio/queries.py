"""Read interventions and portfolios. Who may not see them finds none, by no door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.assess.portfolio import plans
from liandesk.assess.portfolio.models import Intervention, Portfolio, Proposal
from liandesk.assess.portfolio.plans import Plan
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now
from liandesk.base.errors import NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published


def interventions(viewer: Viewer) -> QuerySet[Intervention]:
    """Return the interventions of the register that stand, by item."""
    check(viewer, PORTFOLIO, "read")
    return Intervention.objects.filter(withdrawn_at=None).order_by("item_name", "pk")


def intervention(viewer: Viewer, pk: int) -> Intervention:
    """Return one intervention that stands; raise NotThere when there is none."""
    found = interventions(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such intervention. The page of interventions shows all."))
    return found


def portfolios(viewer: Viewer) -> QuerySet[Portfolio]:
    """Return what was asked, newest first."""
    check(viewer, PORTFOLIO, "read")
    return Portfolio.objects.select_related("job", "snapshot").order_by("-id")


def just_ended(viewer: Viewer) -> QuerySet[Portfolio]:
    """Return the viewer's own portfolios that ended within a day."""
    return portfolios(viewer).filter(asked_by=viewer.actor, job__finished_at__gte=now() - timedelta(days=1))


@dataclass(frozen=True)
class Opened:
    """A portfolio with its answer: the frontier, and of each of its points what each entry loses."""

    portfolio: Portfolio
    plans: list[Plan]
    proposals: list[Proposal]
    may_ask: bool
    may_propose: bool
    effects: pl.DataFrame | None  # None: there is no answer yet
    frontier: pl.DataFrame | None
    lowered: pl.DataFrame | None

    def at(self, cost_cny: int | None) -> pl.DataFrame:
        """Return the dearest point of the frontier within an amount, by default the budget that was asked for."""
        assert self.frontier is not None
        most = self.portfolio.budget_cny if cost_cny is None else cost_cny
        within = self.frontier.filter(pl.col("cost_cny") <= most).tail(1)
        return within if within.height else self.frontier.head(1)


def opened(viewer: Viewer, pk: int) -> Opened:
    """Return one portfolio; raise NotThere when there is none."""
    found = portfolios(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such portfolio. The page of portfolios shows all."))
    tables = {name: store.get_frame(digest) for name, digest in found.tables.items()}
    return Opened(
        portfolio=found,
        plans=[plans.from_json(said) for said in found.plans],
        proposals=list(found.proposals.select_related("case").order_by("pk")),
        may_ask=can(viewer, PORTFOLIO, "ask"),
        may_propose=can(viewer, PORTFOLIO, "propose"),
        **{name: tables.get(name) for name in ("effects", "frontier", "lowered")},
    )


def asked_of() -> Snapshot:
    """Return the snapshot that a portfolio is asked of; raise UserError when it holds no supply network."""
    snapshot = published()
    if snapshot is None or not set(plans.TABLES) <= set(snapshot.tables):
        raise UserError(_("No refresh has made the supply network yet. Refresh the lists on the page of runs first."))
    return snapshot


def items_offered(viewer: Viewer) -> list[str]:
    """Return the names of the items that a portfolio may weigh, the gravest first; none before the first refresh."""
    check(viewer, PORTFOLIO, "read")
    snapshot = published()
    if snapshot is None or "entries" not in snapshot.tables:
        return []
    return plans.Network(snapshot).entries.sort("rank", nulls_last=True)["item_name"].to_list()
