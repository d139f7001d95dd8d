"""Run a refresh here and now, for commands; the same rows and the same function as the worker's."""

from __future__ import annotations

import time

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.errors import UserError
from liandesk.base.jobs import actions
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import OPEN_STATES, Job, JobState
from liandesk.refresh.worker import do, worker_name


def run_now() -> Job:
    """Do a refresh; when a worker took it first, wait for the worker. Raise UserError when it did not end well."""
    asked = actions.enqueue(REFRESH, by=system_viewer("command"))
    claimed = actions.claim(worker_name(), job_id=asked.pk)
    if claimed:
        do(claimed)
    job = Job.objects.get(pk=asked.pk)
    while job.state in OPEN_STATES:
        time.sleep(0.5)
        job.refresh_from_db()
    if job.state != JobState.DONE:
        raise UserError(f"The refresh ended as {job.state}: {job.error}. What was published before still stands.")
    return job
