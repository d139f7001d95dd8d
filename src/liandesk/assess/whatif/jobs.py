"""The answer to a what-if, computed in the worker, which keeps the network of the last snapshot loaded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liandesk.assess.whatif import failing
from liandesk.assess.whatif.actions import keep_answer
from liandesk.assess.whatif.answer import Loaded, answer, load
from liandesk.assess.whatif.failing import Shock
from liandesk.assess.whatif.models import WhatIf
from liandesk.assess.whatif.queries import LINES, LINKS
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot

PHASES = ("network", "cascade", "write")


def compute(job: Job) -> Mapping[str, Any]:
    """Answer the what-if of a job; beats between its phases, where it can be cancelled."""
    asked = WhatIf.objects.select_related("snapshot").get(job=job)
    _beat(job, "network")
    loaded = _loaded(*_digests(asked.snapshot))
    _beat(job, "cascade")
    shocks = [Shock.from_json(said) for said in asked.shocks]
    losses, items = failing.losses_of_lines(loaded.lines, shocks), failing.whole_items(shocks)
    found = answer(loaded, losses, items, pack().cascade_coverage)
    _beat(job, "write")
    tables = {"hits": store.put_frame(found.hits), "stops": store.put_frame(found.stops)}
    towns = found.hits["town"].drop_nulls().unique().sort()
    keep_answer(asked, tables, towns, by=system_viewer("worker"))
    return {"hits": found.hits.height, "stops": found.stops.height, "steps": found.steps}


def _beat(job: Job, phase: str) -> None:
    beat(job, phase=phase, done=PHASES.index(phase), total=len(PHASES))


def _digests(snapshot: Snapshot) -> tuple[str, str]:
    return snapshot.tables[LINES], snapshot.tables[LINKS]


@lru_cache(maxsize=1)
def _loaded(lines: str, links: str) -> Loaded:
    """Return the networks of a snapshot, known by what its tables hold: a refresh that changes none costs none."""
    return load(store.get_frame(lines), store.get_frame(links))
