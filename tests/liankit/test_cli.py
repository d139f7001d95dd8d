"""The command line computes on files what the library computes on tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.liankit.risk_tables import frames, item, run
from typer.testing import CliRunner, Result

from liankit.cli import main
from liankit.risk import ENTRY_SCHEMA

ROWS = {
    "items": [item("007")],
    "supplies": [{"item": "007", "supplier": "S", "country": "DE"}],
    "uses": [{"buyer": "B", "item": "007", "product": "针剂", "another_source": False, "stock_days": 30.0}],
    "listing": [{"item": "007", "complete": True}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, table in frames(ROWS).items():
        table.write_csv(tmp_path / f"{name}.csv")
        table.write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def _run(folder: Path, ending: str = "csv", *options: str) -> Result:
    files = [str(folder / f"{name}.{ending}") for name in ("items", "supplies", "uses", "listing")]
    out = ["--out", str(folder / "out"), "--home-country", "CN"]
    return CliRunner().invoke(main, ["risk", "exposure", *files, *out, *options])


def test_csv_files_give_what_the_library_gives_and_ids_keep_their_zeros(folder: Path) -> None:
    assert _run(folder).exit_code == 0
    written = pl.read_csv(folder / "out" / "entries.csv", schema=ENTRY_SCHEMA)
    assert_frame_equal(written, run(ROWS).entries)
    assert set(written["item"]) == {"007"}


def test_parquet_is_read_and_written(folder: Path) -> None:
    result = _run(folder, "parquet", "--format", "parquet")
    assert result.exit_code == 0
    for name in ("entries", "reasons", "questions"):
        assert_frame_equal(pl.read_parquet(folder / "out" / f"{name}.parquet"), getattr(run(ROWS), name))


def test_yes_and_no_are_read_as_booleans_and_a_byte_order_mark_is_no_letter(folder: Path) -> None:
    text = (folder / "uses.csv").read_text().replace("false", "No")
    (folder / "uses.csv").write_text(text, encoding="utf-8-sig")
    assert _run(folder).exit_code == 0
    written = pl.read_csv(folder / "out" / "entries.csv", schema=ENTRY_SCHEMA)
    assert_frame_equal(written, run(ROWS).entries)


def test_the_summary_counts_what_came_in_and_what_was_found(folder: Path) -> None:
    said = _run(folder).output
    assert "Read 1 items, 1 supplies, 1 uses, 1 listing" in said
    assert "Found 2 entries: 0 measured in output, 2 in products, 0 of unknown impact" in said


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(main, ["risk", "exposure", "--help"])
    assert "Example: liankit risk exposure items.csv" in " ".join(result.output.split())


def test_a_missing_file_is_said_in_one_line_with_exit_code_2(folder: Path) -> None:
    (folder / "uses.csv").unlink()
    result = _run(folder)
    assert result.exit_code == 2
    assert "uses.csv: there is no such file" in result.output
    assert "Traceback" not in result.output


def test_a_file_of_another_kind_or_encoding_is_refused(folder: Path) -> None:
    (folder / "items.csv").write_bytes("item,name,item_kind\n007,肝素,原料药\n".encode("gbk"))
    result = _run(folder)
    assert result.exit_code == 2
    assert "Save it again as CSV in UTF-8" in result.output
    (folder / "items.xlsx").write_bytes(b"")
    result = CliRunner().invoke(
        main, ["risk", "exposure", *[str(folder / "items.xlsx")] * 4, "--out", str(folder), "--home-country", "CN"]
    )
    assert "only .csv, .csv.gz and .parquet are read" in result.output


def test_a_bad_value_names_its_row(folder: Path) -> None:
    (folder / "supplies.csv").write_text("item,supplier,buyer,country,share,amount_cny\n007,S,,DE,35,\n")
    result = _run(folder)
    assert result.exit_code == 2
    assert "supplies, row 1, column 'share'" in result.output


def test_a_place_that_cannot_be_written_is_said(folder: Path) -> None:
    (folder / "out").write_text("a file, not a folder")
    result = _run(folder)
    assert result.exit_code == 2
    assert "cannot be written" in result.output
