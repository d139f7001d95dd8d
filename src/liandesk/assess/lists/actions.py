"""Every judgement on an entry: admit, decline, assign, report, close, reopen.

Each takes the ``version`` the person saw. When somebody wrote in between it is refused, saying who and when, and
nothing is overwritten. Publish never comes here: it writes the projection only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liandesk.assess.lists import life
from liandesk.assess.lists.models import EntryEvent, EntryState, Level, ListEntry
from liandesk.assess.lists.policies import ENTRY
from liandesk.assess.lists.queries import as_row
from liandesk.base.accounts.access import barred, check, visibility
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.pack import ItemKind, pack
from liandesk.base.work.actions import IllegalStep
from liankit.errors import nearest

MANY = 500  # entries of one bulk action

_FROM: Mapping[str, tuple[str, ...]] = {
    "admit": (EntryState.PROPOSED,),
    "report": (EntryState.ADMITTED,),
    "assign": (EntryState.ADMITTED,),
    "close": (EntryState.ADMITTED,),
    "decline": (EntryState.PROPOSED, EntryState.ADMITTED),
    "reopen": (EntryState.DECLINED, EntryState.CLOSED),
}
"""From which states each action is possible, in the order in which they are offered."""


_IN_CASE = frozenset({"close", "decline"})
"""What is done in the case of an entry while it is open."""


def possible(entry: ListEntry, *, may_judge: bool, may_report: bool) -> list[str]:
    """Return the actions that fit the entry's state, for somebody with these rights."""
    elsewhere = _IN_CASE if life.case_of(entry) else frozenset()
    fitting = [action for action, states in _FROM.items() if entry.state in states and action not in elsewhere]
    return [action for action in fitting if (may_report if action == "report" else may_judge)]


@transaction.atomic
def admit(
    key: str,
    *,
    by: Viewer,
    version: int,
    owner_office: str = "",
    due_date: date | None = None,
    with_offices: Sequence[str] | None = None,
) -> ListEntry:
    """Take a proposed entry onto the list; without offices those that answer, and co-operate, for its kind of item."""
    entry = _open(key, "admit", "judge", version, by)
    owner = _checked_office(owner_office or default_owner(entry))
    helpers = _checked_helpers(default_helpers(entry) if with_offices is None else with_offices, owner)
    changes = {"state": EntryState.ADMITTED, "owner_office": owner, "due_date": due_date, "with_offices": helpers}
    write(entry, "admit", changes, by)
    life.start(entry, by=by, since=entry.listed_on)
    return entry


@transaction.atomic
def decline(key: str, *, by: Viewer, version: int, reason: str) -> ListEntry:
    """Leave an entry out, or take it off the list, for a reason; re-computation does not bring it back."""
    entry = _outside_case(_open(key, "decline", "judge", version, by))
    return write(entry, "decline", {"state": EntryState.DECLINED}, by, _checked_reason(reason))


@transaction.atomic
def assign(
    key: str,
    *,
    by: Viewer,
    version: int,
    owner_office: str,
    due_date: date | None,
    with_offices: Sequence[str] | None = None,
) -> ListEntry:
    """Say which office answers for an admitted entry, by when, and which co-operate (None: those that do already)."""
    entry = _open(key, "assign", "judge", version, by)
    changes: dict[str, object] = {"owner_office": _checked_office(owner_office), "due_date": due_date}
    if with_offices is not None:
        changes["with_offices"] = _checked_helpers(with_offices, owner_office)
    if case := life.case_of(entry):
        life.hand_on(case, by=by, owner_office=owner_office, due_date=due_date)
        if with_offices is not None:
            life.name_helpers(case.pk, str(changes["with_offices"]), by=by)
        entry.refresh_from_db()
        return entry
    return write(entry, "assign", changes, by)


@transaction.atomic
def report(
    key: str,
    *,
    by: Viewer,
    version: int,
    measure: str = "",
    note: str = "",
    level: str = "",
    level_reason: str = "",
) -> ListEntry:
    """Say what is done about an admitted entry and how grave it is; a level needs a reason."""
    entry = _open(key, "report", "report", version, by)
    said = {"measure": measure.strip(), "note": note.strip(), "level": level, "level_reason": level_reason.strip()}
    _check_level(said["level"], said["level_reason"])
    _check_lengths(said)
    return write(entry, "report", said, by)


@transaction.atomic
def close(key: str, *, by: Viewer, version: int, reason: str) -> ListEntry:
    """End an admitted entry whose risk is settled, saying what settled it."""
    entry = _outside_case(_open(key, "close", "judge", version, by))
    return write(entry, "close", {"state": EntryState.CLOSED}, by, _checked_reason(reason))


@transaction.atomic
def reopen(key: str, *, by: Viewer, version: int, reason: str) -> ListEntry:
    """Judge again: a declined entry is proposed once more, a closed one is back on the list."""
    entry = _open(key, "reopen", "judge", version, by)
    back = EntryState.ADMITTED if entry.state == EntryState.CLOSED else EntryState.PROPOSED
    write(entry, "reopen", {"state": back}, by, _checked_reason(reason))
    if back == EntryState.ADMITTED:
        life.start(entry, by=by)
    return entry


@dataclass(frozen=True)
class Many:
    """What a bulk action did, and why it left the others as they are."""

    done: tuple[str, ...]
    left: Mapping[str, str]


def admit_many(
    versions: Mapping[str, int], *, by: Viewer, owner_office: str = "", due_date: date | None = None
) -> Many:
    """Admit entries by key and version; one that somebody else changed is left, and said so."""
    return _many(
        versions, by, lambda key, v: admit(key, by=by, version=v, owner_office=owner_office, due_date=due_date)
    )


