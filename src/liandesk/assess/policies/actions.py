"""Match a clause: open a case for every enterprise that is surely entitled, and notify it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.policies import queries
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT
from liandesk.assess.policies.queries import CNY, Line
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, Step, act, open_following

PROCESS = "policy_fulfilment"
PAYER = "finance"
"""The office that pays, by its code in the pack."""


@transaction.atomic
def match(policy: str, clause: str, *, by: Viewer) -> list[Fulfilment]:
    """Open a case for every enterprise that is surely owed something under a clause and has none this year; notify it.

    Raises UserError outside the time in which the clause can be claimed, and where no office of the pack pays. What is
    made up is matched with made-up enterprises only.
    """
    check(by, FULFILMENT, "match")
    found = queries.clause_of(by, policy, clause)
    if not found.term.clause.claims.holds(today()):
        raise UserError(_("The clause cannot be claimed today; its page says when."))
    if pack().term("offices", PAYER) is None:
        raise UserError(_("The pack has no office '%(office)s' that would pay.") % {"office": PAYER})
    lines = [one for one in queries.owed_under(by, policy, clause) if one.is_sure and one.case is None]
    made = [open_fulfilment(one, by=by) for one in lines if one.may_be_claimed]
    for one in made:
        act(one.case_id, Step("do", one.case.events_count, "notify"), by=by)
    record("policy.match", "policy", f"{policy}/{clause}", by=by, matched=len(made))
    return made


def open_fulfilment(
    line: Line, *, by: Viewer, year: int | None = None, confirmed_at: datetime | None = None
) -> Fulfilment:
    """Open the case of an entitlement, for actions and effects that checked who may; it waits to be notified.

    ``confirmed_at`` is the place in the order of coming that it had before it was dropped.
    """
    clause, handler = line.term.clause, line.term.policy.office
    parties = [
        ("applicant", "organisation", line.organisation),
        ("handler", "office", handler if pack().term("offices", handler) else pack().chain_office),
        ("payer", "office", PAYER),
    ]
    title = f"{clause.title.zh}：{line.name}"
    is_synthetic = line.is_synthetic or not line.term.policy.is_claimable(clause)
    case = open_following(
        NewCase(PROCESS, title, parties, subject=("organisation", line.organisation), is_synthetic=is_synthetic), by=by
    )
    return Fulfilment.objects.create(
        case=case,
        policy=line.term.policy.key,
        clause=clause.key,
        year=year or today().year,
        organisation=line.organisation,
        organisation_name=line.name,
        town=line.town,
        low_fen=round(line.low * CNY),
        high_fen=round(line.high * CNY),
        stage="matched",
        confirmed_at=confirmed_at,
        is_synthetic=is_synthetic,
    )
