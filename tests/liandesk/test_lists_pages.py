"""The pages of the risk list as people use them, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import (
    OFFICE,
    ONE_RESIN,
    ONE_VALVE,
    RESIN_ITEM,
    TWO_MEDIUM,
    publish_world,
)

from liandesk.assess.lists import actions
from liandesk.assess.lists.models import EntryState, ListEntry

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
RESIN_PAGE = f"/risks/{ONE_RESIN}"


@pytest.fixture(autouse=True)
def _world() -> None:
    publish_world()


def _get(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def _admit(key: str = ONE_RESIN, **more: object) -> ListEntry:
    return actions.admit(key, by=OFFICE, version=0, **more)  # type: ignore[arg-type]


def _names(page: str) -> list[str]:
    """The items of the table, in order."""
    return [unescape(name) for name in re.findall(r'<a href="/risks/i[^"]+" translate="no">([^<]+)</a>', page)]


def test_the_list_opens_on_what_waits_for_the_chain_office_in_rank_order(cast_client: SignIn) -> None:
    page = _get(cast_client("ChainOffice"), "/risks/")
    assert _names(page) == list(ListEntry.objects.order_by("position").values_list("item_name", flat=True))
    assert "unknown" in page


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("scope=item", {RESIN_ITEM, "item:I-valve", "item:I-medium"}),
        ("item_kind=excipient", {ONE_RESIN, RESIN_ITEM}),
        ("town=330113002", {TWO_MEDIUM}),
        ("text=层析", {ONE_RESIN, RESIN_ITEM}),
        ("text=器械二号", {TWO_MEDIUM}),
        ("sole_source=yes", {ONE_RESIN}),
        ("sole_source=unknown", {RESIN_ITEM}),
        ("owner_office=none&scope=input", {ONE_RESIN, ONE_VALVE, TWO_MEDIUM}),
        ("due=none&scope=input", {ONE_RESIN, ONE_VALVE, TWO_MEDIUM}),
        ("listed=gone", set()),
        ("scope=nonsense", set(ListEntry.objects.none())),
    ],
)
def test_each_filter_shows_what_it_says(query: str, keys: set[str], cast_client: SignIn) -> None:
    page = _get(cast_client("ChainOffice"), f"/risks/?state=all&{query}")
    found = {unescape(key) for key in re.findall(r'<a href="/risks/(i[^"]+)" translate="no">', page)}
    if query != "scope=nonsense":
        assert found == keys


def test_the_tabs_count_and_separate_the_states(cast_client: SignIn) -> None:
    _admit()
    client = cast_client("ChainOffice")
    assert _names(_get(client, "/risks/?state=admitted")) == ["层析填料"]
    assert len(_names(_get(client, "/risks/?state=proposed"))) == ListEntry.objects.count() - 1
    assert re.search(r'Admitted <span class="num">1</span>', _get(client, "/risks/"))


def test_columns_are_chosen_and_kept_over_sorting(cast_client: SignIn) -> None:
    page = _get(cast_client("ChainOffice"), "/risks/?columns=item_name&columns=town&columns=reach")
    heads = re.findall(r"<th [^>]*scope=\"col\"", page)
    assert len(heads) == 4  # with the box to tick
    assert "columns=town" in re.findall(r'href="([^"]*sort=[^"]*)"', unescape(page))[0]


def test_the_list_is_sent_exactly_as_it_is_seen(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    response = client.get(
        "/risks/export/csv?state=all&scope=input&columns=rank&columns=town&sort=-rank",
        headers={"accept-language": "en"},
    )
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (
        lines[0]
        == 'No.,Rank,"Rank, best possible","Rank, worst possible",Item that may fail,Enterprise,Town,Key of the entry'
    )
    rows = ListEntry.objects.filter(scope="input").order_by("-position")
    assert [line.rsplit(",", 1)[1] for line in lines[1:]] == [row.key for row in rows]
    assert "risk-list_2024-09-30.csv" in response["Content-Disposition"]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_excel_and_word_copies_of_the_page_open(kind: str, cast_client: SignIn) -> None:
    response = cast_client("ChainOffice").get(f"/risks/export/{kind}")
    assert b"".join(response.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_an_entry_opens_into_reasons_suppliers_uses_and_their_files(cast_client: SignIn) -> None:
    page = _get(cast_client("ChainOffice"), RESIN_PAGE)
    for said in ("There is only one source", "Cytiva", "Sweden", "单抗注射液", "摸排表.xlsx 关键投入:7", "50 m"):
        assert said in unescape(page).replace("\xa0", " "), said


def test_the_reasons_are_a_drawer_with_a_script_and_a_page_without(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    path = f"/risks/reasons/{ONE_RESIN}"
    assert "<html" in _get(client, path)
    fragment = client.get(path, headers={"hx-request": "true", "accept-language": "en"}).content.decode()
    assert "<html" not in fragment and "There is only one source" in fragment


def test_the_chain_office_admits_assigns_and_closes_on_the_page(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    answer = client.post(
        f"/risks/admit/{ONE_RESIN}", {"version": 0, "owner_office": "economy", "due_date": "2024-12-01"}
    )
    assert answer.status_code == 302 and answer["Location"] == RESIN_PAGE
    client.post(f"/risks/assign/{ONE_RESIN}", {"version": 1, "owner_office": "health", "due_date": "2024-12-02"})
    client.post(f"/risks/close/{ONE_RESIN}", {"version": 2, "reason": "第二来源已验证"})
    entry = ListEntry.objects.get(pk=ONE_RESIN)
    assert (entry.state, entry.owner_office, entry.due_date) == (EntryState.CLOSED, "health", date(2024, 12, 2))
    assert "第二来源已验证" in _get(client, RESIN_PAGE)


def test_a_wrong_form_comes_back_with_the_text_and_says_what_is_wrong(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    answer = client.post(
        f"/risks/admit/{ONE_RESIN}",
        {"version": 0, "owner_office": "economy", "due_date": "2024-01-01", "initial-due_date": ""},
        headers={"accept-language": "en"},
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and "This date has passed" in page and "2024-01-01" in page


def test_an_overdue_date_may_stay_when_only_the_office_changes(cast_client: SignIn) -> None:
    _admit(due_date=date(2024, 9, 1))
    said = {"version": 1, "owner_office": "health", "due_date": "2024-09-01", "initial-due_date": "2024-09-01"}
    assert cast_client("ChainOffice").post(f"/risks/assign/{ONE_RESIN}", said).status_code == 302


def test_the_second_of_two_writers_keeps_the_text_sees_who_was_first_and_can_send_again(cast_client: SignIn) -> None:
    _admit(ONE_VALVE)
    officer, office = cast_client("Officer"), cast_client("ChainOffice")
    said = {"version": 1, "measure": "备货三个月", "level": "", "level_reason": "", "note": ""}
    assert officer.post(f"/risks/report/{ONE_VALVE}", said).status_code == 302
    late = {**said, "measure": "转单到国内"}
    answer = office.post(f"/risks/report/{ONE_VALVE}", late, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "转单到国内" in page and "备货三个月" in page
    assert "Bureau officer" in page and 'name="version" value="2"' in page
    assert office.post(f"/risks/report/{ONE_VALVE}", {**late, "version": 2}).status_code == 302
    assert ListEntry.objects.get(pk=ONE_VALVE).measure == "转单到国内"


@pytest.mark.parametrize("name", ["admit", "decline", "assign", "close", "reopen", "report"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("ChainChief", 403), ("Auditor", 403), ("TownOfficer", 403), ("Enterprise", 403)]
    + [(who, 404) for who in ("Officer", "OtherTown", "OtherEnterprise", "Hospital", "Bank", "Outsider")],
)
def test_a_form_sent_by_whoever_may_not_is_refused(name: str, who: str, status: int, cast_client: SignIn) -> None:
    said = {"version": 0, "owner_office": "economy", "due_date": "", "reason": "x", "measure": "x"}
    assert cast_client(who).post(f"/risks/{name}/{ONE_RESIN}", said).status_code == status
    assert ListEntry.objects.get(pk=ONE_RESIN).version == 0


def test_selected_entries_are_admitted_together_with_a_date(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    chosen = {"entry": [f"0:{ONE_RESIN}", f"0:{ONE_VALVE}"], "do": "admit", "due_date": "2024-12-01"}
    answer = client.post("/risks/bulk?state=proposed&scope=input", {**chosen, "owner_office": "", "reason": ""})
    assert answer.status_code == 302 and answer["Location"] == "/risks/?state=proposed&scope=input"
    admitted = ListEntry.objects.filter(state=EntryState.ADMITTED, due_date=date(2024, 12, 1))
    assert {entry.key: entry.owner_office for entry in admitted} == {ONE_RESIN: "economy", ONE_VALVE: "market"}


def test_a_refused_bulk_action_keeps_the_selection(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    chosen = {"entry": [f"0:{ONE_RESIN}"], "do": "decline", "reason": "", "owner_office": "", "due_date": ""}
    answer = client.post("/risks/bulk?state=proposed&scope=input", chosen, headers={"accept-language": "en"})
    assert answer["Location"] == "/risks/?state=proposed&scope=input"
    page = _get(client, answer["Location"])
    assert "Say in a few words why" in page
    assert re.search(rf'value="0:{re.escape(ONE_RESIN)}"[^>]*checked', page)
    assert "Say in a few words why" not in _get(client, answer["Location"])


def test_a_bulk_action_says_which_entry_somebody_else_changed(cast_client: SignIn) -> None:
    actions.decline(ONE_VALVE, by=OFFICE, version=0, reason="x")
    client = cast_client("ChainOffice")
    chosen = {"entry": [f"0:{ONE_RESIN}", f"0:{ONE_VALVE}"], "do": "admit", "owner_office": "", "reason": ""}
    client.post("/risks/bulk", {**chosen, "due_date": ""}, headers={"accept-language": "en"})
    page = unescape(_get(client, "/risks/"))
    assert "1 entry done" in page and ONE_VALVE in page


@pytest.mark.parametrize("who", ["ChainChief", "Officer", "TownOfficer", "Enterprise", "Bank", "Outsider"])
def test_nobody_else_does_bulk_actions(who: str, cast_client: SignIn) -> None:
    chosen = {"entry": [f"0:{ONE_RESIN}"], "do": "admit", "owner_office": "", "due_date": "", "reason": ""}
    assert cast_client(who).post("/risks/bulk", chosen).status_code == 403
    assert ListEntry.objects.get(pk=ONE_RESIN).state == EntryState.PROPOSED


def test_a_town_sees_its_own_enterprises_only(cast_client: SignIn) -> None:
    client = cast_client("TownOfficer")
    assert set(_names(_get(client, "/risks/"))) == {"层析填料", "=隔膜阀"}
    assert client.get(f"/risks/{TWO_MEDIUM}").status_code == 404
    assert client.get(f"/risks/reasons/{RESIN_ITEM}").status_code == 404


def test_an_enterprise_sees_its_own_inputs_without_notes_history_and_others(cast_client: SignIn) -> None:
    _admit()
    actions.report(
        ONE_RESIN, by=OFFICE, version=1, measure="备货", note="内部意见", level="red", level_reason="内部理由"
    )
    client = cast_client("Enterprise")
    assert "备货" in _get(client, RESIN_PAGE)
    for path in ("/risks/?state=all&columns=level&columns=measure", RESIN_PAGE, f"/risks/reasons/{ONE_RESIN}"):
        page = _get(client, path)
        assert "内部意见" not in page and "内部理由" not in page and "History" not in page, path
    assert client.get(f"/risks/{RESIN_ITEM}").status_code == 404
    assert client.get(f"/risks/{TWO_MEDIUM}").status_code == 404


def test_an_entry_that_is_gone_says_so_and_keeps_its_judgement(cast_client: SignIn) -> None:
    _admit(ONE_VALVE)
    from tests.liandesk.lists_world import SUPPLIES, USES

    publish_world(supplies=[row for row in SUPPLIES if row["item"] != "I-valve"], uses=[USES[0], USES[2]])
    client = cast_client("ChainOffice")
    assert "no longer computed" in _get(client, f"/risks/{ONE_VALVE}")
    assert "no longer computed" in _get(client, "/risks/?state=admitted")
    assert "1 admitted entry is no longer computed" in _get(client, "/risks/")


def test_the_inbox_says_what_is_due_what_waits_and_what_changed(cast_client: SignIn) -> None:
    _admit(ONE_VALVE, due_date=date(2024, 10, 7))
    office = unescape(_get(cast_client("ChainOffice"), "/"))
    assert "of the first 40 entries wait for judgement" in office
    officer = unescape(_get(cast_client("Officer"), "/"))
    assert "隔膜阀" in officer and "2024-10-07" in officer
    assert "隔膜阀" not in _get(cast_client("OtherTown"), "/")


def test_the_search_finds_entries_by_item_and_by_enterprise(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    for text in ("层析", "一号"):
        assert quote(ONE_RESIN, safe="") in _get(client, f"/search?q={text}") or ONE_RESIN in _get(
            client, f"/search?q={text}"
        )
    assert "层析填料" not in _get(cast_client("Bank"), "/search?q=层析")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path", ["/risks/", "/risks/?state=admitted", RESIN_PAGE, f"/risks/reasons/{ONE_RESIN}", "/editions/"]
)
def test_a_page_of_the_list_speaks_one_language(path: str, language: str, cast_client: SignIn) -> None:
    _admit(due_date=date(2024, 12, 1))
    actions.report(ONE_RESIN, by=OFFICE, version=1, measure="备货", level="red", level_reason="独家")
    assert_language(cast_client("ChainOffice").get(path, headers={"accept-language": language}))


def test_an_empty_list_says_what_would_fill_it(cast_client: SignIn) -> None:
    from liandesk.base.snapshots.models import Pointer

    ListEntry.objects.all().delete()
    Pointer.objects.all().delete()
    assert "Load a file" in _get(cast_client("ChainOffice"), "/risks/")
