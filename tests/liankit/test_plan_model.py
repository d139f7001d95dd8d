"""A plan as a definition: every mistake is named with its place; what is open in it is found."""

from __future__ import annotations

from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.definitions import parse_body
from liankit.plan.lint import Here, clauses, coverage, is_clean, lint_plan
from liankit.plan.model import build_plan, read_plan
from liankit.process import DefinitionError

SHIPPED = files("liandesk.packs").joinpath("linping_biomed", "plans", "linping_biomed_2025.yaml")


def text(said: str) -> dict[str, str]:
    return {"zh": said, "en": said}


def body() -> dict[str, Any]:
    """One programme in full with a target and a measure, one missing, and a duty."""
    target = {
        "key": "listed",
        "indicator": "listed",
        "text": text("five listed companies"),
        "comparator": ">=",
        "value": 5,
        "unit": "company",
        "by": "2025-12-31",
        "counting": "cumulative",
        "binding": "unstated",
        "commitment": "plain",
        "baseline": {"value": 2, "on": "2020-12-31", "source": text("the register")},
        "path": [{"on": "2023-12-31", "value": 4}],
    }
    measure = {"key": "advise", "text": text("advise"), "executes": [{"kind": "process", "key": "advice"}]}
    whole = {
        "key": "listing",
        "number": 2,
        "numbered": "stated",
        "title": text("Listing"),
        "known": "full",
        "goal": text("more listed companies"),
        "units": [{"office": "development", "role": "lead"}, {"office": "economy", "role": "with"}],
        "targets": [target],
        "measures": [measure],
    }
    return {
        "key": "plan",
        "title": text("Plan"),
        "period": {"from": "2021-01-01", "to": "2025-12-31"},
        "source": text("a test"),
        "programmes": [whole, {"key": "gone", "number": 3, "numbered": "inferred", "known": "missing"}],
        "duties": [{"key": "land", "text": text("land"), "units": [{"office": "economy", "role": "lead"}]}],
    }


