"""A light is the worst of what is known, opens into its arithmetic, and says what would turn it green."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from statistics import median_low

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.plan.lights import Aim, Light, LightThresholds, light, recompute
from liankit.plan.ratings import RATING_SCHEMA, count_ratings
from liankit.reasons import reasons_of
from liankit.texts import render

START, UNTIL, DAY = date(2021, 1, 1), date(2025, 12, 31), date(2024, 9, 30)
LISTED = Aim(5, ">=", "cumulative", "up", None, START, UNTIL)
SHARE = Aim(90, ">=", "rate", "up", 60, START, UNTIL, whole=100)
QUARTERS = [date(2021 + n // 4, 3 * (n % 4) + 1, 1) for n in range(1, 15)]
DEFAULT = LightThresholds()


def seen(
    last: float, *, aim: Aim = LISTED, rating: float | None = None, age: int | None = 30, day: date = DAY
) -> Light:
    """Return the light of values that went straight to ``last`` on the day."""
    first = 0.0 if aim.baseline is None else aim.baseline
    points = [(on, round(first + (last - first) * n / 15)) for n, on in enumerate(QUARTERS, start=1)] + [(DAY, last)]
    evidence = None if age is None else DAY - timedelta(days=age)
    ratings = None if rating is None else [(rater, DAY, rating) for rater in "ab"]
    return light(points, aim, day, DEFAULT, evidence_on=evidence, ratings=ratings)


def codes(found: Light) -> dict[str, bool | None]:
    return {reason.code: reason.holds for reason in found.reasons}


def test_listings_are_red_while_time_runs_ahead_of_them() -> None:
    """3 of 5 after 1368 of 1825 days: 60 % done, 75 % due."""
    found = seen(3)
    deviation = next(reason for reason in found.reasons if reason.code == "light_trajectory")
    assert found.colour == "red"
    assert deviation.value_low == pytest.approx(0.6 - 1368 / 1825)
    assert found.to_green["value"] == 5  # 4 are due, and a fifth within 15 months is likely by two thirds only
    assert found.to_green["more"] == 2
    assert found.to_green["pace"] == pytest.approx(2 / (457 / 365.25))
    assert codes(found)["light_forecast"] is False


def test_what_adds_up_and_has_met_its_goal_stays_green() -> None:
    found = seen(5)
    assert found.colour == "green"
    assert found.to_green == {}


def test_a_level_that_meets_its_goal_now_may_still_fall() -> None:
    points = [*zip(QUARTERS, [95.0, 70.0] * 7, strict=True), (DAY, 95.0)]
    found = light(points, SHARE, DAY, DEFAULT, evidence_on=DAY)
    assert codes(found)["light_met"] is True
    assert codes(found)["light_forecast"] is False
    assert found.colour != "green"


def test_the_worst_part_counts() -> None:
    assert seen(5, rating=0.6).colour == "yellow"
    assert seen(5, rating=0.2).colour == "red"
    assert seen(5, rating=0.2).to_green == {"rating": 0.7}
    assert seen(5, age=200).colour == "yellow"
    assert seen(5, age=200).to_green == {"evidence_days": 120}
    assert seen(5, age=None).colour == "yellow"


def rated(*said: tuple[str, int, float]) -> Light:
    """Return the light of a target that would be green, with ratings: who, how many days ago, share."""
    ratings = [(rater, DAY - timedelta(days=ago), share) for rater, ago, share in said]
    return light([*((on, 5.0) for on in QUARTERS), (DAY, 5.0)], LISTED, DAY, DEFAULT, evidence_on=DAY, ratings=ratings)


def test_ratings_count_when_enough_people_gave_fresh_ones() -> None:
    """Two of the last 180 days are asked for; what one person alone says is shown and does not count."""
    assert (rated().colour, codes(rated())["light_no_rating"]) == ("green", None)
    alone = rated(("a", 5, 0.3), ("a", 3, 0.1), ("b", 181, 0.9))
    few = next(reason for reason in alone.reasons if reason.code == "light_few_ratings")
    assert alone.colour == "green"
    assert (few.holds, few.value_low, few.value_high, few.params["ratings"]) == (None, 0.1, 0.1, 1)
    assert alone.to_green == {}
    assert rated(("a", 5, 0.3), ("b", 180, 0.9)).colour == "red"


def test_raters_who_contradict_each_other_are_not_averaged() -> None:
    """Of two the lower counts, of three the middle one; how far they lie apart is a reason of its own."""
    split = rated(("a", 5, 0.9), ("b", 5, 0.3))
    assert split.colour == "red"
    assert codes(split)["light_raters_apart"] is False
    told = next(reason for reason in split.reasons if reason.code == "light_rating")
    assert (told.value_low, told.value_high, told.params["rating"]) == (0.3, 0.9, 0.3)
    assert rated(("a", 5, 0.9), ("b", 5, 0.3), ("c", 5, 0.7)).colour == "green"
    assert "light_raters_apart" not in codes(rated(("a", 5, 0.9), ("b", 5, 0.7)))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-20, 300), st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]))))
@settings(max_examples=40)
def test_the_rating_is_one_that_somebody_gave_and_counts_each_rater_once(said) -> None:
    rows = [("t", rater, DAY - timedelta(days=ago), share) for rater, ago, share in said]
    counted = count_ratings(pl.DataFrame(rows, RATING_SCHEMA, orient="row"), DAY, at_least=2, max_days=180)
    known = sorted((-ago, place, rater, share) for place, (rater, ago, share) in enumerate(said) if ago >= 0)
    newest = {rater: (ago, share) for ago, _place, rater, share in known}
    fresh = sorted(share for ago, share in newest.values() if ago >= -180)
    if not newest:
        assert counted.is_empty()
        return
    one = counted.row(0, named=True)
    assert (one["ratings"], one["ratings_old"]) == (len(fresh), len(newest) - len(fresh))
    assert one["rating"] == (median_low(fresh) if len(fresh) >= 2 else None)
    assert (one["rating_low"], one["rating_high"]) == ((fresh[0], fresh[-1]) if fresh else (None, None))


def test_grey_is_what_nothing_is_known_of() -> None:
    assert light([], LISTED, DAY, DEFAULT).colour == "grey"
    assert codes(light([], LISTED, DAY, DEFAULT)) == {"light_no_value": None, "light_no_forecast": None}
    assert seen(5, age=500).colour == "grey"
    blind = light([(DAY, 80.0)], replace(SHARE, baseline=None), DAY, DEFAULT, evidence_on=DAY)
    assert blind.colour == "grey"
    assert codes(blind)["light_no_trajectory"] is None
    assert codes(blind)["light_no_forecast"] is None


def test_after_the_deadline_only_the_goal_counts() -> None:
    after = date(2026, 3, 1)
    assert seen(5, day=after, age=-400).colour == "green"
    late = light([*((day, 4.0) for day in QUARTERS), (after, 6.0)], LISTED, after, DEFAULT, evidence_on=UNTIL)
    assert late.colour == "red"  # what came after the deadline came too late
    assert late.to_green == {}
    assert codes(late) == {"light_over": False, "light_evidence": True}


def test_less_is_better_where_the_plan_says_so() -> None:
    aim = Aim(10, "<=", "level", "down", 30, START, UNTIL)
    points = [(on, 30.0 - n) for n, on in enumerate(QUARTERS)]
    found = light([*points, (DAY, 14.0)], aim, DAY, DEFAULT, evidence_on=DAY)
    assert found.colour == "green"
    behind = light([*points, (DAY, 19.0)], aim, DAY, DEFAULT, evidence_on=DAY)
    assert behind.colour == "red"
    assert behind.to_green["value"] < 15.1


def test_few_values_are_said_to_be_few() -> None:
    points = [(date(2022, 1, 1), 1.0), (date(2023, 1, 1), 2.0), (DAY, 4.0)]
    assert "light_few_points" in codes(light(points, LISTED, DAY, DEFAULT, evidence_on=DAY))
    assert "light_few_points" not in codes(seen(4))


@given(st.integers(0, 5), st.sampled_from([None, 0.3, 0.9]), st.sampled_from([None, 10, 300, 900]))
@settings(deadline=None, max_examples=20)
def test_every_reason_reads_in_both_languages(last, rating, age):
    told = (seen(last, rating=rating, age=age), rated(("a", last, 0.9)), rated(("a", 1, 0.9), ("b", 1, 0.1)), rated())
    for reason in (reason for found in told for reason in found.reasons):
        texts = [render(reason.code, reason.params, language) for language in ("zh", "en")]
        assert all(not set("{}") & set(text) for text in texts)


def test_no_text_is_left_over() -> None:
    ours = yaml.safe_load((files("liankit") / "texts" / "plan_lights.yaml").read_text(encoding="utf-8"))
    code = (files("liankit") / "plan" / "light_reasons.py").read_text(encoding="utf-8")
    assert {name for name in ours if f'"{name}"' not in code} == set()


@given(st.integers(0, 60), st.booleans())
@settings(deadline=None, max_examples=25)
def test_with_the_value_it_asks_for_the_trajectory_is_green(last, is_down):
    goal, baseline = (10, 40) if is_down else (60, 10)
    aim = Aim(goal, "<=" if is_down else ">=", "level", "down" if is_down else "up", baseline, START, UNTIL)
    found = seen(last, aim=aim)
    if "value" in found.to_green:
        mended = seen(found.to_green["value"], aim=aim)
        assert codes(mended)["light_trajectory"] is True


def test_all_at_once_is_each_alone() -> None:
    aims = {"a": LISTED, "b": SHARE, "c": Aim(10, "<=", "level", "down", 30, START, UNTIL, ((DAY, 18.0),))}
    points = {"a": [1.0, 2.0, 3.0, 3.0], "b": [62.0, 66.0, 75.0, 80.5], "c": [28.0, 25.0, 20.0, None]}
    days = [date(2021, 9, 30), date(2022, 9, 30), date(2023, 9, 30), DAY]
    values = pl.concat(
        pl.DataFrame({"row": [row] * 4, "on": days, "value": points[row], "evidence_on": [DAY] * 4}) for row in "cab"
    )
    targets = pl.DataFrame([{"row": row, **{k: v for k, v in vars(aims[row]).items() if k != "path"}} for row in "bca"])
    paths = pl.DataFrame({"row": ["c"], "on": [DAY], "value": [18.0]})
    told = recompute(values, targets, DAY, DEFAULT, paths=paths)
    assert told.progress["row"].to_list() == ["b", "c", "a"]
    for row in told.progress.iter_rows(named=True):
        alone = light(list(zip(days, points[row["row"]], strict=True)), aims[row["row"]], DAY, DEFAULT, evidence_on=DAY)
        assert alone.colour == row["colour"]
        assert alone.reasons == reasons_of(told.reasons, row["row"])


def test_thresholds_move_the_colours() -> None:
    lax = LightThresholds(deviation_green=-0.5, probability_green=0.01)
    points = [(on, 3.0 * n / 15) for n, on in enumerate(QUARTERS, start=1)]
    assert light(points, replace(LISTED, goal=3.5), DAY, lax, evidence_on=DAY).colour == "green"
