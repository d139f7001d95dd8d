"""What trials put on pages of base: the menu, and the way from a case to the times."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from liandesk.act.trials import queries
from liandesk.act.trials.milestones import PROCESS
from liandesk.act.trials.policies import STARTUP
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui import panels


def register() -> None:
    panels.MENU.append(_menu)
    panels.PANELS.setdefault(f"case:{PROCESS}", []).append(_of_case)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, STARTUP, "read"):
        yield panels.MenuItem("act", _("Start-up of trials"), "startups", 50)


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """How long the start-up of a case has taken."""
    found = queries.startups(viewer).filter(case=int(pk)).first() if can(viewer, STARTUP, "read") else None
    if found is None:
        return None
    context = {"trial": found, "days": found.days_by(today())}
    return panels.Panel(_("Start-up of the trial"), "trials/_of_case.html", context)
