"""Enter how far an enterprise is, confirm it as the second person, mark it for mergers, count the number anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.assess.listing import queries
from liandesk.assess.listing.counting import counting, counting_if_any
from liandesk.assess.listing.models import PROVED, Merger, Milestone, Outlook, Prospect, Stage
from liandesk.assess.listing.outlook import keep_outlook
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.base.accounts.access import check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.snapshots.queries import published


@dataclass(frozen=True)
class Kept:
    """What an officer keeps of an enterprise beside its way to a board."""

    merger: str = Merger.NONE
    merger_reason: str = ""
    is_relocated: bool = False
    is_subsidiary: bool = False


@transaction.atomic
def keep(organisation: str, kept: Kept, *, version: int, by: Viewer) -> Prospect:
    """Keep the mark for mergers and the special cases of counting of one enterprise.

    Raises Conflict when somebody wrote it since it was read, UserError for a mark without a reason.
    """
    row = _locked(organisation, "keep", by)
    if row.version != version:
        raise Conflict(_("Somebody else changed this line. Look at it again, then keep yours."))
    if kept.merger not in Merger.values:
        raise UserError(_("There is no such mark. Choose one of those offered."))
    if kept.merger != Merger.NONE and not kept.merger_reason.strip():
        raise UserError(_("Say why it is a candidate."))
    for name, value in vars(kept).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record("listing.keep", "listing", row.pk, by=by, merger=row.merger, version=row.version)
    _recount()
    return row


@dataclass(frozen=True)
class Reached:
    """A state that an enterprise reached, the day, and the paper that proves it."""

    stage: str
    reached_on: date
    evidence: str = ""


@transaction.atomic
def enter(organisation: str, said: Reached, *, by: Viewer) -> Milestone:
    """Enter that an enterprise reached a state. What a paper proves stands once a second person confirmed it.

    Raises UserError for a day to come or a paper that is not named, Conflict while an entry waits to be confirmed.
    """
    row = _locked(organisation, "keep", by)
    if said.stage not in Stage.values:
        raise UserError(_("There is no such state. Choose one of those offered."))
    if said.reached_on > today():
        raise UserError(_("A state is reached on a day that has come. Take today or an earlier one."))
    is_proved = bool(PROVED & {said.stage, row.stage})
    if is_proved and not said.evidence.strip():
        raise UserError(_("Name the paper that proves it: its number, or the address of the announcement."))
    if any(one.waits for one in row.milestones.all()):
        raise Conflict(_("An entry waits for its second person. Let it be confirmed or refused first."))
    made = row.milestones.create(
        stage=said.stage,
        reached_on=said.reached_on,
        evidence=said.evidence.strip(),
        is_proved=is_proved,
        entered_by=by.actor,
        entered_at=now(),
    )
    record("listing.enter", "listing", row.pk, by=by, milestone=made.pk, stage=made.stage)
    _follow(row)
    return made


@transaction.atomic
def confirm(organisation: str, milestone: int, *, by: Viewer) -> Milestone:
    """Confirm what another person entered; NotAllowed for the one who entered it."""
    found = _waiting(organisation, milestone, by)
    if are_one(found.entered_by, by.actor, localdate(found.entered_at)):
        raise NotAllowed(_("Somebody else than who entered it has to confirm it."))
    found.confirmed_by, found.confirmed_at = by.actor, now()
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    record("listing.confirm", "listing", organisation, by=by, milestone=found.pk, stage=found.stage)
    _follow(found.prospect)
    return found


@transaction.atomic
def refuse(organisation: str, milestone: int, *, by: Viewer) -> None:
    """Take out an entry that waits for its second person; who entered it may take it back."""
    found = _waiting(organisation, milestone, by)
    record("listing.refuse", "listing", organisation, by=by, milestone=found.pk, stage=found.stage)
    found.delete()


def _waiting(organisation: str, milestone: int, by: Viewer) -> Milestone:
    row = _locked(organisation, "confirm", by)
    found = row.milestones.select_for_update().filter(pk=milestone).first()
    if found is None or not found.waits:
        raise Conflict(_("No entry waits to be confirmed: somebody confirmed or refused it already."))
    return found


def _locked(organisation: str, action: str, by: Viewer) -> Prospect:
    found = queries.prospect(by, organisation)
    check(by, LISTING, action, {"organisation": found.pk, "town": found.town})
    return Prospect.objects.select_for_update().get(pk=found.pk)


def _follow(row: Prospect) -> None:
    """Bring the state of an enterprise to its last milestone that stands, and the number to it."""
    stands = [one for one in row.milestones.all() if not one.waits]
    if stands:
        row.stage, row.stage_on = stands[-1].stage, stands[-1].reached_on
        row.save(update_fields=["stage", "stage_on"])
    _recount()


def _recount() -> None:
    """Bring today's number to what was just said; before the first refresh there is none."""
    snapshot, rule = published(), counting_if_any()
    if snapshot and rule and "listing_years" in snapshot.tables:
        keep_outlook(snapshot, rule, today())


@transaction.atomic
def count_anew(*, by: Viewer) -> Outlook:
    """Count the number as of today by the rule in force; UserError where no refresh has forecast anything yet."""
    check(by, OUTLOOK, "count")
    snapshot = published()
    if snapshot is None or "listing_years" not in snapshot.tables:
        raise UserError(_("No refresh has forecast anything yet. Refresh the lists on the page of runs first."))
    made = keep_outlook(snapshot, counting(), today())
    record("listing.count", "listing_outlook", made.pk, by=by, snapshot=snapshot.key)
    return made
