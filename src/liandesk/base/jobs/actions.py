"""Ask for a job, claim it, beat while working, end it. A lease that runs out gives the job to the next worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.jobs.handlers import DAILY
from liandesk.base.jobs.models import OPEN_STATES, Job, JobState, JobStep
from liandesk.base.jobs.policies import RUN

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5


class Cancelled(Exception):
    """Raised inside a job at its next beat after somebody cancelled it."""


class NoSuchJob(UserError):
    """There is no job of this number."""

    status = 404


class LostLease(Exception):
    """Raised inside a job whose lease ran out and was taken by another worker; it must stop writing."""


@transaction.atomic
def enqueue(kind: str, *, by: Viewer, params: Mapping[str, Any] | None = None) -> Job:
    """Ask for a job; the same job waiting already is returned instead of a second one."""
    check(by, RUN, "start")
    wanted = dict(params or {})
    waiting = Job.objects.select_for_update().filter(kind=kind, state=JobState.QUEUED)
    same = next((job for job in waiting if job.params == wanted), None)
    if same:
        return same
    job = Job.objects.create(kind=kind, params=wanted, requested_by=by.actor, requested_at=now())
    record("job.enqueue", "job", job.pk, by=by, kind=kind)
    return job


def enqueue_daily(*, by: Viewer) -> list[Job]:
    """Ask for each daily kind of job that nobody asked for today; return the new jobs."""
    params = {"day": today().isoformat()}
    wanted = [kind for kind in DAILY if not Job.objects.filter(kind=kind, params__day=params["day"]).exists()]
    return [enqueue(kind, by=by, params=params) for kind in wanted]


@transaction.atomic
def claim(worker: str, *, job_id: int | None = None) -> Job | None:
    """Take the oldest job that is queued or whose lease ran out, or the one asked for; None when there is none."""
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now())
    jobs = Job.objects.select_for_update(skip_locked=_can_skip_locked()).filter(free).order_by("id")
    job = (jobs.filter(pk=job_id) if job_id else jobs).first()
    if job is None:
        return None
    if job.attempt >= MAX_ATTEMPTS:
        _end(job, JobState.FAILED, error=f"Given up after {MAX_ATTEMPTS} attempts; see the structured log.")
        return None
    moment = now()
    job.state, job.worker, job.attempt = JobState.RUNNING, worker, job.attempt + 1
    job.lease_until, job.started_at = moment + LEASE, job.started_at or moment
    job.save()
    return job


def beat(job: Job, *, phase: str | None = None, done: int | None = None, total: int | None = None) -> None:
    """Prolong the lease and write progress; raise Cancelled or LostLease when the work must stop."""
    said = {"phase": phase, "done": done, "total": total}
    changed = {name: value for name, value in said.items() if value is not None}
    if not _held(job).update(lease_until=now() + LEASE, **changed):
        raise LostLease(str(job))
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise Cancelled(str(job))


def prolong(job: Job) -> bool:
    """Prolong the lease and nothing else; return whether it is still held."""
    return bool(_held(job).update(lease_until=now() + LEASE))


@transaction.atomic
def cancel(job_id: int, *, by: Viewer) -> Job:
    """Ask a job to stop: at once when it waits, at its next beat when it runs; an ended job stays as it is."""
    check(by, RUN, "cancel")
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NoSuchJob(f"There is no job {job_id}. The page of runs shows all.")
    if job.state not in OPEN_STATES:
        return job
    job.cancel_requested = True
    job.save(update_fields=["cancel_requested"])
    if job.state == JobState.QUEUED:
        _end(job, JobState.CANCELLED)
    record("job.cancel", "job", job.pk, by=by)
    return job


def finish(job: Job, *, result: Mapping[str, Any]) -> None:
    _end(job, JobState.DONE, result=result)


def fail(job: Job, *, error: str) -> None:
    _end(job, JobState.FAILED, error=error)


def end_cancelled(job: Job) -> None:
    _end(job, JobState.CANCELLED)


def log_step(job: Job, name: str, **fields: Any) -> JobStep:
    """Keep what one step did; ``fields`` are those of JobStep."""
    return JobStep.objects.create(job=job, name=name, attempt=job.attempt, finished_at=now(), **fields)


def _held(job: Job) -> QuerySet[Job]:
    """The job as long as this attempt of this worker holds it; a queued job is held by nobody and everybody."""
    return Job.objects.filter(pk=job.pk, worker=job.worker, attempt=job.attempt, state=job.state)


def _end(job: Job, state: JobState, *, result: Mapping[str, Any] | None = None, error: str = "") -> None:
    """End a job that is still held; whoever lost the lease meanwhile changes nothing."""
    _held(job).update(state=state, finished_at=now(), lease_until=None, result=dict(result or {}), error=error)


def _can_skip_locked() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)
