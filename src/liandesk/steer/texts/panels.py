"""What the texts of plans put on pages of base: the menu, the inbox of who reviews them, the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.steer.texts.models import TextState
from liandesk.steer.texts.policies import PLAN_TEXT
from liandesk.steer.texts.queries import plan_texts

_MOST = 20
_MOST_LINES = 5


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_inbox)
    panels.SEARCH.append(_search)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PLAN_TEXT, "read"):
        yield panels.MenuItem("steer", _("Texts of plans"), "plan_texts", 80)


def _inbox(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Texts with things that nobody has decided about, and those that could not be read."""
    if not can(viewer, PLAN_TEXT, "review"):
        return
    waiting = plan_texts(viewer).filter(Q(state=TextState.FAILED) | Q(state=TextState.READ, undecided__gt=0))
    for text in waiting[:_MOST_LINES]:
        url = reverse("plan_text", args=[text.pk])
        if text.state == TextState.FAILED:
            yield panels.InboxLine("waiting", _("%(file)s could not be read") % {"file": text.name}, url)
        else:
            title = _("%(file)s: %(count)s found, to be decided") % {"file": text.name, "count": text.undecided}
            yield panels.InboxLine("waiting", title, f"{url}?show=open")


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    if not can(viewer, PLAN_TEXT, "read"):
        return
    for found in plan_texts(viewer).filter(name__icontains=text)[:_MOST]:
        url = reverse("plan_text", args=[found.pk])
        yield panels.SearchItem(_("Text of a plan"), found.name, url, found.title)
