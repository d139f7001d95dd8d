"""Four-level judgement: what follows from completion and time, and that unknown stays unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liankit.plan.judgement import GRADES, Margins, judge, worst
from liankit.texts import render

FIVE = Margins(0.05, 0.05)
SHARE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("completion", "time", "grade"),
    [
        (1.0, 0.8, "early"),
        (1.2, 1.0, "on_track"),
        (0.6, 0.5, "ahead"),
        (0.55, 0.5, "on_track"),
        (0.45, 0.5, "on_track"),
        (0.44, 0.5, "behind"),
        (0.99, 1.0, "behind"),
        (None, 0.5, "unknown"),
        (None, 1.0, "behind"),
    ],
)
def test_a_level_follows_from_completion_and_time(completion: float | None, time: float, grade: str) -> None:
    assert judge(completion, time, FIVE).grade == grade


@pytest.mark.parametrize(("on", "grade"), [(29, "early"), (30, "on_track")])
def test_what_was_reached_is_judged_by_its_day(on: int, grade: str) -> None:
    assert judge(None, 0.5, FIVE, reached_on=date(2024, 9, on), due=date(2024, 9, 30)).grade == grade
    assert judge(None, 1.0, FIVE, reached_on=date(2024, 10, 1), due=date(2024, 9, 30)).grade == "behind"


@given(SHARE, SHARE, SHARE)
def test_more_done_is_never_judged_worse(one: float, other: float, time: float) -> None:
    less, more = sorted((one, other))
    levels = [GRADES.index(judge(done, time, FIVE).grade) for done in (more, less)]
    assert levels == sorted(levels)


@given(SHARE | st.none(), SHARE)
def test_every_reason_has_its_words(completion: float | None, time: float) -> None:
    for reason in judge(completion, time, FIVE).reasons:
        assert render(reason.code, reason.params, "zh")
        assert render(reason.code, reason.params, "en")


def test_the_worst_known_level_counts() -> None:
    assert worst(["early", "unknown", "behind"]) == "behind"
    assert worst(["unknown"]) == "unknown"
