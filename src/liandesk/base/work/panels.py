"""What cases put on pages of base: the menu, the inbox, search hits."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work import queries, subjects
from liandesk.base.work.policies import CASE
from liandesk.base.work.wording import said, titles

_LINES = 20
_HITS = 10


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_inbox)
    panels.SEARCH.append(_search)
    subjects.register_own()


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CASE, "read"):
        yield panels.MenuItem("act", _("Cases"), "cases", 10)


def _inbox(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Show the cases in which something is this viewer's to do, with the step."""
    for case in queries.in_hand(viewer).select_related("definition")[:_LINES]:
        opened = queries.opened(viewer, case.pk)
        if opened and opened.mine:
            steps = "、".join(said(action.transition.title) for action in opened.mine[:2])
            yield panels.InboxLine(
                "due" if case.due else "waiting", case.title, reverse("case", args=[case.pk]), steps, case.due
            )


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    for case in queries.cases(viewer).filter(title__icontains=text).select_related("definition")[:_HITS]:
        named = titles(queries.process_of(case.definition))
        stages = "、".join(named[stage] for stage in case.stages)
        yield panels.SearchItem(_("Case"), case.title, reverse("case", args=[case.pk]), stages)
