"""``liandesk load``, ``withdraw``, ``template``: what they print, the code they end with, and from an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.liandesk.own_database import migrated_home, own_database  # noqa: F401
from tests.liandesk.source_files import input_row, write_csv

from liandesk.base.accounts.models import User
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict, NotAllowed
from liandesk.base.facts.models import Landing
from liandesk.know.sources.readers import source_of
from liankit.tables import UnreadableFile

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "sources.md"


def _run(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, **options)
    return out.getvalue()


def _said(*arguments: object, **options: object) -> dict[str, object]:
    return json.loads(_run(*arguments, "--json", **options))


@pytest.mark.django_db
def test_load_says_where_every_row_went(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row(item="培养基")])
    said = _said("load", "workbook", path)
    assert said["status"] == "loaded" and said["lost"] == {} and said["facts"] > 0
    assert said["tables"]["critical_inputs"] == {
        "seen": 2, "good": 2, "bad": 0, "blank": 0, "notes": 0, "repeated": 0
    }  # fmt: skip
    assert said["peak_mb"] > 0 and "nothing was changed" in _run("load", "workbook", path)


@pytest.mark.django_db
def test_rows_kept_out_end_the_command_with_7_and_stand_in_the_report(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row(stock="许多")])
    out = StringIO()
    with pytest.raises(CommandError, match="1 rows were kept out") as raised:
        call_command("load", "workbook", str(path), "--report", str(tmp_path / "r.csv"), "--language", "en", stdout=out)
    assert raised.value.returncode == 7 and Landing.objects.count() == 1
    assert "kept out 1 by invalid_number; first: a.csv row 3" in out.getvalue()
    text = (tmp_path / "r.csv").read_text("utf-8-sig")
    assert "a.csv,,3,Stock,许多,kept out" in text


@pytest.mark.django_db
def test_no_good_row_ends_the_command_with_8(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(stock="许多")])
    with pytest.raises(CommandError) as raised:
        _run("load", "workbook", path)
    assert raised.value.returncode == 8 and not Landing.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row()])
    said = _said("load", "workbook", path, "--dry-run")
    assert said["status"] == "dry_run" and said["facts"] > 0 and not Landing.objects.exists()


@pytest.mark.django_db
def test_a_folder_stands_for_the_tables_in_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [input_row()])
    write_csv(tmp_path / "b.csv", [input_row(item="培养基")])
    (tmp_path / "README.md").write_text("not a table")
    assert _said("load", "workbook", tmp_path)["tables"]["critical_inputs"]["good"] == 2


@pytest.mark.django_db
def test_a_file_that_is_not_there_or_no_table_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="There is no file") as raised:
        _run("load", "workbook", tmp_path / "absent.csv")
    assert raised.value.exit_code == 2
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(UnreadableFile, match="PDF"):
        _run("load", "workbook", tmp_path / "a.pdf")


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["load"], ["load", "workbook"], ["load", "synthetic", "a.csv"]])
def test_a_command_that_lacks_something_says_what(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"Name|makes its own files"):
        _run(*arguments)


@pytest.mark.django_db
def test_who_loads_is_who_is_named(tmp_path: Path, cast: dict[str, User]) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row()])
    _run("load", "workbook", path, "--by", "ChainOffice")
    assert Landing.objects.get().recorded_by == f"user:{cast['ChainOffice'].pk}"
    with pytest.raises(NotAllowed):
        _run("load", "workbook", write_csv(tmp_path / "b.csv", [input_row(item="b")]), "--by", "Enterprise")
    with pytest.raises(CommandError, match="Did you mean 'ChainOffice'"):
        _run("load", "workbook", path, "--by", "ChainOfice")


@pytest.mark.django_db
def test_an_invented_district_is_called_synthetic_and_loads_once() -> None:
    size = {"enterprises": 60, "seed": 5}
    assert "All of it is synthetic" in _run("load", "synthetic", **size)
    assert _said("load", "synthetic", **size)["status"] == "already_loaded"
    assert "synthetic" in _run("load", "--list") and Landing.objects.count() == 1


@pytest.mark.django_db
def test_withdraw_takes_a_load_back_once(tmp_path: Path) -> None:
    key = _said("load", "workbook", write_csv(tmp_path / "a.csv", [input_row()]))["load"]
    assert "Withdrew" in _run("withdraw", key, "--why", "a trial")
    with pytest.raises(Conflict, match="withdrawn already"):
        _run("withdraw", key, "--why", "again")
    assert "withdrawn" in _run("load", "--list")
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["landing.load", "landing.withdraw"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_has_the_three_sheets_and_reads_back(tmp_path: Path, language: str) -> None:
    path = tmp_path / "template.xlsx"
    said = _run("template", "--out", path, "--language", language)
    assert ("企业, 指标, 关键物项" if language == "zh" else "Enterprises, Facts, Critical inputs") in said
    reading = source_of("workbook").read([path])
    assert [part.table.name for part in reading.parts] == ["enterprises", "facts", "critical_inputs"]
    assert not reading.problems.filter(severity="error").height and reading.good == 0


def test_the_reference_says_what_the_contracts_say() -> None:
    call_command("source-reference", "--check", str(REFERENCE))


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "LIANDESK_HOME": str(home), "LIANDESK_LOG_LEVEL": "ERROR"}


def _start(home: Path, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "liandesk.config.command", *map(str, arguments)]
    return subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@own_database
@pytest.mark.slow
def test_two_loads_of_one_file_at_once_on_an_empty_home_land_once(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(item=f"物项{number}") for number in range(3000)])
    started = [_start(tmp_path / "home", "load", "workbook", path, "--json") for _ in range(2)]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0], ended
    said = [json.loads(out) for out, _ in ended]
    assert sorted(one["status"] for one in said) == ["already_loaded", "loaded"]
    assert len({one["load"] for one in said}) == 1
    listed, _ = _start(tmp_path / "home", "load", "--list").communicate(timeout=60)
    assert listed.count("good 3,000") == 1


@own_database
@pytest.mark.slow
def test_many_rows_load_in_bounded_memory_with_every_wrong_one_accounted_for(
    tmp_path: Path,
    migrated_home: Path,  # noqa: F811
) -> None:
    path = tmp_path / "many.csv"
    heads = "企业名称,物项名称,用途与下游产品,供应国别（地区）,是否另有来源,库存可用天数\n"
    with path.open("w", encoding="gb18030") as file:
        file.write(heads)
        for number in range(60_000):
            stock = "许多" if number % 40 == 0 else number % 365
            file.write(f"第{number % 50_000}医药有限公司,物项{number % 9_000},产品{number},德国,否,{stock}\n")
    out, error = _start(migrated_home, "load", "workbook", path, "--json").communicate(timeout=300)
    said = json.loads(out)
    counts = said["tables"]["critical_inputs"]
    assert (counts["seen"], counts["good"], counts["bad"]) == (60_000, 58_500, 1_500), error
    assert said["lost"] == {"invalid_number": 1_500} and said["peak_mb"] < 450
