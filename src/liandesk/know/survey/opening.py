"""Open a round in the worker: choose whom it asks what, write the forms in batches, then let them be seen all at once.

Nobody sees a form before the round is opened. A worker that is killed leaves batches that are whole; whoever takes the
job up writes those that are missing. Cancelled, none is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.jobs.actions import Cancelled, beat
from liandesk.base.jobs.models import Job
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import table
from liandesk.know.registry.models import Organisation
from liandesk.know.survey.choosing import choose
from liandesk.know.survey.confirmations import confirmed_on
from liandesk.know.survey.known import Known
from liandesk.know.survey.links import digest_of, expiry_of
from liandesk.know.survey.models import Asked, Invitation, Round
from liandesk.know.survey.rounds import mode_of

_BATCH = 250  # enterprises written between two beats


@dataclass(frozen=True)
class _Plan:
    """Whom a round asks what: organisations, questions of ``choosing.choose``, what is known of their inputs."""

    invited: Sequence[Organisation]
    asked: pl.DataFrame
    known: Known


def open_asked(job: Job) -> Mapping[str, Any]:
    """Open the round of a job; return how many enterprises it asks. One that would ask nobody is not opened."""
    held = Round.objects.select_related("snapshot").get(job=job)
    if held.opened_at is None:
        try:
            _invite_all(held, job)
            _open(held, job)
        except Cancelled:
            held.invitations.all().delete()
            raise
    return {"invited": held.invitations.count()}


def _invite_all(held: Round, job: Job) -> None:
    beat(job, phase="choose")
    planned = _plan(held)
    written = set(held.invitations.values_list("organisation", flat=True))  # by a worker that was killed
    missing = [one for one in planned.invited if one.pk not in written]
    total = len(written) + len(missing)
    for start in range(0, len(missing), _BATCH):
        with transaction.atomic():
            # a worker that lost its lease waits here for the one that has it, and its beat then ends it
            Round.objects.select_for_update().get(pk=held.pk)
            beat(job, phase="invite", done=len(written) + start, total=total)
            _invite(held, missing[start : start + _BATCH], planned)


@transaction.atomic
def _open(held: Round, job: Job) -> None:
    beat(job, phase="open")
    invited = held.invitations.count()
    if invited:
        held.opened_at = now()
        held.save(update_fields=["opened_at"])
        record("survey.invite", "survey_round", held.pk, by=system_viewer("worker"), invited=invited)


def _plan(held: Round) -> _Plan:
    asked_of = _chosen(held)
    tables = {name: table(held.snapshot, name).collect() for name in ("entries", "questions", "uses")}
    if kinds := held.chosen["item_kinds"]:
        tables["entries"] = tables["entries"].filter(pl.col("item_kind").is_in(kinds))
    tables["confirmed"] = confirmed_on()
    ids = [organisation.pk for organisation in asked_of]
    asked = choose(tables, ids, mode_of(held.mode), today=today(), confirm_months=pack().confirm_months)
    has_question = set(asked["organisation"])
    invited = [one for one in asked_of if held.chosen["with_silent"] or one.pk in has_question]
    known = Known(table(held.snapshot, "uses"), table(held.snapshot, "supplies"), has_question)
    return _Plan(invited, asked, known)


def _chosen(held: Round) -> list[Organisation]:
    """Return the enterprises of the district that the filter lets through."""
    rows = Organisation.objects.filter(is_current=True, town__in=[town.code for town in pack().towns])
    if towns := held.chosen["towns"]:
        rows = rows.filter(town__in=towns)
    named = held.chosen["organisations"]
    rows = rows.filter(pk__in=named) if named else rows.filter(kind="enterprise")
    return list(rows.order_by("town", "name"))


def _invite(held: Round, organisations: Sequence[Organisation], planned: _Plan) -> None:
    expires = expiry_of(held)
    rows = [
        Invitation(
            round=held,
            organisation=one.pk,
            name=one.name,
            town=one.town,
            link_digest=digest_of(held.pk, one.pk, 1),
            link_expires_at=expires,
        )
        for one in organisations
    ]
    form_of = {row.organisation: row for row in Invitation.objects.bulk_create(rows)}
    asked = planned.asked.filter(pl.col("organisation").is_in(list(form_of)))
    questions = [_asked(row, form_of[row["organisation"]], planned.known) for row in asked.iter_rows(named=True)]
    Asked.objects.bulk_create(questions)


def _asked(row: Mapping[str, Any], invitation: Invitation, known: Known) -> Asked:
    value = known.value(row["organisation"], row["item"], row["code"], row["product"])
    kept = {name: held for name, held in row.items() if name != "organisation"}
    return Asked(invitation=invitation, **{**kept, "measure": row["measure"] or ""}, known=value)
