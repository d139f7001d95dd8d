"""Open a room about events, trace it anew, give tasks, say why none is needed, write to enterprises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.events import queries as event_queries
from liandesk.assess.events.models import Event
from liandesk.assess.incidents import drafts, queries
from liandesk.assess.incidents.models import Incident, IncidentEntry, RoomTask
from liandesk.assess.incidents.playbook import CHAIN_OFFICE, OWNER, Playbook, Step, playbook
from liandesk.assess.incidents.policies import INCIDENT
from liandesk.assess.incidents.tracing import Found, trace_events
from liandesk.assess.lists.levels import shown_level
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published
from liandesk.base.teamwork.task_actions import put_task
from liandesk.base.work.actions import NewCase, open_following

PROCESS = "incident"
MOST_WORDS = 400


@transaction.atomic
def open_room(event_pks: Collection[int], *, by: Viewer, title: str = "") -> Incident:
    """Trace what events reach and open a room about it, with offices, tasks and drafts of messages.

    Raises UserError where an event does not count, nothing of it is in the supply network, or there is none.
    """
    check(by, INCIDENT, "open")
    events, snapshot, book = _events(event_pks, by), _snapshot(), playbook()
    found = trace_events(snapshot, events)
    hit = list(ListEntry.objects.filter(pk__in=found.entries["key"].to_list(), is_current=True))
    case = open_following(
        NewCase(
            PROCESS,
            title.strip() or events[0].title,
            _parties(hit, book, by),
            subject=("event", str(events[0].pk)),
            is_synthetic=snapshot.is_synthetic or any(event.is_synthetic for event in events),
        ),
        by=by,
    )
    made = Incident(case=case, began_on=min(event.began_on for event in events))
    _keep(made, found, snapshot)
    made.events.set(events)
    _fill(made, found, hit, book, by)
    for step in book.of_room(_causes(made)):
        _give(made, step, None, by)
    record("incident.open", "incident", made.pk, by=by, snapshot=snapshot.key, events=sorted(event_pks))
    return made


@transaction.atomic
def retrace(pk: int, *, by: Viewer, more: Collection[int] = ()) -> Incident:
    """Trace a room anew on the published snapshot, with further events; what people did there stays."""
    found = _for_work(pk, by)
    events, snapshot = _events({*found.events.values_list("pk", flat=True), *more}, by), _snapshot()
    traced = trace_events(snapshot, events)
    found.began_on = min(event.began_on for event in events)
    _keep(found, traced, snapshot)
    found.events.set(events)
    found.entries.update(verdict="", lost_low=None, lost_high=None, day_low=None, day_high=None)
    hit = list(ListEntry.objects.filter(pk__in=traced.entries["key"].to_list(), is_current=True))
    _fill(found, traced, hit, playbook(), by)
    record("incident.retrace", "incident", pk, by=by, snapshot=snapshot.key, more=sorted(more))
    return found


@transaction.atomic
def state_reason(pk: int, reason: str, *, by: Viewer) -> IncidentEntry:
    """Say why nothing is done about an entry of a room; ``pk`` is that of the entry in the room."""
    found = queries.incident_entry(by, pk)
    _for_work(found.incident_id, by)
    if not reason.strip() or len(reason) > MOST_WORDS:
        raise UserError(_("Say in a few words why nothing is done, in at most %(most)s signs.") % {"most": MOST_WORDS})
    found.reason, found.reason_by, found.reason_at = reason.strip(), by.actor, now()
    found.save(update_fields=["reason", "reason_by", "reason_at"])
    record("incident.state_reason", "incident", found.incident_id, by=by, entry=found.entry_id)
    return found


@transaction.atomic
def give_task(pk: int, title: str, office: str, due: date, *, by: Viewer, entry: int | None = None) -> RoomTask:
    """Give an office a further task, about one entry of the room or about all of it."""
    found = _for_work(pk, by)
    if pack().term("offices", office) is None:
        raise UserError(_("There is no office '%(office)s'.") % {"office": office})
    about = found.entries.filter(pk=entry).first() if entry else None
    if entry and about is None:
        raise UserError(_("This entry is not one of the room. Look at its page again."))
    task = put_task(found.case_id, title, by=by, due=due)
    record("incident.give_task", "incident", pk, by=by, task=task.pk, office=office)
    return RoomTask.objects.create(task=task, incident=found, entry=about, office=office)


def _for_work(pk: int, by: Viewer) -> Incident:
    """Return a room for writing: seen, allowed, not ended."""
    found = queries.incident(by, pk)
    check(by, INCIDENT, "work")
    if found.case.ended_at:
        raise UserError(_("The room is closed; what is in it stays as it is."))
    return Incident.objects.select_for_update().select_related("case").get(pk=pk)


def _events(pks: Collection[int], by: Viewer) -> list[Event]:
    """Return the events of a room, those that began first first; UserError for one that does not count."""
    found = list(event_queries.events(by).filter(pk__in=pks).order_by("began_on", "pk"))
    if not found or len(found) < len(set(pks)):
        raise UserError(_("A room is opened about at least one event. Choose from those you see."))
    for event in found:
        if event.state not in ("open", "ended"):
            said = _("'%(event)s' does not count: nobody confirmed it, or it was taken back.")
            raise UserError(said % {"event": event.title})
    return found


def _snapshot() -> Snapshot:
    snapshot = published()
    if snapshot is None:
        raise UserError(_("No refresh has made the supply network yet. Refresh the lists on the page of runs first."))
    return snapshot


def _keep(incident: Incident, found: Found, snapshot: Snapshot) -> None:
    incident.snapshot, incident.unplaced = snapshot, found.unplaced
    incident.tables = {"lines": store.put_frame(found.lines), "inputs": store.put_frame(found.inputs)}
    incident.traced_at, incident.traced_ms = now(), found.milliseconds
    incident.save()


def _parties(hit: Sequence[ListEntry], book: Playbook, by: Viewer) -> list[tuple[str, str, str]]:
    """Return who holds which role: the office of most of the grave entries leads, the others take part."""
    grave = [entry for entry in hit if shown_level(entry) in book.levels]
    owners = Counter(_owner(entry) for entry in grave or hit)
    lead = owners.most_common(1)[0][0] if owners else pack().chain_office
    own = by.scope_ids(Role.OFFICER, ScopeKind.OFFICE)
    others = {*owners, *(office for entry in grave for office in _helpers(entry)), *own} - {lead}
    return [("lead", "office", lead), *(("partner", "office", office) for office in sorted(others))]


def _owner(entry: ListEntry) -> str:
    kind = pack().term("item_kinds", entry.item_kind)
    return entry.owner_office or getattr(kind, "owner", pack().chain_office)


def _helpers(entry: ListEntry) -> list[str]:
    return [office for office in entry.with_offices.split("|") if office]


def _causes(incident: Incident) -> set[str]:
    return set(incident.events.values_list("cause", flat=True))


def _fill(incident: Incident, found: Found, hit: Iterable[ListEntry], book: Playbook, by: Viewer) -> None:
    """Keep the entries that are reached, give the tasks of those that are new and grave, draft the messages."""
    known = {one.entry_id: one for one in incident.entries.all()}
    told = {row["key"]: row for row in found.entries.iter_rows(named=True)}
    for entry in hit:
        row = told[entry.key]
        values = {name: row[name] for name in ("verdict", "lost_low", "lost_high", "day_low", "day_high")}
        one, is_new = IncidentEntry.objects.update_or_create(incident=incident, entry=entry, defaults=values)
        if is_new and entry.key not in known and shown_level(entry) in book.levels:
            for step in book.of_entry(_causes(incident)):
                _give(incident, step, one, by)
    drafts.write(incident, found, book, by)


def _give(incident: Incident, step: Step, about: IncidentEntry | None, by: Viewer) -> None:
    """Put a task of the playbook on the checklist of the room; its title is in the officers' language."""
    title = f"{step.title.zh}：{about.entry}" if about else step.title.zh
    task = put_task(incident.case_id, title, by=by, due=today() + timedelta(days=step.days))
    office = _office(incident, step, about)
    RoomTask.objects.create(task=task, incident=incident, entry=about, office=office, step=step.key)


def _office(incident: Incident, step: Step, about: IncidentEntry | None) -> str:
    if step.office == CHAIN_OFFICE:
        return pack().chain_office
    if step.office != OWNER:
        return step.office
    return _owner(about.entry) if about else incident.case.parties.get(role="lead").scope_id
