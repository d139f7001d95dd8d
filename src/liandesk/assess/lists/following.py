"""What people entered follows an organisation through merge and split; nothing of it is lost or written over.

When an organisation is merged, its entries are computed under the id that stands for it. The work on the old entry is
carried to the new one if nobody worked on that yet; the old entry keeps its own, and says where it went. When the merge
is undone the old entry is computed again with its work as it was; what was only carried is taken back from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base.clock import now, today
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot

HUMAN = (
    "state",
    "owner_office",
    "with_offices",
    "due_date",
    "level",
    "level_reason",
    "measure",
    "note",
    "agreed_from",
    "evidence_kind",
    "evidenced_on",
)
_ACTOR = "system:refresh"


def follow(snapshot: Snapshot) -> Mapping[str, int]:
    """Carry and take back the work on the entries of organisations that were merged or parted by this snapshot."""
    aliases = _aliases(snapshot)
    returned = [_take_back(entry) for entry in _parted(aliases)]
    carried = [_carry(entry, _key_now(entry, aliases)) for entry in _merged(aliases)]
    return {"work_carried": sum(carried), "work_returned": sum(returned)}


def _aliases(snapshot: Snapshot) -> dict[str, str]:
    if "aliases" not in snapshot.tables:
        return {}
    return dict(store.get_frame(snapshot.tables["aliases"]).select("alias", "organisation").iter_rows())


def _merged(aliases: Mapping[str, str]) -> Iterable[ListEntry]:
    """Return entries with work of organisations that go by another id now, whose work is not there yet."""
    worked = ListEntry.objects.filter(scope="input", version__gt=0, organisation__in=list(aliases)).order_by("key")
    worked = worked.select_for_update()  # what is being written now is carried too, or refused after it
    return [entry for entry in worked if entry.carried_to != _key_now(entry, aliases)]


def _parted(aliases: Mapping[str, str]) -> Iterable[ListEntry]:
    """Return entries whose work was carried away and whose organisation goes by its own id again, or by a third one."""
    carried = ListEntry.objects.exclude(carried_to="").order_by("key")
    return [entry for entry in carried if entry.carried_to != _key_now(entry, aliases)]


def _key_now(entry: ListEntry, aliases: Mapping[str, str]) -> str:
    organisation = aliases.get(entry.organisation, entry.organisation)
    return f"{entry.scope}:{organisation}:{entry.item}"


def _carry(entry: ListEntry, key: str) -> bool:
    """Give the work to the entry that stands for this one now; answer whether it took it."""
    target = ListEntry.objects.select_for_update().filter(pk=key).first()
    if target is None:
        return False
    ListEntry.objects.filter(pk=entry.pk).update(carried_to=key)
    changes = _differences(target, entry)
    if target.version:  # somebody worked on it: their word stays, the other is told of in the history
        _tell(target, "joined", changes, entry)
        return False
    _write(target, {name: getattr(entry, name) for name in HUMAN}, entry.version)
    _tell(target, "carried", changes, entry)
    return True


def _take_back(entry: ListEntry) -> bool:
    """Undo a carrying that nobody built upon; answer whether anything was taken back."""
    target = ListEntry.objects.select_for_update().filter(pk=entry.carried_to).first()
    ListEntry.objects.filter(pk=entry.pk).update(carried_to="")
    last = target.events.exclude(action="recomputed").first() if target else None
    if target is None or last is None or last.action != "carried" or last.reason != entry.key:
        return False
    before = {name: getattr(target, name) for name in HUMAN}
    untouched = {name: getattr(ListEntry(), name) for name in HUMAN}
    _write(target, untouched, 0)
    _tell(target, "returned", {name: [_plain(before[name]), _plain(untouched[name])] for name in HUMAN}, entry)
    return True


def _differences(target: ListEntry, entry: ListEntry) -> dict[str, list[Any]]:
    pairs = {name: [_plain(getattr(target, name)), _plain(getattr(entry, name))] for name in HUMAN}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _write(target: ListEntry, values: Mapping[str, Any], version: int) -> None:
    """Set the human columns; a form that was opened before is refused, and an untouched entry counts as untouched."""
    changed = today() if version else None
    ListEntry.objects.filter(pk=target.pk).update(**values, version=version, changed_on=changed)


def _tell(target: ListEntry, action: str, changes: Mapping[str, Any], entry: ListEntry) -> None:
    EntryEvent.objects.create(
        entry=target, at=now(), actor=_ACTOR, action=action, changes=dict(changes), reason=entry.key[:400]
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
