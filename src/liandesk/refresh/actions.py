"""Run the steps, keep the snapshot, publish it. Called by the command and by the worker, for the same job rows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import now
from liandesk.base.facts.queries import landings_in_force
from liandesk.base.jobs.actions import beat, log_step
from liandesk.base.jobs.models import Job
from liandesk.base.logs import phase
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.snapshots.queries import RISKS
from liandesk.refresh.models import StepResult
from liandesk.refresh.steps import STEPS, Step, code_version


def refresh(job: Job) -> Mapping[str, Any]:
    """Do a refresh job: every step or what it gave before, then one snapshot, published; return the counts."""
    by = system_viewer("worker")
    digests: dict[str, str] = {}
    for place, step in enumerate(STEPS):
        beat(job, phase=step.name, done=place, total=len(STEPS) + 1)
        digests |= _run(step, digests, job, by)
    beat(job, phase="publish", done=len(STEPS), total=len(STEPS) + 1)
    return _publish(job, digests, by)


def _run(step: Step, digests: Mapping[str, str], job: Job, by: Viewer) -> dict[str, str]:
    """Return the step's output blobs, computed or known; log what went in, came out and was lost."""
    started = time.perf_counter()
    key = step.key(digests)
    result = StepResult.objects.filter(key=key).first()
    is_known = result is not None and all(map(store.is_intact, result.outputs.values()))
    if not is_known:
        result = _compute(step, key, digests, by)
    assert result is not None
    log_step(
        job,
        step.name,
        is_skipped=is_known,
        rows_in=result.rows_in,
        rows_out=result.rows_out,
        lost=result.lost,
        seconds=time.perf_counter() - started,
    )
    return result.outputs


def _compute(step: Step, key: str, digests: Mapping[str, str], by: Viewer) -> StepResult:
    phase(f"compute {step.name}")
    tables = {name: store.get_frame(digests[name]) for name in step.inputs}
    output = step.compute(tables, by)
    phase(f"write {step.name}")
    fields = {
        "step": step.name,
        "outputs": {name: store.put_frame(table) for name, table in output.tables.items()},
        "rows_in": {name: table.height for name, table in tables.items()} | dict(output.rows_in),
        "rows_out": {name: table.height for name, table in output.tables.items()},
        "lost": dict(output.lost),
        "computed_at": now(),
    }
    return StepResult.objects.update_or_create(key=key, defaults=fields)[0]


def _publish(job: Job, digests: Mapping[str, str], by: Viewer) -> Mapping[str, Any]:
    started = time.perf_counter()
    landings = list(landings_in_force())
    phase("write snapshot and projections")
    with transaction.atomic():
        snapshot = keep(
            tables=digests,
            inputs={"landings": [landing.key for landing in landings], "code": code_version()},
            is_synthetic=any(landing.is_synthetic for landing in landings),
            by=by,
        )
        beat(job)  # a lease lost meanwhile stops us before anything is published
        counts = publish(snapshot, name=RISKS, by=by)
        log_step(job, "publish", rows_out=counts, seconds=time.perf_counter() - started)
    phase("published")
    return {"snapshot": snapshot.key, **counts}
