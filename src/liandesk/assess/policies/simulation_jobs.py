"""A simulation is computed in the worker; between any two steps and draws it can be cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from liandesk.assess.policies.definitions import POLICY, built
from liandesk.assess.policies.facts import TOWN, enterprises, with_towns
from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.simulation_actions import keep_answer
from liandesk.assess.policies.simulation_answer import Asked, Beat, answer, with_draft
from liandesk.assess.rules.definitions import QUANTITIES
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions.queries import with_hash
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liankit.rules.check import build_vocabulary
from liankit.rules.policy_check import build_policy


def compute(job: Job) -> Mapping[str, Any]:
    """Answer the simulation of a job."""
    asked = Simulation.objects.select_related("snapshot").get(job=job)
    beat(job, phase="facts", done=0, total=0)
    towns, sizes = enterprises(), _sizes(asked.snapshot)
    facts = with_towns(store.get_frame(asked.snapshot.tables["rule_facts"]), towns)
    found = {"facts": facts, **answered(asked, facts, lambda *said: _beat(job, *said))}
    found["moves"] = found["moves"].join(sizes, on="organisation", how="left", maintain_order="left")
    beat(job, phase="write", done=0, total=0)
    keep_answer(asked, {name: store.put_frame(frame) for name, frame in found.items()}, by=system_viewer("worker"))
    return {name: frame.height for name, frame in found.items()}


def answered(asked: Simulation, facts: pl.DataFrame, said: Beat) -> dict[str, pl.DataFrame]:
    """Return the tables of an answer from what was asked and the facts: the same for the same."""
    towns = facts.filter(input=TOWN).select(organisation="enterprise", town="text")
    policies = tuple(built(found) for _key, found in sorted(asked.definitions[POLICY].items()))
    words = build_vocabulary(*(with_hash(QUANTITIES, found).body for found in asked.definitions[QUANTITIES].values()))
    after = with_draft(policies, build_policy(asked.draft, asked.title))
    what = Asked(policies, after, asked.policy, words, asked.today, asked.law)
    found = answer(what, facts, towns["organisation"], said)
    return {name: _with_town(frame, towns) for name, frame in found.items()}


def _with_town(frame: pl.DataFrame, towns: pl.DataFrame) -> pl.DataFrame:
    is_of_enterprises = "organisation" in frame.columns
    return frame.join(towns, on="organisation", how="left", maintain_order="left") if is_of_enterprises else frame


def _sizes(snapshot: Snapshot) -> pl.DataFrame:
    """Return the size class of each enterprise for which one surely holds: organisation, size (a title)."""
    grades = store.scan_frame(snapshot.tables["grades"]).filter(pl.col("family") == "size", pl.col("outcome"))
    return grades.select("organisation", size="grants").unique("organisation", maintain_order=True).collect()


def _beat(job: Job, phase: str, done: int, total: int) -> None:
    beat(job, phase=phase, done=done, total=total)
