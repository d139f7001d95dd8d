"""What the cockpit puts on other pages: its place in the menu, and the first way from Home for who reads it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.steer.cockpit.policies import COCKPIT


def register() -> None:
    panels.MENU.append(_menu)
    panels.SHORTCUTS.append(_shortcut)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, COCKPIT, "read"):
        yield panels.MenuItem("steer", _("Exceptions"), "cockpit", 10)


def _shortcut(viewer: Viewer) -> Iterator[panels.Shortcut]:
    if can(viewer, COCKPIT, "read"):
        yield panels.Shortcut(_("Exceptions of the district"), reverse("cockpit"))
