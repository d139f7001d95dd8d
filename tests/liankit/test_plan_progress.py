"""The formulas of plan monitoring, by hand and by what must hold for every number."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.plan.progress import completion, expected, meets, time_progress
from liankit.plan.standing import TARGET_SCHEMA, VALUE_SCHEMA, stand

START, END, DAY = date(2021, 1, 1), date(2025, 12, 31), date(2024, 9, 30)
NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))


@pytest.mark.parametrize("name", ["progress", "paces", "outlook", "lights", "predictive", "jumps"])
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"liankit.plan.{name}")).failed == 0


@pytest.mark.parametrize(
    ("given", "done"),
    [
        ({"value": 3, "goal": 5, "counting": "cumulative"}, 0.6),
        ({"value": 3, "goal": 5, "baseline": 2, "counting": "cumulative"}, 0.6),  # what adds up: nothing subtracted
        ({"value": 40, "goal": 100, "baseline": 10, "counting": "within"}, 0.4),
        ({"value": 14, "goal": 18, "baseline": 10, "counting": "level"}, 0.5),
        ({"value": 8, "goal": 6, "baseline": 10, "counting": "level", "direction": "down"}, 0.5),
        ({"value": 8, "goal": 6, "counting": "level", "direction": "down"}, 0.75),
        ({"value": 9, "goal": 6, "baseline": 6, "counting": "level"}, 1.5),  # the goal is to stay: the plain ratio
        ({"value": None, "goal": 6, "counting": "level"}, None),
        ({"value": 0, "goal": 6, "counting": "level", "direction": "down"}, None),
        ({"value": 3, "goal": 0, "counting": "level"}, None),
    ],
)
def test_completion_follows_how_a_target_is_counted(given: dict, done: float | None) -> None:
    assert completion(**given) == (None if done is None else pytest.approx(done))


def test_time_progress_stays_between_nothing_and_all() -> None:
    assert time_progress(date(2020, 1, 1), START, END) == 0
    assert time_progress(date(2026, 1, 1), START, END) == 1
    assert time_progress(DAY, START, END) == pytest.approx(1368 / 1825)


def test_what_is_due_goes_straight_and_growth_by_a_constant_rate() -> None:
    by = {"start": START, "end": date(2023, 1, 1)}
    half = date(2022, 1, 1)
    assert expected(half, 200, baseline=100, counting="level", **by) == pytest.approx(150)
    assert expected(half, 400, baseline=100, counting="growth", **by) == pytest.approx(200)
    assert expected(half, 400, baseline=-100, counting="growth", **by) == pytest.approx(150)  # no rate from below zero
    assert expected(half, 10, baseline=None, counting="cumulative", **by) == pytest.approx(5)
    assert expected(half, 10, baseline=4, counting="cumulative", **by) == pytest.approx(7)
    assert expected(half, 10, baseline=4, counting="within", **by) == pytest.approx(5)
    assert expected(half, 90, baseline=None, counting="rate", **by) is None


def test_a_path_says_what_is_due_between_its_steps() -> None:
    path = [(date(2023, 1, 1), 1.0), (date(2025, 1, 1), 3.0)]
    by = {"baseline": None, "start": START, "end": END, "counting": "cumulative", "path": path}
    assert expected(date(2022, 1, 1), 5, **by) == pytest.approx(0.5)
    assert expected(date(2024, 1, 2), 5, **by) == pytest.approx(2, abs=0.01)
    assert expected(date(2026, 6, 1), 5, **by) == 5
    late = by | {"counting": "rate"}
    assert expected(date(2022, 1, 1), 5, **late) is None  # nothing is said before the first step
    assert expected(date(2025, 1, 1), 5, **late) == 3


def test_a_goal_is_met_by_its_comparator() -> None:
    signs = (">=", ">", "<=", "<", "=")
    assert [meets(5, sign, 5) for sign in signs] == [True, False, True, False, True]
    assert meets(None, ">=", 5) is None
    assert meets(3, ">=", None) is None


@settings(deadline=None, max_examples=25)
@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["level", "rate"]), st.sampled_from(["up", "down"]))
def test_on_a_straight_line_the_deviation_is_completion_less_time_progress(value, goal, baseline, counting, direction):
    if goal == baseline:
        return
    told = _stand(value, goal, baseline, counting, direction)
    slack = 1e-6 * (1 + abs(told["completion"]))
    assert told["deviation"] == pytest.approx(told["completion"] - told["time_progress"], abs=slack)


@settings(deadline=None, max_examples=25)
@given(st.floats(0, 1e6), st.floats(1, 1e6), st.sampled_from(["cumulative", "within"]))
def test_of_what_adds_up_too(value, goal, counting):
    told = _stand(value, goal, None, counting, "up")
    slack = 1e-9 * (1 + abs(told["completion"]))
    assert told["deviation"] == pytest.approx(told["completion"] - told["time_progress"], abs=slack)


def test_values_after_the_day_and_after_the_deadline_are_not_used() -> None:
    values = [(date(2024, 6, 30), 3.0), (date(2024, 12, 31), 9.0)]
    table = pl.DataFrame([("a", on, value, None) for on, value in values], schema=VALUE_SCHEMA, orient="row")
    early = _target(5, None, "cumulative", "up").with_columns(until=pl.lit(date(2024, 8, 1)))
    assert stand(table, _target(5, None, "cumulative", "up"), DAY)["value"].item() == 3
    assert stand(table, early, END)["value"].item() == 3


def test_what_must_be_added_a_year_is_told_until_the_goal_is_met() -> None:
    assert _stand(3, 5, None, "cumulative", "up")["pace_needed"] == pytest.approx(2 / (457 / 365.25))
    assert _stand(5, 5, None, "cumulative", "up")["pace_needed"] is None


def _target(goal: float, baseline: float | None, counting: str, direction: str) -> pl.DataFrame:
    row = ("a", goal, ">=", counting, direction, baseline, START, END, 1.0)
    return pl.DataFrame([row], schema=TARGET_SCHEMA, orient="row")


def _stand(value: float, goal: float, baseline: float | None, counting: str, direction: str) -> dict:
    values = pl.DataFrame([("a", DAY, value, None)], schema=VALUE_SCHEMA, orient="row")
    return stand(values, _target(goal, baseline, counting, direction), DAY).row(0, named=True)
