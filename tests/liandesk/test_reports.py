"""Reports: ordered, made in three forms, each number traced and computed again, and shown to nobody else."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from tests.liandesk import appraisal_world, reports_world
from tests.liandesk.language import assert_language
from tests.liandesk.supervision_world import Who

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.snapshots.store import get_bytes
from liandesk.base.ui.panels import inbox
from liandesk.steer.appraisal import queries as appraisal_queries
from liandesk.steer.appraisal import standing
from liandesk.steer.indicators.models import Claim
from liandesk.steer.reports import actions, queries
from liandesk.steer.reports.contents import paper_of
from liandesk.steer.reports.jobs import addressee
from liandesk.steer.reports.models import Report
from liandesk.steer.reports.writing import fonts
from liandesk.steer.reports.writing.paper import Lines, Paper, Rows
from liandesk.steer.reports.writing.word import plain
from liandesk.steer.supervision import sealing
from liandesk.steer.supervision.evaluation import evaluated
from liandesk.steer.supervision.evaluation_actions import judge
from liankit.plan.report.archive import read_zip
from liankit.plan.report.bundle import pack, verify
from liankit.plan.report.faces import numbers_in_excel, numbers_in_word

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def annual(home: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """The pack's plan with approved values, and its annual report: made once for the module and taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("LIANDESK_HOME", str(home))
        patch.setenv("LIANDESK_TODAY", "2024-09-30")
        reports_world.measured()
        yield reports_world.made("annual")
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_the_world(annual: Report, home: Path, _own_home: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIANDESK_HOME", str(home))
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    with translation.override("en"):
        yield


def _bundle(report: Report) -> bytes:
    return get_bytes(report.files["zip"])


def _printed(report: Report, label: str) -> str | None:
    """Return the value of the number whose label begins so."""
    found = queries.numbers(reports_world.BY, report.pk)
    return next(one["value"] for one in found if one["label"].startswith(label))


# what a report says


def test_the_annual_report_says_how_the_targets_stand(annual: Report) -> None:
    assert annual.title.endswith("2024年度监测报告")
    assert _printed(annual, "完成率：力争实施本产业科技成果转化项目") == "66.0"
    assert _printed(annual, "规划序时进度") == "75.0"
    assert _printed(annual, "尚缺：力争实施本产业科技成果转化项目") == "34"
    assert _printed(annual, "量化目标") == "2"
    assert annual.is_synthetic


def test_what_is_not_known_is_printed_as_unknown(annual: Report) -> None:
    assert _printed(annual, "完成率：本产业境内外上市公司") is None
    text = "\n".join(one.text for one in Document(io.BytesIO(get_bytes(annual.files["docx"]))).paragraphs)
    assert "目前没有已知数值" in text


def _paper(kind: str, by: Viewer = reports_world.BY, office: str = "") -> Paper:
    """Return a report before it is written; nine tenths of its numbers follow."""
    paper, _is_synthetic = paper_of(Report(kind=kind, day=today(), office=office), by)
    verdict = verify(pack({"title": paper.title}, paper.ledger, {})[0])
    assert verdict.holds
    assert verdict.share is not None
    assert verdict.share >= 0.9
    return paper


def _table(paper: Paper, head: str) -> dict[str, list[str]]:
    """Return the cells behind the first of each row of the table that has this head, as printed."""
    blocks = [block for section in paper.sections for block in section.blocks]
    rows = next(block for block in blocks if isinstance(block, Rows) and head in block.heads)
    return {cells[0]: [plain(paper, cell) for cell in cells[1:]] for cells in rows.cells}


def test_the_pack_draws_the_course_of_a_target_beside_its_path() -> None:
    paper = _paper("pack")
    assert "3 charts and 3 lists" in paper.title
    course = next(block for block in paper.charts() if isinstance(block, Lines))
    assert [trace.kind for trace in course.traces] == ["path", "values", "forecast"]
    assert [paper.printed(number) for _day, number in course.traces[1].points] == ["28", "37", "49", "61", "66"]
    assert [paper.printed(number) for _day, number in course.traces[0].points] == ["0", "100"]
    assert course.band[-1][0] == course.traces[2].points[-1][0]


def test_the_mid_term_report_says_the_computed_level_and_the_one_given(viewer: Who) -> None:
    target = "conversion.conversion_projects"
    judge("midterm", target, "on_track", by=viewer("ChainChief"), seen=0, reason="The year is not over")
    proposed = {one.subject_id: one.proposed.grade for one in evaluated(reports_world.BY, "midterm")}
    assert proposed[target] == "behind"
    paper = _paper("midterm")
    cells = next(row for row in _table(paper, "Apart (points)").values() if row[0] == "66.0")
    assert cells == ["66.0", "75.0", "-9.0", "behind", "on track", "The year is not over"]
    labels = {one.label: one.value for one in paper.ledger.numbers.values()}
    assert (labels["Judged: on track"], labels["Targets: behind"]) == ("1", "1")


def test_a_final_report_says_what_the_seal_holds(viewer: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    chief = viewer("ChainChief")
    with pytest.raises(UserError, match="not sealed"):
        actions.order("final", by=chief, language="zh")
    monkeypatch.setenv("LIANDESK_TODAY", "2026-01-31")
    judge("final", "conversion.conversion_projects", "behind", by=chief, seen=0, reason="Two thirds")
    sealing.seal(by=chief)
    sealing.hand_over({"conversion.conversion_projects": ("redefine", "Count them by value")}, by=chief, seen=0)
    Claim.objects.update(value=99)  # whatever is written after the seal is not reported
    paper = _paper("final", by=addressee(Report(kind="final")))
    levels = next(row for row in _table(paper, "Apart (points)").values() if row[0] == "66.0")
    assert levels[3:] == ["behind", "behind", "Two thirds"]
    decided = _table(paper, "Decision")
    assert ["Keep it, defined anew", "Count them by value"] in decided.values()
    assert ["not decided", ""] in decided.values()


def test_the_annual_report_ranks_as_the_appraisal_does_and_a_letter_tells_its_unit_only() -> None:
    monitored = appraisal_world.published()
    opened = appraisal_queries.opened(reports_world.BY, monitored.pk)
    report = Report(kind="annual", day=date(appraisal_world.YEAR, 9, 30))
    paper, _is_synthetic = paper_of(report, reports_world.BY)
    towns = opened.groups[-1]
    tables = [block for section in paper.sections for block in section.blocks if isinstance(block, Rows)]
    rows = next(one for one in tables if one.title == towns.group.title.en)
    printed = [[plain(paper, cell) for cell in cells[1:]] for cells in rows.cells]
    ends = zip(towns.scored.ranks, towns.intervals.rank_low, towns.intervals.rank_high, strict=True)
    assert sorted(row[1:] for row in printed) == sorted([str(int(one)) for one in three] for three in ends)
    letter = _paper("letter", by=addressee(Report(kind="letter", office="market")), office="market")
    labels = "\n".join([one.label for one in (*letter.ledger.numbers.values(), *letter.ledger.inputs.values())])
    assert "Rank: Bureau of Market Regulation" in labels
    group = opened.groups[0].group
    others = [standing.unit_name(group, unit) for unit in standing.units_of(group) if unit != "market"]
    assert others
    assert not [name for name in others if f": {name}" in labels]


def test_a_letter_tells_an_office_of_its_part_only(viewer: Who) -> None:
    office = viewer("ChainOffice")
    made = reports_world.made("letter", office="market", language="en", by=office)
    labels = " ".join(one["label"] for one in queries.numbers(reports_world.BY, made.pk))
    assert made.title.startswith("To Bureau of Market Regulation")
    assert "listed" not in labels
    assert any(line.url == f"/reports/{made.pk}" for line in inbox(office))  # whoever ordered it finds it


# each number has its id, and the same report is the same file


def test_word_marks_every_number_and_stays_a_paper_that_can_be_edited(annual: Report) -> None:
    content = get_bytes(annual.files["docx"])
    paper = Document(io.BytesIO(content))
    printed = dict(numbers_in_word(content))
    assert {"num_0001"} <= set(printed)
    assert printed.items() <= {one["id"]: one["value"] or "未知" for one in _numbers(annual)}.items()
    section, normal = paper.sections[0], paper.styles["Normal"]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert normal.font.size.pt == 16


def _numbers(report: Report) -> list[Any]:
    return queries.numbers(reports_world.BY, report.pk)


def test_excel_holds_each_number_once_in_a_cell_of_its_name(annual: Report) -> None:
    names = [name for name, _text in numbers_in_excel(get_bytes(annual.files["xlsx"]))]
    assert sorted(names) == [one["id"] for one in _numbers(annual)]
    members = read_zip(get_bytes(annual.files["xlsx"]), "report.xlsx")
    assert any(name.startswith("xl/charts/chart") for name in members)


def test_the_pdf_is_tagged_and_of_the_plan(annual: Report) -> None:
    content = get_bytes(annual.files["pdf"])
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content


def test_the_same_data_gives_the_same_files(annual: Report) -> None:
    again = reports_world.made("annual")
    assert again.files == annual.files
    assert again.head == annual.head


# verification


def test_one_byte_of_a_number_in_word_or_excel_is_named(annual: Report) -> None:
    bundle = _bundle(annual)
    start = re.search(rb'w:name="num_\d+"/><w:r>(?:<w:rPr>.*?</w:rPr>)?<w:t>66\.0<', bundle)
    assert start is not None
    flipped = bytearray(bundle)
    flipped[start.end() - 2] ^= 1  # 66.0 -> 66.1
    faults = {(one.code, one.params.get("printed")) for one in verify(bytes(flipped)).faults}
    assert faults == {("file", None), ("word", "66.1")}


def test_command_page_and_script_agree(annual: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed number is named by the command, by the script that shares no code with us, and by the page."""
    bundle = _bundle(annual)
    record = next(line for line in bundle.split(b"\n") if "完成率：力争".encode() in line)
    (tmp_path / "good.zip").write_bytes(bundle)
    (tmp_path / "bad.zip").write_bytes(bundle.replace(record, record.replace(b'"66.0"', b'"96.0"')))
    call_command("verify-report", str(tmp_path / "good.zip"))
    assert annual.head in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify-report", str(tmp_path / "bad.zip"))
    said = capsys.readouterr().out
    assert "it says 96.0 and comes to 66.0" in said
    script = [sys.executable, "-I", str(ROOT / "tools" / "verify_report.py")]
    good = subprocess.run([*script, "good.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    bad = subprocess.run([*script, "bad.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "says 96.0, comes to 66.0" in bad.stdout


def test_the_page_checks_a_bundle_and_knows_its_own(annual: Report, cast_client: Any) -> None:
    client: Client = cast_client("Auditor")
    sent = SimpleUploadedFile("report.zip", _bundle(annual), "application/zip")
    page = client.post("/reports/check", {"file": sent}).content.decode()
    assert "alert-success" in page
    assert f"/reports/{annual.pk}" in page
    sent = SimpleUploadedFile("report.zip", b"nothing", "application/zip")
    assert client.post("/reports/check", {"file": sent}).status_code == 400


# who, and what is written down


def test_an_office_reads_the_letters_to_it_and_nothing_else(annual: Report, viewer: Who) -> None:
    letter = Report.objects.get(pk=reports_world.marked().pk)
    assert list(queries.reports(viewer("Officer"))) == [letter]
    with pytest.raises(NotThere):
        queries.report(viewer("Officer"), annual.pk)
    assert set(queries.reports(viewer("ChainChief"))) == {annual, letter}
    with pytest.raises(NotAllowed):
        queries.reports(viewer("Enterprise"))


def test_an_order_is_refused_where_it_makes_no_sense(viewer: Who) -> None:
    chief = viewer("ChainChief")
    with pytest.raises(UserError, match="Did you mean 'annual'"):
        actions.order("anual", by=chief, language="zh")
    with pytest.raises(UserError, match="one office"):
        actions.order("letter", by=chief, language="zh")
    with pytest.raises(UserError, match="one office"):
        actions.order("annual", by=chief, language="zh", office="market")
    with pytest.raises(NotAllowed):
        actions.order("annual", by=viewer("Officer"), language="zh")


def test_who_takes_a_file_is_logged_and_the_file_is_the_same(annual: Report, cast_client: Any) -> None:
    sent = cast_client("ChainChief").get(f"/reports/{annual.pk}/file/pdf")
    assert b"".join(sent.streaming_content) == get_bytes(annual.files["pdf"])
    event = AuditEvent.objects.filter(action="report.export").last()
    assert event is not None
    assert event.details["file"] == annual.files["pdf"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_speak_one_language(annual: Report, cast_client: Any, language: str) -> None:
    client: Client = cast_client("ChainOffice")
    client.cookies["django_language"] = language
    for path in ("/reports/", "/reports/check"):
        assert_language(client.get(path))
    assert client.get(f"/reports/{annual.pk}").status_code == 200


def test_without_a_chinese_font_it_says_so() -> None:
    with pytest.raises(UserError, match="No font with Chinese signs"):
        fonts.chosen(fonts.BODY, {"DejaVu Sans"})
