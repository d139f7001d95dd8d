"""What refresh puts on pages of base, and the job it does."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.jobs.models import JobState
from liandesk.base.jobs.policies import RUN
from liandesk.base.jobs.queries import jobs
from liandesk.base.ui import panels
from liandesk.refresh.actions import refresh


def register() -> None:
    handlers.register(handlers.REFRESH, refresh)
    panels.MENU.append(_menu)
    panels.INBOX.append(_inbox)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, RUN, "read"):
        yield panels.MenuItem("system", _("Runs"), "runs", 20)


def _inbox(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """A run that failed waits for whoever can start another."""
    if not can(viewer, RUN, "start"):
        return
    last = jobs(viewer).first()
    if last and last.state == JobState.FAILED:
        url = reverse("run", args=[last.pk])
        yield panels.InboxLine("waiting", _("A run failed: %(run)s") % {"run": last}, url, last.error[:200])
