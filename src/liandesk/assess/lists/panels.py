"""What the lists put on pages of base: menu, inbox, search, and an organisation's entries on its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.lists import edition_queries, life, queries
from liandesk.assess.lists.levels import of_agreement
from liandesk.assess.lists.models import EntryEvent, EntryState
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.pack import pack
from liandesk.base.ui import panels, search
from liandesk.base.ui.panels import InboxLine
from liandesk.base.work.subjects import MOST, Subject
from liandesk.base.work.subjects import register as register_subject

_LINES = 20
_HITS = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.extend([_due, _aged, _to_judge, _to_sign, _changed])
    panels.SEARCH.append(_search)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    register_subject("entry", Subject(_entry_title, lambda key: reverse("risk", args=[key]), _entries_called))
    register_subject("edition", Subject(_edition_title, lambda number: reverse("edition", args=[number])))


def _entry_title(viewer: Viewer, key: str) -> str | None:
    found = queries.entries(viewer).filter(key=key).first()
    return str(found) if found else None


def _entries_called(viewer: Viewer, text: str) -> list[tuple[str, str]]:
    """Return the entries on today's list whose titles hold a text."""
    titled = queries.current(viewer).annotate(title=Concat("item_name", Value(" "), "organisation_name"))
    return [(found.key, str(found)) for found in titled.filter(title__icontains=text)[:MOST]]


def _edition_title(viewer: Viewer, number: str) -> str | None:
    if not (number.isdecimal() and can(viewer, EDITION, "read")):
        return None
    return edition_queries.editions(viewer).filter(number=number).values_list("title", flat=True).first()


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ENTRY, "read"):
        yield panels.MenuItem("assess", _("Risk list"), "risks", 10)
    if can(viewer, EDITION, "read"):
        yield panels.MenuItem("assess", _("Editions of the risk list"), "editions", 20)


def _list_url(query: str) -> str:
    return f"{reverse('risks')}?{query}"


def _due(viewer: Viewer) -> Iterator[InboxLine]:
    """An officer's own entries by date, but for those with a case, which has its own line; the chief's overdue ones."""
    offices = viewer.scope_ids(Role.OFFICER, ScopeKind.OFFICE) | viewer.scope_ids(Role.CHAIN_OFFICE, ScopeKind.OFFICE)
    mine = queries.entries(viewer).filter(queries.overdue() | queries.due_soon(), owner_office__in=offices)
    for entry in mine.exclude(life.has_case()).order_by("due_date", "position")[:_LINES]:
        yield InboxLine("due", str(entry), reverse("risk", args=[entry.key]), entry.measure, due=entry.due_date)
    if Role.CHAIN_CHIEF in viewer.roles:
        count = queries.entries(viewer).filter(queries.overdue()).count()
        if count:
            title = ngettext("%(count)s entry is overdue", "%(count)s entries are overdue", count) % {"count": count}
            yield InboxLine("due", title, _list_url("state=admitted&due=overdue"))


def _aged(viewer: Viewer) -> Iterator[InboxLine]:
    """Of an office's entries those whose proof is too old to count: their level is the computed one again."""
    offices = viewer.scope_ids(Role.OFFICER, ScopeKind.OFFICE) | viewer.scope_ids(Role.CHAIN_OFFICE, ScopeKind.OFFICE)
    mine = queries.current(viewer).filter(of_agreement("aged"), owner_office__in=offices)
    for office, count in mine.order_by("owner_office").values_list("owner_office").annotate(count=Count("pk")):
        said = ngettext(
            "The proof of %(count)s entry is too old: its level has fallen back",
            "The proofs of %(count)s entries are too old: their levels have fallen back",
            count,
        )
        url = _list_url(f"state=all&agreed=aged&owner_office={office}")
        yield InboxLine("waiting", said % {"count": count}, url, _("Prove the switch anew"), count=count)


def _to_judge(viewer: Viewer) -> Iterator[InboxLine]:
    """What waits for the chain office: the top of the list, admitted entries without office or date, those gone."""
    if not can(viewer, ENTRY, "judge"):
        return
    top = pack().list_size[1]
    rows = queries.current(viewer)
    waiting = rows.filter(state=EntryState.PROPOSED, position__lt=top).count()
    if waiting:
        title = _("%(count)s of the first %(top)s entries wait for judgement") % {"count": waiting, "top": top}
        yield InboxLine("waiting", title, _list_url("state=proposed"))
    bare = queries.entries(viewer).filter(Q(owner_office="") | Q(due_date=None), state=EntryState.ADMITTED).count()
    if bare:
        said = ngettext(
            "%(count)s admitted entry has no office or no due date",
            "%(count)s admitted entries have no office or no due date",
            bare,
        )
        yield InboxLine("waiting", said % {"count": bare}, _list_url("state=admitted&due=none"))
    gone = queries.gone(viewer).count()
    if gone:
        said = ngettext(
            "%(count)s admitted entry is no longer computed", "%(count)s admitted entries are no longer computed", gone
        )
        yield InboxLine("waiting", said % {"count": gone}, _list_url("state=admitted&listed=gone"))


def _to_sign(viewer: Viewer) -> Iterator[InboxLine]:
    if not can(viewer, EDITION, "sign"):
        return
    for draft in edition_queries.waiting(viewer):
        detail = ngettext("%(count)s entry", "%(count)s entries", draft.rows_count) % {"count": draft.rows_count}
        url = reverse("edition_draft", args=[draft.pk])
        yield InboxLine("waiting", _("To sign: %(title)s") % {"title": draft.title}, url, detail)


def _changed(viewer: Viewer) -> Iterator[InboxLine]:
    if not (can(viewer, ENTRY, "report") or can(viewer, EDITION, "read")):
        return
    rows = queries.recomputed(viewer)
    count = rows.count()
    if count:
        said = ngettext(
            "The last refresh changed %(count)s admitted entry",
            "The last refresh changed %(count)s admitted entries",
            count,
        )
        url = _list_url("state=admitted&listed=changed")
        yield InboxLine("changed", said % {"count": count}, url, at=_when(list(rows.values_list("pk", flat=True))))


def _when(keys: list[str]) -> datetime | None:
    told = EntryEvent.objects.filter(action="recomputed", entry__in=keys)
    return told.aggregate(last=Max("at"))["last"]


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    items, buyers = (search.ids_meant(text, kind) for kind in ("node", "organisation"))
    named = Q(item_name__icontains=text) | Q(organisation_name__icontains=text)
    hits = queries.current(viewer).filter(named | Q(item__in=items) | Q(organisation__in=buyers))
    for entry in hits[:_HITS]:
        yield panels.SearchItem(_("Entry of the risk list"), str(entry), reverse("risk", args=[entry.key]))


def _of_organisation(viewer: Viewer, organisation_id: str) -> panels.Panel | None:
    rows = list(queries.current(viewer).filter(organisation=organisation_id)[:_LINES])
    if not rows:
        return None
    context = {"entries": rows, "sees_impact": "impact_low" not in queries.hidden(viewer)}
    return panels.Panel(_("On the risk list"), "lists/_of_organisation.html", context)
