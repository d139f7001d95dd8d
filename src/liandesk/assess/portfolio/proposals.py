"""A challenge from an intervention of a portfolio, with one press: the need is written from what was computed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.portfolio import queries
from liandesk.assess.portfolio.actions import keep_proposal, plan_to_propose
from liandesk.assess.portfolio.models import Proposal, ProposalKind
from liandesk.assess.portfolio.plans import Plan
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.pack import pack
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.challenges import CHALLENGE


@transaction.atomic
def open_challenge(pk: int, key: str, *, by: Viewer) -> Proposal:
    """Open a challenge (a need, not yet published) about the entry of an intervention's item.

    The case is the chain office's; names of suppliers and buyers are left out, as a challenge will be published.
    """
    check(by, PORTFOLIO, "propose")
    found = queries.opened(by, pk)
    plan = plan_to_propose(found, key)
    new = NewCase(
        CHALLENGE,
        _("A source of %(item)s") % {"item": plan.item_name},
        [("proposer", ScopeKind.OFFICE, pack().chain_office)],
        {"problem": _need(plan), "figures": _figures(plan), "budget_cny": plan.cost_high_cny},
        ("entry", plan.entry),
        is_synthetic=found.portfolio.is_synthetic,
    )
    case = open_case(new, by=by)
    return keep_proposal(found, key, ProposalKind.CHALLENGE, by=by, case_id=case.pk)


def _need(plan: Plan) -> str:
    share = numbers.percent(plan.covers, language())
    return _("A source of %(item)s that covers %(share)s of what one supplier delivers today.") % {
        "item": plan.item_name,
        "share": share,
    }


def _figures(plan: Plan) -> str:
    if plan.months_high is None:
        return _("To be agreed.")
    return _("Takes effect within %(months)s months.") % {"months": numbers.plain(plan.months_high)}
