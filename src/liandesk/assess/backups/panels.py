"""What the backup list puts on pages of base and of other apps: menu, inbox, search, and panels."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.backups import queries
from liandesk.assess.backups.lines import lines_of
from liandesk.assess.backups.policies import BACKUP, CANDIDATE
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work.subjects import MOST, Subject
from liandesk.base.work.subjects import register as register_subject

SUBJECT = "key_technology"
_MOST_LINES = 5
_MOST_ROWS = 20
_MOST_CANDIDATES = 5


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_overdue)
    panels.SEARCH.append(_search)
    panels.PANELS.setdefault("entry", []).append(_of_entry)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    register_subject(SUBJECT, Subject(_title, lambda pk: reverse("backup_row", args=[pk]), _called))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, BACKUP, "read"):
        yield panels.MenuItem("assess", _("Backup list"), "backups", 20)


def _overdue(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Overdue drills, of whoever keeps the row; many are summed up in one line."""
    if not can(viewer, BACKUP, "keep"):
        return
    late = [
        held for held in queries.overdue_drills(viewer) if can(viewer, BACKUP, "keep", queries.as_row(held.technology))
    ]
    for held in late[:_MOST_LINES]:
        title = _("Drill overdue: %(holder)s for %(name)s") % {"holder": held, "name": held.technology}
        url = f"{reverse('backup_row', args=[held.technology_id])}#backup-{held.pk}"
        yield panels.InboxLine("due", title, url, due=held.next_drill)
    if rest := late[_MOST_LINES:]:
        said = ngettext("%(count)s more drill is overdue", "%(count)s more drills are overdue", len(rest))
        url = f"{reverse('backups')}?drill=overdue"
        yield panels.InboxLine("due", said % {"count": len(rest)}, url, due=rest[0].next_drill, count=len(rest))


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    if not can(viewer, BACKUP, "read"):
        return
    for row in queries.technologies(viewer).filter(name__icontains=text, state=queries.STANDING)[:_MOST_ROWS]:
        url = reverse("backup_row", args=[row.pk])
        yield panels.SearchItem(_("Backup list"), row.name, url, row.get_kind_display())


def _title(viewer: Viewer, pk: str) -> str | None:
    if not (pk.isdecimal() and can(viewer, BACKUP, "read")):
        return None
    return queries.technologies(viewer).filter(pk=pk).values_list("name", flat=True).first()


def _called(viewer: Viewer, text: str) -> list[tuple[str, str]]:
    """Return the key technologies whose names hold a text."""
    if not can(viewer, BACKUP, "read"):
        return []
    found = queries.technologies(viewer).filter(name__icontains=text)
    return [(str(one.pk), one.name) for one in found[:MOST]]


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The backups of an entry's item, and who else could be one."""
    if not can(viewer, BACKUP, "read"):
        return None
    item = entries(viewer).filter(pk=key).values_list("item", flat=True).first()
    if item is None:
        return None
    rows = queries.technologies(viewer).filter(item=item, state=queries.STANDING)
    candidates = queries.candidates_of(viewer, [item]) if can(viewer, CANDIDATE, "read") else None
    context = {
        "lines": lines_of(rows)[:_MOST_ROWS],
        "candidates": candidates.head(_MOST_CANDIDATES).to_dicts() if candidates is not None else None,
        "count": candidates.height if candidates is not None else 0,
        "item": item,
        "may_list": can(viewer, BACKUP, "list"),
    }
    return panels.Panel(_("Backups"), "backups/_of_entry.html", context)


def _of_organisation(viewer: Viewer, organisation_id: str) -> panels.Panel | None:
    """What an organisation has on the list, and what it is a backup for."""
    if not can(viewer, BACKUP, "read"):
        return None
    found = lines_of(queries.rows_of_organisation(viewer, organisation_id))
    ids = queries.ids_of(organisation_id)
    own = [line for line in found if line.technology.organisation in ids or (line.backup and line.backup.holder in ids)]
    return panels.Panel(_("Backups"), "backups/_of_organisation.html", {"lines": own[:_MOST_ROWS]}) if own else None
