"""A process with branches, a join and a loop, and cases of it played with stays whose law is known."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from liankit.insight import CASES, VISITS, Log
from liankit.process import Process, build_process

START = datetime(2022, 1, 1, tzinfo=UTC)
MEAN_DAYS = {"asked": 10.0, "ethics": 30.0, "contract": 45.0, "ready": 8.0}
"""The true mean of the stays in each stage that is no waiting place; gamma laws of shape 2."""

AGAIN = 0.25
"""The true share of the cases that are sent back from ``ready``."""


def _text(key: str) -> dict[str, str]:
    return {"zh": key, "en": key}


def _stage(key: str) -> dict[str, object]:
    return {"key": key, "title": _text(key), "lead": "office"}


def _step(key: str, taken: list[str], given: list[str]) -> dict[str, object]:
    return {"key": key, "title": _text(key), "from": taken, "to": given}


def process() -> Process:
    """Asked, then ethics and contract at once, joined, ready; from there back or to the end."""
    return net(
        ["asked", "ethics", "ethics_done", "contract", "contract_done", "ready"],
        ("split", ["asked"], ["ethics", "contract"]),
        ("pass_ethics", ["ethics"], ["ethics_done"]),
        ("sign", ["contract"], ["contract_done"]),
        ("join", ["ethics_done", "contract_done"], ["ready"]),
        ("back", ["ready"], ["asked"]),
        ("begin", ["ready"], ["begun"]),
    )


def net(stages: list[str], *steps: tuple[str, list[str], list[str]]) -> Process:
    """Return the process of some stages, the first its start, and steps; its end is ``begun``."""
    reasons = [{"key": "a", "title": _text("a")}]
    outcome = {"key": "ended", "kind": "success", "title": _text("ended"), "reasons": reasons}
    return build_process(
        {
            "key": "trial",
            "title": _text("trial"),
            "roles": [{"key": "office", "title": _text("office")}],
            "start": stages[0],
            "stages": [*map(_stage, stages), {"key": "begun", "title": _text("begun"), "outcome": outcome}],
            "transitions": [_step(*step) for step in steps],
        },
        "trial.yaml",
    )


@dataclass(frozen=True)
class Truth:
    """The whole log, as if one had waited until every case had ended."""

    log: Log

    def known(self, days: float) -> tuple[Log, datetime]:
        """Return what is in the log some days after its start, and that moment."""
        at = START + timedelta(days=days)
        visits = self.log.visits.filter(pl.col("entered") <= at)
        cases = self.log.cases.filter(pl.col("opened") <= at)
        hidden = pl.col("left") > at
        visits = visits.with_columns(pl.when(~hidden).then("left"), pl.when(~hidden).then("step"))
        over = pl.col("ended") <= at
        return Log(visits, cases.with_columns(pl.when(over).then("ended"), pl.when(over).then("outcome"))), at


def played(count: int, seed: int = 1, spread_days: float = 600.0) -> Truth:
    """Play cases that are opened evenly over some days, each stay drawn from its law."""
    chance = np.random.default_rng(seed)
    visits: list[tuple[object, ...]] = []
    cases: list[tuple[object, ...]] = []
    for case, opened in enumerate(np.sort(chance.uniform(0, spread_days, count))):
        rows, ended = _case(case, float(opened), chance)
        visits += rows
        cases.append((case, _moment(float(opened)), _moment(ended), "ended"))
    log = Log(
        pl.DataFrame(visits, schema=dict(VISITS), orient="row"), pl.DataFrame(cases, schema=dict(CASES), orient="row")
    )
    return Truth(log)


def _moment(days: float) -> datetime:
    return START + timedelta(days=days)


def _case(case: int, opened: float, chance: np.random.Generator) -> tuple[list[tuple[object, ...]], float]:
    rows: list[tuple[object, ...]] = []

    def stay(stage: str, since: float, step: str, length: float | None = None) -> float:
        left = since + (chance.gamma(2.0, MEAN_DAYS[stage] / 2) if length is None else length)
        heapq.heappush(rows, (since, len(rows), stage, left, step))  # in the order in which they begin
        return left

    now, is_back = opened, True
    while is_back:
        now = stay("asked", now, "split")
        ethics, contract = stay("ethics", now, "pass_ethics"), stay("contract", now, "sign")
        both = max(ethics, contract)
        stay("ethics_done", ethics, "join", both - ethics)
        stay("contract_done", contract, "join", both - contract)
        is_back = chance.random() < AGAIN
        now = stay("ready", both, "back" if is_back else "begin")
    ordered = [heapq.heappop(rows) for _ in range(len(rows))]
    told = [(case, n, stage, _moment(a), _moment(b), step) for n, (a, _, stage, b, step) in enumerate(ordered, 1)]
    return told, now
