from __future__ import annotations

from datetime import timedelta

import pytest

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import now
from liandesk.base.errors import NotAllowed
from liandesk.base.jobs import actions, handlers
from liandesk.base.jobs.models import Job, JobState
from liandesk.refresh.worker import do, work

BY = system_viewer("test")
pytestmark = pytest.mark.django_db


def _expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=1))


def _claimed(worker: str = "w") -> Job:
    actions.enqueue("k", by=BY)
    job = actions.claim(worker)
    assert job
    return job


def test_the_same_waiting_job_is_not_asked_for_twice() -> None:
    first = actions.enqueue("k", by=BY, params={"a": 1})
    assert actions.enqueue("k", by=BY, params={"a": 1}).pk == first.pk
    assert actions.enqueue("k", by=BY, params={"a": 2}).pk != first.pk


def test_a_running_job_is_not_claimed_again_until_its_lease_runs_out() -> None:
    job = _claimed()
    assert actions.claim("other") is None
    _expire(job)
    again = actions.claim("other")
    assert again and again.pk == job.pk and again.attempt == 2


def test_who_lost_the_lease_is_stopped_and_changes_nothing() -> None:
    slow = _claimed("slow")
    _expire(slow)
    actions.claim("other")
    with pytest.raises(actions.LostLease):
        actions.beat(slow, done=1)
    actions.finish(slow, result={"from": "slow"})
    assert Job.objects.get().state == JobState.RUNNING and Job.objects.get().result == {}


def test_a_cancelled_job_ends_at_its_next_beat_and_a_waiting_one_at_once() -> None:
    job = _claimed()
    actions.cancel(job.pk, by=BY)
    with pytest.raises(actions.Cancelled):
        actions.beat(job)
    waiting = actions.enqueue("k", by=BY, params={"a": 1})
    assert actions.cancel(waiting.pk, by=BY).pk == waiting.pk
    assert Job.objects.get(pk=waiting.pk).state == JobState.CANCELLED


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    job = _claimed()
    for _ in range(actions.MAX_ATTEMPTS - 1):
        _expire(job)
        assert actions.claim("w")
    _expire(job)
    assert actions.claim("w") is None
    assert Job.objects.get().state == JobState.FAILED


def test_only_keepers_start_and_cancel_runs() -> None:
    outsider = Viewer("user:1", "outsider")
    with pytest.raises(NotAllowed):
        actions.enqueue("k", by=outsider)
    with pytest.raises(NotAllowed):
        actions.cancel(_claimed().pk, by=outsider)


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_jobs_and_keeps_the_error_of_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job) -> dict[str, int]:
        raise ValueError("no such table")

    monkeypatch.setitem(handlers.HANDLERS, "good", lambda job: {"rows": 3})
    monkeypatch.setitem(handlers.HANDLERS, "broken", broken)
    good, bad = actions.enqueue("good", by=BY), actions.enqueue("broken", by=BY)
    work(until_idle=True)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, good.result) == (JobState.DONE, {"rows": 3})
    assert bad.state == JobState.FAILED and "no such table" in bad.error


@pytest.mark.django_db(transaction=True)
def test_a_job_cancelled_while_it_works_ends_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    def works(job: Job) -> dict[str, int]:
        actions.cancel(job.pk, by=BY)
        actions.beat(job)
        return {}

    monkeypatch.setitem(handlers.HANDLERS, "k", works)
    job = _claimed()
    do(job)
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
