"""Schemes are listed and checked, and enterprises of a file graded, on the command line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import yaml
from tests.liankit.rule_cases import scheme, words
from typer.testing import CliRunner, Result

from liankit.cli import main

LONG = """enterprise,input,date,until,number,text,recorded
E1,group_standard_issued,,,,yes,
E1,mark_certified,2024-05-01,,,no,
E1,mark_declared,2024-06-01,,,yes,2024-08-01
E2,group_standard_issued,,,,no,
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(LONG, encoding="utf-8")
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["rules", *map(str, args)])


def own_words(text: str) -> str:
    """The words of the trial, none of which is shipped."""
    for word in ("revenue", "rd_share", "founded"):
        text = text.replace(word, f"{word}_here")
    return text


def test_schemes_of_a_day_are_listed_with_how_sure_they_are() -> None:
    said = run("list", "--on", "2024-09-30").output
    assert "zhejiang_quality_2022: Zhejiang quality product (2022) (new 2022-01-01..2024-12-31; verified;" in said
    assert "zhejiang_quality_2025" not in said and "zhejiang_quality_2025" in run("list").output


def test_enterprises_of_a_long_table_are_graded(facts: Path) -> None:
    said = run("run", "zhejiang_made", facts, "--on", "2024-09-30").output
    assert said == ("E1: yes\nE2: no (standard)\nzhejiang_made on 2024-09-30: 1 yes, 1 no, 0 unknown\n")


def test_what_was_recorded_later_is_left_out(facts: Path) -> None:
    said = run("run", "zhejiang_made", facts, "--on", "2024-09-30", "--known-on", "2024-07-31").output
    assert "E1: unknown (declared)" in said


def test_clauses_of_all_enterprises_are_written(facts: Path, tmp_path: Path) -> None:
    run("run", "zhejiang_made", facts, "--on", "2024-09-30", "--out", tmp_path / "out.parquet")
    told = pl.read_parquet(tmp_path / "out.parquet")
    assert told.filter(enterprise="E2", clause="standard")["holds"].to_list() == [False]
    assert told.height == 2 * 5


def test_one_enterprise_is_explained_with_what_to_ask(facts: Path) -> None:
    said = run("explain", "zhejiang_made", facts, "E2", "--on", "2024-09-30").output
    assert "no: A published group standard (T/ZZB)" in said and "unknown: Certified or declared [any]" in said
    assert "ask: Was the product certified for Zhejiang Made by a third party?" in said
    nobody = run("explain", "zhejiang_made", facts, "E3", "--on", "2024-09-30")
    assert nobody.exit_code == 2 and "nothing is said of an enterprise 'E3'" in nobody.output


def test_a_wide_table_of_each_kind_of_file_reads_the_same(tmp_path: Path) -> None:
    head = ["企业", "年度", "主营业务收入（万元）", "product_revenue_cny", "rd_expense_cny", "in_mountain_county"]
    rows = [["E1", 2023, 3000, 10_000_000, 1_000_000, "否"], ["E1", 2022, 3000, None, 800_000, None]]
    book = xlsxwriter.Workbook(tmp_path / "wide.xlsx")
    sheet = book.add_worksheet("企业情况")
    for place, row in enumerate([head, *rows]):
        sheet.write_row(place, 0, row)
    book.close()
    flat = pl.DataFrame(rows, ["enterprise", "year", "main_business_revenue_cny", *head[3:]], orient="row")
    flat = flat.with_columns(pl.col("main_business_revenue_cny") * 10_000, in_mountain_county=pl.Series([False, None]))
    flat.write_parquet(tmp_path / "wide.parquet")
    for ending in ("xlsx", "parquet"):
        said = run("run", "zhejiang_quality", tmp_path / f"wide.{ending}", "--on", "2024-09-30")
        assert said.output.startswith("E1: yes\n"), ending


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("enterprise,year,rd_expense_cny\nE1,2023,much\n", 'row 2, column rd_expense_cny: "R&D expense" is "much"'),
        ("enterprise,year,rd_expense_cny\nE1,,1000\n", "row 2, column year: E1 has yearly figures of no year."),
        ("enterprise,input,text\nE1,mark_certifed,yes\n", "row 2, column input"),
    ],
)
def test_a_wrong_row_is_named_with_file_row_and_column(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "facts.csv").write_text(lines, encoding="utf-8")
    found = run("run", "zhejiang_quality", tmp_path / "facts.csv", "--on", "2024-09-30")
    assert found.exit_code == 2 and said in found.output and "facts.csv" in found.output


def test_a_column_that_nobody_reads_is_named_in_parquet(tmp_path: Path) -> None:
    pl.DataFrame({"enterprise": ["E1"], "year": [2023], "revenue": [1.0]}).write_parquet(tmp_path / "wide.parquet")
    found = run("run", "zhejiang_made", tmp_path / "wide.parquet", "--on", "2024-09-30")
    assert found.exit_code == 2 and "column revenue: nobody reads it. Did you mean 'revenue_cny'?" in found.output


def test_what_is_asked_wrongly_is_said_with_what_there_is(facts: Path) -> None:
    assert "Did you mean 'zhejiang_made'?" in run("run", "zhejiang_maid", facts, "--on", "2024-09-30").output
    early = run("run", "zhejiang_quality", facts, "--on", "2020-01-01")
    assert early.exit_code == 2 and "No scheme governs a new application for 'zhejiang_quality'" in early.output
    other = run("run", "zhejiang_made", facts, "--on", "2024-09-30", "--application", "renew")
    assert "--application renew: there are new and recheck." in other.output


def test_a_pack_is_checked_with_its_mistakes_and_what_its_examples_leave_out(tmp_path: Path) -> None:
    body = scheme()
    folder = tmp_path / "mine" / "schemes" / "title_2024"
    folder.mkdir(parents=True)
    (tmp_path / "mine" / "quantities").mkdir()
    own = own_words(yaml.safe_dump(words()))
    (tmp_path / "mine" / "quantities" / "trial.yaml").write_text(own)
    text = own_words(yaml.safe_dump(body))
    (folder / "scheme.yaml").write_text(text)
    said = run("check", tmp_path / "mine")
    assert said.exit_code == 1 and "mine/schemes/title_2024/scheme.yaml: 3 examples, 8 to mend" in said.output
    (folder / "scheme.yaml").write_text(text.replace("quantity: patents", "quantity: patent"))
    said = run("check", tmp_path / "mine")
    assert "there is no quantity or input 'patent'. Did you mean 'patents'?" in said.output
    assert run("check", tmp_path / "none").exit_code == 2
