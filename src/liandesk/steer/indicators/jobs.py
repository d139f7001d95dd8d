"""The job that brings values and lights up to date, and what follows from new lights: all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.clock import today
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.snapshots.models import Snapshot
from liandesk.steer.indicators.actions import ask_anew
from liandesk.steer.indicators.definitions import all_indicators
from liandesk.steer.indicators.divergence import compare_all
from liandesk.steer.indicators.forecasts import keep_forecasts, score_forecasts
from liandesk.steer.indicators.jumps import jump_tables
from liandesk.steer.indicators.queries import SNAPSHOT
from liandesk.steer.indicators.recomputing import tables_of


def compute(job: Job) -> Mapping[str, Any]:
    """Do the job."""
    beat(job, phase="indicators", done=0, total=1)
    return compute_now()


def compute_now() -> Mapping[str, int]:
    """Count, judge, publish; keep the month's forecasts, score those that are over, tell where lights differ."""
    if not all_indicators():
        return {}
    tables = tables_of() | jump_tables()
    digests = {name: store.put_frame(frame) for name, frame in tables.items()}
    lights, by = tables["target_lights"], system_viewer("worker")
    is_synthetic = any(bool(tables[name]["is_synthetic"].any()) for name in ("indicator_values", "target_lights"))
    with transaction.atomic():
        publish(keep(tables=digests, inputs={}, is_synthetic=is_synthetic, by=by), name=SNAPSHOT, by=by)
        kept, scored = keep_forecasts(lights, today()), score_forecasts(lights, today())
        opened = compare_all(dict(lights.select("row", "colour").iter_rows()))
    counts = {"values": tables["indicator_values"].height, "targets": lights.height}
    return counts | {"kept": kept, "scored": scored, "divergences": opened}


def after_refresh(_snapshot: Snapshot) -> Mapping[str, int]:
    """Ask for the indicators anew when the lists they count were published anew."""
    if all_indicators():
        ask_anew()
    return {}
