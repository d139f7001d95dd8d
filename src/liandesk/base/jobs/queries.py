"""Read the jobs a viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs.models import Job
from liandesk.base.jobs.policies import RUN


def jobs(viewer: Viewer) -> QuerySet[Job]:
    """Return the jobs the viewer may see, newest first."""
    return Job.objects.filter(visibility(viewer, RUN).as_q()).order_by("-id")
