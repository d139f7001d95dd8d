"""Insight at scale: 100,000 cases with branches, joins and loops, 2,000,000 events; each estimate, a forecast.

``python -m benchmarks.bench_insight [CASES]``. Each case goes round four times, by 21 events when it has ended; about a
tenth is open at the moment of looking.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from liankit.insight import Log, ages, bottlenecks, fit, in_parallel, more_meetings, time_in_stage
from liankit.insight.bottlenecks import waits
from liankit.insight.tables import CASES, VISITS
from liankit.process import Process, build_process

CASES_WANTED = 100_000
ROUNDS = 4
DAYS = 1_000.0
FIRST = datetime(2022, 1, 1, tzinfo=UTC)
TOWNS = 9


def main(wanted: int = CASES_WANTED) -> None:
    """Print the seconds of each estimate and the memory."""
    log, at, process = _log(wanted), FIRST + timedelta(days=DAYS), _process()
    is_open = log.cases["ended"].null_count() / log.cases.height
    print(f"{log.cases.height:,} cases with {log.visits.height:,} stays, {is_open:.0%} open; {_memory()}")
    _told("time in stage", lambda: time_in_stage(log.visits, at))
    _told(f"time in stage by {TOWNS} towns", lambda: time_in_stage(log.visits, at, by=["town"]))
    _told("ages", lambda: ages(log.visits, at))
    _told("bottlenecks", lambda: bottlenecks(log, at, waits(process)))
    _told("one more meeting", lambda: more_meetings(log, "ready", 3.0))
    _told("in parallel", lambda: in_parallel(log, "ready", "asked"))
    model = fit(process, log, at)
    _told("fit", lambda: fit(process, log, at))
    _told("a forecast of 1,000 draws", lambda: model.finish([("ethics", 3.0), ("contract", 3.0)]))


def _process() -> Process:
    named = {key: {"title": {"zh": key, "en": key}} for key in (*_STAGES, *_STEPS, "office", "trial", "begun", "a")}
    outcome = {"key": "begun", "kind": "success", **named["begun"], "reasons": [{"key": "a", **named["a"]}]}
    stages = [{"key": key, "lead": "office", **named[key]} for key in _STAGES]
    steps = [{"key": key, "from": taken, "to": given, **named[key]} for key, (taken, given) in _STEPS.items()]
    return build_process(
        {
            "key": "trial",
            **named["trial"],
            "roles": [{"key": "office", **named["office"]}],
            "start": "asked",
            "stages": [*stages, {"key": "begun", **named["begun"], "outcome": outcome}],
            "transitions": steps,
        },
        "trial.yaml",
    )


_STAGES = ("asked", "ethics", "ethics_done", "contract", "contract_done", "ready")
_STEPS = {
    "split": (["asked"], ["ethics", "contract"]),
    "pass_ethics": (["ethics"], ["ethics_done"]),
    "sign": (["contract"], ["contract_done"]),
    "join": (["ethics_done", "contract_done"], ["ready"]),
    "back": (["ready"], ["asked"]),
    "begin": (["ready"], ["begun"]),
}


def _log(wanted: int) -> Log:
    draw = np.random.default_rng(1)
    opened = draw.uniform(0.0, DAYS, wanted)
    stays, now = [], opened
    for turn in range(ROUNDS):
        split = now + draw.gamma(2, 3, wanted)
        passed, signed = split + draw.gamma(2, 5, wanted), split + draw.gamma(2, 8, wanted)
        joined = np.maximum(passed, signed)
        ready = joined + draw.gamma(2, 2, wanted)
        last = "begin" if turn == ROUNDS - 1 else "back"
        ways = [("asked", now, split, "split"), ("ethics", split, passed, "pass_ethics")]
        ways += [("contract", split, signed, "sign"), ("ethics_done", passed, joined, "join")]
        ways += [("contract_done", signed, joined, "join"), ("ready", joined, ready, last)]
        stays += [_stays(len(stays) + place, *way) for place, way in enumerate(ways, start=1)]
        now = ready
    visits = pl.concat(stays).filter(pl.col("entered") <= DAYS).sort("case", "number")
    cases = pl.DataFrame({"case": np.arange(wanted), "opened": opened, "ended": now, "outcome": "ended"})
    return Log(
        _until_now(visits, "entered", "left", "step").select(*VISITS, "town"),
        _until_now(cases, "opened", "ended", "outcome").select(*CASES),
    )


def _stays(number: int, stage: str, entered: np.ndarray, left: np.ndarray, step: str) -> pl.DataFrame:
    case = np.arange(len(entered))
    told = {"case": case, "number": np.int32(number), "stage": stage, "entered": entered, "left": left, "step": step}
    return pl.DataFrame(told).with_columns(town=pl.col("case") % TOWNS)


def _until_now(frame: pl.DataFrame, start: str, end: str, said: str) -> pl.DataFrame:
    is_known = pl.col(end) <= DAYS
    known = frame.with_columns(pl.when(is_known).then(end), pl.when(is_known).then(said))
    moments = {name: pl.lit(FIRST) + pl.duration(microseconds=pl.col(name) * 86_400e6) for name in (start, end)}
    return known.with_columns(**moments)


def _told(name: str, do: Callable[[], object]) -> None:
    wall, worked = time.perf_counter(), time.process_time()
    do()
    wall, worked = time.perf_counter() - wall, time.process_time() - worked
    print(f"  {name:<26} {wall:6.2f} s, {worked:6.2f} s of the processor; {_memory()}")


def _memory() -> str:
    return f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
