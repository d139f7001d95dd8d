"""What the case of an entitlement writes to its row, and what it asks before it goes to the office that pays."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from liandesk.assess.policies.actions import PROCESS
from liandesk.assess.policies.checks import problems
from liandesk.assess.policies.models import Fulfilment
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liankit.process import Event, State
from liankit.rules.benefits import fen_of


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write stage, amounts and days; refuse what the checks stand against."""
    found = Fulfilment.objects.select_for_update().filter(case=case).first()
    if found is None or event.kind not in ("do", "correct", "migrate"):
        return
    found.stage, found.reason = case.stages[0], state.reason if state.outcome else ""
    if event.name == "confirm":
        found.confirmed_at = event.at
    elif event.name in ("publish", "list_for_payment"):
        found.amount_fen = fen_of(float(str(state.fields["amount_cny"])))
        _check(found)
    elif event.name == "return_to_check":
        found.listed_at, found.listed_to = None, ""
    elif event.name == "pay":
        found.paid_fen = fen_of(float(str(state.fields["paid_cny"])))
        found.paid_on = date.fromisoformat(str(state.fields["paid_on"]))
    if event.name == "list_for_payment":
        found.listed_at, found.listed_to = event.at, held_by(state, "payer")
    found.save()


def _check(found: Fulfilment) -> None:
    against = problems(found)
    if against:
        raise UserError(_("It cannot go on: %(why)s") % {"why": " ".join(against)})