def decline_many(versions: Mapping[str, int], *, by: Viewer, reason: str) -> Many:
    """Decline entries for one reason."""
    return _many(versions, by, lambda key, v: decline(key, by=by, version=v, reason=reason))


def assign_many(versions: Mapping[str, int], *, by: Viewer, owner_office: str, due_date: date | None) -> Many:
    """Give entries to one office with one date."""
    return _many(
        versions, by, lambda key, v: assign(key, by=by, version=v, owner_office=owner_office, due_date=due_date)
    )


@transaction.atomic
def _many(versions: Mapping[str, int], by: Viewer, one: Callable[[str, int], ListEntry]) -> Many:
    check(by, ENTRY, "judge")
    if not versions:
        raise UserError(_("No entry is selected. Tick the entries first."))
    if len(versions) > MANY:
        raise UserError(_("At most %(most)s entries at once; filter the list further.") % {"most": MANY})
    done, left = [], {}
    for key in sorted(versions):  # one order, so that two bulk actions never wait for each other
        try:
            one(key, versions[key])
            done.append(key)
        except (Conflict, NotThere, WrongState, IllegalStep) as error:
            left[key] = str(error)
    return Many(tuple(done), left)


class WrongState(UserError):
    """The action does not fit the entry's state."""

    status = 409


def _outside_case(entry: ListEntry) -> ListEntry:
    if life.case_of(entry):
        raise WrongState(life.ends_in_case())
    return entry


def default_owner(entry: ListEntry) -> str:
    """Return the office that answers for the entry's kind of item, else the chain office."""
    kind = pack().term("item_kinds", entry.item_kind)
    return kind.owner if isinstance(kind, ItemKind) else pack().chain_office


def default_helpers(entry: ListEntry) -> tuple[str, ...]:
    """Return the offices that co-operate on the entry's kind of item."""
    kind = pack().term("item_kinds", entry.item_kind)
    return kind.with_offices if isinstance(kind, ItemKind) else ()


def _open(key: str, action: str, right: str, version: int, by: Viewer) -> ListEntry:
    """Return the entry locked for writing after every check: seen, allowed, unchanged, in a fitting state."""
    seen = visibility(by, ENTRY).as_q()
    entry = ListEntry.objects.select_for_update().filter(seen, pk=key).first()
    if entry is None:
        raise NotThere(_("There is no entry '%(key)s' for you. The risk list shows those you may see.") % {"key": key})
    check(by, ENTRY, right, as_row(entry))
    if entry.carried_to:
        said = _("Its organisation was merged into another; nothing was changed. Act on the entry '%(key)s'.")
        raise Conflict(said % {"key": entry.carried_to})
    if entry.version != version:
        raise Conflict(_who_was_first(entry))
    if entry.state not in _FROM[action]:
        raise WrongState(
            _("%(entry)s is %(state)s; this cannot be done from there.")
            % {"entry": entry, "state": EntryState(entry.state).label}
        )
    return entry


def write(entry: ListEntry, action: str, after: Mapping[str, object], by: Viewer, reason: str = "") -> ListEntry:
    """Write what differs, with its history and its audit event; writing what stands there already changes nothing.

    For the actions here and for what follows from a case; both have checked who may.
    """
    changes = {name: [_plain(getattr(entry, name)), _plain(value)] for name, value in after.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return entry
    for name, value in after.items():
        setattr(entry, name, value)
    entry.version, entry.changed_on = entry.version + 1, today()
    entry.save(update_fields=[*after, "version", "changed_on"])
    EntryEvent.objects.create(entry=entry, at=now(), actor=by.actor, action=action, changes=changes, reason=reason)
    record(f"list_entry.{action}", "list_entry", entry.pk[:120], by=by, fields=sorted(changes))
    return entry


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _who_was_first(entry: ListEntry) -> str:
    event = entry.events.exclude(action="recomputed").first()
    if event is None:
        return _("This entry was changed meanwhile. Nothing was overwritten; look at it and send again.")
    who = names_of([event.actor]).get(event.actor, event.actor)
    return _(
        "%(who)s changed this entry at %(when)s, after you opened it. Nothing was overwritten: compare, then send "
        "again."
    ) % {"who": who, "when": localtime(event.at).strftime("%Y-%m-%d %H:%M")}


def _checked_office(code: str) -> str:
    offices = [office.code for office in pack().offices]
    if code not in offices:
        raise UserError(_("There is no office '%(code)s'.") % {"code": code} + nearest(code, offices))
    return code


def _checked_helpers(offices: Sequence[str], owner: str) -> str:
    """Return the co-operating offices as the column holds them; the one that answers is none of them."""
    return barred([_checked_office(code) for code in dict.fromkeys(offices) if code != owner])


def _checked_reason(reason: str) -> str:
    if not reason.strip():
        raise UserError(_("Say in a few words why."))
    _check_lengths({"reason": reason.strip()})
    return reason.strip()


def _check_level(level: str, reason: str) -> None:
    if level and level not in Level.values:
        raise UserError(_("There is no level '%(level)s'.") % {"level": level} + nearest(level, Level.values))
    if level and not reason:
        raise UserError(_("A level needs a reason: say in a few words why it is this grave."))


def _check_lengths(said: Mapping[str, str]) -> None:
    for name, text in said.items():
        model = EntryEvent if name == "reason" else ListEntry
        most = getattr(model._meta.get_field(name), "max_length", None)
        if most and len(text) > most:
            raise UserError(
                _("%(field)s has %(length)s characters; at most %(most)s fit.")
                % {"field": name, "length": len(text), "most": most}
            )
