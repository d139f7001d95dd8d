"""Exceptions come first: each line says what, why and whose, with the reader's own rights; a sheet says the same."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from docx import Document
from tests.liandesk.incidents_world import BY, disrupted, make_world

from liandesk.assess.backups import actions as backup_actions
from liandesk.assess.incidents.actions import open_room
from liandesk.assess.lists.actions import admit
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed
from liandesk.steer.cockpit import queries

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
Viewers = Callable[[str], Viewer]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_world()
    with translation.override("en"):
        yield


def _lines(viewer: Viewer, code: str) -> list[queries.Line]:
    return [line for kind in queries.exceptions(viewer) if kind.code == code for line in kind.lines]


def test_a_red_risk_is_an_exception_until_a_backup_stands(viewer: Viewers) -> None:
    chief = viewer("ChainChief")
    assert _lines(chief, "risk") == [], "what nobody admitted is no exception yet"
    admit("item:I-resin", by=viewer("ChainOffice"), version=0, owner_office="economy", due_date=date(2024, 9, 27))
    (line,) = _lines(chief, "risk")
    assert (line.title, line.office) == ("层析填料", "Bureau of Economy and Science")
    row = backup_actions.add_technology({"name": "层析填料", "kind": "item", "item": "I-resin"}, by=BY)
    said = {"type": "second_supplier", "holder_name": "X", "steps_done": []}
    held = backup_actions.add_backup(row.pk, said, by=BY, version=row.version)
    assert _lines(chief, "risk") == []
    row.refresh_from_db()
    backup_actions.plan_drill(held.pk, date(2024, 9, 1), by=BY, version=row.version)
    assert [(line.since, line.title) for line in _lines(chief, "drill")] == [(date(2024, 9, 1), "层析填料 · X")]


def test_a_case_past_its_day_and_an_open_room_stand_there_and_the_new_is_told(
    viewer: Viewers, cast_client: SignIn
) -> None:
    office = viewer("ChainOffice")
    admit("item:I-resin", by=office, version=0, owner_office="economy", due_date=date(2024, 9, 27))
    room = open_room([disrupted().pk], by=office)
    chief = viewer("ChainChief")
    assert [line.url for line in _lines(chief, "room")] == [f"/incidents/{room.pk}"]
    assert [line.why for line in _lines(chief, "case")] == ["3 days late"]
    page = cast_client("ChainChief").get("/exceptions/", {"since": "2024-09-28"}, headers=ENGLISH).content.decode()
    assert "Open incident rooms" in page and "Cases that are overdue" in page
    assert cast_client("ChainChief").get("/exceptions/", {"since": "soon"}).status_code == 400


def test_the_sheet_says_what_the_page_says_and_leaves_a_trace(viewer: Viewers, cast_client: SignIn) -> None:
    admit("item:I-resin", by=viewer("ChainOffice"), version=0, owner_office="economy", due_date=date(2024, 9, 27))
    answer = cast_client("ChainChief").get("/exceptions/sheet", {"since": "2024-09-28"}, headers=ENGLISH)
    paper = Document(io.BytesIO(b"".join(answer.streaming_content)))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "层析填料" in text and "3 days late" in text and "Classification" in text
    assert AuditEvent.objects.filter(action="cockpit.export").count() == 1


def test_an_exception_is_handed_to_an_office_as_an_instruction(cast_client: SignIn, viewer: Viewers) -> None:
    admit("item:I-resin", by=viewer("ChainOffice"), version=0, owner_office="economy", due_date=date(2024, 9, 27))
    (line,) = _lines(viewer("ChainOffice"), "risk")
    address = f"/cases/new/instruction?{line.instruction}"
    office = cast_client("ChainOffice")
    assert address.replace("&", "&amp;") in office.get("/exceptions/", headers=ENGLISH).content.decode()
    form = office.get(address, headers=ENGLISH).context["form"]
    assert (form["title"].value(), form["origin"].value()) == ("层析填料", "exception")
    assert form["task"].value().startswith("层析填料: ")
    assert "instruction?" not in cast_client("Auditor").get("/exceptions/", headers=ENGLISH).content.decode()


def test_the_auditor_reads_what_the_auditor_may_read(viewer: Viewers) -> None:
    open_room([disrupted().pk], by=viewer("ChainOffice"))
    assert _lines(viewer("Auditor"), "room") == [] and _lines(viewer("ChainChief"), "room")


@pytest.mark.parametrize("who", ["Officer", "TownOfficer", "Enterprise", "Hospital"])
def test_nobody_else_sees_the_whole(viewer: Viewers, cast_client: SignIn, who: str) -> None:
    with pytest.raises(NotAllowed):
        queries.exceptions(viewer(who))
    assert cast_client(who).get("/exceptions/").status_code == 403
