"""What reports put on pages of base and of the plan, and the job they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.jobs.models import Job
from liandesk.base.ui import panels
from liandesk.steer.plan import executors
from liandesk.steer.reports import queries
from liandesk.steer.reports.actions import JOB
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.reports.wording import STATES


def register() -> None:
    handlers.register(JOB, _make)
    panels.MENU.append(_menu)
    panels.INBOX.append(_made)
    for key in ("annual_monitoring", "midterm_evaluation"):
        executors.register("report", key, executors.Executor(gettext_lazy("Reports"), "reports", REPORT))


def _make(job: Job) -> Mapping[str, Any]:
    from liandesk.steer.reports.jobs import make  # loads what only the worker needs

    return make(job)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, REPORT, "read"):
        yield panels.MenuItem("steer", _("Reports"), "reports", 60)


def _made(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Whoever ordered a report finds it for a day; the office of a letter finds the letter."""
    if can(viewer, REPORT, "read"):
        for found in queries.just_made(viewer):
            url = reverse("report", args=[found.pk])
            yield panels.InboxLine("changed", str(found), url, str(STATES[found.job.state]), at=found.job.finished_at)
