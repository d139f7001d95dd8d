"""Chasing what is overdue, and the sheet of an instruction."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from docx import Document

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.teamwork import queries
from liandesk.base.teamwork.chasing import chase, chases, to_chase
from liandesk.base.teamwork.models import Comment
from liandesk.base.teamwork.sheet import write_sheet
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(instruction: Case, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-11-04")
    return instruction


def test_a_chase_names_the_people_who_lead_and_is_counted(late: Case, viewer: Callable[[str], Viewer]) -> None:
    office = viewer("ChainOffice")
    assert [case.times for case in to_chase(office)] == [0]
    chased = chase([late.pk], by=office, note="The mayor asks.")
    assert (chased.done, chased.passed_over, chased.told) == ((late,), (), 1)
    (mention,) = queries.unseen_mentions(viewer("Officer"))
    assert mention.comment == chases(office, late.pk).get().comment
    said = queries.comments(office, late.pk)[0].text
    assert said == "Chased: overdue since 2024-10-31. Please act, or say what holds it up. The mayor asks. @Officer"
    assert [case.times for case in to_chase(office)] == [1]
    assert AuditEvent.objects.filter(action="case.chase").count() == 1


def test_a_case_is_chased_once_a_day_and_only_when_overdue(
    late: Case, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = viewer("ChainOffice")
    data = {"task": "x", "due": "2024-11-01"}
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    other = open_case(NewCase("instruction", "Other", parties, data), by=office)
    chase([late.pk], by=office)
    again = chase([late.pk, other.pk], by=office)
    assert again.done == (other,) and again.passed_over == (late,)
    with pytest.raises(UserError, match="None of these"):
        chase([late.pk, other.pk], by=office)
    monkeypatch.setenv("LIANDESK_TODAY", "2024-11-05")
    chase([late.pk], by=office)
    assert chases(office, late.pk).count() == 2
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-31")
    with pytest.raises(UserError):
        chase([late.pk], by=office)


def test_only_chain_office_and_chief_chase_and_never_a_case_hidden_from_them(
    late: Case, viewer: Callable[[str], Viewer]
) -> None:
    for name in ("Officer", "Enterprise", "Auditor"):
        with pytest.raises(NotAllowed):
            chase([late.pk], by=viewer(name))
    Case.objects.update(is_restricted=True)
    with pytest.raises(UserError):
        chase([late.pk], by=viewer("ChainChief"))
    assert not Comment.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_says_what_is_asked_of_whom_and_how_it_stands(
    late: Case, viewer: Callable[[str], Viewer], tmp_path: Path, language: str
) -> None:
    chase([late.pk], by=viewer("ChainOffice"))
    with translation.override(language):
        write_sheet(late.pk, tmp_path / "a.docx", by=viewer("Officer"))
    paper = Document(str(tmp_path / "a.docx"))
    cells = {row.cells[0].text: row.cells[1].text for row in paper.tables[0].rows}
    assert f"2024-{late.pk}" in paper.sections[0].header.paragraphs[0].text
    assert "Settle the land" in cells.values() and any("2024-10-31" in text for text in cells.values())
    assert any(" 1 " in f" {text} " or "1 次" in text for text in cells.values())
    size = paper.sections[0]
    assert (round(size.page_width.mm), round(size.page_height.mm)) == (210, 297)


def test_the_sheet_is_for_who_sees_the_instruction(late: Case, viewer: Callable[[str], Viewer], tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        write_sheet(late.pk, tmp_path / "a.docx", by=viewer("TownOfficer"))
    Case.objects.update(is_restricted=True)
    with pytest.raises(NotThere):
        write_sheet(late.pk, tmp_path / "a.docx", by=viewer("Officer"))


def test_chases_and_sheet_in_pages(late: Case, cast_client: Callable[[str], Client]) -> None:
    office, officer = cast_client("ChainOffice"), cast_client("Officer")
    assert "Settle the land" in office.get("/chases").content.decode()
    assert officer.get("/chases").status_code == officer.post("/chases", {"case": late.pk}).status_code == 403
    assert office.post("/chases", {"case": late.pk}).status_code == 302
    assert office.post(f"/cases/{late.pk}/chase").status_code == 400
    sent = officer.get(f"/cases/{late.pk}/sheet")
    assert sent.status_code == 200 and Document(io.BytesIO(b"".join(sent.streaming_content))).tables
    assert cast_client("TownOfficer").get(f"/cases/{late.pk}/sheet").status_code == 404
