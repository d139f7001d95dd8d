from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.risk.readiness import Held, Rules, assess, build_rules, covers, months_left

TODAY = date(2024, 9, 30)
PLACE = files("liandesk.packs").joinpath("cn", "backups", "rules.yaml")
BODY = yaml.safe_load(PLACE.read_text(encoding="utf-8"))
RULES: Rules = build_rules(BODY, "rules.yaml")
STEPS = [step.key for step in RULES.path_of("second_supplier").steps]


def _held(**said: object) -> Held:
    known = {"type": "second_supplier", "steps_done": (), "change_class": "moderate", "confirmed_on": TODAY}
    return Held(**{**known, "last_drill": TODAY, "last_result": "passed", **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(("change_class", "months"), [("minor", (7, 13)), ("moderate", (8, 15)), ("major", (11, 27))])
def test_steps_that_need_not_wait_run_side_by_side(change_class: str, months: tuple[int, int]) -> None:
    """By hand, minor: 1 + max(1, 2) + max(2, 3) + 0 + 1 = 7 and 2 + max(2, 4) + max(4, 6) + 0 + 1 = 13."""
    assert months_left(RULES.path_of("second_supplier"), RULES, (), change_class) == months


def test_an_unknown_class_takes_from_the_shortest_to_the_longest() -> None:
    assert months_left(RULES.path_of("second_supplier"), RULES, (), "") == (7, 27)


def test_a_done_step_off_the_longest_way_saves_nothing_and_one_on_it_does() -> None:
    path = RULES.path_of("second_supplier")
    assert months_left(path, RULES, ["screening", "audit"], "minor") == (6, 11)
    assert months_left(path, RULES, ["screening", "comparison"], "minor") == (5, 9)


def test_all_steps_done_freshly_drilled_and_passed_is_ready() -> None:
    found = assess(_held(steps_done=STEPS), RULES, TODAY)
    assert (found.low, found.high, found.months) == (1.0, 1.0, (0.0, 0.0))


def test_what_nobody_said_stays_an_interval() -> None:
    found = assess(_held(steps_done=None), RULES, TODAY)
    assert (found.low, found.high, found.months) == (0.0, 1.0, (0.0, 15.0))
    assert [reason.code for reason in found.reasons if reason.holds is None] == ["backup_steps_unknown"]
    level = assess(_held(type="domestic_substitute", steps_done=STEPS), RULES, TODAY)
    assert (level.low, level.high) == (1 / 8, 1.0)


def test_readiness_decays_from_a_year_to_three_years_after_it_was_confirmed() -> None:
    def at(months: float) -> float:
        day = TODAY - timedelta(days=round(months * 30.4))
        return assess(_held(steps_done=STEPS, confirmed_on=day, last_drill=day), RULES, TODAY).high

    assert at(12) == pytest.approx(1.0, abs=0.01)
    assert at(24) == pytest.approx(0.5, abs=0.01)
    assert at(36) == pytest.approx(0.0, abs=0.01)


def test_an_overdue_drill_lowers_readiness_and_says_by_how_many_days() -> None:
    on_time = assess(_held(steps_done=STEPS, next_drill=TODAY), RULES, TODAY)
    late = assess(_held(steps_done=STEPS, next_drill=TODAY - timedelta(days=1)), RULES, TODAY)
    assert (on_time.high, late.high) == (1.0, RULES.drills.overdue)
    assert [(r.code, r.value_low) for r in late.reasons if r.code == "backup_drill_overdue"] == [
        ("backup_drill_overdue", 1.0)
    ]


def test_time_to_switch_stands_against_time_to_survive() -> None:
    assert covers((1.0, 2.0), (90.0, 120.0)).holds is True
    assert covers((5.0, 6.0), (90.0, 120.0)).holds is False
    assert covers((3.0, 6.0), (90.0, 120.0)).holds is None
    unknown = covers((1.0, 2.0), (None, None))
    assert (unknown.holds, unknown.value_low, unknown.value_high) == (None, None, 2 * 30.4)
    assert covers((0.0, 0.0), (None, None)).holds is True


@settings(max_examples=60)
@given(
    done=st.sets(st.sampled_from(STEPS)),
    more=st.sets(st.sampled_from(STEPS)),
    change_class=st.sampled_from(["", "minor", "moderate", "major"]),
    age=st.integers(0, 1500),
    overdue=st.booleans(),
)
def test_readiness_is_a_share_that_no_further_step_lowers(
    done: set[str], more: set[str], change_class: str, age: int, overdue: bool
) -> None:
    said = {"change_class": change_class, "confirmed_on": TODAY - timedelta(days=age), "last_drill": None}
    said["next_drill"] = TODAY - timedelta(days=5) if overdue else None
    first, second = (assess(_held(steps_done=steps, **said), RULES, TODAY) for steps in (done, done | more))
    assert 0 <= first.low <= first.high <= 1
    assert second.low >= first.low - 1e-12
    assert second.high >= first.high - 1e-12
    assert second.months[1] <= first.months[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"types": [{**BODY["types"][0], "path": "nowhere"}]}, "nowhere"),
        ({"decay": {"fresh_months": 12}}, "gone_months"),
        ({"speed": 1}, "speed"),
        ({"paths": [{**BODY["paths"][0], "steps": [{**BODY["paths"][0]["steps"][0], "after": ["later"]}]}]}, "before"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_their_place(change: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        build_rules({**BODY, **change}, "rules.yaml")
