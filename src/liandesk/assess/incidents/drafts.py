"""Messages to enterprises: drafted with a room, changed by officers, sent as a case of the enterprise's own."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.events.models import Event, HitKind
from liandesk.assess.incidents import queries
from liandesk.assess.incidents.models import Incident, Message
from liandesk.assess.incidents.playbook import Playbook
from liandesk.assess.incidents.policies import INCIDENT
from liandesk.assess.incidents.tracing import Found
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_following
from liankit.risk.cascade.stops import Verdict

PROCESS = "incident_notice"
MOST_MESSAGES = 200
"""How many enterprises are written to; those that stop come before those that lose a part."""

_MOST_ITEMS = 8


def write(incident: Incident, found: Found, book: Playbook, by: Viewer) -> None:
    """Draft a message to each enterprise of the district that is reached and has none yet."""
    known = set(incident.messages.values_list("organisation", flat=True))
    drafted = [
        Message(
            incident=incident,
            organisation=row["organisation"],
            organisation_name=row["name"],
            town=row["town"] or "",
            text=_text(incident, row, book),
            answer_by=today() + timedelta(days=book.message.answer_days),
        )
        for row in _reached(found.inputs).iter_rows(named=True)
        if row["organisation"] not in known
    ]
    Message.objects.bulk_create(drafted)


def _reached(inputs: pl.DataFrame) -> pl.DataFrame:
    """Return organisation, name, town and the names of its items that are lost, the worst hit first."""
    rank = pl.col("verdict").replace_strict({Verdict.STOPS: 0, Verdict.MAY_STOP: 1}, default=2).alias("rank")
    items = pl.col("item_name").drop_nulls().unique(maintain_order=True)
    districts = [town.code for town in pack().towns]
    found = inputs.filter(pl.col("town").is_in(districts)).with_columns(rank).sort("rank", "name", "item")
    found = found.group_by("organisation", maintain_order=True).agg(pl.col("name", "town", "rank").first(), items=items)
    return found.sort("rank", "name").head(MOST_MESSAGES)


def _text(incident: Incident, row: dict[str, object], book: Playbook) -> str:
    """Return the draft in the words of the playbook. It names the recipient's own items only."""
    items = list(row["items"])  # type: ignore[call-overload]
    more = "等" if len(items) > _MOST_ITEMS else ""
    event = incident.events.order_by("began_on", "pk")[0]
    office = pack().term("offices", pack().chain_office)
    return book.message.zh.format(
        organisation=row["name"],
        event=_called(event),
        began=incident.began_on.isoformat(),
        items="、".join(items[:_MOST_ITEMS]) + more,
        answer_by=(today() + timedelta(days=book.message.answer_days)).isoformat(),
        office=office.text["zh"] if office else "",
    )


def _called(event: Event) -> str:
    """Return what an event is called to an enterprise: a title that may name another organisation is left out."""
    names_one = event.hits.filter(kind=HitKind.ORGANISATION).exists()
    return "一起供应中断" if names_one else event.title


@transaction.atomic
def reword(pk: int, text: str, answer_by: date, *, by: Viewer, version: int) -> Message:
    """Change a draft; raise Conflict when somebody did so meanwhile, UserError once it was sent."""
    found = _draft(pk, version, by)
    if not text.strip():
        raise UserError(_("A message needs a text."))
    found.text, found.answer_by = text.strip(), answer_by
    found.version += 1
    found.save(update_fields=["text", "answer_by", "version"])
    record("incident.reword", "incident", found.incident_id, by=by, message=pk)
    return found


@transaction.atomic
def send(pk: int, *, by: Viewer, version: int) -> Message:
    """Send a draft: the enterprise finds it as a case of its own, on its desk and in its digest of the day."""
    found = _draft(pk, version, by)
    lead = found.incident.case.parties.get(role="lead")
    parties = [("sender", "office", lead.scope_id), ("recipient", "organisation", found.organisation)]
    if found.town:
        parties.append(("town", "town", found.town))
    said = {"message": found.text, "answer_by": found.answer_by.isoformat()}
    title = _("Notice to %(name)s") % {"name": found.organisation_name}
    is_synthetic = found.incident.case.is_synthetic
    new = NewCase(PROCESS, title, parties, said, ("incident", str(found.incident_id)), is_synthetic=is_synthetic)
    found.notice = open_following(new, by=by)
    found.version += 1
    found.save(update_fields=["notice", "version"])
    record("incident.send", "incident", found.incident_id, by=by, message=pk, case=found.notice.pk)
    return found


def _draft(pk: int, version: int, by: Viewer) -> Message:
    """Return an unsent message for writing: seen, allowed, unchanged since it was looked at."""
    queries.message(by, pk)
    check(by, INCIDENT, "work")
    found = Message.objects.select_for_update(of=("self",)).select_related("incident__case").get(pk=pk)
    if found.version != version:
        raise Conflict(_("Somebody changed this message after you opened it. Look at it, then act again."))
    if found.notice_id or found.incident.case.ended_at:
        raise UserError(_("It was sent, or the room is closed; it stays as it is."))
    return found