HERE = Here({"process": ("advice",), "indicator": ("listed",)}, {"listed": ("economy",)})


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the body with one thing replaced, "programmes.0.number"."""
    found: Any = (whole := deepcopy(body()))
    *way, last = path.split(".")
    for part in way:
        found = found[int(part) if part.isdecimal() else part]
    found[int(last) if last.isdecimal() else last] = value
    return whole


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("programmes.0.targets.0.comparater", ">=", "comparater", "Did you mean 'comparator'?"),
        ("programmes.0.targets.0.comparator", "=>", "comparator", "There are: >=, <=, >, <, =."),
        ("programmes.0.targets.0.value", "many", "value", "number"),
        ("programmes.0.targets.0.by", "2020-06-30", "targets.listing.listed.by", "before the plan begins"),
        ("programmes.0.targets.0.baseline.on", "2026-01-01", "baseline.on", "before the day it is due"),
        ("programmes.0.targets.0.path", [{"on": "2026-12-31", "value": 4}], "path", "end by 2025-12-31"),
        ("programmes.0.measures.0.key", "listed", "programmes.listing.listed", "stands 2 times"),
        ("programmes.0.key", "duties", "programmes.duties", "kept for the duties"),
        ("programmes.0.known", "missing", "programmes.listing.known", "yet has: title, goal, targets, measures"),
        ("programmes.0.goal", None, "programmes.listing.known", "say 'part'"),
        ("programmes.1.number", 2, "programmes.gone.number", "'listing' has the number 2 already"),
        ("programmes.1.number", None, "programmes.gone.number", "exactly a programme"),
        ("period.to", "2020-01-01", "period.to", "ends after it begins"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_to_do(path: str, value: object, where: str, said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        build_plan(changed(path, value), "plan.yaml")
    (fault, *_) = [one for one in refused.value.faults if where in one.where]
    assert said in str(fault)
    assert str(refused.value).startswith("plan.yaml: ")


def test_every_mistake_is_named_at_once() -> None:
    wrong = changed("programmes.1.number", 2)
    wrong["period"]["to"] = "2020-01-01"
    with pytest.raises(DefinitionError) as refused:
        build_plan(wrong, "plan.yaml")
    assert len(refused.value.faults) >= 2


def test_parts_are_found_by_id_and_a_measure_without_units_is_its_programmes() -> None:
    plan = build_plan(body(), "plan.yaml")
    assert list(plan.targets) == ["listing.listed"]
    assert list(plan.clauses) == ["listing.advise", "duties.land"]
    assert [unit.office for unit in plan.units_of("listing.advise")] == ["development", "economy"]
    assert [unit.office for unit in plan.units_of("duties.land")] == ["economy"]
    assert plan.offices == ("development", "economy")


def codes(plan_body: dict[str, Any], here: Here = HERE) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in lint_plan(build_plan(plan_body, "plan.yaml"), here)}


BEFORE = {("plan_programme_missing", "gone"), ("plan_uncovered_duty", "duties.land")}


def test_a_plan_that_says_everything_has_no_finding_but_what_is_missing() -> None:
    assert codes(body()) == BEFORE


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        ("programmes.0.targets.0.baseline", {}, "plan_no_baseline", "listing.listed"),
        ("programmes.0.targets.0.baseline.source", None, "plan_no_source", "listing.listed"),
        ("programmes.0.targets.0.path", [], "plan_no_path", "listing.listed"),
        ("programmes.0.targets.0.indicator", None, "plan_uncovered_target", "listing.listed"),
        ("programmes.0.targets.0.indicator", "liste", "plan_misspelt_binding", "listing.listed"),
        ("programmes.0.targets", [], "plan_goal_without_target", "listing"),
        ("programmes.0.measures.0.executes", [], "plan_uncovered_measure", "listing.advise"),
        ("programmes.0.measures.0.executes.0.key", "gardening", "plan_dead_binding", "listing.advise"),
        ("programmes.0.units.1.role", "lead", "plan_two_leads", "listing"),
        ("programmes.0.units.0.role", "with", "plan_no_lead", "listing"),
        ("programmes.0.units.0.role", "presumed_lead", "plan_presumed_lead", "listing"),
        ("programmes.0.units.1.office", "development", "plan_named_twice", "listing"),
        ("programmes.0.units", [], "plan_no_owner", "listing"),
        ("programmes.0.known", "part", "plan_programme_part", "listing"),
        ("duties.0.units", [], "plan_no_owner", "duties.land"),
    ],
)
def test_what_is_left_open_or_wrong_is_found_where_it_is(path: str, value: object, code: str, where: str) -> None:
    assert codes(changed(path, value)) - BEFORE == {(code, where)}


def test_an_indicator_to_which_nobody_contributes_is_found() -> None:
    alone = Here(HERE.things, {"listed": ()})
    assert codes(body(), alone) - BEFORE == {("plan_no_contributors", "listing.listed")}


def test_what_cannot_be_looked_up_is_not_called_dead() -> None:
    assert codes(body(), Here()) == BEFORE


def test_only_a_fault_fails_a_check_that_is_not_strict() -> None:
    gaps = lint_plan(build_plan(body(), "plan.yaml"), HERE)
    assert gaps and is_clean(gaps, is_strict=False) and not is_clean(gaps, is_strict=True)
    dead = changed("programmes.0.measures.0.executes.0.key", "gardening")
    faults = lint_plan(build_plan(dead, "plan.yaml"), HERE)
    assert not is_clean(faults, is_strict=False)
    assert faults[0].severity == "fault"


@given(
    bound=st.lists(st.sampled_from(["advice", "gone", "elsewhere"]), max_size=3),
    here=st.sets(st.sampled_from(["advice", "elsewhere"])),
)
def test_a_clause_is_covered_exactly_when_something_that_is_here_executes_it(bound: list[str], here: set[str]) -> None:
    executes = [{"kind": "process", "key": key} for key in bound]
    plan = build_plan(changed("programmes.0.measures.0.executes", executes), "plan.yaml")
    found = {clause.id: clause for clause in clauses(plan, Here({"process": here, "indicator": ("listed",)}))}
    assert found["listing.advise"].is_covered == bool(set(bound) & here)
    assert len(found["listing.advise"].bindings) + len(found["listing.advise"].dead) == len(bound)
    counted = coverage(plan, list(found.values()))
    assert sum(one.total for one in counted) == len(found)
    assert sum(one.covered for one in counted) == sum(clause.is_covered for clause in found.values())


def test_the_shipped_plan_shows_every_programme_and_says_what_is_missing() -> None:
    plan = read_plan(SHIPPED.read_text(encoding="utf-8"), "plan")
    programmes = [one for one in plan.programmes if one.number]
    assert [one.number for one in programmes] == [1, 2, 3, 4, 5, 6, 7]
    assert [one.known for one in programmes] == ["part", "full", "full", "missing", "missing", "full", "full"]
    chapters = plan.programmes[len(programmes) :]  # what stands outside the programmes has no number, goal or owner
    assert len(chapters) == 10 and all(one.title and one.measures for one in chapters)
    assert not any(one.number or one.goal or one.units or one.targets for one in chapters)
    assert {name: (target.value, target.unit) for name, target in plan.targets.items()} == {
        "listing.listed_companies": (5, "company"),
        "conversion.conversion_projects": (100, "project"),
    }
    assert plan.targets["listing.listed_companies"].baseline.value is None


def test_a_body_keeps_dates_as_text_and_on_as_a_key() -> None:
    assert parse_body("{on: 2024-09-30, off: no, is: true}") == {"on": "2024-09-30", "off": "no", "is": True}


def test_the_command_says_findings_and_fails_on_a_fault_only(tmp_path: Any) -> None:
    run = CliRunner().invoke
    command = ["plan", "lint", str(SHIPPED), "--language", "en"]
    found = run(main, command)
    assert found.exit_code == 0, found.output
    assert "gap: missing_4: The text does not have this programme (number 4)" in found.output
    assert "clauses covered" in found.output
    assert run(main, [*command, "--strict"]).exit_code == 1
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "challenge.yaml").write_text("key: challenge")
    dead = run(main, [*command, "--pack", str(tmp_path)])
    assert dead.exit_code == 1
    assert "fault: cooperation.risk_lists: It is bound to 'process/risk_entry', which is not here" in dead.output
