"""A dispute about a lead: whom it is against; a claim upheld is carried out by the hand-over in the lead itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liandesk.act.pipeline.first_contact import identity, same_investor
from liandesk.act.pipeline.models import Dispute, Project
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liankit.process import Event, State

PROCESS = "lead_dispute"


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Find the lead of a claim; see that the town that has it is heard, and that it is over only once handed over."""
    if event.kind == "open":
        claimant = held_by(state, "claimant")
        Dispute.objects.create(case=case, project=_contested(state, claimant), claimant=claimant)
        return
    found = Dispute.objects.select_related("project").get(case=case)
    if event.kind == "do" and event.name == "hear" and held_by(state, "respondent") != found.project.town:
        raise UserError(_("Another town has the lead now. The panel of this case says which."))
    if event.kind == "do" and event.name == "carry_out" and found.project.town != found.claimant:
        raise UserError(_("The lead is not handed over yet. Hand it over to the claimant in its own case first."))


def _contested(state: State, claimant: str) -> Project:
    """Return the lead that a claim is about: the one that moved last, of those that other towns have."""
    code, key = identity(state.fields["investor_name"], state.fields.get("credit_code") or "")
    found = same_investor(code, key).exclude(town=claimant).order_by("-progress_on", "pk").first()
    if found is None:
        raise UserError(_("No other town has a lead of this investor. Open your own lead."))
    return found
