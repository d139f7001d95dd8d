"""What rules put on pages of base: the menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.ui import panels


def register() -> None:
    panels.MENU.append(_menu)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, DEFINITION, "read"):
        yield panels.MenuItem("assess", _("Rules"), "schemes", 75)
