"""Hold a round: ask for it (``opening`` opens it in the worker), hand out links, remind, close it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.pack import SurveyMode, pack
from liandesk.base.snapshots.queries import published
from liandesk.know.survey import queries
from liandesk.know.survey.links import digest_of
from liandesk.know.survey.models import Invitation, Reminder, Round
from liandesk.know.survey.policies import FORM, ROUND

JOB = "survey"


@dataclass(frozen=True)
class NewRound:
    """A round as it is asked for: which enterprises (empty: all), and whether those with nothing to ask come too."""

    title: str
    mode: str
    deadline: date
    opens_on: date
    notice: str = ""
    towns: Sequence[str] = ()
    item_kinds: Sequence[str] = ()
    organisations: Sequence[str] = ()  # permanent ids
    with_silent: bool = False  # enterprises that have told of no input yet
    is_synthetic: bool = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filter as it is kept."""
        return {
            "towns": list(self.towns),
            "item_kinds": list(self.item_kinds),
            "organisations": list(self.organisations),
            "with_silent": self.with_silent,
        }


def mode_of(code: str) -> SurveyMode:
    """Return a mode of the pack; raise UserError for a code it does not have."""
    found = pack().term("survey_modes", code)
    if not isinstance(found, SurveyMode):
        raise UserError(_("There is no mode '%(mode)s'.") % {"mode": code})
    return found


@transaction.atomic
def open_round(new: NewRound, *, by: Viewer) -> Round:
    """Make a round on the published snapshot; the worker chooses whom it asks what, makes the links, and opens it.

    Raises UserError where the days are in the wrong order, or nothing is published yet.
    """
    check(by, ROUND, "hold")
    if new.deadline < new.opens_on:
        raise UserError(_("The deadline is before the day on which the round opens."))
    snapshot, moment = published(), now()
    if snapshot is None or "questions" not in snapshot.tables:
        raise UserError(_("No refresh has computed the questions yet. Refresh the lists on the page of runs first."))
    # the right to hold rounds is not the right to start runs: the system asks for the job, the log names who asked
    job = jobs.enqueue(JOB, by=system_viewer("survey"), params={"asked": moment.isoformat(), "by": by.actor})
    made = Round.objects.create(
        title=new.title.strip(),
        mode=mode_of(new.mode).code,
        notice=new.notice.strip(),
        opens_on=new.opens_on,
        deadline=new.deadline,
        chosen=new.chosen,
        snapshot=snapshot,
        made_by=by.actor,
        made_at=moment,
        job=job,
        is_synthetic=new.is_synthetic or snapshot.is_synthetic,
    )
    record("survey.open", "survey_round", made.pk, by=by, snapshot=snapshot.key)
    return made


@transaction.atomic
def cancel_opening(pk: int, *, by: Viewer) -> Round:
    """Ask the worker not to open a round: at once when it waits, else at its next beat; an opened one stays open."""
    check(by, ROUND, "hold")
    held = queries.held(by, pk)
    if held.is_opening:
        assert held.job_id is not None  # by is_opening
        jobs.cancel(held.job_id, by=system_viewer("survey"))
        record("survey.cancel", "survey_round", pk, by=by)
    return held


@transaction.atomic
def renew_link(pk: int, *, by: Viewer) -> Invitation:
    """End the link of a form and make another."""
    found = _to_invite(pk, by)
    found.link_serial += 1
    found.link_digest = digest_of(found.round_id, found.organisation, found.link_serial)
    found.link_revoked_at = None
    found.save(update_fields=["link_serial", "link_digest", "link_revoked_at"])
    record("survey.renew_link", "survey_form", pk, by=by, serial=found.link_serial)
    return found


@transaction.atomic
def revoke_link(pk: int, *, by: Viewer) -> Invitation:
    """End the link of a form; the enterprise can still be asked by its account or by an officer."""
    found = _to_invite(pk, by)
    found.link_revoked_at = now()
    found.save(update_fields=["link_revoked_at"])
    record("survey.revoke_link", "survey_form", pk, by=by)
    return found


def _to_invite(pk: int, by: Viewer) -> Invitation:
    found = queries.form(by, pk)
    check(by, FORM, "invite", {"organisation": found.organisation, "town": found.town})
    return Invitation.objects.select_for_update(of=("self",)).select_related("round").get(pk=pk)


@transaction.atomic
def remind(pks: Iterable[int], *, by: Viewer) -> int:
    """Note that enterprises are reminded today; what was reminded today or is settled is passed over.

    Returns how many were. Raises UserError when none is left.
    """
    check(by, FORM, "invite")
    waiting = queries.to_chase(by).filter(pk__in=list(pks)).exclude(reminders__day=today())
    made = [Reminder(invitation=one, day=today(), by=by.actor) for one in waiting]
    if not made:
        raise UserError(
            _("None of these can be reminded: they have returned the form, or were reminded today already.")
        )
    Reminder.objects.bulk_create(made, ignore_conflicts=True)  # of two who remind at once
    record("survey.remind", "survey_round", made[0].invitation.round_id, by=by, reminded=len(made))
    return len(made)


@transaction.atomic
def close_round(pk: int, *, by: Viewer) -> Round:
    """Close a round: its links end, and a refresh computes what the answers change."""
    check(by, ROUND, "hold")
    held = queries.held(by, pk)
    held = Round.objects.select_for_update().get(pk=held.pk)
    if held.closed_at:
        raise Conflict(_("This round is closed already."))
    if held.opened_at is None:
        raise Conflict(_("This round was not opened."))
    held.closed_at, held.closed_by = now(), by.actor
    held.save(update_fields=["closed_at", "closed_by"])
    record("survey.close", "survey_round", pk, by=by, returned=held.invitations.filter(state="returned").count())
    jobs.enqueue(REFRESH, by=by)
    return held
