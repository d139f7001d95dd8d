"""A room traces what is hit, gives tasks, writes to enterprises, and ends only by its own test and two persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl
import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.incidents_world import CYTIVA, GIBCO, disrupted, make_world, put_entry
from tests.liandesk.language import assert_language
from tests.liandesk.whatif_world import ONE, THREE, TWO

from liandesk.assess.events import actions as event_actions
from liandesk.assess.events.models import Event
from liandesk.assess.events.said import Hit
from liandesk.assess.incidents import actions, drafts, queries
from liandesk.assess.incidents.models import Incident
from liandesk.assess.incidents.playbook import KIND, build_playbook
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.teamwork.task_actions import finish_task
from liandesk.base.ui.panels import inbox, panels, search
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
Viewers = Callable[[str], Viewer]
SAID = {"what_was_done": "换了供应商", "lesson": "第二来源应提前验证"}


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_world()
    with translation.override("en"):
        yield


def _room(by: Viewer, *events: Event) -> Incident:
    return actions.open_room([event.pk for event in events or (disrupted(),)], by=by)


def test_a_room_holds_the_entries_that_are_hit_how_badly_and_until_when_the_stock_lasts(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    found = queries.room(office, _room(office).pk)
    told = {hit.entry.key: (hit.level, hit.one.verdict, hit.first_day, hit.last_day) for hit in found.hits}
    day = date(2024, 11, 19)  # sixty days of stock after the twentieth of September
    assert told[f"input:{ONE}:I-resin"] == ("red", "stops", day, day)
    assert told[f"input:{TWO}:I-resin"] == ("yellow", "may_stop", None, None)
    assert told[f"input:{THREE}:I-N-drug"][:2] == ("orange", "loses_part")
    assert told["item:I-resin"][:3] == ("red", "stops", None), "one buyer's stock is not known"
    assert [hit.level for hit in found.hits] == ["red", "red", "orange", "yellow"]


def test_the_way_to_who_is_hit_further_on_is_told(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    lines = queries.room(office, _room(office).pk).products
    bag = lines.row(by_predicate=pl.col("line") == "N-bag", named=True)
    assert (bag["step"], bag["before_name"], bag["origin_name"]) == (2, "临安生物一号有限公司", "Cytiva")


def test_the_playbook_gives_tasks_to_offices_by_cause_and_to_each_grave_entry(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office)
    of_room = {one.step: one.office for one in room.tasks.filter(entry=None)}
    assert of_room == {
        "verify": "economy",
        "report": "economy",
        "stocks": "economy",
        "filing": "market",
        "hospitals": "health",
    }
    about = {one.entry.entry_id for one in room.tasks.exclude(entry=None)}
    assert about == {f"input:{ONE}:I-resin", f"input:{THREE}:I-N-drug", "item:I-resin"}


def test_several_disruptions_hit_together_and_a_room_is_traced_anew_with_a_further_one(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office, disrupted(GIBCO, title="培养基"))
    assert room.entries.count() == 0
    assert list(room.messages.values_list("organisation", flat=True)) == [THREE]
    room = actions.retrace(room.pk, by=office, more=[disrupted(CYTIVA).pk])
    assert room.events.count() == 2
    assert room.entries.exclude(verdict="").count() == 4
    assert set(room.messages.values_list("organisation", flat=True)) == {ONE, TWO, THREE}
    assert room.tasks.exclude(entry=None).count() == 3
    again = actions.retrace(room.pk, by=office)
    assert (again.tasks.exclude(entry=None).count(), again.messages.count()) == (3, 3), "nothing is given twice"


def test_a_country_strikes_its_suppliers_and_leaves_out_who_is_not_placed(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office, disrupted(Hit("country", "瑞典", "SE"), title="出口限制", cause="trade"))
    assert room.entries.filter(verdict="stops").exists()
    assert room.unplaced == 1
    assert "customs" in set(room.tasks.values_list("step", flat=True))


def test_what_is_not_in_the_network_opens_no_room(viewer: Viewers) -> None:
    nowhere = disrupted(Hit("supplier", "Nobody"))
    with pytest.raises(UserError, match="Nothing that the event names"):
        _room(viewer("ChainOffice"), nowhere)
    taken_back = event_actions.withdraw(disrupted().pk, "wrong", by=viewer("ChainOffice"), version=0)
    with pytest.raises(UserError, match="does not count"):
        _room(viewer("ChainOffice"), taken_back)
    assert Incident.objects.count() == 0


def test_a_room_is_seen_by_its_offices_and_opened_worked_in_by_nobody_else(viewer: Viewers) -> None:
    room = _room(viewer("ChainOffice"))
    entry, message = room.entries.first(), room.messages.first()
    assert entry is not None
    assert message is not None
    for name in ("Officer", "TownOfficer", "Enterprise", "Hospital", "Bank", "Expert", "Auditor", "Outsider"):
        with pytest.raises((NotThere, NotAllowed)):
            queries.room(viewer(name), room.pk)
        with pytest.raises((NotThere, NotAllowed)):
            actions.state_reason(entry.pk, "no", by=viewer(name))
        with pytest.raises((NotThere, NotAllowed)):
            drafts.send(message.pk, by=viewer(name), version=0)
    for name in ("TownOfficer", "Enterprise", "Auditor"):
        with pytest.raises(NotAllowed):
            _room(viewer(name))
    own = _room(viewer("Officer"))
    assert queries.room(viewer("Officer"), own.pk).may_work, "whoever opened it takes part in it"


def _settle(room: Incident, by: Viewer) -> None:
    """A task done for one grave entry, a reason stated for the others."""
    task, *_others = room.tasks.exclude(entry=None).order_by("pk")
    finish_task(task.task_id, by=by)
    for one in queries.unsettled(room):
        actions.state_reason(one.pk, "库存足够", by=by)


def _close(room: Incident, by: Viewer, event_end: str) -> Case:
    seen = Case.objects.get(pk=room.case_id).events_count
    step = Step("do", seen, "close", {"event_end": event_end, **SAID}, "accepted")
    return act(room.case_id, step, by=by)


def test_a_room_ends_by_its_own_test_and_a_second_person_and_leaves_a_lesson(viewer: Viewers) -> None:
    officer, office = viewer("Officer"), viewer("ChainOffice")
    room = _room(officer)
    act(room.case_id, Step("assign", 1, "lead", holders={"lead": ["office:market"]}), by=office)
    act(room.case_id, Step("do", 2, "respond", {"finding": "属实"}), by=officer)
    with pytest.raises(UserError, match="3 affected entries"):
        _close(room, officer, "accepted")
    _settle(room, officer)
    with pytest.raises(UserError, match="not known that"):
        _close(room, officer, "ended")
    case = _close(room, officer, "accepted")
    assert case.ended_at is None, "it waits for the second person"
    with pytest.raises(NotAllowed):
        act(room.case_id, Step("approve", case.events_count, "close"), by=officer)
    case = act(room.case_id, Step("approve", case.events_count, "close"), by=office)
    assert case.outcome == "settled_room"
    with pytest.raises(UserError, match="closed"):
        actions.give_task(room.pk, "more", "economy", date(2024, 10, 1), by=office)
    _check_lesson(viewer)


def _check_lesson(viewer: Viewers) -> None:
    key = f"input:{ONE}:I-resin"
    shown = {name: [one.template for one in panels("entry", viewer(name), key)] for name in ("Auditor", "Enterprise")}
    assert "incidents/_of_entry.html" in shown["Auditor"]
    assert "incidents/_of_entry.html" not in shown["Enterprise"]
    found = {name: [item.kind for item in search(viewer(name), "第二来源")] for name in ("Officer", "Enterprise")}
    assert found == {"Officer": ["Lesson"], "Enterprise": []}
    pk = Incident.objects.get().pk
    assert [entry.key for entry in queries.lesson(viewer("Auditor"), pk)[1]].count(key) == 1
    with pytest.raises(NotAllowed):
        queries.lesson(viewer("Enterprise"), pk)


def test_an_entry_that_becomes_grave_between_proposal_and_agreement_keeps_the_room_open(viewer: Viewers) -> None:
    officer, office = viewer("Officer"), viewer("ChainOffice")
    room = _room(officer)
    act(room.case_id, Step("assign", 1, "lead", holders={"lead": ["office:market"]}), by=office)
    act(room.case_id, Step("do", 2, "respond", {"finding": "属实"}), by=officer)
    _settle(room, officer)
    case = _close(room, officer, "accepted")
    late = put_entry("input:late:I-resin", "I-resin", "red", organisation="late", town="")
    room.entries.create(entry=late, verdict="stops")
    with pytest.raises(UserError, match="1 affected entry"):
        act(room.case_id, Step("approve", case.events_count, "close"), by=office)


def test_a_message_is_drafted_in_chinese_changed_sent_once_and_seen_by_its_enterprise_alone(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office)
    draft = room.messages.get(organisation=ONE)
    assert "层析填料" in draft.text
    assert "临平器械二号" not in draft.text
    assert draft.answer_by == date(2024, 10, 2)
    draft = drafts.reword(draft.pk, "请核对库存", date(2024, 10, 3), by=office, version=0)
    with pytest.raises(Conflict):
        drafts.send(draft.pk, by=office, version=0)
    sent = drafts.send(draft.pk, by=office, version=1)
    with pytest.raises(UserError, match="was sent"):
        drafts.reword(draft.pk, "anders", date(2024, 10, 3), by=office, version=2)
    assert sent.notice is not None
    own, other = viewer("Enterprise"), viewer("OtherEnterprise")
    assert [case.pk for case in cases(own)] == [sent.notice_id]
    assert [case.pk for case in cases(other)] == []
    assert "层析填料停供" not in sent.notice.title
    assert any(line.url == f"/cases/{sent.notice_id}" for line in inbox(own))
    answer = {"affected": "soon", "stock_left_days": 45}
    assert act(sent.notice_id, Step("do", 1, "answer", answer), by=own).stages == ["answered"]


def test_a_title_that_names_another_enterprise_is_not_told_to_others(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office, disrupted(Hit("organisation", "一号", ONE), title="一号停产"))
    assert "一号停产" not in "".join(room.messages.values_list("text", flat=True))
    assert room.messages.count() == 1, "only who buys from it is written to"


def test_every_write_leaves_one_event_of_its_own_in_the_log(viewer: Viewers) -> None:
    office = viewer("ChainOffice")
    room = _room(office)
    before = AuditEvent.objects.count()
    actions.give_task(room.pk, "打电话", "commerce", date(2024, 10, 1), by=office)
    assert AuditEvent.objects.count() == before + 1, "the task and the room are one writing"
    actions.state_reason(room.entries.all()[0].pk, "够用", by=office)
    drafts.send(room.messages.all()[0].pk, by=office, version=0)
    actions.retrace(room.pk, by=office)
    own = AuditEvent.objects.filter(object_kind="incident").order_by("pk").values_list("action", flat=True)
    assert list(own) == [f"incident.{name}" for name in ("open", "give_task", "state_reason", "send", "retrace")]


def test_an_office_finds_its_tasks_on_the_desk(viewer: Viewers) -> None:
    _room(viewer("ChainOffice"))
    lines = [line for line in inbox(viewer("ChainOffice")) if line.url.endswith("#tasks")]
    assert {line.due for line in lines} == {date(2024, 10, 1), date(2024, 10, 2), date(2024, 10, 7)}


def test_a_playbook_with_an_office_that_is_not_there_is_refused_with_those_that_are() -> None:
    body = dict(in_force(KIND, "incident").body)  # type: ignore[union-attr]
    wrong = body | {"steps": [{**body["steps"][0], "office": "navy"}]}
    with pytest.raises(UserError, match=r"no office 'navy'.*economy"):
        build_playbook(wrong, "test")
    with pytest.raises(UserError, match=r"message\.zh"):
        build_playbook(body | {"message": {"answer_days": 1, "zh": "{nobody}"}}, "test")


@pytest.fixture
def sign_in(cast_client: Callable[[str], Client]) -> SignIn:
    def signed_in(name: str, language: str = "en") -> Client:
        client = cast_client(name)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_typed_on_the_page_an_event_opens_a_room_that_is_worked_in_without_scripts(
    sign_in: SignIn, language: str
) -> None:
    client = sign_in("ChainOffice", language)
    assert_language(client.get("/incidents/"))
    typed = {"typed": "yes", "title": "填料断供", "cause": "halt", "began_on": "2024-09-20", "supplier": "S-Cytiva"}
    place = client.post("/incidents/new", typed).headers["Location"]
    pk = int(place.rsplit("/", 1)[1])
    assert_language(client.get("/incidents/new"))
    assert_language(client.get(place))
    room = Incident.objects.get(pk=pk)
    task, entry = room.tasks.all()[0], room.entries.get(entry="item:I-resin")
    assert client.post(f"{place}/tasks/{task.task_id}", {"done": "yes"}).status_code == 302
    assert client.post(f"{place}/entries/{entry.pk}", {"reason": "够用"}).status_code == 302
    said = {"title": "打电话", "office": "commerce", "due": "2024-10-01", "entry": ""}
    assert client.post(f"{place}/tasks", said).status_code == 302
    message = f"/incidents/messages/{room.messages.all()[0].pk}"
    assert_language(client.get(message))
    sent = {"text": "请核对", "answer_by": "2024-10-03", "version": 0, "send": "yes"}
    assert client.post(message, sent).status_code == 302
    assert client.post(f"{place}/send").status_code == 302
    assert room.messages.filter(notice=None).count() == 0
    page = client.get(place).content.decode()
    assert "打电话" in page
    for shown in (place, f"/cases/{room.case_id}", f"/cases/{room.messages.all()[0].notice_id}"):
        assert_language(client.get(shown))
    for kind in ("docx", "xlsx"):
        assert client.get(f"{place}/export/{kind}").status_code == 200
    assert client.get(f"{place}/export/pdf").status_code == 400


def test_the_api_opens_a_room_and_tells_the_ways(sign_in: SignIn) -> None:
    client = sign_in("ChainOffice")
    asked = {"events": [disrupted().pk]}
    made = client.post("/api/v1/incidents", asked, content_type="application/json").json()
    told = client.get(f"/api/v1/incidents/{made['id']}").json()
    assert {row["line"]: row["before"] for row in told["lines"]}["N-bag"] == "N-drug"
    assert {row["entry"]: row["first_day"] for row in told["hits"]}[f"input:{TWO}:I-resin"] is None
    assert client.get("/api/v1/incidents").json()["count"] == 1
