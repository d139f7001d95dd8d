"""What ties a challenge (揭榜挂帅) to its bids, which are cases of their own about it.

A bid is taken while the challenge is published; the award decides every bid at once, and only bids that were reviewed
can be awarded.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.work.actions import Step, append, locked
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.base.work.queries import state_of
from liankit.process import Event, State

CHALLENGE, BID = "challenge", "challenge_bid"
SUBJECT = "challenge"
"""What a published challenge is called as the subject of a bid; its id is that of its case."""
PUBLISHED = "published"
ORGANISER = "organiser"


def register() -> None:
    EFFECTS.setdefault(BID, []).append(check_bid)
    EFFECTS.setdefault(CHALLENGE, []).append(decide_bids)


def check_bid(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Take a bid while its challenge is published, for its organiser; refuse an award that it does not give."""
    if event.kind == "open":
        _take(case, state, by)
    if event.name == "win" and held_by(state, "bidder") != held_by(state_of(_challenge_of(case)), "winner"):
        raise NotAllowed(_("A bid is awarded by the award of its challenge."))


def _take(bid: Case, state: State, by: Viewer) -> None:
    challenge = _challenge_of(bid)
    if PUBLISHED not in challenge.stages:
        raise UserError(_("Bids are taken while the challenge is published."))
    organiser = state_of(challenge).holders[ORGANISER]
    if state.holders[ORGANISER] != organiser:
        append(bid, Step("assign", bid.events_count, ORGANISER, holders={ORGANISER: organiser}), by=by)


def _challenge_of(bid: Case) -> Case:
    about = bid.subject_id if bid.subject_kind == SUBJECT and bid.subject_id.isdecimal() else "0"
    found = Case.objects.filter(pk=int(about), process=CHALLENGE).select_related("definition").first()
    if found is None:
        raise UserError(_("A bid is about a challenge. Open it from the page of the challenge."))
    return found


def open_bids(challenge: Case) -> QuerySet[Case]:
    """Return the bids for a challenge that are not decided yet; for effects, not for a face."""
    bids = Case.objects.filter(process=BID, subject_kind=SUBJECT, subject_id=str(challenge.pk), ended_at=None)
    return bids.select_related("definition").order_by("id")


def decide_bids(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Award the winner's bid and turn the others down when the challenge is awarded; all must have been reviewed."""
    if event.name != "award" or event.kind != "approve":
        return
    winner, bids = held_by(state, "winner"), list(open_bids(case))
    waiting = [bid for bid in bids if "ranked" not in bid.stages]
    if waiting:
        raise UserError(_("This bid is not reviewed yet: %(title)s.") % {"title": waiting[0].title})
    if winner not in {held_by(state_of(bid), "bidder") for bid in bids}:
        raise UserError(_("The winner has no bid that was reviewed."))
    for bid in bids:
        won = held_by(state_of(bid), "bidder") == winner
        step = Step("do", bid.events_count, "win" if won else "lose", reason="best" if won else "other_better")
        append(locked(bid.pk, step.seen), step, by=by)  # it follows from the award, whoever agreed to that
