"""Cases from a workbook: each bad row is named with its cell, good rows are written, a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from tests.liandesk.work_world import BY

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed
from liandesk.base.work import queries
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.excel import new_table, steps_table, write_sheets
from liandesk.base.work.excel_actions import Outcome, import_cases
from liandesk.base.work.models import Case, CaseEvent
from liankit.process import Process
from liankit.tables import read_table
from liankit.tables.problems import UnreadableFile
from liankit.tables.write import Sheet, write_workbook

pytestmark = pytest.mark.django_db
DUE = "2024-10-31"


@pytest.fixture
def office(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewer]:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    definitions.take_over_packs(by=BY)
    with translation.override("en"):
        yield viewer_of(cast["ChainOffice"])


def instruction() -> Process:
    found = in_force("process", "instruction")
    assert found is not None
    return queries.process_of(found)


def workbook(path: Path, by: Viewer, new: list[dict[str, Any]], steps: list[dict[str, Any]]) -> Path:
    """Write rows by the names of columns, under the heads that a sheet to fill in has."""
    process = instruction()
    tables = ((new_table(process, by), new), (steps_table(process, by), steps))
    sheets = []
    for table, rows in tables:
        frame = pl.DataFrame(rows or [dict.fromkeys(["title"])], infer_schema_length=None)
        titles = {column.name: column.head("en") for column in table.columns}
        sheets += [Sheet(table.sheet, frame, None, titles)] if rows else []
    write_workbook(path, sheets, language="en")
    return path


def told(
    title: str, lead: str = "Bureau of Market Regulation (Intellectual Property)", due: str = DUE
) -> dict[str, str]:
    return {"title": title, "lead_place": lead, "task": f"task of {title}", "due": due}


def take(path: Path, by: Viewer, *, is_sure: bool = True) -> Outcome:
    return import_cases(path, instruction(), by=by, is_sure=is_sure)


def test_good_rows_are_written_bad_ones_named_and_a_second_time_changes_nothing(office: Viewer, tmp_path: Path) -> None:
    rows = [told("One"), told("Two", lead="Bureau of Nothing"), told("Three", due="soon"), told("Four"), told("")]
    path = workbook(tmp_path / "a.xlsx", office, rows, [])
    preview = take(path, office, is_sure=False)
    assert preview.written == 2 and not Case.objects.exists()
    outcome = take(path, office)
    assert sorted(Case.objects.values_list("title", flat=True)) == ["Four", "One"] and outcome.written == 2
    faults = sorted((fault.row, fault.column) for fault in outcome.faults)
    assert faults == [(3, "Leading office"), (4, "To be done by"), (6, "Title")]
    assert all(fault.sheet == "New cases" and fault.why and fault.todo for fault in outcome.faults)
    again = take(path, office)
    assert again.written == 0 and [row.is_repeated for row in again.taken] == [True, True]
    assert Case.objects.count() == 2 == CaseEvent.objects.count()
    assert AuditEvent.objects.filter(action="case.import").count() == 1


def test_steps_of_many_cases_are_taken_and_what_the_process_refuses_is_said(office: Viewer, tmp_path: Path) -> None:
    officer = viewer_of(User.objects.get(username="Officer"))
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    made = [
        open_case(NewCase("instruction", name, parties, {"task": "x", "due": DUE}), by=office)
        for name in ("a", "b", "c")
    ]
    act(made[2].pk, Step("do", 1, "sign_for"), by=officer)
    rows = [
        {"case": made[0].pk, "step": "Sign for", "seen": 1, "progress": None},
        {"case": made[1].pk, "step": "Sing for", "seen": 1, "progress": None},
        {"case": made[2].pk, "step": "feed_back", "seen": 2, "progress": "half done"},
        {"case": made[2].pk, "step": "feed_back", "seen": 2, "progress": "seen long ago"},
        {"case": made[1].pk, "step": "Report progress", "seen": 1, "progress": "too early"},
        {"case": 987654321, "step": "Sign for", "seen": 1, "progress": None},
    ]
    path = workbook(tmp_path / "b.xlsx", officer, [], rows)
    outcome = take(path, officer)
    assert [(row.case.title, row.case.events_count) for row in outcome.taken] == [("a", 2), ("c", 3)]
    why = {fault.row: fault.why for fault in outcome.faults}
    assert sorted(why) == [3, 5, 6, 7]
    assert "Did you mean 'Sign for'" in why[3] and "after you opened it" in why[5] and "not open" in why[6]
    before = CaseEvent.objects.count()
    assert take(path, officer).written == 0 and CaseEvent.objects.count() == before


def test_the_workbook_to_fill_in_holds_what_waits_for_its_reader_and_reads_back(office: Viewer, tmp_path: Path) -> None:
    officer = viewer_of(User.objects.get(username="Officer"))
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    case = open_case(NewCase("instruction", "Mine", parties, {"task": "x", "due": DUE}), by=office)
    path = tmp_path / "fill.xlsx"
    write_sheets(path, instruction(), officer)
    rows = read_table(path, steps_table(instruction(), officer)).rows
    assert rows["case"].to_list() == [case.pk] and rows["called"].to_list() == ["Mine"]
    assert take(path, officer) == Outcome((), ())  # nothing was filled in
    with pytest.raises(NotAllowed):
        take(path, viewer_of(User.objects.get(username="Bank")))


def test_what_is_no_workbook_of_these_is_refused(office: Viewer, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    write_workbook(path, [Sheet("Other", pl.DataFrame({"name": ["x"]}))])
    with pytest.raises(UnreadableFile):
        take(path, office)


def test_a_workbook_is_looked_into_and_then_written_by_who_sent_it(
    office: Viewer, tmp_path: Path, cast_client: Callable[[str], Client]
) -> None:
    path, client = workbook(tmp_path / "a.xlsx", office, [told("One"), told("")], []), cast_client("ChainOffice")
    page, client.cookies["django_language"] = "/cases/import/instruction", "en"
    assert client.get(f"{page}/sheets").status_code == 200
    looked = client.post(page, {"file": SimpleUploadedFile("a.xlsx", path.read_bytes())})
    token = looked.context["token"]
    assert looked.status_code == 200 and token in looked.content.decode() and not Case.objects.exists()
    assert cast_client("Officer").post(page, {"token": token}).status_code == 400
    assert client.post(page, {"token": token}).status_code == 200 and Case.objects.get().title == "One"
    assert client.post(page, {"token": "other"}).status_code == 400
    assert client.post(page, {"file": SimpleUploadedFile("a.xlsx", b"x")}).status_code == 400
    assert client.get("/cases/import/nothing").status_code == 404
