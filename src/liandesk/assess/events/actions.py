"""Enter a disruption, confirm what was found in a notice, say which thing is meant, end it, take it back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.events import queries
from liandesk.assess.events.models import Event, EventHit, Forecast
from liandesk.assess.events.policies import EVENT
from liandesk.assess.events.resolution import settle, touched_by
from liandesk.assess.events.said import Said, as_event, as_hits, check_said, digest
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, UserError

MOST_WORDS = 400


@dataclass(frozen=True)
class Kept:
    """What became of the rows of a file or of notices: how many are new, and how many were there already."""

    batch: str
    new: int
    repeated: int


@transaction.atomic
def enter(said: Said, *, by: Viewer) -> Event:
    """Enter one disruption; it counts at once, a person says it. Raises UserError for what cannot be."""
    check(by, EVENT, "enter")
    check_said(said)
    found = as_event(said)
    _sign(found, by, is_confirmed=True)
    found.save()
    EventHit.objects.bulk_create(as_hits(found, said))
    settle(touched_by(found))
    record("event.enter", "event", found.pk, by=by, cause=found.cause, source=found.source)
    return found


@transaction.atomic
def enter_many(rows: Sequence[Said], *, by: Viewer, are_confirmed: bool) -> Kept:
    """Enter the rows of a file, or propose what was found in notices; a row that is there already is left alone.

    All of them share one batch. A row that was taken back stays so: what a person refused does not come again.
    """
    check(by, EVENT, "enter")
    for said in rows:
        check_said(said)
    fresh = _fresh(rows)
    batch = secrets.token_hex(8)
    made = [as_event(said) for said in fresh.values()]
    for found in made:
        found.batch = batch
        _sign(found, by, is_confirmed=are_confirmed)
    made = Event.objects.bulk_create(made)
    pairs = zip(made, fresh.values(), strict=True)
    EventHit.objects.bulk_create(hit for found, said in pairs for hit in as_hits(found, said))
    if made:
        if are_confirmed:
            settle(Forecast.objects.filter(outcome=None))
        record("event.enter_many", "event", batch, by=by, events=len(made), confirmed=are_confirmed)
    return Kept(batch, len(made), len(rows) - len(made))


def _fresh(rows: Iterable[Said]) -> dict[str, Said]:
    """Return the rows that are not kept yet by their digests, each once."""
    by_key = {digest(said): said for said in rows}
    known = set(Event.objects.filter(key__in=by_key).values_list("key", flat=True))
    return {key: said for key, said in by_key.items() if key not in known}


def _sign(found: Event, by: Viewer, *, is_confirmed: bool) -> None:
    found.entered_by, found.entered_at, found.office = by.actor, now(), office_of(by)
    if is_confirmed:
        found.confirmed_by, found.confirmed_at = by.actor, found.entered_at


def office_of(viewer: Viewer) -> str:
    """Return the office a person writes for, "" for the system."""
    scopes = viewer.scope_ids(Role.CHAIN_OFFICE, ScopeKind.OFFICE) | viewer.scope_ids(Role.OFFICER, ScopeKind.OFFICE)
    return min(scopes, default="")


@transaction.atomic
def confirm(versions: dict[int, int], *, by: Viewer) -> int:
    """Let events that were found in notices count, given by id and the version that was seen; return how many."""
    check(by, EVENT, "change")
    if not versions:
        raise UserError(_("Nothing is ticked. Tick the disruptions first."))
    for pk, version in sorted(versions.items()):
        found = _open(pk, version, by)
        if found.state != "waiting":
            raise Conflict(_("This disruption was decided already. Look at the page again."))
        _write(found, confirmed_by=by.actor, confirmed_at=now())
        settle(touched_by(found))
    record("event.confirm", "event", min(versions, default=""), by=by, events=len(versions))
    return len(versions)


@transaction.atomic
def end(pk: int, ended_on: date, *, by: Viewer, version: int) -> Event:
    """Say since when a disruption is over; what was said once is corrected by taking the event back."""
    found = _open(pk, version, by)
    if found.state != "open":
        raise UserError(_("Only a disruption that counts and goes on can end."))
    if ended_on < found.began_on:
        raise UserError(_("It ends before it begins. Check the two dates."))
    _write(found, ended_on=ended_on)
    settle(touched_by(found))
    record("event.end", "event", pk, by=by)
    return found


@transaction.atomic
def withdraw(pk: int, reason: str, *, by: Viewer, version: int) -> Event:
    """Take an event back, or refuse what was found in a notice; it stays readable and counts for nothing any more."""
    found = _open(pk, version, by)
    if not reason.strip() or len(reason) > MOST_WORDS:
        raise UserError(_("Say in a few words why it is taken back, in at most %(most)s signs.") % {"most": MOST_WORDS})
    if found.state == "withdrawn":
        raise Conflict(_("This disruption was taken back already."))
    _write(found, withdrawn_by=by.actor, withdrawn_at=now(), withdrawn_reason=reason.strip())
    settle(touched_by(found))
    record("event.withdraw", "event", pk, by=by)
    return found


@transaction.atomic
def match(pk: int, object_id: str, *, by: Viewer, version: int) -> EventHit:
    """Say which thing a hit means, by its id; "" says that it is none we know. ``version`` is the event's."""
    hit = EventHit.objects.filter(pk=pk).first()
    if hit is None:
        raise UserError(_("The event hits no such thing. Look at its page again."))
    found = _open(hit.event_id, version, by)
    hit.object_id = object_id
    hit.save(update_fields=["object_id"])
    _write(found)
    settle(touched_by(found))
    record("event.match", "event", found.pk, by=by, hit=pk, object=object_id)
    return hit


def _open(pk: int, version: int, by: Viewer) -> Event:
    """Return the event locked for writing: seen, allowed, unchanged since it was looked at."""
    queries.event(by, pk)
    found = Event.objects.select_for_update().get(pk=pk)
    check(by, EVENT, "change", {"office": found.office})
    if found.version != version:
        raise Conflict(_("This disruption was changed meanwhile. Nothing was overwritten; look again."))
    return found


def _write(found: Event, **fields: object) -> None:
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*fields, "version"])
