"""Compute the digest of everybody once a day and keep it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.jobs.models import Job
from liandesk.base.teamwork.digest import as_json, compute
from liandesk.base.teamwork.models import Digest

JOB = "digest"
KEPT_DAYS = 90


def make_digests(*, by: Viewer) -> int:
    """Compute and keep the digest of every active account for today, and drop those past keeping; return how many.

    Run again on the same day, it puts the later state in the place of the earlier one.
    """
    day, moment = today(), now()
    last = dict(Digest.objects.exclude(day=day).values_list("user").annotate(last=Max("made_at")))
    rows = [
        Digest(user=user, day=day, body=as_json(compute(viewer_of(user), last.get(user.pk))), made_at=moment)
        for user in User.objects.filter(is_active=True)
    ]
    _keep(rows, by)  # computed before: nobody else's writing waits for it
    return len(rows)


@transaction.atomic
def _keep(rows: list[Digest], by: Viewer) -> None:
    Digest.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["user", "day"],
        update_fields=["body", "made_at"],
    )
    Digest.objects.filter(day__lt=today() - timedelta(days=KEPT_DAYS)).delete()
    record("digest.make", "digest", today().isoformat(), by=by, digests=len(rows))


def run(job: Job) -> Mapping[str, Any]:
    """Do the job of the worker."""
    return {"digests": make_digests(by=system_viewer("worker"))}
