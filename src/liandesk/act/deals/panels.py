"""What deals put on other pages: menu, search, the entry that they would close, the enterprise, and their own case."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.act.deals import queries
from liandesk.act.deals.effects import PROCESS
from liandesk.act.deals.policies import DEAL
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work.opening import may_open
from liandesk.base.work.queries import seen_by

_MOST = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.SEARCH.append(_search)
    pages = {"entry": _of_entry, "organisation": _of_organisation, f"case:{PROCESS}": _of_case}
    for page, panel in pages.items():
        panels.PANELS.setdefault(page, []).append(panel)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, DEAL, "read"):
        yield panels.MenuItem("act", _("Co-operation deals"), "deals", 30)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    meant = Q(title__icontains=text) | Q(partner__icontains=text)
    for one in queries.deals(viewer).filter(meant, seen_by(viewer, "case"))[:_MOST]:
        yield panels.SearchItem(_("Deal"), one.title, reverse("case", args=[one.pk]), one.weak_link)


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The deals that would close an entry, and the way to open one."""
    entry = entries(viewer).filter(pk=key).first()
    if entry is None or not can(viewer, DEAL, "read"):
        return None
    said = {"about": f"entry:{key}", "title": _("Deal for %(entry)s") % {"entry": entry}}
    url = f"{reverse('case_new', args=[PROCESS])}?{urlencode(said)}" if may_open(viewer, PROCESS) else ""
    lines = queries.about_entry(viewer, key)[:_MOST]
    if not (lines or url):
        return None
    return panels.Panel(_("Deals that would close this"), "deals/_of_entry.html", {"lines": lines, "url": url})


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    """The deals that an enterprise makes."""
    found = list(queries.deals(viewer).filter(organisation=key)[:_MOST])
    return panels.Panel(_("Co-operation deals"), "deals/_of_organisation.html", {"deals": found}) if found else None


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """What the deal of a case closes, and the way to the register of a restricted one."""
    found = queries.deals(viewer).filter(pk=int(pk)).first()
    if found is None:
        return None
    (line,) = queries.lines(viewer, [found])
    context = {"line": line, "entry": found.entry_id if found.entry_id in queries.entries_seen(viewer) else ""}
    return panels.Panel(_("What the deal closes"), "deals/_of_case.html", context)
