"""Facts of a day become arrays: what is later counts for nothing, of two lines the later counts, unknown stays so."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from tests.liankit.rules_cases import ON, VOCABULARY, coded, fact, scheme_of, table

from liankit.rules.evaluate import grade
from liankit.rules.panel import Panel, build_panel
from liankit.rules.quantities import value_of


def panel_of(*facts: dict[str, object], on: date = ON) -> Panel:
    return build_panel(table(*facts), VOCABULARY, on)


def value(name: str, *facts: dict[str, object], on: date = ON) -> float | None:
    found = float(value_of(panel_of(*facts, on=on), name)[0])
    return None if np.isnan(found) else found


def test_what_is_dated_after_the_day_is_not_known_yet() -> None:
    later = fact("a", "staff", 9.0, date(2024, 10, 1))
    assert value("staff", fact("a", "staff", 5.0, date(2024, 9, 30)), later) == 5
    assert value("staff", later) is None
    assert value("staff", later, on=date(2024, 10, 1)) == 9


def test_of_two_lines_the_later_counts_and_an_undated_one_is_older_than_any() -> None:
    lines = [
        fact("a", "staff", 5.0, date(2023, 5, 1)),
        fact("a", "staff", 4.0),
        fact("a", "staff", 3.0, date(2022, 5, 1)),
    ]
    assert value("staff", *lines) == 5
    assert value("staff", fact("a", "staff", 4.0), fact("a", "staff", 6.0)) == 6


def test_last_year_is_the_last_calendar_year_that_has_ended() -> None:
    lines = [fact("a", "revenue", year, date(int(year), 12, 31)) for year in (2022.0, 2023.0)]
    this_year = fact("a", "revenue", 2024.0, date(2024, 8, 1))
    assert value("revenue", *lines, this_year) == 2023
    assert value("revenue", *lines, this_year, on=date(2025, 1, 1)) == 2024
    assert value("revenue", *lines, on=date(2023, 12, 31)) == 2022
    assert value("revenue", lines[0]) is None


def test_a_list_of_events_is_unknown_until_a_line_speaks_of_it_unless_it_is_complete() -> None:
    other = fact("a", "staff", 1.0)
    assert value("class_one", other) is None
    assert value("class_one", fact("a", "patents", word="none")) == 0
    assert value("class_one", fact("a", "patents", word="two")) == 0
    assert value("titled", other) == 0


def test_the_day_of_founding_is_a_text_or_the_day_of_the_line() -> None:
    assert value("days", fact("a", "founded", word="2024-09-20")) == 10
    assert value("days", fact("a", "founded", day=date(2024, 9, 25))) == 5
    assert value("days", fact("a", "founded", word="long ago")) is None


def test_the_enterprises_may_be_named_and_those_without_facts_are_unknown() -> None:
    facts = table(fact("b", "staff", 1.0), fact("a", "staff", 2.0), fact("z", "staff", 3.0))
    panel = build_panel(facts, VOCABULARY, ON, enterprises=pl.Series(["a", "x", "b"]))
    assert panel.enterprises.to_list() == ["a", "x", "b"]
    np.testing.assert_array_equal(value_of(panel, "staff"), [2, np.nan, 1])


def test_an_input_that_the_vocabulary_does_not_name_is_left_out() -> None:
    assert value("staff", fact("a", "moon", 5.0), fact("a", "staff", 2.0)) == 2


def test_tables_of_more_codes_than_a_byte_holds_are_told_apart() -> None:
    codes = [f"code_{at}" for at in range(700)]
    facts = [fact(f"E{at}", "group", word=code) for at, code in enumerate(codes)]
    facts += [fact(f"E{at}", "patents", word=code) for at, code in enumerate(codes)]
    clause = coded("x", quantity="group", one_of=["code_3", "code_259", "code_515"])
    graded = grade([scheme_of(clause)], panel_of(*facts))[0]
    assert np.flatnonzero(graded.outcome == 1).tolist() == [3, 259, 515]
    high = [fact(f"H{at}", "patents", word=f"high_{at}") for at in range(300)]
    assert value_of(panel_of(*facts, *high), "class_one").sum() == 300


def test_nobody_at_all_is_graded_without_a_stumble() -> None:
    panel = panel_of()
    assert len(panel) == 0
    assert grade([scheme_of(coded("x", quantity="rd_share", at_least=3))], panel)[0].outcome.size == 0
