"""Where time goes, held against a truth that is known: what is naive is biased, what is shown is not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import CensoredData, ecdf
from tests.liankit.insight_truth import AGAIN, MEAN_DAYS, START, Truth, net, played, process

from liankit.insight import (
    CASES,
    VISITS,
    Log,
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
    whole_stays,
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
        finish = model.finish(list(rows.select("stage", "days").iter_rows()), draws=400, seed=case)
        actual = (ends[case] - at).total_seconds() / 86400
        kept.append((finish.low, finish.median, finish.high, actual, 9_999.0))
        assert finish.low is not None and finish.by(finish.low) >= 0.1
    table = pl.DataFrame(kept, schema=["low", "median", "high", "actual", "age"], orient="row")
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


def test_forecasts_are_scored_once_they_are_due_whether_the_case_ended_or_not() -> None:
    kept = [
        (1.0, 2.0, 5.0, 4.0, 9.0),  # came within
        (1.0, 2.0, 5.0, None, 9.0),  # due and open still: late, outside
        (1.0, 2.0, 50.0, 1.5, 9.0),  # came soon, others of its kind are still awaited
        (1.0, 2.0, None, 1.5, 9.0),  # no upper bound, so never due
    ]
    found = score(pl.DataFrame(kept, schema=["low", "median", "high", "actual", "age"], orient="row"))
    assert (found["count"], found["coverage"], found["late"], found["error"]) == (2, 0.5, 1.0, 2.0)
    assert found["pinball"] == pytest.approx((0.1 * 3 + 0.5 * 2 + 0.1 * 1) / 3)


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


def logged(*stays: tuple[int, str, float, float, str]) -> Log:
    """Cases that all ended, from (case, stage, day entered, day left, step)."""
    day = [START + timedelta(days=number) for number in range(400)]
    rows = [(case, n, stage, day[int(a)], day[int(b)], step) for n, (case, stage, a, b, step) in enumerate(stays, 1)]
    visits = pl.DataFrame(rows, schema=dict(VISITS), orient="row")
    spans = visits.group_by("case").agg(opened=pl.col("entered").min(), ended=pl.col("left").max()).sort("case")
    return Log(
        visits,
        spans.with_columns(outcome=pl.lit("ended")).select(pl.col(key).cast(kind) for key, kind in CASES.items()),
    )


def test_a_median_of_one_stay_has_no_interval() -> None:
    found = time_in_stage(logged((1, "s", 0, 5, "x")).visits, START + timedelta(days=9)).row(0, named=True)
    assert (found["median"], found["median_low"], found["median_high"]) == (5.0, None, None)


@given(st.lists(st.tuples(st.sampled_from("abw"), st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=8))
def test_each_moment_is_shared_by_the_branches_at_work(stays: list[tuple[str, int, int]]) -> None:
    longest = max(begin + length for _, begin, length in stays)
    filled = [("f", 0, longest), *stays]  # somebody is at work at each moment
    log = logged(*((1, stage, begin, begin + length, "x") for stage, begin, length in filled))
    found = dict(bottlenecks(log, START + timedelta(days=399), {"w"}).select("stage", "days").iter_rows())
    true = dict.fromkeys({stage for stage, _, _ in filled}, 0.0)
    for day in range(longest):
        at_work = [s for s, begin, length in filled if begin <= day < begin + length and s != "w"]
        for stage in at_work:
            true[stage] += 1 / len(at_work)
    assert found == pytest.approx(true, abs=1e-6)


def joined_by(*ways: tuple[str, float]) -> tuple[object, Log]:
    """Cases of two branches that wait together for one of two steps, each some days: (step, days)."""
    steps = ("split", ["s"], ["a", "b"]), ("refuse", ["a", "b"], ["mend"]), ("agree", ["a", "b"], ["begun"])
    rows: list[tuple[int, str, float, float, str]] = []
    for case, (step, length) in enumerate(ways):
        rows += [(case, "s", 0, 5, "split"), (case, "a", 5, 5 + length, step), (case, "b", 5, 5 + length, step)]
        if step == "refuse":
            rows.append((case, "mend", 5 + length, 105 + length, "mended"))
    return net(["s", "a", "b", "mend"], *steps, ("mended", ["mend"], ["begun"])), logged(*rows)


def test_of_two_steps_that_join_branches_each_is_taken_as_often_as_it_was() -> None:
    both, log = joined_by(*[("refuse", 10)] * 80, *[("agree", 20)] * 20)
    finish = fit(both, log, START + timedelta(days=300)).finish([("s", 0.0)], draws=4_000)  # type: ignore[arg-type]
    assert np.mean(finish.draws > 100) == pytest.approx(0.8, abs=0.03)


def test_branches_that_waited_for_each_other_long_already_go_on_like_those_that_did() -> None:
    both, log = joined_by(*[("agree", 10)] * 80, *[("agree", 100)] * 20)
    model = fit(both, log, START + timedelta(days=300))  # type: ignore[arg-type]
    assert model.finish([("a", 50.0), ("b", 70.0)]).low == pytest.approx(50.0)
    assert model.finish([("a", 0.0), ("b", 70.0)]).median == pytest.approx(10.0)


def test_a_case_that_left_before_it_was_ready_gains_no_meeting() -> None:
    stays = [(case, "board", came, left, "x") for case, (came, left) in enumerate([(20, 30), (50, 60), (80, 90)])]
    saved = more_meetings(logged(*stays), "board", 12.0).cases
    assert saved["before"].to_list() == saved["after"].to_list() == [10.0, 10.0, 10.0]


def test_a_report_of_progress_ends_no_stay() -> None:
    told = net(
        ["s", "t"], ("report", ["s"], ["s"]), ("go", ["s"], ["t"]), ("back", ["t"], ["s"]), ("end", ["s"], ["begun"])
    )
    parts = logged(
        (1, "s", 0, 3, "report"), (1, "s", 3, 7, "report"), (1, "s", 7, 9, "go"), (1, "t", 9, 12, "back"),
        (1, "s", 12, 20, "end"),
    )  # fmt: skip
    whole = whole_stays(told, parts.visits)
    assert [(s, step) for s, step in whole.select("stage", "step").iter_rows()] == [
        ("s", "go"),
        ("t", "back"),
        ("s", "end"),
    ]
    assert time_in_stage(whole, START + timedelta(days=99)).filter(stage="s")["naive_mean"].item() == 8.5


def test_months_begin_by_the_clock_of_the_office() -> None:
    shanghai = timezone(timedelta(hours=8))
    opened = datetime(2024, 2, 1, 0, 30, tzinfo=shanghai)
    cases = pl.DataFrame([(1, opened, None, None)], schema=dict(CASES), orient="row")
    months = throughput(cases, datetime(2024, 2, 20, tzinfo=shanghai))
    assert months["since"].to_list() == [datetime(2024, 2, 1).date()]
    assert months.schema == throughput(cases.clear(), opened).schema
