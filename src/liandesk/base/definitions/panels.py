"""What definitions put on pages of base: the menu, and in the inbox what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.definitions.queries import waiting_for
from liandesk.base.ui import panels
from liandesk.base.ui.display import language


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_inbox)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, DEFINITION, "read"):
        yield panels.MenuItem("system", _("Definitions"), "definitions", 50)


def _inbox(viewer: Viewer) -> Iterator[panels.InboxLine]:
    for found in waiting_for(viewer):
        name = found.body.get("title", {}).get(language(), found.key)
        title = _("%(name)s: version %(version)s waits to be published") % {"name": name, "version": found.version}
        yield panels.InboxLine("waiting", title, reverse("definition", args=[found.kind, found.key]))
