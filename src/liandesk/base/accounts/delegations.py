"""Absence: who stands in for whom. The person names their deputy themselves, or the operator does it for them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.models import Delegation, User
from liandesk.base.accounts.policies import may_keep_for
from liandesk.base.accounts.roles import Grant, Viewer, lent, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import NotAllowed, NotThere, UserError

MAX_DAYS = 366


def delegations(viewer: Viewer) -> QuerySet[Delegation]:
    """Return the running and coming delegations that the viewer gave or received, the next to end first."""
    own = Q(giver=viewer.user_id) | Q(deputy=viewer.user_id)
    found = Delegation.objects.filter(own, ended_on=None, valid_until__gte=today())
    return found.select_related("giver", "deputy").order_by("valid_until", "id")


def are_one(first: str, second: str, on: date) -> bool:
    """Say whether two actors count as one person for four eyes on a day: the same, or one stands in for the other."""
    if first == second:
        return True
    if not (first.startswith("user:") and second.startswith("user:")):
        return False
    one, other = (int(actor.removeprefix("user:")) for actor in (first, second))
    either = Q(giver=one, deputy=other) | Q(giver=other, deputy=one)
    return Delegation.objects.in_force(on).filter(either).exists()


@transaction.atomic
def delegate(giver: User, deputy: User, first: date, last: date, *, by: Viewer) -> Delegation:
    """Let somebody stand in for a person from a day through another, no longer than a year."""
    if not may_keep_for(by, giver.pk):
        raise NotAllowed(_("A deputy is named by the person themselves or by the operator."))
    if last < max(first, today()) or (last - first) > timedelta(days=MAX_DAYS):
        raise UserError(_("Give days in their order, of which the last is not past, and not more than a year."))
    if not _may_stand_in(giver, deputy):
        raise UserError(
            _("This person cannot stand in: an official for an official, one of an organisation for its own.")
        )
    made = {"made_by": by.actor, "made_at": now()}
    found = Delegation.objects.create(giver=giver, deputy=deputy, valid_from=first, valid_until=last, **made)
    record("delegation.make", "user", giver.pk, by=by, deputy=deputy.pk, first=first.isoformat(), last=last.isoformat())
    return found


def _may_stand_in(giver: User, deputy: User) -> bool:
    return giver.pk != deputy.pk and deputy.is_active and bool(lent(_own(giver), _own(deputy)))


def _own(user: User) -> frozenset[Grant]:
    return viewer_of(user).alone().grants


@transaction.atomic
def end_delegation(pk: int, *, by: Viewer) -> None:
    """End a delegation today; its giver, its deputy or the operator does it. Ended already, nothing changes."""
    found = Delegation.objects.select_for_update().filter(pk=pk).first()
    if found is None or not (may_keep_for(by, found.giver_id) or by.user_id == found.deputy_id):
        raise NotThere(_("There is no such delegation of yours."))
    if found.ended_on is None:
        found.ended_on = today()
        found.save(update_fields=["ended_on"])
        record("delegation.end", "user", found.giver_id, by=by, deputy=found.deputy_id)
