"""The shortest way up is a way, is the cheapest one there is, and says why where there is none."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.rules.coach import WAIT_EFFORT, Goal, Way, apply_way, shortest_way
from liankit.rules.coach_levers import outset
from liankit.rules.evaluate import grade
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.scheme import Scheme
from liankit.rules.versions import governing
from liankit.rules.vocabulary import Vocabulary

TODAY = date(2024, 9, 30)
NEXT_YEAR = date(2025, 1, 1)


def text(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def coded(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": text(key), **more}


def asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return coded(key, kind=kind, ask=text(key), **more)


VOCABULARY = Vocabulary.model_validate(
    coded(
        "trial",
        inputs=[
            asked("revenue", "yearly", unit="CNY", change={"effort": 4, "step": 100, "most": 3}),
            asked("rd", "yearly", unit="CNY", change={"effort": 1, "step": 2, "most": 8}),
            asked("niche", "yearly", unit="years", yearly_gain=1),
            asked("debt", "standing", unit="percent", change={"effort": 2, "step": -5, "most": 4}),
            asked("patents", "events", change={"effort": 3, "days": 40, "most": 3, "code": "class_one"}),
            asked("brand", "flag", change={"effort": 1.5, "days": 10}),
            asked("awards", "events", complete=True),
            asked("founded", "date"),
        ],
        quantities=[
            coded("rd_share", **{"is": "share(rd, revenue)"}, unit="percent"),
            coded("rd_share_each", **{"is": "least(share(rd, revenue), 2)"}, unit="percent"),
            coded("class_one", **{"is": 'count(patents, "class_one")'}),
            coded("age", **{"is": "years_since(founded)"}, unit="years"),
            coded("award", **{"is": 'count(awards, "national", years=3)'}),
        ],
    )
)


def scheme(clause: dict[str, Any], *, key: str = "grade", vetoes: tuple[Any, ...] = (), **more: Any) -> Scheme:
    body = {
        "grants": "grade",
        "family": "ladder",
        "level": "national",
        "about": text("trial"),
        "source": {"title": text("trial"), "confidence": "synthetic"},
        "applies": [{"application": "new"}],
        "clause": clause,
        "vetoes": list(vetoes),
    }
    return Scheme.model_validate(coded(key, **{**body, **more}))


def both(*parts: dict[str, Any]) -> dict[str, Any]:
    return coded("both", all=list(parts))


def fact(name: str, number: float | None = None, day: date | None = None, word: str | None = None) -> dict[str, Any]:
    return {"enterprise": "one", "input": name, "date": day, "until": None, "number": number, "text": word}


def yearly(name: str, **values: float) -> list[dict[str, Any]]:
    return [fact(name, value, date(int(year[1:]), 12, 31)) for year, value in values.items()]


def table(*facts: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(facts), schema=FACTS)


KNOWN = (
    *yearly("revenue", y2022=1000, y2023=1000),
    *yearly("rd", y2022=31, y2023=28),
    *yearly("niche", y2023=2),
    fact("debt", 62.0),
    fact("patents", None, date(2022, 5, 1), "class_one"),
    fact("brand", word="no"),
    fact("awards", None, date(2022, 3, 1), "national"),
    fact("founded", word="2019-11-15"),
)


def find(clause: dict[str, Any], *facts: dict[str, Any], days: int = 200, **more: Any) -> Way:
    goal = Goal("grade", TODAY, TODAY + timedelta(days=days))
    return shortest_way([scheme(clause, **more)], table(*(facts or KNOWN)), VOCABULARY, goal)


def test_one_more_patent_and_the_days_until_it_counts() -> None:
    way = find(coded("patents", quantity="class_one", at_least=2))
    assert [(step.input, step.steps) for step in way.steps] == [("patents", 1)]
    assert (way.wait, way.on) == (40, TODAY + timedelta(days=40))
    assert way.effort == pytest.approx(3 + 40 * WAIT_EFFORT)


def test_a_year_that_has_ended_is_not_mended_the_next_one_is() -> None:
    way = find(coded("rd", quantity="rd_share", at_least=3))
    assert (way.on, [(step.before, step.after) for step in way.steps]) == (NEXT_YEAR, [(28.0, 30.0)])
    assert find(coded("rd", quantity="rd_share", at_least=3), days=60).blocked == ("rd",)
    assert find(coded("rd", quantity="rd_share_each", at_least=3)).blocked == ("rd",)


def test_waiting_is_a_way_where_time_alone_does_it() -> None:
    aged = find(coded("age", quantity="age", at_least=5))
    assert (aged.on, aged.steps) == (date(2024, 11, 15), ())
    assert find(coded("niche", quantity="niche", at_least=3)).on == NEXT_YEAR


def test_what_holds_today_needs_nothing() -> None:
    way = find(coded("debt", quantity="debt", at_most=62))
    assert (way.on, way.steps, way.effort) == (TODAY, (), 0.0)


def test_what_is_brought_down_is_brought_down() -> None:
    way = find(coded("debt", quantity="debt", at_most=55))
    assert [(step.before, step.after, step.steps) for step in way.steps] == [(62.0, 52.0, 2)]


def test_the_cheaper_of_two_routes_is_taken_and_a_score_is_filled_where_it_costs_least() -> None:
    routes = coded(
        "routes", any=[coded("p", quantity="class_one", at_least=2), coded("b", quantity="brand", **{"is": True})]
    )
    assert [step.input for step in find(routes).steps] == ["brand"]
    score = coded(
        "score",
        at_least=30,
        score=[
            coded("debt", quantity="debt", at_most=[{"bound": 50, "points": 20}, {"bound": 60, "points": 10}]),
            coded("patents", quantity="class_one", at_least=[{"bound": 3, "points": 20}, {"bound": 1, "points": 10}]),
            coded("brand", first=[{"when": coded("own", quantity="brand", **{"is": True}), "points": 10}]),
        ],
    )
    assert {step.input: step.steps for step in find(score).steps} == {"debt": 1, "brand": 1}


def test_a_clause_on_two_inputs_is_met_with_both_in_sight() -> None:
    grown = both(coded("size", quantity="revenue", at_least=1200), coded("rd", quantity="rd_share", at_least=3))
    way = find(grown)
    assert {step.input: step.after for step in way.steps} == {"revenue": 1200.0, "rd": 36.0}


def test_what_runs_out_meanwhile_is_not_counted_on() -> None:
    kept = both(coded("award", quantity="award", at_least=1), coded("p", quantity="class_one", at_least=2))
    assert find(kept).on == TODAY + timedelta(days=40)
    late = both(coded("award", quantity="award", at_least=1), coded("rd", quantity="rd_share", at_least=3))
    assert find(late).on == NEXT_YEAR
    assert find(late, *(one for one in KNOWN if one["input"] != "awards"), days=400).blocked == ("award",)


def test_an_unknown_input_is_asked_for_only_where_no_way_leads_without_it() -> None:
    without = [one for one in KNOWN if one["input"] != "debt"]
    routes = coded(
        "routes", any=[coded("d", quantity="debt", at_most=70), coded("b", quantity="brand", **{"is": True})]
    )
    assert find(routes, *without).questions == ()
    way = find(both(coded("d", quantity="debt", at_most=70), coded("b", quantity="brand", **{"is": True})), *without)
    assert (way.questions, [step.input for step in way.steps]) == (("debt",), ["brand"])


def test_an_enterprise_of_which_nothing_is_known_is_asked() -> None:
    way = find(coded("d", quantity="debt", at_most=70), fact("elsewhere", 1.0))
    assert (way.questions, way.on) == (("debt",), TODAY)


def test_a_veto_has_to_be_refused() -> None:
    veto = coded("indebted", quantity="debt", more_than=60)
    way = find(coded("brand", quantity="brand", **{"is": True}), vetoes=(veto,))
    assert {step.input for step in way.steps} == {"brand", "debt"}


def test_the_version_of_the_day_of_application_decides() -> None:
    old = scheme(coded("p", quantity="class_one", at_least=3), key="old", applies=[{"to": "2024-10-31"}])
    new = scheme(coded("p", quantity="class_one", at_least=1), key="new", applies=[{"from": "2024-11-01"}])
    goal = Goal("grade", TODAY, date(2025, 6, 30))
    way = shortest_way([old, new], table(*KNOWN), VOCABULARY, goal)
    assert (way.scheme, way.on, way.steps) == ("new", date(2024, 11, 1), ())


def test_a_single_clause_can_be_the_goal_and_a_wrong_name_is_told_the_nearest() -> None:
    rules = [scheme(both(coded("debt", quantity="debt", at_most=60), coded("rd", quantity="rd_share", at_least=9)))]
    goal = Goal("grade", TODAY, NEXT_YEAR, clause="debt")
    assert [step.input for step in shortest_way(rules, table(*KNOWN), VOCABULARY, goal).steps] == ["debt"]
    with pytest.raises(UserError, match="Did you mean 'grade'"):
        shortest_way(rules, table(*KNOWN), VOCABULARY, Goal("grad", TODAY, NEXT_YEAR))
    with pytest.raises(UserError, match="Did you mean 'debt'"):
        shortest_way(rules, table(*KNOWN), VOCABULARY, Goal("grade", TODAY, NEXT_YEAR, clause="dept"))


_WAYS = ("at_least", "at_most")
_LEAVES = st.one_of(
    st.builds(lambda b: coded("rd", quantity="rd_share", at_least=b), st.sampled_from([2.5, 2.9, 3.0, 3.4, 4.1])),
    st.builds(lambda b: coded("size", quantity="revenue", at_least=b), st.sampled_from([1000.0, 1050.0, 1250.0])),
    st.builds(lambda b: coded("debt", quantity="debt", at_most=b), st.sampled_from([40.0, 47.0, 60.0])),
    st.builds(lambda b: coded("p", quantity="class_one", at_least=b), st.sampled_from([1.0, 2.0, 3.0])),
    st.just(coded("b", quantity="brand", **{"is": True})),
    st.builds(lambda b: coded("age", quantity="age", at_least=b), st.sampled_from([4.0, 5.0])),
    st.just(coded("award", quantity="award", at_least=1)),
)


def _numbered(clause: dict[str, Any], prefix: str = "c") -> dict[str, Any]:
    """Give every clause a key of its own."""
    parts = {
        form: [_numbered(part, f"{prefix}_{at}") for at, part in enumerate(clause[form])]
        for form in ("all", "any", "of")
        if form in clause
    }
    return {**clause, "key": prefix, **parts}


def _joined(parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda of: coded("x", all=of), several),
        st.builds(lambda of: coded("x", any=of), several),
        st.builds(lambda of: coded("x", of=of, at_least_of=2), several),
    )


@settings(deadline=None, max_examples=25)
@given(st.recursive(_LEAVES, _joined, max_leaves=5).map(_numbered), st.sampled_from([20, 60, 120]))
def test_no_way_is_cheaper_by_brute_force(clause: dict[str, Any], days: int) -> None:
    rules, goal = [scheme(clause)], Goal("grade", TODAY, TODAY + timedelta(days=days))
    way = shortest_way(rules, table(*KNOWN), VOCABULARY, goal)
    cheapest = min(_by_force(rules, goal), default=None)
    assert (way.on is None) == (cheapest is None)
    if way.on and cheapest is not None:
        assert way.effort == pytest.approx(cheapest)
        after = apply_way(way, table(*KNOWN), VOCABULARY)
        assert grade(rules, build_panel(after, VOCABULARY, way.on))[0].outcome.tolist() == [1]


def _by_force(rules: list[Scheme], goal: Goal) -> list[float]:
    """Try every combination of steps on every twentieth day, and on the days that are known to matter."""
    days = {goal.on + timedelta(days=n) for n in range(0, (goal.by - goal.on).days + 1, 20)}
    days |= {date(2024, 10, 10), date(2024, 11, 15), date(2024, 11, 16), NEXT_YEAR}
    found = []
    for day in sorted(day for day in days if goal.on <= day <= goal.by):
        start = outset(table(*KNOWN), VOCABULARY, goal.on, day)
        steps = np.array(list(product(*(range(one.most + 1) for one in start.levers))), dtype=np.int64)
        panel = build_panel(start.varied(steps), VOCABULARY, day)
        met = grade([governing(rules, "grade", "new", day)], panel)[0].outcome == 1
        efforts = steps[met] @ np.array([one.change.effort for one in start.levers])
        found += [float(efforts.min()) + WAIT_EFFORT * (day - goal.on).days] if met.any() else []
    return found


def test_the_command_tells_the_way_and_what_blocks_it(tmp_path: Path) -> None:
    lines = [
        "enterprise,input,date,until,number,text",
        "A,class_one_patents,,,3,",
        "A,rd_expense_cny,2023-12-31,,1450000,",
    ]
    lines += [f"A,revenue_cny,{year}-12-31,,{revenue}," for year, revenue in ((2022, 48_000_000), (2023, 50_000_000))]
    table_file = tmp_path / "facts.csv"
    table_file.write_text("\n".join(lines), encoding="utf-8")
    asked = ["rules", "coach", "specialised_sme", str(table_file), "A", "--clause", "rd_share", "--on", "2024-09-30"]
    found = CliRunner().invoke(main, [*asked, "--by", "2025-03-31"])
    assert found.exit_code == 0, found.output
    assert "Apply on 2025-01-01, in 93 days, under specialised_sme_2022" in found.output
    assert "rd_expense_cny: from 1,450,000 to 1,550,000 CNY" in found.output
    early = CliRunner().invoke(main, [*asked, "--by", "2024-12-31"])
    assert early.exit_code == 1 and "makes these hold: rd_share" in early.output
