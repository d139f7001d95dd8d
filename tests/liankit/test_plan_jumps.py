"""Jumps at quarters' ends are found where they were planted, and a flag is seldom false."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats

from liankit.plan.jumps import MIN_QUARTERS, added_of, quarter_end_jumps
from liankit.synthetic.reports import generate_reports


@pytest.fixture(scope="module")
def found():
    """Return what the test says of 200 offices, and who games; it is given the table alone."""
    reports = generate_reports(seed=20240930)
    return quarter_end_jumps(reports.table, fdr=0.1), reports


def test_planted_offices_are_found_and_few_others(found) -> None:
    tested, reports = found
    flagged = set(tested.filter("is_flagged")["unit"])
    assert len(flagged & reports.planted) >= 0.8 * len(reports.planted)
    assert len(flagged - reports.planted) <= 0.2 * len(flagged)
    assert tested.head(5)["unit"].is_in(list(reports.planted)).all()


def test_honest_offices_have_no_small_p_more_often_than_chance() -> None:
    """The season that all share is strong at the ends of quarters, and accuses nobody."""
    honest = quarter_end_jumps(generate_reports(planted=0, seed=5).table, draws=999)
    assert honest.filter("is_flagged").is_empty()
    assert (honest["p"] <= 0.05).mean() < 0.1
    assert stats.kstest(honest["p"], "uniform", alternative="greater").pvalue > 0.001


def test_the_order_of_rows_and_the_size_of_a_unit_do_not_matter(found) -> None:
    tested, reports = found
    shuffled = reports.table.sample(fraction=1, shuffle=True, seed=3).with_columns(pl.col("value") * 1000)
    again = quarter_end_jumps(shuffled, fdr=0.1).select("unit", "quarters", "p")
    assert again.sort("unit").equals(tested.select("unit", "quarters", "p").sort("unit"))


def test_running_totals_give_the_same_after_the_first_month(found) -> None:
    _tested, reports = found
    table = reports.table.filter(pl.col("unit") <= "office-020")
    running = table.with_columns(pl.col("value").cum_sum().over("unit").round(2))
    added = added_of(running).with_columns(pl.col("value").round(2))
    later = table.filter(pl.col("on") > pl.col("on").min())
    assert added.sort("unit", "on").equals(later.sort("unit", "on"))


def test_days_are_summed_into_months_and_indicators_kept_apart() -> None:
    reports = generate_reports(units=12, months=36, planted=3, seed=2)
    halves = pl.concat([reports.table.with_columns(pl.col("value") / 2, on=day) for day in (
        pl.col("on"), pl.col("on").dt.month_start())])  # fmt: skip
    two = pl.concat([halves.with_columns(indicator=pl.lit(name)) for name in ("a", "b")])
    once, twice = quarter_end_jumps(reports.table), quarter_end_jumps(two)
    both = twice.sort("unit").join(once, on="unit", suffix="_once")
    assert both.height == 24
    assert both["p"].to_list() == pytest.approx(both["p_once"].to_list(), abs=1e-3)


def test_few_quarters_and_unknown_months_are_not_tested() -> None:
    reports = generate_reports(units=20, months=3 * MIN_QUARTERS, planted=2, seed=1)
    assert quarter_end_jumps(reports.table)["p"].null_count() == 20  # the last quarter has no month after it
    gap = generate_reports(units=20, months=36, planted=2, seed=1).table.with_columns(
        value=pl.when((pl.col("unit") != "office-001") | (pl.col("on").dt.month() != 4)).then("value")
    )
    told = quarter_end_jumps(gap)
    assert told.filter(unit="office-001")["quarters"].item() < told["quarters"].max()
    assert quarter_end_jumps(gap.with_columns(value=pl.lit(None, pl.Float64)).clear()).is_empty()


def test_a_unit_that_only_jumps_stands_out_of_units_that_do_not() -> None:
    random = np.random.default_rng(4)
    days = pl.date_range(date(2020, 1, 1), date(2024, 12, 1), "1mo", eager=True)
    rows = [
        pl.DataFrame({"unit": [f"u{n:02}"] * 60, "on": days, "value": 10 + random.normal(0, 1, 60)}) for n in range(10)
    ]
    jumps = pl.when((pl.col("unit") == "u03") & (pl.col("on").dt.month() % 3 == 0)).then(3.0).otherwise(0.0)
    tested = quarter_end_jumps(pl.concat(rows).with_columns(pl.col("value") + jumps))
    assert tested.filter("is_flagged")["unit"].to_list() == ["u03"]
    assert tested["jump"][0] == pytest.approx(3 / 11, abs=0.08)


def test_who_adds_something_once_a_year_is_not_tested() -> None:
    table = generate_reports(units=20, months=36, planted=0, seed=3).table
    seldom = (pl.col("unit") == "office-001") & (pl.col("on").dt.month() != 12)
    told = quarter_end_jumps(table.with_columns(pl.when(seldom).then(0.0).otherwise("value").alias("value")))
    assert told.filter(unit="office-001").select("quarters", "p").row(0) == (2, None)
