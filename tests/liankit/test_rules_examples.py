"""Every example of every shipped scheme comes out as it says, and tries each bound on both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.liankit.rule_cases import scheme, words

from liankit.rules.check import build_scheme, build_vocabulary
from liankit.rules.coverage import coverage, uncovered
from liankit.rules.examples import Ran, run_all
from liankit.rules.packs import SHIPPED, Body, read_scheme, read_shipped, shipped_folders

VOCABULARY = build_vocabulary(words())
SHIPPED_BODIES = read_shipped()
SHIPPED_WORDS = SHIPPED_BODIES.vocabulary()
README = "README.md"


def ran(body: dict[str, Any]) -> list[Ran]:
    return run_all(build_scheme(body, "trial", VOCABULARY), VOCABULARY)


def gaps(body: dict[str, Any]) -> dict[str, str]:
    return {one.clause: one.what for one in uncovered(build_scheme(body, "trial", VOCABULARY), VOCABULARY)}


@pytest.mark.parametrize("body", SHIPPED_BODIES.schemes, ids=lambda body: body.key)
def test_every_example_of_a_shipped_scheme_comes_out_as_it_says(body: Body) -> None:
    found = run_all(read_scheme(body, SHIPPED_WORDS), SHIPPED_WORDS)
    assert found and {one.example.name.en: one.differences for one in found if one.differences} == {}


@pytest.mark.parametrize("body", SHIPPED_BODIES.schemes, ids=lambda body: body.key)
def test_the_examples_of_a_shipped_scheme_try_every_bound_on_both_sides(body: Body) -> None:
    scheme = read_scheme(body, SHIPPED_WORDS)
    assert [f"{one.clause}: {one.what}" for one in uncovered(scheme, SHIPPED_WORDS)] == []


def test_every_shipped_scheme_says_what_it_is_and_how_sure() -> None:
    for folder in shipped_folders(SHIPPED):
        for one in folder.joinpath("schemes").iterdir():
            assert one.joinpath(README).is_file(), f"{one} has no {README}"


def test_examples_of_the_trial_come_out() -> None:
    assert [one.differences for one in ran(scheme())] == [(), (), ()]


def test_an_example_that_comes_out_otherwise_is_told_with_the_clause_and_the_value() -> None:
    body = scheme()
    body["examples"][1] |= {"expect": "yes", "clauses": {"share": "yes"}, "points": {"points": 17}}
    assert ran(body)[1].differences == (
        "the outcome is no, not yes; not met: share (2.9), too_low",
        "the clause share is no, not yes",
        "the points of points are 18, not 17",
    )


def test_an_application_that_the_scheme_does_not_govern_is_not_taken() -> None:
    body = scheme()
    body["examples"][0]["on"] = "2023-12-31"
    (said,) = (one for one in ran(body)[0].differences if "outcome" in one)
    assert said == "the outcome is no, not yes; this scheme governs no such application on 2023-12-31"


def test_an_example_that_is_like_another_has_its_facts_and_those_that_it_is_like() -> None:
    body = scheme()
    found = build_scheme(body, "trial", VOCABULARY)
    chained = body["examples"][1] | {"name": "The same without a brand", "like": found.examples[1].name.en}
    body["examples"].append(chained | {"facts": {"brand": "no"}, "clauses": {"share": "no", "own_brand": "no"}})
    assert ran(body)[3].differences == ()


def test_bounds_that_no_example_tries_are_named() -> None:
    assert gaps(scheme()) == {
        "applies.new": "no example just reaches or just misses 2024-01-01 (and the day before). Add one.",
        "parameters.share_least": "no example just reaches or just misses 2025-01-01 (and the day before). Add one.",
        "own_brand": "no example just misses it. Add one.",
        "by_patents": "no example just reaches 2. Add one.",
        "by_age": "no example just misses 6. Add one.",
        "raised_enough": "no example just misses 100. Add one.",
        "too_low": "no example just reaches it. Add one.",
    }


def test_a_far_example_tries_no_bound_and_the_day_before_tries_a_day() -> None:
    body = scheme()
    body["examples"][1] |= {"facts": {"rd": {2023: 1}}}
    body["examples"].append(body["examples"][0] | {"name": "On the first day it is taken", "on": "2024-01-01"})
    assert gaps(body)["share"] == "no example just misses 3. Add one."
    assert gaps(body)["applies.new"] == "no example just misses 2024-01-01 (and the day before). Add one."


def test_each_bound_stands_once_with_both_its_sides() -> None:
    found = coverage(build_scheme(scheme(), "trial", VOCABULARY), VOCABULARY)
    share = next(one for one in found if one.clause == "share")
    assert (share.bound, share.is_reached, share.is_missed) == ("3", True, True)
    assert len({(one.clause, one.bound) for one in found}) == len(found)


def test_a_scheme_without_examples_tries_nothing() -> None:
    assert gaps(scheme() | {"examples": []}) == {"examples": "no example just reaches or just misses it. Add one."}


def test_the_days_of_the_window_move_with_the_list_of_the_year() -> None:
    body = next(one for one in SHIPPED_BODIES.schemes if one.key == "reimbursement_window")
    window = read_scheme(body, SHIPPED_WORDS)
    last = {one.key: one for one in window.parameters}["approved_until"]
    assert [value.value for day in (date(2024, 9, 30), date(2025, 9, 30)) if (value := last.on(day))] == [
        20240630,
        20250630,
    ]
