"""An admitted entry lives as a case of the process ``risk_entry``: its admission opens it, its end ends the entry.

The case is the truth of what it governs (office, due date, measure, end) and writes it to the entry; the list only asks
the case for a step. Where a pack leaves the process out, entries are judged on the list alone.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q
from django.utils.translation import gettext as _

from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.access import unbarred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liandesk.base.work.actions import NewCase, Step, act, open_following
from liandesk.base.work.models import Case
from liandesk.base.work.queries import zone

PROCESS = "risk_entry"
ENTRY_KIND = "entry"
"""What an entry of a list is called as the subject of a case."""

HELPER = "helper"
"""The role of the offices that co-operate."""

_HAND_ON = {"admitted": "hand_on", "in_hand": "hand_on_later"}


def case_of(entry: ListEntry) -> Case | None:
    """Return the open case in which an entry is worked on; for actions, which have checked the entry."""
    carried = ListEntry.objects.filter(carried_to=entry.key).values("key")
    about = Q(subject_id=entry.key) | Q(subject_id__in=carried)
    return Case.objects.filter(about, process=PROCESS, subject_kind=ENTRY_KIND, ended_at=None).order_by("-id").first()


def has_case() -> Q:
    """Return which entries are worked on in a case of their own; one carried to another counts by its first key."""
    return Q(key__in=Case.objects.filter(process=PROCESS, subject_kind=ENTRY_KIND, ended_at=None).values("subject_id"))


def start(entry: ListEntry, *, by: Viewer, since: date | None = None) -> None:
    """Open the case of an entry that was just admitted; it was proposed on the day ``since``, else now."""
    if in_force("process", PROCESS) is None:
        return
    helpers = [(HELPER, "office", office) for office in unbarred(entry.with_offices)]
    new = NewCase(PROCESS, str(entry), helpers, subject=(ENTRY_KIND, entry.key), is_synthetic=entry.is_synthetic)
    case = open_following(new, by=by, at=datetime.combine(since, time.min, zone()) if since else None)
    act(case.pk, Step("do", case.events_count, "admit", _responsible(entry.owner_office, entry.due_date)), by=by)


def hand_on(case: Case, *, by: Viewer, owner_office: str, due_date: date | None) -> None:
    """Give the case to an office with a date; where it stays with its office, only the date is filled in."""
    said = _responsible(owner_office, due_date)
    if case.parties.filter(role="owner", scope_id=owner_office).exists():
        act(case.pk, Step("fill", case.events_count, data={"due": said.get("due")}), by=by)
    else:
        step = _HAND_ON.get(case.stages[0], "hand_on")
        act(case.pk, Step("do", case.events_count, step, said), by=by)


def name_helpers(pk: int, offices: str, *, by: Viewer) -> None:
    """Name the offices that co-operate in a case, "|a|b|"; a case in which some did keeps at least one."""
    case = Case.objects.get(pk=pk)
    standing = set(case.parties.filter(role=HELPER).values_list("scope_id", flat=True))
    wanted = unbarred(offices)
    if standing == set(wanted):
        return
    if not wanted:
        raise UserError(_("Offices co-operate in its case; name those that do from now on."))
    holders = {HELPER: [f"office:{office}" for office in wanted]}
    act(case.pk, Step("assign", case.events_count, HELPER, holders=holders), by=by)


def _responsible(owner_office: str, due_date: date | None) -> dict[str, str]:
    due = {"due": due_date.isoformat()} if due_date else {}
    return {"owner_office": owner_office, **due}


def ends_in_case() -> str:
    """Return what is said to somebody who would end an entry on the list while its case is open."""
    return _("It is worked on as a case; it is closed or taken off the list there.")
