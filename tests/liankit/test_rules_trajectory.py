"""Figures drawn forward: deterministic, by the rules, and unknown where something is unknown."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from tests.liankit.test_rules_listing import BOARDS as SCHEMES
from tests.liankit.test_rules_listing import VOCABULARY

from liankit.rules.evaluate import grade
from liankit.rules.missing import missing_clauses
from liankit.rules.panel import FACTS, Panel, build_panel
from liankit.rules.shortfall import shortfall
from liankit.rules.trajectory import FORECASTS, REVENUE, draw_paths, forecast_years, outcomes, shrunk, spans

ON = date(2024, 9, 30)
M = 1e6


def panel(**enterprises: dict[str, list[float]]) -> Panel:
    """Return enterprises with figures by input, the last one of 2023."""
    rows = [
        (name, key, date(2024 - back, 12, 31), None, value, None)
        for name, figures in enterprises.items()
        for key, values in figures.items()
        for back, value in enumerate(reversed(values), 1)
    ]
    names = pl.Series(list(enterprises))
    return build_panel(pl.DataFrame(rows, schema=FACTS, orient="row"), VOCABULARY, ON, names)


def steady(revenue: float, growth: float, margin: float) -> dict[str, list[float]]:
    values = [revenue * growth**year for year in range(3)]
    return {
        "revenue_cny": values,
        "net_profit_cny": [value * margin for value in values],
        "operating_cash_flow_cny": [value * margin for value in values],
        "rd_expense_cny": [value * 0.1 for value in values],
    }


DISTRICT = {
    "ready": steady(1000 * M, 1.2, 0.15),
    "soon": steady(250 * M, 1.3, 0.16),
    "small": steady(5 * M, 1.05, 0.02),
    "bare": {},
    "young": {"revenue_cny": [40 * M]},
    "lossless": {"revenue_cny": [900 * M, 1000 * M, 1200 * M]},  # nobody has said what it earned
}
BOARDS = [SCHEMES[key] for key in ("main_board_2024", "chinext_2024", "chinext_2026", "star_2024")]


def test_a_level_lies_between_its_own_mean_and_the_groups() -> None:
    values = np.array([[0.0, 0.3, 0.5], [0.1, 0.2, np.nan]])
    found = shrunk(values)
    group, own = 0.8 / 3, np.array([0.05, 0.25, 0.5])
    assert (np.abs(found.centre - group) <= np.abs(own - group) + 1e-12).all()
    assert found.spread[2] > found.spread[0]  # one year tells less than two


def test_the_same_seed_draws_the_same_paths_and_another_one_others() -> None:
    first, again, other = (draw_paths(panel(**DISTRICT), 3, 20, seed)[REVENUE] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[:, 0], other[:, 0])


def test_an_enterprise_that_meets_a_set_today_meets_it_this_year_for_sure() -> None:
    found = spans(forecast_years(BOARDS, panel(**DISTRICT), 4)).filter(enterprise="ready", grants="listed_main")
    assert found.select("low", "median", "high", "probability").row(0) == (2024, 2024, 2024, 1.0)


def test_one_that_grows_is_forecast_with_an_interval_and_a_small_one_is_not_by_then() -> None:
    found = spans(forecast_years(BOARDS, panel(**DISTRICT), 6)).filter(grants="listed_main")
    soon = found.row(by_predicate=pl.col("enterprise") == "soon", named=True)
    assert 2025 <= soon["low"] <= soon["median"] <= 2028
    small = found.row(by_predicate=pl.col("enterprise") == "small", named=True)
    assert small["median"] is None
    assert small["probability"] == 0
    assert not small["is_open"]


def test_what_is_unknown_leaves_the_forecast_open_and_says_what_to_ask() -> None:
    known = panel(**DISTRICT)
    found = spans(forecast_years(BOARDS, known, 4))
    star = found.filter(enterprise="ready", grants="listed_star").row(0, named=True)
    assert star["is_open"]
    assert star["median"] is None
    left = missing_clauses(grade([SCHEMES["star_2024"]], known)[0], 0)
    assert "set_1_value" in [one.node.key for one in left.unknown]
    lossless = found.filter(enterprise="lossless", grants="listed_main").row(0, named=True)
    assert lossless["is_open"]


def test_without_two_years_of_revenue_nothing_is_drawn() -> None:
    found = forecast_years(BOARDS, panel(**DISTRICT), 4)
    assert found.filter(pl.col("enterprise").is_in(["bare", "young"]))["year"].unique().to_list() == [2024]


def test_the_probability_never_falls_with_the_years_and_never_passes_what_is_possible() -> None:
    found = forecast_years(BOARDS, panel(**DISTRICT), 6).sort("enterprise", "grants", "year")
    steps = found.select(pl.col("probability").diff().over("enterprise", "grants")).drop_nulls().to_series()
    assert steps.min() >= 0  # type: ignore[operator]
    assert found.filter(pl.col("probability") > pl.col("possible")).is_empty()


def test_more_profit_never_makes_a_board_less_likely() -> None:
    richer = DISTRICT | {"soon": steady(250 * M, 1.3, 0.2)}
    chances = [
        forecast_years(BOARDS, panel(**some), 4).filter(enterprise="soon", grants="listed_main")["probability"].sum()
        for some in (DISTRICT, richer)
    ]
    assert chances[0] <= chances[1]


def test_events_and_standing_inputs_follow_an_enterprise_into_its_paths() -> None:
    known = panel(ready=DISTRICT["ready"], soon=DISTRICT["soon"])
    facts = pl.DataFrame(
        [
            ("soon", "titles", date(2022, 1, 1), None, None, "neeq_innovation"),
            ("soon", "neeq_since", None, None, None, "2022-01-01"),
        ],
        schema=FACTS,
        orient="row",
    )
    with_events = build_panel(facts, VOCABULARY, ON, known.enterprises)
    known.events.update(titles=with_events.events["titles"])
    known.single.update(neeq_since=with_events.single["neeq_since"])
    found = spans(forecast_years([SCHEMES["beijing_2023"]], known, 2))
    assert found.select("enterprise", "possible").rows() == [("ready", 0.0), ("soon", 1.0)]


def test_what_is_missing_is_as_long_as_the_shortfall_says_and_names_the_set_it_takes() -> None:
    for found in grade(BOARDS, panel(**DISTRICT)):
        failed, unknown = shortfall(found)
        for row in range(len(found.panel)):
            left = missing_clauses(found, row)
            assert left.weight == (failed[row], unknown[row])
            assert all(one.node.key in {judged.node.key for judged in found.clauses} for one in left.failed)
    star = next(one for one in grade(BOARDS, panel(**DISTRICT)) if one.scheme.grants == "listed_star")
    assert {way for way in missing_clauses(star, 0).ways if way.startswith("set_")} & {"set_1", "set_4"}


def _kept(*said: tuple[date, str, int, float, float]) -> pl.DataFrame:
    rows = [(made, name, "listed_main", year, low, high) for made, name, year, low, high in said]
    return pl.DataFrame(rows, schema={"made_on": pl.Date, **FORECASTS}, orient="row")


def test_a_forecast_comes_true_once_the_accounts_of_its_year_are_out() -> None:
    first, early, late = date(2023, 9, 30), date(2024, 3, 31), date(2024, 5, 31)
    said = [(first, "a", 2024, 0.7, 0.7), (first, "b", 2024, 0.2, 0.2), (first, "c", 2024, 0.1, 0.9)]
    seen = [(first, name, 2023, 0.0, 0.0) for name in "abc"]
    assert outcomes(_kept(*said, *seen, *((early, name, 2024, 0.0, 0.0) for name in "abc"))).is_empty()
    ends = [(late, "a", 2024, 1.0, 1.0), (late, "b", 2024, 0.0, 0.0), (late, "c", 2024, 0.0, 1.0)]
    found = outcomes(_kept(*said, *seen, *ends))
    assert found.select("enterprise", "likelihood", "came").rows() == [
        ("a", 0.7, True),
        ("b", 0.2, False),
        ("c", None, None),
    ]


def test_only_the_first_word_of_a_year_is_scored_and_nobody_who_met_the_standards_then() -> None:
    first, again, late = date(2023, 9, 30), date(2023, 11, 30), date(2024, 5, 31)
    said = [(first, "a", 2024, 0.7, 0.7), (again, "a", 2024, 0.9, 0.9), (first, "met", 2024, 1.0, 1.0)]
    seen = [(first, "a", 2023, 0.0, 0.0), (first, "met", 2023, 1.0, 1.0), (late, "met", 2024, 1.0, 1.0)]
    found = outcomes(_kept(*said, *seen, (late, "a", 2024, 1.0, 1.0)))
    assert found.select("made_on", "enterprise", "likelihood", "came").rows() == [(first, "a", 0.7, True)]
