"""A back-test uses nothing later than its date, reads free names by rule, and stands beside honest baselines."""

from __future__ import annotations

import doctest
import importlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.risk.backtest import Question, forecast, outcomes, score
from liankit.risk.event_files import date_in, read_events, read_outcomes, read_units
from liankit.risk.unit_names import match_names

AS_OF = date(2023, 6, 1)
QUESTION = Question(AS_OF)


def make_tables(units: int = 160, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return dated events of 2020 to 2024 and features of April 2023: few suppliers bring more events."""
    random = np.random.default_rng(seed)
    names = [f"UNIT{i}" for i in range(units)]
    suppliers = random.integers(1, 12, units)
    rows = []
    for name, few in zip(names, 3 / suppliers, strict=True):
        for _event in range(random.poisson(few)):
            start = date(2020, 1, 1) + timedelta(days=int(random.integers(0, 1800)))
            rows.append((f"{name.title()} tablets", start, start + timedelta(days=int(random.exponential(150)))))
    events = pl.DataFrame(rows, schema=["product", "start", "end"], orient="row")
    begun = events.with_columns(pl.col("product").str.extract(r"(\w+)").str.to_uppercase().alias("ingredient"))
    told = begun.filter(pl.col("start") <= date(2023, 4, 1)).group_by("ingredient").agg(pl.len().alias("past_events"))
    features = pl.DataFrame({"ingredient": names, "n_suppliers": suppliers, "noise": random.normal(size=units)})
    return events.cast(pl.String), features.join(told, on="ingredient", how="left").fill_null(0)


EVENTS, FEATURES = make_tables()
UNITS = read_units(FEATURES, "features_2023-04.csv")
KNOWN = read_events(EVENTS, UNITS)


@pytest.fixture(scope="module")
def made():
    return forecast(KNOWN, UNITS, QUESTION)


def test_a_ranking_beats_chance_and_stands_beside_concentration_and_history(made):
    result = score(made, outcomes(KNOWN, UNITS.numbers["unit"], QUESTION))
    names = result.baselines["name"].to_list()
    assert names[:3] == ["model", "concentration alone (n_suppliers)", "prior history (months_in_event_36)"]
    assert names[-1] == "chance"
    assert result.baselines["auc_behind_low"].to_list()[-1] > 0
    assert result.baselines["auc"].max() - result.scores.auc.value < 0.03
    assert result.scores.slope is not None


def test_a_feature_that_tells_history_is_not_fitted(made):
    assert made.telling == ("past_events",)
    assert "past_events" not in made.model.features


def test_nothing_later_than_the_date_changes_a_forecast(made):
    early = EVENTS.filter(pl.col("start") <= str(AS_OF)).with_columns(
        pl.when(pl.col("end") <= str(AS_OF)).then("end").alias("end")
    )
    again = forecast(read_events(early, UNITS), UNITS, QUESTION)
    assert again.table.equals(made.table)


def test_an_earlier_date_drops_the_features_of_later_and_keeps_those_of_always():
    kinds = FEATURES.with_columns(pl.Series("route", ["a", "b"] * 80))
    units = read_units(kinds, "features_2023-04.csv")
    early = forecast(read_events(EVENTS, units), units, Question(date(2022, 6, 1)))
    assert early.later == ("n_suppliers", "noise", "past_events")
    assert "route=b" in early.model.features


def test_an_onset_is_asked_of_units_in_no_event_only():
    onset = forecast(KNOWN, UNITS, Question(AS_OF, is_onset=True))
    going_on = KNOWN.table.filter((pl.col("start") <= AS_OF) & (pl.col("end") >= AS_OF))["unit"].unique()
    assert onset.table.height == UNITS.numbers.height - len(going_on)
    assert not set(onset.table["unit"]) & set(going_on)
    assert "in_event" not in onset.model.features


def test_with_too_few_events_nothing_is_fitted():
    with pytest.raises(UserError, match="Too few events"):
        forecast(KNOWN, UNITS, Question(date(2020, 2, 1)))


def test_lists_taken_on_days_are_read_as_what_was_going_on_then():
    lists = pl.DataFrame(
        {
            "as_of": ["2023-01-01", "2023-04-01", "2023-04-01", "2023-04-01"],
            "generic_name": ["Unit1 tablets", "Unit1 tablets", "Unit2 tablets", "Other"],
            "initial_posting_date": ["2022-05-01", "2022-05-01", None, "2023-01-01"],
            "status": ["Current", "Current", "Current", "Current"],
        }
    )
    found = read_events(lists, UNITS)
    assert found.days == [date(2023, 1, 1), date(2023, 4, 1)]
    assert found.unmatched == ("Other",)
    assert found.table.filter(unit="UNIT2").rows() == [("UNIT2", date(2023, 4, 1), date(2023, 4, 1), date(2023, 4, 1))]
    with pytest.raises(UserError, match="there are Current"):
        read_events(lists, UNITS, going_on=("short",))


def test_dated_lists_become_disruptions_that_a_home_can_load(tmp_path):
    lists = "as_of,generic_name,initial_posting_date,status\n2023-01-01,Ab tablets,2022-05-01,Current\n"
    lists += "2023-01-01,Cd vial,2022-12-01,Current\n2023-04-01,Ab tablets,2022-05-01,Current\n"
    (tmp_path / "lists.csv").write_text(lists + "2023-04-01,Ef vial,2023-02-01,Current\n", "utf-8")
    (tmp_path / "items.csv").write_text("item\nAB\nCD\n", "utf-8")
    files = [str(tmp_path / name) for name in ("lists.csv", "items.csv")]
    told = CliRunner().invoke(main, ["risk", "disruptions", *files, "--out", str(tmp_path / "found.csv")])
    assert "2 disruptions of 2 items, 1 going on on 2023-04-01" in told.output and "Ef vial" in told.output
    assert (tmp_path / "found.csv").read_text("utf-8").splitlines() == [
        "cause,began_on,ended_on,item",
        "other,2022-05-01,,AB",
        "other,2022-12-01,2023-01-01,CD",
    ]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Bupivacaine Hydrochloride and Epinephrine Injection, USP", "BUPIVACAINE; EPINEPHRINE [injectable]"),
        ("Dexamethasone Sodium Phosphate Injection", "DEXAMETHASONE [injectable]"),
        ("Dexamethasone tablets", "DEXAMETHASONE [other]"),
        ("Sodium Phosphates Injection", "SODIUM PHOSPHATE [injectable]"),
        ("Sterile water", None),
        ("dexamethasone [other]", "DEXAMETHASONE [other]"),
    ],
)
def test_a_name_is_the_unit_whose_words_it_has_all_of(name, unit):
    parts = ["BUPIVACAINE; EPINEPHRINE", "BUPIVACAINE", "SODIUM PHOSPHATE", "DEXAMETHASONE", "DEXAMETHASONE"]
    units = pl.DataFrame({"parts": parts, "qualifier": ["injectable"] * 4 + ["other"]})
    units = units.with_columns(pl.format("{} [{}]", "parts", "qualifier").alias("unit"))
    assert match_names(pl.Series([name]), units)["unit"].to_list() == [unit]


def test_outcomes_are_read_by_unit_or_by_the_columns_that_name_it():
    by_name = pl.DataFrame({"ingredient": ["UNIT1", "UNIT0"], "outcome": ["yes", "0"]})
    by_unit = by_name.rename({"ingredient": "unit"})
    by_other = by_unit.with_columns(pl.col("unit").str.to_lowercase() + " |")
    for table in (by_name, by_unit, by_other):
        assert read_outcomes(table, UNITS).to_list()[:3] == [False, True, None]
    assert read_outcomes(EVENTS, UNITS) is None
    with pytest.raises(UserError, match="neither yes nor no"):
        read_outcomes(by_unit.with_columns(outcome=pl.lit("maybe")), UNITS)


def test_the_date_of_a_feature_is_the_last_in_its_name_else_that_of_the_file():
    assert date_in("in_shortage_2023_04_06") == date(2023, 4, 6)
    assert UNITS.valid_from["noise"] == date(2023, 4, 1)
    with pytest.raises(UserError, match="--features-of"):
        read_units(FEATURES, "features.csv")


def test_a_unit_that_stands_twice_is_refused():
    with pytest.raises(UserError, match="twice"):
        read_units(pl.concat([FEATURES, FEATURES]), "features_2023-04.csv")


def test_the_command_ranks_writes_and_scores(tmp_path: Path):
    EVENTS.write_csv(tmp_path / "events.csv")
    FEATURES.write_csv(tmp_path / "features_2023-04.csv")
    files = [str(tmp_path / name) for name in ("events.csv", "features_2023-04.csv")]
    out = tmp_path / "likelihood.csv"
    told = CliRunner().invoke(main, ["risk", "backtest", *files, "--as-of", str(AS_OF), "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "slope" in told.output and "chance" in told.output
    written = pl.read_csv(out)
    assert written.columns[:2] == ["unit", "likelihood"]
    assert written["likelihood"].is_sorted(descending=True) and written.height == 160
    late = CliRunner().invoke(main, ["risk", "backtest", *files, "--as-of", "2025-06-01"])
    assert "Not scored: no outcomes after 2025-06-01" in late.output


def test_on_real_shortages_the_ranking_is_not_behind_any_feature_alone(real_data: Path):
    folder = real_data / "fda_shortages_2019_2023"
    units = read_units(pl.read_csv(folder / "features_2023-04.csv", infer_schema=False), "features_2023-04.csv")
    table = pl.read_csv(folder / "shortage_snapshots_to_2023-04-06.csv.gz", infer_schema=False)
    events = read_events(table, units)
    question = Question(date(2022, 4, 6))
    result = score(forecast(events, units, question), outcomes(events, units.numbers["unit"], question))
    assert result.scores.auc.value > 0.84
    assert result.scores.slope.low > 0.7
    assert (result.baselines["auc_behind_high"] >= 0).all()
    assert (result.baselines["average_precision_behind_high"] >= 0).all()


@pytest.mark.parametrize("module", ["event_files", "unit_names"])
def test_the_examples_of_the_documentation_are_right(module):
    assert doctest.testmod(importlib.import_module(f"liankit.risk.{module}")).failed == 0
