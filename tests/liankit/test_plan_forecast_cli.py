"""``liankit plan forecast`` and ``liankit plan jumps`` on files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from liankit.cli import main
from liankit.synthetic.reports import generate_reports

LISTED = """row,on,value
listed,2021-12-31,1
listed,2022-12-31,1
listed,2023-12-31,2
listed,2024-09-30,3
new,2024-09-30,1
"""


def run(command: str, file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["plan", command, str(file), *options])


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "listed.csv"
    file.write_text(LISTED, encoding="utf-8")
    return file


def test_each_series_is_told_with_its_interval_and_probability(listed: Path) -> None:
    out = listed.with_name("out.csv")
    told = run("forecast", listed, "--until", "2025-12-31", "--goal", "5", "--out", str(out))
    assert told.exit_code == 0, told.output
    first, second = told.stdout.splitlines()
    assert first.startswith("listed: 4 (80%: 3 to 6), counts from 4 values; >= 5 with ")
    assert second == "new: unknown, 1 values; 3 are needed"
    assert pl.read_csv(out)["model"].to_list() == ["counts", "unknown"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("row,on,valeu\na,2021-12-31,1\n", "Did you mean 'valeu'?"),
        ("row,on,value\na,2021-12-31,1\na,31.12.2022,1\n", "row 3: on '31.12.2022' is not a date"),
        ("row,on,value\na,2021-12-31,few\n", "row 2: value 'few' is not a number"),
    ],
)
def test_what_cannot_be_read_is_named(listed: Path, text: str, said: str) -> None:
    listed.write_text(text, encoding="utf-8")
    told = run("forecast", listed, "--until", "2025-12-31")
    assert told.exit_code == 2
    assert said in told.output


def test_counting_within_a_period_asks_when_it_began(listed: Path) -> None:
    told = run("forecast", listed, "--until", "2025-12-31", "--counting", "within")
    assert (told.exit_code, "--start" in told.output) == (2, True)


def test_units_that_jump_are_named(tmp_path: Path) -> None:
    reports = generate_reports(units=40, planted=4, seed=11)
    file, out = tmp_path / "added.csv", tmp_path / "jumps.csv"
    reports.table.write_csv(file)
    told = run("jumps", file, "--out", str(out))
    assert told.exit_code == 0, told.output
    flagged = pl.read_csv(out).filter("is_flagged")["unit"].to_list()
    assert set(flagged) <= reports.planted
    assert told.stdout.startswith(f"Flagged {len(flagged)} of 40 at a false discovery rate of 10%")
    assert all(name in told.stdout for name in flagged)
