"""A portfolio is computed in the worker, step by step: between any two it can be cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from liandesk.assess.portfolio.actions import keep_answer
from liandesk.assess.portfolio.answer import answer
from liandesk.assess.portfolio.models import Portfolio
from liandesk.assess.portfolio.plans import chain_of, from_json
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store


def compute(job: Job) -> Mapping[str, Any]:
    """Answer the portfolio of a job."""
    asked = Portfolio.objects.select_related("snapshot").get(job=job)
    beat(job, phase="network", done=0, total=0)
    plans = [from_json(said) for said in asked.plans]
    found = answer(asked, plans, chain_of(asked.snapshot), lambda phase: _beats(job, phase))
    digests = {name: store.put_frame(frame) for name, frame in found.items()}
    keep_answer(asked, digests, by=system_viewer("worker"))
    return {name: frame.height for name, frame in found.items()}


def _beats(job: Job, phase: str) -> Callable[[int, int], None]:
    return lambda done, total: beat(job, phase=phase, done=done, total=total or done + 1)
