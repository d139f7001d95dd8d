from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.events_world import BEGAN, BY, noticed, of_item, said
from tests.liandesk.language import assert_language
from tests.liandesk.whatif_world import publish_network

from liandesk.assess.events import actions, files, queries
from liandesk.assess.events.frames import events_frame
from liandesk.assess.events.matching import meant
from liandesk.assess.events.models import Event, HitKind
from liandesk.assess.events.said import Hit
from liandesk.base.accounts.cast import NAMES
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.ui.panels import inbox

pytestmark = pytest.mark.django_db
CLERK, OFFICER = "ChainOffice", "Officer"
CSV = """原因,开始日期,结束日期,受影响国别,原文或备注
质量,2024-03-01,,美国,停产
质量,2024-03-02,2024-01-01,美国,
不知道,2024-03-01,,美国,
"""
NOTICES = """产品名称,公告日期,公告内容
甲注射液,2024-03-01,1.某公司表示，因原料问题导致缺药。
乙片,2024-03-02,已于2024年2月21日恢复供应。
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_what_is_typed_counts_at_once_and_is_one_event_of_the_log(viewer: Callable[[str], Viewer]) -> None:
    made = actions.enter(said(of_item("I-resin")), by=viewer(CLERK))
    assert list(Event.objects.in_force()) == [made]
    assert [(one.action, one.object_id) for one in AuditEvent.objects.filter(actor=viewer(CLERK).actor)] == [
        ("event.enter", str(made.pk))
    ]


def test_what_is_found_in_a_notice_counts_for_nothing_until_a_person_confirms_it(
    viewer: Callable[[str], Viewer],
) -> None:
    found = noticed(viewer(CLERK))
    assert (found.state, found.sentence) == ("waiting", "因原料問題導致缺藥。")
    assert queries.dated() == []
    assert [line.count for line in inbox(viewer(CLERK)) if "notices" in line.title] == [1]
    actions.confirm({found.pk: found.version}, by=viewer(CLERK))
    assert [one.event for one in queries.dated()] == [found.pk]


def test_the_same_rows_loaded_twice_double_nothing_and_what_was_refused_does_not_come_again() -> None:
    found = noticed()
    actions.withdraw(found.pk, "another product", by=BY, version=0)
    again = actions.enter_many(
        [said(of_item(""), source="notice", text=found.text, span=(0, 10))], by=BY, are_confirmed=False
    )
    assert (again.new, again.repeated, Event.objects.count()) == (0, 1, 1)


def test_a_stale_form_overwrites_nothing() -> None:
    made = actions.enter(said(of_item("")), by=BY)
    hit = made.hits.get()
    actions.match(hit.pk, "I-resin", by=BY, version=0)
    for late in (
        lambda: actions.match(hit.pk, "I-medium", by=BY, version=0),
        lambda: actions.end(made.pk, BEGAN, by=BY, version=0),
        lambda: actions.withdraw(made.pk, "late", by=BY, version=0),
    ):
        with pytest.raises(Conflict):
            late()
    made.refresh_from_db()
    assert (made.version, made.ended_on, made.hits.get().object_id) == (1, None, "I-resin")


def test_what_cannot_be_is_not_entered() -> None:
    impossible = (said(), said(of_item("x"), began_on=today() + timedelta(days=1)), said(of_item("x"), cause="weather"))
    for one in (*impossible, said(of_item("x"), ended_on=BEGAN - timedelta(days=1))):
        with pytest.raises(UserError):
            actions.enter(one, by=BY)
    assert Event.objects.count() == 0


def test_an_event_that_is_taken_back_stays_readable_and_counts_for_nothing(viewer: Callable[[str], Viewer]) -> None:
    made = actions.enter(said(of_item("I-resin")), by=viewer(OFFICER))
    before = queries.events_digest()
    actions.withdraw(made.pk, "a mistake", by=viewer(OFFICER), version=0)
    assert queries.dated() == []
    assert queries.events_digest() != before
    assert queries.event(viewer(CLERK), made.pk).withdrawn_reason == "a mistake"


def test_nobody_but_offices_enters_and_only_the_office_of_it_or_the_chain_office_changes(
    viewer: Callable[[str], Viewer],
) -> None:
    for name in set(NAMES) - {CLERK, OFFICER}:
        with pytest.raises(NotAllowed):
            actions.enter(said(of_item("x")), by=viewer(name))
    made = actions.enter(said(of_item("x")), by=viewer(CLERK))
    with pytest.raises(NotAllowed):
        actions.withdraw(made.pk, "not mine", by=viewer(OFFICER), version=0)


def test_a_name_is_sure_where_one_thing_has_it_and_else_a_person_chooses() -> None:
    assert meant(HitKind.COUNTRY, "美国").sure == "US"
    unsure = meant(HitKind.COUNTRY, "刚果")
    assert unsure.sure == ""
    assert {code for code, _name in unsure.likely} == {"CD", "CG"}
    assert meant(HitKind.COUNTRY, "nowhere at all").likely == []


def test_computation_sees_matched_things_only() -> None:
    made = actions.enter(said(of_item(""), Hit(HitKind.SUPPLIER, "Cytiva", "S-1"), of_item("I-resin")), by=BY)
    row = events_frame(queries.dated()).row(0, named=True)
    assert (row["event"], row["items"], row["makers"]) == (made.pk, ["I-resin"], ["S-1"])


def test_a_file_gives_its_good_rows_and_says_of_each_bad_one_why() -> None:
    found = files.read_events("events.csv", CSV.encode(), "en")
    assert [(row.cause, row.hits[0].object_id) for row in found.rows] == [("quality", "US")]
    assert sorted(one.row or 0 for one in found.left_out) == [3, 4]
    assert any("ends before it begins" in one.why for one in found.left_out)


def test_a_notice_gives_its_disruption_with_the_sentence_and_a_recovery_is_none() -> None:
    found = files.read_notices("notices.csv", NOTICES.encode(), "en")
    [row] = found.rows
    assert (row.cause, row.began_on, row.title) == ("raw_material", date(2024, 3, 1), "甲注射液")
    assert row.span is not None
    assert row.text[slice(*row.span)] == "某公司表示，因原料问题导致缺药。"
    assert "supply is back" in found.left_out[0].why


@pytest.fixture
def clerk(cast_client: Callable[[str], Client]) -> Callable[[str], Client]:
    def signed_in(language: str) -> Client:
        client = cast_client(CLERK)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_notice_to_the_confirmed_event_on_pages_in_both_languages(
    clerk: Callable[[str], Client], language: str
) -> None:
    publish_network()
    client = clerk(language)
    assert_language(client.get("/events/"))
    assert_language(client.get("/events/notices"))
    file = io.BytesIO(NOTICES.encode())
    file.name = "notices.csv"
    sent = client.post("/events/notices", {"file": file})
    assert_language(sent)
    found = Event.objects.get()
    for page in (f"/events/batch/{found.batch}", f"/events/{found.pk}", "/events/new", "/events/file"):
        assert_language(client.get(page))
    assert "<mark>某公司表示" in client.get(f"/events/{found.pk}").content.decode()
    client.post(f"/events/batch/{found.batch}", {"event": f"{found.pk}-0"})
    assert Event.objects.in_force().count() == 1
    late = client.post(f"/events/{found.pk}/end", {"ended_on": "2024-04-01", "version": 0})
    assert late.status_code == 400
    assert_language(late)


def test_what_is_typed_on_the_page_is_matched_where_it_is_sure(clerk: Callable[[str], Client]) -> None:
    form = {"title": "t", "cause": "trade", "began_on": "2024-03-01", "country": "United States\n刚果"}
    place = clerk("en").post("/events/new", form).headers["Location"]
    assert place == f"/events/{Event.objects.get().pk}"
    assert list(Event.objects.get().hits.values_list("name", "object_id")) == [("United States", "US"), ("刚果", "")]
