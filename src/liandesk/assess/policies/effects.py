"""What the case of an entitlement writes to its row, and what it asks before it goes to the office that pays."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from liandesk.assess.policies.actions import PROCESS
from liandesk.assess.policies.checks import problems
from liandesk.assess.policies.definitions import policies_on
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.publication import check_published
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liankit.process import Event, State
from liankit.rules.benefits import PolicyClause, fen_of


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write stage, amounts and days; refuse what the checks stand against."""
    found = Fulfilment.objects.select_for_update().filter(case=case).first()
    if found is None or event.kind not in ("do", "correct", "migrate"):
        return
    before, found.stage = found.stage, case.stages[0]
    found.reason = state.reason if state.outcome else ""
    if found.stage == "dropped":
        found.dropped_from, found.payment_list = before, None
    elif event.name == "confirm":
        found.confirmed_at = found.confirmed_at or event.at  # whoever was dropped by mistake keeps its place
    elif event.name == "publish":
        found.amount_fen = fen_of(float(str(state.fields["amount_cny"])))
        _check(found)
    elif event.name == "list_for_payment":
        _check_approved(found)
        check_published(case, state, _clause(found))
        _check(found)
        found.listed_at, found.listed_to = event.at, held_by(state, "payer")
    elif event.name == "return_to_check":
        found.listed_at, found.listed_to, found.payment_list = None, "", None
    elif event.name == "pay":
        found.paid_fen = fen_of(float(str(state.fields["paid_cny"])))
        found.paid_on = date.fromisoformat(str(state.fields["paid_on"]))
    found.save()


def _clause(found: Fulfilment) -> PolicyClause | None:
    """Return the clause in force today that is fulfilled."""
    policy = next((one for one in policies_on() if one.key == found.policy), None)
    return policy.clause(found.clause) if policy else None


def _check_approved(found: Fulfilment) -> None:
    if found.payment_list is None or found.payment_list.approved_at is None:
        raise UserError(_("It is listed with a payment list that a second person approves: put it on one."))


def _check(found: Fulfilment) -> None:
    against = problems(found)
    if against:
        raise UserError(_("It cannot go on: %(why)s") % {"why": " ".join(against)})
