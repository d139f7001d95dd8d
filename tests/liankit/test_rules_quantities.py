"""Quantities worked by hand: growth, windows, anniversaries, codes; and formulas that cannot be read."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.liankit.rules_cases import ON, VOCABULARY, coded, fact, table

from liankit.rules.formulas import Binary, Call, FormulaError, Name, Number, parse_formula
from liankit.rules.panel import build_panel
from liankit.rules.quantities import value_of
from liankit.rules.vocabulary import Quantity


def value(formula: str, *facts: dict[str, object], on: date = ON) -> float | None:
    """Return the value of a formula for one enterprise; None where it is unknown."""
    quantity = Quantity.model_validate(coded("asked", **{"is": formula}))
    vocabulary = VOCABULARY.model_copy(update={"quantities": (*VOCABULARY.quantities, quantity)})
    facts = facts or (fact("a", "staff"),)
    found = float(value_of(build_panel(table(*facts), vocabulary, on), "asked")[0])
    return None if np.isnan(found) else found


def years(name: str, **values: float) -> list[dict[str, object]]:
    return [fact("a", name, value, date(int(year[1:]), 12, 31)) for year, value in values.items()]


REVENUE = years("revenue", y2020=50, y2021=80, y2022=100, y2023=125)
RD = years("rd", y2021=8, y2022=3, y2023=5)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("last(revenue)", 125),
        ("revenue", 125),
        ("before(revenue)", 100),
        ("sum(revenue, 3)", 305),
        ("mean(rd, 2)", 4),
        ("least(share(rd, revenue), 3)", 3),
        ("most(share(rd, revenue), 3)", 10),
        ("ratio(rd, revenue)", 0.04),
        ("sum(rd, 3) / sum(revenue, 3) * 100", 16 / 305 * 100),
        ("cagr(revenue, 2)", 25),
        ("growth(revenue)", 25),
        ("growth(revenue, 3)", (60 + 25 + 25) / 3),
        ("rises(revenue, 3)", 1),
        ("rises(rd, 2)", 0),
        ("-2 + 3 * (rd - 1)", 10),
        ("sum(rd, 4)", None),
        ("cagr(rd, 3)", None),
        ("rd / (rd - 5)", None),
        ("either(staff, rd)", 5),
    ],
)
def test_formulas_over_years(formula: str, expected: float | None) -> None:
    assert value(formula, *REVENUE, *RD) == pytest.approx(expected)


def test_growth_from_nothing_or_from_a_loss_is_unknown() -> None:
    for base in (0, -10):
        lines = years("revenue", y2021=base, y2022=base, y2023=5)
        assert value("growth(revenue)", *lines) is None
        assert value("cagr(revenue, 2)", *lines) is None


ROUNDS = [
    fact("a", "titles", 10.0, date(2021, 9, 30), word="round"),  # three years before the day, so outside
    fact("a", "titles", 20.0, date(2021, 10, 1), word="round"),
    fact("a", "titles", 40.0, date(2024, 9, 30), word="round"),
    fact("a", "titles", 80.0, date(2024, 10, 1), word="round"),  # not yet
    fact("a", "titles", 160.0, date(2023, 1, 1), word="round", until=date(2024, 9, 29)),  # over
    fact("a", "titles", 320.0, date(2023, 1, 1), word="high_one", until=date(2024, 9, 30)),
]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('amount(titles, "round", years=3)', 60),
        ('amount(titles, "round")', 70),
        ('count(titles, "round", years=3)', 2),
        ("count(titles)", 4),
        ('count(titles, "high_*", "round", years=3)', 3),
        ('holds(titles, "high_*")', 1),
        ('holds(titles, "low_*")', 0),
    ],
)
def test_events_count_in_their_window_and_while_they_last(formula: str, expected: float) -> None:
    assert value(formula, *ROUNDS) == expected


def test_an_event_without_a_day_or_a_code_leaves_open_what_rests_on_it() -> None:
    undated = fact("a", "titles", 5.0, None, word="round")
    nameless = fact("a", "titles", 5.0, date(2024, 1, 1))
    for one, asked in ((undated, ", years=3"), (nameless, ', "round"')):
        assert value(f"count(titles{asked})", one) is None
        assert value(f"amount(titles{asked})", one) is None
        assert value(f"holds(titles{asked})", one) is None
        assert value(f"holds(titles{asked})", one, ROUNDS[2]) == 1
        assert value("count(titles)", one) == 1
    assert value('count(titles, "high_*", years=3)', undated) == 0


def test_one_year_without_growth_settles_that_it_did_not_grow_in_each() -> None:
    assert value("rises(revenue, 3)", *years("revenue", y2022=100, y2023=90)) == 0
    assert value("rises(revenue, 3)", *years("revenue", y2022=100, y2023=110)) is None


def test_an_amount_with_an_unknown_part_is_unknown() -> None:
    assert value('amount(titles, "round")', *ROUNDS, fact("a", "titles", None, date(2024, 1, 1), word="round")) is None


@pytest.mark.parametrize(
    ("founded", "on", "expected"),
    [
        ("2019-09-30", ON, 5),
        ("2019-10-01", ON, 4 + 365 / 366),
        ("2020-02-29", date(2021, 3, 1), 1 + 1 / 365),
        ("2020-02-29", date(2024, 2, 29), 4),
        ("2020-02-29", date(2021, 2, 28), 1),
        ("2020-02-29", date(2021, 2, 27), 364 / 365),
    ],
)
def test_years_are_whole_on_anniversaries(founded: str, on: date, expected: float) -> None:
    assert value("years_since(founded)", fact("a", "founded", word=founded), on=on) == pytest.approx(
        expected, abs=1e-12
    )


@pytest.mark.parametrize(
    ("founded", "on", "expected"),
    [
        ("2024-01-01", date(2024, 7, 1), 6),  # half a year of days would be a day later
        ("2024-01-01", date(2024, 6, 30), 5 + 29 / 30),
        ("2023-08-31", date(2024, 2, 29), 6),
        ("2023-08-31", date(2024, 2, 28), 5 + 28 / 29),
    ],
)
def test_months_are_whole_on_the_same_day_or_the_last_of_a_shorter_month(
    founded: str, on: date, expected: float
) -> None:
    assert value("months_since(founded)", fact("a", "founded", word=founded), on=on) == pytest.approx(expected)


def test_a_category_is_among_its_codes_or_not_or_unknown() -> None:
    for code, expected in (("drugs", 1), ("devices", 1), ("it", 0), (None, None)):
        assert value('is_one_of(group, "drugs", "dev*")', fact("a", "group", word=code)) == expected


def test_quantities_rest_on_quantities_and_are_computed_once() -> None:
    panel = build_panel(table(*REVENUE, *RD), VOCABULARY, ON)
    assert value_of(panel, "rd_each")[0] == 3
    assert {"rd_each", "rd_share"} <= set(panel.computed)
    kept = panel.computed["rd_share"]
    value_of(panel, "rd_share")
    assert panel.computed["rd_share"] is kept


def test_a_formula_is_read_into_a_tree() -> None:
    tree = Binary("/", Call("count", (Name("patents"),), ("one",), (("years", 2.0),)), Number(2.0))
    assert parse_formula('count(patents, "one", years=2) / 2') == tree


@pytest.mark.parametrize(
    "formula",
    [
        "rd +",
        "rd ** 2",
        "rd if rd else 1",
        "__import__('os')()",
        "rd.real",
        "[rd]",
        "rd > 3",
        "lambda: 1",
        "rd[0]",
        "True",
    ],
)
def test_what_is_no_formula_is_refused_with_what_to_do(formula: str) -> None:
    with pytest.raises(FormulaError, match=r"at sign \d+"):
        parse_formula(formula)
