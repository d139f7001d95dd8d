"""Schemes are judged as the plain reference judges them: three values, points as intervals, bounds of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.rules_cases import (
    CLAUSES,
    FORMULAS,
    ON,
    PARAMETERS,
    SCHEMES,
    VOCABULARY,
    coded,
    fact,
    facts_of_several,
    scheme_of,
    table,
    text,
)
from tests.liankit.rules_reference import Enterprise, Ruling

from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Item, Scheme, Score, nodes_of, sources_of
from liankit.rules.versions import governing, in_force
from liankit.texts import render

HELD = {True: 1, False: 0, None: -1}
INPUTS = {one.key: one for one in VOCABULARY.inputs}


def judge(clause: dict[str, Any], *facts: dict[str, Any], on: date = ON, **more: Any) -> Grades:
    """Grade the enterprises of some facts by a scheme of one clause."""
    return grade([scheme_of(clause, **more)], build_panel(table(*facts), VOCABULARY, on))[0]


def outcome(clause: dict[str, Any], *facts: dict[str, Any], **more: Any) -> int:
    return int(judge(clause, *facts, **more).outcome[0])


def ruled(scheme: Scheme, facts: pl.DataFrame) -> list[Ruling]:
    by_enterprise = facts.partition_by("enterprise", maintain_order=True)
    return [Ruling(scheme, Enterprise(part.to_dicts(), INPUTS, FORMULAS, ON)) for part in by_enterprise]


@settings(deadline=None, max_examples=20)
@given(st.lists(SCHEMES, min_size=1, max_size=3), facts_of_several())
def test_it_is_equal_to_the_plain_reference(schemes: list[Scheme], facts: pl.DataFrame) -> None:
    panel = build_panel(facts, VOCABULARY, ON)
    for graded, short in zip(grade(schemes, panel), grade(schemes, panel, with_reasons=False), strict=True):
        plain = ruled(graded.scheme, facts)
        assert graded.outcome.tolist() == short.outcome.tolist() == [HELD[one.outcome] for one in plain]
        assert [judged.node for judged in graded.clauses] == list(nodes_of(graded.scheme))
        for row, ruling in enumerate(plain):
            for judged, (key, found) in zip(graded.clauses, ruling.told, strict=True):
                if isinstance(judged.node, Item):
                    assert (judged.low[row], judged.high[row]) == pytest.approx(found), key
                else:
                    assert judged.holds[row] == HELD[found], key


@settings(deadline=None, max_examples=15)
@given(SCHEMES, facts_of_several(), st.randoms())
def test_the_order_of_enterprises_and_lines_changes_nothing(scheme: Scheme, facts: pl.DataFrame, random: Any) -> None:
    names = facts["enterprise"].unique(maintain_order=True).to_list()
    mixed = random.sample(names, len(names))
    moved = pl.concat([facts.filter(enterprise=name) for name in mixed])
    before, after = (grade([scheme], build_panel(lines, VOCABULARY, ON))[0] for lines in (facts, moved))
    places = [mixed.index(name) for name in names]
    assert before.outcome.tolist() == after.outcome[places].tolist()


@settings(deadline=None, max_examples=15)
@given(CLAUSES, facts_of_several(), st.sampled_from(["staff", "brand", "founded", "group"]))
def test_what_is_decided_stays_so_whatever_an_unknown_answer_is(
    clause: dict[str, Any], facts: pl.DataFrame, name: str
) -> None:
    scheme = scheme_of(clause, parameters=PARAMETERS)
    unknown = facts.filter(pl.col("input") != name, pl.col("enterprise") == "E0")
    before = grade([scheme], build_panel(unknown, VOCABULARY, ON))
    answers = {"staff": (7.0, None), "brand": (None, "yes"), "founded": (None, "2020-02-29"), "group": (None, "drugs")}
    number, word = answers[name]
    known = pl.concat([unknown, table(fact("E0", name, number, word=word))])
    after = grade([scheme], build_panel(known, VOCABULARY, ON))[0]
    if before[0].outcome.size and before[0].outcome[0] >= 0:
        assert after.outcome[0] == before[0].outcome[0]


@pytest.mark.parametrize(
    ("way", "met"),
    [("at_least", [0, 1, 1]), ("more_than", [0, 0, 1]), ("at_most", [1, 1, 0]), ("less_than", [1, 0, 0])],
)
def test_bounds_are_inclusive_where_they_say_so(way: str, met: list[int]) -> None:
    facts = [fact(name, "staff", number) for name, number in (("a", 6.99), ("b", 7.0), ("c", 7.01))]
    assert judge(coded("x", quantity="staff", **{way: 7}), *facts).outcome.tolist() == met


@pytest.mark.parametrize(
    ("quantity", "bound", "years"),
    [
        ("growth_last", 15, {2022: 100.0, 2023: 115.0}),
        ("revenue_rate", 5, {2021: 100.0, 2022: 90.0, 2023: 110.25}),
        ("growth_mean", 8, {2021: 30.0, 2022: 32.1, 2023: 34.989}),
    ],
)
def test_what_lies_exactly_on_a_bound_reaches_it(quantity: str, bound: float, years: dict[int, float]) -> None:
    facts = [fact("a", "revenue", number, date(year, 12, 31)) for year, number in years.items()]
    assert outcome(coded("x", quantity=quantity, at_least=bound), *facts) == 1
    assert outcome(coded("x", quantity=quantity, more_than=bound), *facts) == 0


def test_every_percent_of_a_hundred_reaches_itself() -> None:
    for percent in range(101):
        facts = [fact("a", "rd", percent, date(2023, 12, 31)), fact("a", "revenue", 100, date(2023, 12, 31))]
        assert outcome(coded("x", quantity="rd_share", at_least=percent), *facts) == 1


KNOWN_NO = coded("no", quantity="staff", at_least=99)
KNOWN_YES = coded("yes", quantity="staff", at_least=1)
OPEN = coded("open", quantity="rd", at_least=1)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ({"all": [KNOWN_YES, OPEN]}, -1),
        ({"all": [KNOWN_NO, OPEN]}, 0),
        ({"any": [KNOWN_YES, OPEN]}, 1),
        ({"any": [KNOWN_NO, OPEN]}, -1),
        ({"at_least_of": 2, "of": [KNOWN_YES, KNOWN_YES, OPEN]}, 1),
        ({"at_least_of": 2, "of": [KNOWN_YES, KNOWN_NO, OPEN]}, -1),
        ({"at_least_of": 2, "of": [KNOWN_NO, KNOWN_NO, OPEN]}, 0),
    ],
)
def test_unknown_is_carried_up_only_where_it_decides(clause: dict[str, Any], expected: int) -> None:
    assert outcome(coded("x", **clause), fact("a", "staff", 10.0)) == expected


def scored(at_least: float) -> dict[str, Any]:
    """Return a score table: 20 or 10 points by staff, and up to 15 by research expense, which is not known."""
    bands = [{"bound": 50, "points": 20}, {"bound": 10, "points": 10}]
    items = [coded("staff", quantity="staff", at_least=bands)]
    items.append(coded("rd", quantity="rd", at_least=[{"bound": 1, "points": 15}, {"bound": 0.5, "points": 5}]))
    return coded("score", score=items, at_least=at_least)


@pytest.mark.parametrize(("bound", "expected"), [(10, 1), (10.5, -1), (25, -1), (25.5, 0)])
def test_an_unknown_item_is_worth_anything_between_its_least_and_most(bound: float, expected: int) -> None:
    graded = judge(scored(bound), fact("a", "staff", 10.0))
    score = graded.clauses[0]
    assert isinstance(score.node, Score)
    assert (score.low[0], score.high[0], graded.outcome[0]) == (10.0, 25.0, expected)


def test_the_edge_of_two_bands_earns_the_better_one() -> None:
    found = {
        staff: judge(scored(0), fact("a", "staff", staff)).clauses[1].low[0] for staff in (9.99, 10.0, 49.99, 50.0)
    }
    assert found == {9.99: 0, 10.0: 10, 49.99: 10, 50.0: 20}


def test_of_first_cases_an_unknown_one_leaves_the_next_open() -> None:
    cases = [{"when": OPEN, "points": 3}, {"when": KNOWN_YES, "points": 5}, {"when": KNOWN_NO, "points": 9}]
    item = judge(coded("x", score=[coded("i", first=cases)], at_least=5), fact("a", "staff", 10.0)).clauses[1]
    assert (item.low[0], item.high[0]) == (3, 5)


def test_a_veto_refuses_and_an_open_veto_leaves_it_open() -> None:
    for veto, expected in ((KNOWN_YES, 0), (KNOWN_NO, 1), (OPEN, -1)):
        assert outcome(KNOWN_YES, fact("a", "staff", 10.0), vetoes=[veto]) == expected


def test_a_parameter_is_that_of_the_day_and_without_one_the_clause_is_open() -> None:
    facts = [fact("a", "staff", 6.0)]
    found = [
        outcome(coded("x", quantity="staff", at_least=key), *facts, on=day, parameters=PARAMETERS)
        for key, day in (("dated", date(2023, 12, 31)), ("dated", date(2024, 1, 1)), ("lapsed", date(2024, 1, 1)))
    ]
    assert found == [1, 0, -1]


def test_a_change_with_effect_next_year_leaves_today_as_it_was() -> None:
    facts, clause = [fact("a", "staff", 6.0)], coded("x", quantity="staff", at_least="size")
    old = [coded("size", values=[{"value": 5}])]
    new = [coded("size", values=[{"value": 5, "to": "2024-12-31"}, {"value": 7, "from": "2025-01-01"}])]
    for day, expected in ((ON, 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 0)):
        assert outcome(clause, *facts, on=day, parameters=new) == expected
        assert outcome(clause, *facts, on=day, parameters=old) == 1


def test_each_clause_has_its_reason_with_value_bound_and_a_text_in_both_languages() -> None:
    graded = judge(coded("whole", all=[KNOWN_YES, OPEN, scored(12)]), fact("a", "staff", 10.0))
    reasons = graded.reasons(0)
    assert [(one.params["clause"], one.holds) for one in reasons] == [
        ("whole", None), ("yes", True), ("open", None), ("score", None), ("staff", True), ("rd", None),
    ]  # fmt: skip
    assert (reasons[1].value_low, reasons[1].threshold, reasons[1].source) == (10.0, 1.0, "5")
    assert (reasons[3].value_low, reasons[3].value_high, reasons[3].threshold) == (10.0, 25.0, 12.0)
    for one in reasons:
        assert render(one.code, one.params, "zh") and render(one.code, one.params, "en")


def test_a_part_of_a_clause_has_the_source_of_the_clause() -> None:
    guessed = {"title": text("notice"), "clause": "7", "confidence": "recalled_low"}
    clause = coded("whole", all=[KNOWN_YES, coded("group", any=[OPEN], source=guessed)])
    graded = judge(clause, fact("a", "staff", 10.0))
    assert [one.source for one in graded.reasons(0)] == ["5", "5", "7", "7"]
    assert sources_of(graded.scheme)["open"].confidence == "recalled_low"


def test_the_table_of_reasons_says_what_each_reason_says() -> None:
    facts = [fact("a", "staff", 10.0), fact("b", "staff", 99.0), fact("c", "rd", 2.0, date(2023, 12, 31))]
    graded = judge(coded("whole", all=[KNOWN_YES, OPEN, scored(12)]), *facts)
    lines = graded.table()
    assert lines.height == 3 * len(graded.clauses)
    for row in range(3):
        told = lines.filter(row=row).sort("clause")
        reasons = graded.reasons(row)
        assert told["low"].to_list() == [one.value_low for one in reasons]
        assert told["high"].to_list() == [one.value_high for one in reasons]


_MORE = st.sampled_from(["rd", "staff", "revenue_mean", "rd_sum", "class_one", "size"])
_RISING = st.builds(
    lambda key, bound: coded("x", quantity=key, at_least=bound), _MORE, st.sampled_from([1.0, 7.0, 29.0, 100.0])
)


@settings(deadline=None, max_examples=15)
@given(
    st.recursive(_RISING, lambda parts: st.one_of(
        st.builds(lambda of: coded("x", all=of), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: coded("x", any=of), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: coded("x", of=of, at_least_of=1), st.lists(parts, min_size=1, max_size=3)),
    ), max_leaves=6),
    facts_of_several(),
)  # fmt: skip
def test_more_of_what_counts_upward_never_loses_a_clause(clause: dict[str, Any], facts: pl.DataFrame) -> None:
    more = facts.with_columns(
        number=pl.when(pl.col("input").is_in(["rd", "staff", "revenue"])).then(pl.col("number") + 5).otherwise("number")
    )
    another = table(*(fact(f"E{at}", "patents", word="one") for at in range(4)))
    lines = (facts, pl.concat([more, another]))
    before, after = (grade([scheme_of(clause)], build_panel(one, VOCABULARY, ON))[0] for one in lines)
    for earlier, later in zip(before.clauses, after.clauses, strict=True):
        assert not np.any((earlier.holds == 1) & (later.holds != 1))


def test_the_version_of_the_kind_of_application_and_the_day_governs() -> None:
    old = scheme_of(
        KNOWN_YES, key="old", applies=[{"to": "2026-03-31"}, {"application": "recheck", "to": "2026-12-31"}]
    )
    new = scheme_of(
        KNOWN_YES, key="new", applies=[{"from": "2026-04-01"}, {"application": "recheck", "from": "2027-01-01"}]
    )
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 1)]
    for application, expected in (("new", ["old", "new", "new", "new"]), ("recheck", ["old", "old", "old", "new"])):
        found = [governing([old, new], "grade", application, day) for day in days]
        assert [one and one.key for one in found] == expected
    assert [one.key for one in in_force([old, new], "new", days[1])] == ["new"]
    assert governing([new], "grade", "new", days[0]) is None
