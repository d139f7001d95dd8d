"""Whether this installation can work: database, schema, disk; and when the worker last gave a sign of life."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, connection

from liandesk.base.clock import now
from liandesk.base.home import home
from liandesk.base.jobs.actions import LEASE
from liandesk.base.jobs.models import Job, JobState
from liandesk.base.prepare import is_behind

log = logging.getLogger("liandesk.health")


@dataclass(frozen=True)
class Health:
    """The checks, without a word about what is stored; ``worker_seconds`` is None when no worker was ever seen."""

    database: bool
    schema: bool
    blobs: bool
    worker_seconds: float | None

    @property
    def is_well(self) -> bool:
        return self.database and self.schema and self.blobs


def check_health() -> Health:
    """Try each part once; a part that fails is logged and answered with False."""
    database = _answers()
    return Health(
        database=database,
        schema=database and not is_behind(),
        blobs=_can_write(),
        worker_seconds=_worker_seconds() if database else None,
    )


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.error("database does not answer", extra={"problem": type(error).__name__})
        return False
    return True


def _can_write() -> bool:
    folder = home() / "blobs"
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix="draft-health-", dir=folder) as file:
            file.write(b"1")
    except OSError as error:
        log.error("blobs cannot be written", extra={"problem": error.strerror})
        return False
    return True


def _worker_seconds() -> float | None:
    """Seconds since a worker was idle or prolonged its lease, whichever is later."""
    signs = [sign for sign in (_idle_sign(), _working_sign()) if sign is not None]
    return round((now() - max(signs)).total_seconds(), 1) if signs else None


def _idle_sign() -> datetime | None:
    path = home() / "worker.alive"
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


def _working_sign() -> datetime | None:
    running = Job.objects.filter(state=JobState.RUNNING, lease_until__isnull=False)
    last = running.order_by("-lease_until").values_list("lease_until", flat=True).first()
    return last - LEASE if last else None
