"""What cases put on pages of base: the menu, the inbox, search hits."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work import desk, queries, subjects
from liandesk.base.work.policies import CASE
from liandesk.base.work.tables import stage_titles

_HITS = 10


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(desk.inbox)
    panels.SHORTCUTS.append(desk.shortcuts)
    panels.SEARCH.append(_search)
    subjects.register_own()


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CASE, "read"):
        yield panels.MenuItem("act", _("Cases"), "cases", 10)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    for case in queries.cases(viewer).filter(title__icontains=text).select_related("definition")[:_HITS]:
        stages = "、".join(stage_titles(case))
        yield panels.SearchItem(_("Case"), case.title, reverse("case", args=[case.pk]), stages)
