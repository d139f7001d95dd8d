"""What the service window puts on pages of base: the menu, the way from Home."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.act.services import queries
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work.desk import counted
from liandesk.base.work.policies import CASE


def register() -> None:
    panels.MENU.append(_menu)
    panels.SHORTCUTS.append(_shortcut)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CASE, "read"):
        yield panels.MenuItem("act", _("Service window"), "services", 20)


def _shortcut(viewer: Viewer) -> Iterator[panels.Shortcut]:
    if can(viewer, CASE, "read") and queries.own_scopes(viewer):
        open_ones = queries.asked(viewer).filter(ended_at=None)
        yield panels.Shortcut(_("Service window"), reverse("services"), counted(open_ones))
