"""Hold a round: open it, hand out links, remind, close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.jobs.actions import enqueue
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.pack import SurveyMode, pack
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published, table
from liandesk.know.registry.models import Organisation
from liandesk.know.survey import queries
from liandesk.know.survey.choosing import choose
from liandesk.know.survey.confirmations import confirmed_on
from liandesk.know.survey.known import Known
from liandesk.know.survey.links import digest_of, expiry_of
from liandesk.know.survey.models import Asked, Invitation, Reminder, Round
from liandesk.know.survey.policies import FORM, ROUND

_BATCH = 1000


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


@dataclass(frozen=True)
class Plan:
    """Whom a round asks what: organisations, and the questions of ``choosing.choose``."""

    invited: Sequence[Organisation]
    asked: pl.DataFrame
    known: Known = field(repr=False)


def mode_of(code: str) -> SurveyMode:
    """Return a mode of the pack; raise UserError for a code it does not have."""
    found = pack().term("survey_modes", code)
    if not isinstance(found, SurveyMode):
        raise UserError(_("There is no mode '%(mode)s'.") % {"mode": code})
    return found


@transaction.atomic
def open_round(new: NewRound, *, by: Viewer) -> Round:
    """Open a round on the published snapshot: choose the enterprises and what each is asked, and make the links.

    Raises UserError where nobody is chosen, the days are in the wrong order, or nothing is published yet.
    """
    check(by, ROUND, "hold")
    if new.deadline < new.opens_on:
        raise UserError(_("The deadline is before the day on which the round opens."))
    snapshot = published()
    if snapshot is None or "questions" not in snapshot.tables:
        raise UserError(_("No refresh has computed the questions yet. Refresh the lists on the page of runs first."))
    planned = plan(new, snapshot)
    if not planned.invited:
        raise UserError(_("This choice asks nobody: no enterprise in it has a question whose answer changes an entry."))
    made = Round.objects.create(
        title=new.title.strip(),
        mode=new.mode,
        notice=new.notice.strip(),
        opens_on=new.opens_on,
        deadline=new.deadline,
        chosen=new.chosen,
        snapshot=snapshot,
        made_by=by.actor,
        made_at=now(),
        is_synthetic=new.is_synthetic or snapshot.is_synthetic,
    )
    _invite(made, planned)
    record("survey.open", "survey_round", made.pk, by=by, invited=len(planned.invited), snapshot=snapshot.key)
    return made


def plan(new: NewRound, snapshot: Snapshot) -> Plan:
    """Return whom a round would ask what; for the system and for who may hold rounds."""
    mode = mode_of(new.mode)
    asked_of = _chosen(new)
    tables = {name: table(snapshot, name).collect() for name in ("entries", "questions", "uses")}
    if new.item_kinds:
        tables["entries"] = tables["entries"].filter(pl.col("item_kind").is_in(list(new.item_kinds)))
    tables["confirmed"] = confirmed_on()
    ids = [organisation.pk for organisation in asked_of]
    asked = choose(tables, ids, mode, today=today(), confirm_months=pack().confirm_months)
    has_question = set(asked["organisation"])
    invited = [one for one in asked_of if new.with_silent or one.pk in has_question]
    return Plan(invited, asked, Known(table(snapshot, "uses"), table(snapshot, "supplies"), has_question))


def _chosen(new: NewRound) -> list[Organisation]:
    """Return the enterprises of the district that the filter lets through."""
    rows = Organisation.objects.filter(is_current=True, town__in=[town.code for town in pack().towns])
    if new.towns:
        rows = rows.filter(town__in=new.towns)
    rows = rows.filter(pk__in=new.organisations) if new.organisations else rows.filter(kind="enterprise")
    return list(rows.order_by("town", "name"))


def _invite(made: Round, planned: Plan) -> None:
    expires = expiry_of(made)
    rows = [
        Invitation(
            round=made,
            organisation=one.pk,
            name=one.name,
            town=one.town,
            link_digest=digest_of(made.pk, one.pk, 1),
            link_expires_at=expires,
        )
        for one in planned.invited
    ]
    by_organisation = {row.organisation: row for row in Invitation.objects.bulk_create(rows, batch_size=_BATCH)}
    asked = [
        _asked(row, by_organisation[row["organisation"]], planned.known) for row in planned.asked.iter_rows(named=True)
    ]
    Asked.objects.bulk_create(asked, batch_size=_BATCH)


def _asked(row: Mapping[str, Any], invitation: Invitation, known: Known) -> Asked:
    value = known.value(row["organisation"], row["item"], row["code"], row["product"])
    kept = {name: held for name, held in row.items() if name != "organisation"}
    return Asked(invitation=invitation, **{**kept, "measure": row["measure"] or ""}, known=value)


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
    held.closed_at, held.closed_by = now(), by.actor
    held.save(update_fields=["closed_at", "closed_by"])
    record("survey.close", "survey_round", pk, by=by, returned=held.invitations.filter(state="returned").count())
    enqueue(REFRESH, by=by)
    return held
