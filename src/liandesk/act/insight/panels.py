"""What insight puts on other pages: the menu, and on an open case when it will end; and the job that keeps that."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.act.insight import actions
from liandesk.act.insight.finishes import foreseen
from liandesk.act.insight.queries import forecast
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.jobs import handlers
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui import panels
from liandesk.base.work.models import Case
from liandesk.base.work.policies import CASE


def register() -> None:
    handlers.register(actions.JOB, actions.run)
    handlers.DAILY.append(actions.JOB)
    register_projection(RISKS, actions.after_refresh)
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("case", []).append(_of_case)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CASE, "read"):
        yield panels.MenuItem("act", _("Where time goes"), "insights", 90)


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """When an open case will end, with the interval; nothing where too little is known."""
    found = forecast(viewer, int(pk))
    days = foreseen(found, today()) if found else None
    if days is None or days.median is None:
        return None
    context = {
        "days": days,
        "url": reverse("insight", args=[Case.objects.values_list("process", flat=True).get(pk=pk)]),
    }
    return panels.Panel(_("When it will end, by the cases before it"), "insight/_of_case.html", context)
