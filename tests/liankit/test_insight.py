"""Where time goes, held against a truth that is known: what is naive is biased, what is shown is not."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import CensoredData, ecdf
from tests.liankit.insight_truth import AGAIN, MEAN_DAYS, START, Truth, played, process

from liankit.insight import (
    VISITS,
    ages,
    as_log,
    bottlenecks,
    event_log,
    fit,
    in_parallel,
    more_meetings,
    score,
    stages_now,
    throughput,
    time_in_stage,
)
from liankit.insight.bottlenecks import waits
from liankit.process import Event, replay


@cache
def truth() -> Truth:
    return played(1_500)


def test_the_naive_mean_is_too_short_and_the_estimate_is_not() -> None:
    log, at = truth().known(200)
    table = time_in_stage(log.visits, at)
    for row in table.filter(pl.col("stage").is_in(["ethics", "contract"])).iter_rows(named=True):
        true = MEAN_DAYS[row["stage"]]
        assert row["naive_mean"] < 0.94 * true
        assert row["mean"] == pytest.approx(true, rel=0.06)
        median = float(np.median(np.random.default_rng(0).gamma(2.0, true / 2, 100_000)))
        assert row["median_low"] < median < row["median_high"]


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=30))
def test_the_estimate_is_that_of_scipy(stays: list[tuple[int, bool]]) -> None:
    at = START + timedelta(days=100)
    entered = [START if over else at - timedelta(days=days) for days, over in stays]
    left = [START + timedelta(days=days) if over else None for days, over in stays]
    rows = [(i, 1, "s", e, end, "x" if end else None) for i, (e, end) in enumerate(zip(entered, left, strict=True))]
    found = time_in_stage(pl.DataFrame(rows, schema=dict(VISITS), orient="row"), at).row(0, named=True)
    over, standing = ([d for d, o in stays if o is flag] for flag in (True, False))
    curve = ecdf(CensoredData(uncensored=over, right=standing)).sf
    reached = [q for q, p in zip(curve.quantiles, curve.probabilities, strict=True) if p <= 0.5 + 1e-12]
    assert found["median"] == (pytest.approx(min(reached)) if reached else None)
    assert found["standing"] == len(standing)


def test_groups_are_estimated_apart() -> None:
    log, at = truth().known(400)
    halves = log.visits.with_columns(town=pl.when(pl.col("case") % 2 == 0).then(pl.lit("a")).otherwise(pl.lit("b")))
    table = time_in_stage(halves, at, by=["town"])
    for town in "ab":
        alone = time_in_stage(halves.filter(town=town), at)
        assert_frame_equal(table.filter(town=town).drop("town"), alone)


def test_a_stage_that_nobody_has_left_has_no_median() -> None:
    rows = [(1, 1, "s", START, None, None)]
    visits = pl.DataFrame(rows, schema=dict(VISITS), orient="row")
    found = time_in_stage(visits, START + timedelta(days=9)).row(0, named=True)
    assert (found["median"], found["naive_mean"], found["median_high"], found["standing"]) == (None, None, None, 1)
    assert ages(visits, START + timedelta(days=9))["days"].to_list() == [9.0]
    assert stages_now(visits, START + timedelta(days=9))["oldest"].to_list() == [9.0]


def test_the_parts_of_the_whole_sum_to_it_and_are_near_the_truth() -> None:
    log, at = truth().known(620)
    waiting = waits(process())
    assert waiting == {"ethics_done", "contract_done"}
    found = bottlenecks(log, at, waiting)
    assert found["share"].sum() == pytest.approx(1.0)
    rounds = 1 / (1 - AGAIN)
    days = dict(found.select("stage", "days").iter_rows())
    for stage in ("asked", "ready"):
        assert days[stage] == pytest.approx(rounds * MEAN_DAYS[stage], rel=0.1)
    true = truth().log.cases.select(((pl.col("ended") - pl.col("opened")).dt.total_seconds() / 86400).mean()).item()
    assert sum(days.values()) == pytest.approx(true, rel=0.04)
    closed = log.cases.filter(pl.col("ended").is_not_null())
    naive = closed.select(((pl.col("ended") - pl.col("opened")).dt.total_seconds() / 86400).mean()).item()
    assert naive < sum(days.values())


def test_of_cases_that_all_ended_the_parts_are_the_mean_of_what_each_held() -> None:
    whole = truth().log
    at = whole.cases["ended"].max()
    found = bottlenecks(whole, at, waits(process()))  # type: ignore[arg-type]
    mean = whole.cases.select(((pl.col("ended") - pl.col("opened")).dt.total_microseconds() / 86400e6).mean()).item()
    assert found["days"].sum() == pytest.approx(mean, rel=1e-6)
    assert dict(found.select("stage", "visits").iter_rows())["asked"] == pytest.approx(1 / (1 - AGAIN), rel=0.05)


def test_eight_of_ten_forecasts_hold_what_came_with_branches_joins_and_loops() -> None:
    log, at = truth().known(400)
    model = fit(process(), log, at)
    ends = dict(truth().log.cases.select("case", "ended").iter_rows())
    standing = ages(log.visits, at).select("case", "stage", "days")
    kept = []
    for (case,), rows in sorted(standing.group_by("case"), key=lambda pair: pair[0]):
        finish = model.finish(list(rows.select("stage", "days").iter_rows()), draws=400, seed=case)  # type: ignore[arg-type]
        actual = (ends[case] - at).total_seconds() / 86400
        kept.append((finish.low, finish.median, finish.high, actual))
        assert finish.low is not None and finish.by(finish.low) >= 0.1
    table = pl.DataFrame(kept, schema=["low", "median", "high", "actual"], orient="row")
    found = score(table)
    assert found["count"] == len(kept) > 100
    assert 0.74 <= found["coverage"] <= 0.86  # type: ignore[operator]
    assert 0.4 <= found["late"] <= 0.6  # type: ignore[operator]
    constant = float(table["actual"].median())  # type: ignore[arg-type]
    assert found["error"] < (table["actual"] - constant).abs().mean()  # type: ignore[operator]


def test_a_case_that_stands_where_nobody_left_has_no_forecast() -> None:
    log, at = truth().known(400)
    blind = fit(process(), type(log)(log.visits.filter(pl.col("stage") != "ready"), log.cases), at)
    finish = blind.finish([("asked", 0.0)], draws=50)
    assert (finish.median, finish.unfinished) == (None, 1.0)


def test_forecasts_that_have_not_come_are_not_scored() -> None:
    open_one = pl.DataFrame(
        [(1.0, 2.0, 3.0, None), (1.0, 2.0, None, 9.0)], schema=["low", "median", "high", "actual"], orient="row"
    )
    assert score(open_one) == {"count": 1, "coverage": 1.0, "error": 7.0, "late": 1.0}


def days_of(log: pl.DataFrame) -> dict[int, tuple[float, float]]:
    return {case: (before, after) for case, before, after in log.iter_rows()}


def chain(*stays: tuple[str, float]) -> object:
    """One case of stages one after the other."""
    rows, now = [], START
    for number, (stage, length) in enumerate(stays, 1):
        rows.append((1, number, stage, now, now + timedelta(days=length), "x"))
        now += timedelta(days=length)
    visits = pl.DataFrame(rows, schema=dict(VISITS), orient="row")
    cases = pl.DataFrame({"case": [1], "opened": [START], "ended": [now], "outcome": ["x"]})
    return type(truth().log)(visits, cases)


def test_a_stage_begun_together_with_the_one_before_it_saves_the_shorter_of_both() -> None:
    saved = in_parallel(chain(("a", 5), ("b", 20), ("c", 30), ("d", 2)), "b", "c")  # type: ignore[arg-type]
    assert days_of(saved.cases) == {1: (57.0, 37.0)}
    last = in_parallel(chain(("a", 5), ("b", 20), ("c", 10)), "b", "c")  # type: ignore[arg-type]
    assert days_of(last.cases) == {1: (35.0, 25.0)}
    apart = in_parallel(chain(("a", 5), ("b", 20), ("c", 10)), "a", "c")  # type: ignore[arg-type]
    assert days_of(apart.cases) == {1: (35.0, 35.0)}


def test_replaying_without_a_change_gives_the_log_branches_and_all() -> None:
    same = in_parallel(truth().log, "ready", "contract")
    assert (same.cases["before"] - same.cases["after"]).abs().max() < 1e-6  # type: ignore[operator]


def test_one_more_meeting_moves_a_case_to_the_meeting_between() -> None:
    log = played(0).log
    visits, cases = [], []
    for case, (came, left) in enumerate([(0, 30), (5, 60), (35, 60), (58, 90), (61, 90)]):
        moments = [START + timedelta(days=day) for day in (came, left, left + 10)]
        visits += [(case, 1, "board", moments[0], moments[1], "x"), (case, 2, "after", moments[1], moments[2], "x")]
        cases.append((case, moments[0], moments[2], "x"))
    log = type(log)(
        pl.DataFrame(visits, schema=dict(VISITS), orient="row"),
        pl.DataFrame(cases, schema=log.cases.schema, orient="row"),
    )
    saved = {case: before - after for case, (before, after) in days_of(more_meetings(log, "board", 2.0).cases).items()}
    assert saved == {0: 0.0, 1: 0.0, 2: 15.0, 3: 0.0, 4: 15.0}  # case 1 was put off, and still is


def test_where_cases_leave_every_day_no_meeting_is_missing() -> None:
    replayed = more_meetings(truth().log, "ethics", 1.0)
    summary = replayed.summary
    assert summary["mean_after"] == pytest.approx(summary["mean_before"], rel=0.02)


def test_throughput_counts_what_was_opened_and_ended_and_is_open_since() -> None:
    log, at = truth().known(300)
    months = throughput(log.cases, at)
    assert months["opened"].sum() == log.cases.height
    assert months["open"].to_list()[-1] == log.cases["ended"].null_count()
    assert throughput(log.cases.clear(), at).is_empty()


def test_a_log_of_events_becomes_stays_with_the_step_that_ended_each() -> None:
    net, holders = process(), {"office": ("office:a",)}
    moments = [START + timedelta(days=day) for day in range(5)]
    steps = ["open", "split", "sign", "pass_ethics", "join"]
    events = [
        Event(n, "open" if n == 1 else "do", "user:1", at, "" if n == 1 else step, holders=holders if n == 1 else {})
        for n, (step, at) in enumerate(zip(steps, moments, strict=True), 1)
    ]
    log = as_log(net, {7: replay(net, events)})
    rows = [tuple(row) for row in log.visits.select("stage", "step").iter_rows()]
    assert rows == [
        ("asked", "split"),
        ("ethics", "pass_ethics"),
        ("contract", "sign"),
        ("contract_done", "join"),
        ("ethics_done", "join"),
        ("ready", None),
    ]
    assert log.cases.row(0) == (7, START, None, None)


def test_an_event_log_has_the_columns_of_process_mining() -> None:
    events = pl.DataFrame({"case": [2, 1], "activity": ["b", "a"], "at": [START, START], "group": ["economy", None]})
    table = event_log(events)
    assert table.columns == ["case:concept:name", "concept:name", "time:timestamp", "org:group", "lifecycle:transition"]
    assert table.row(0) == (1, "a", "2022-01-01T00:00:00.000Z", None, "complete")


def test_a_stay_that_outlasts_all_that_were_seen_still_has_days_to_go() -> None:
    log, at = truth().known(400)
    finish = fit(process(), log, at).finish([("ready", 10_000.0)], draws=200)
    assert finish.draws.min() >= 0 and finish.median is not None and finish.median > 0
