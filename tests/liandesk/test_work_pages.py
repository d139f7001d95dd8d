"""The pages of cases: what one may do beside the steps, the history with its corrections, a new case of any process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.source_files import input_row, write_csv

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.definitions import actions as definitions
from liandesk.base.work import subjects
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation
from liandesk.know.sources.actions import load
from liandesk.know.sources.readers import source_of

BY = system_viewer("test")
VISIT = """
key: visit
title: { zh: 走访, en: Visit }
opens_as: [host, caller]
roles:
  - { key: host, title: { zh: 走访单位, en: Visiting office }, default: chain_office }
  - { key: caller, held_by: [organisation], title: { zh: 企业, en: Enterprise } }
  - { key: helper, held_by: [office, town, person], title: { zh: 协办, en: Helper } }
start: asked
form:
  - { key: topic, kind: text, required: true, title: { zh: 事项, en: Topic } }
  - { key: place, kind: text, title: { zh: 地点, en: Place } }
stages:
  - { key: asked, lead: host, title: { zh: 待安排, en: To be arranged } }
  - { key: helped, lead: helper, title: { zh: 协办中, en: With a helper } }
  - key: held
    title: { zh: 已走访, en: Held }
    outcome:
      key: held
      kind: success
      title: { zh: 完成, en: Held }
      reasons: [{ key: held, title: { zh: 已走访, en: It was held } }]
transitions:
  - key: hand_on
    from: asked
    to: helped
    title: { zh: 转办, en: Hand on }
    assigns: { helper: to_whom }
    form: [{ key: to_whom, kind: office, required: true, title: { zh: 转给, en: To whom } }]
  - { key: hold, from: asked, to: held, title: { zh: 走访完成, en: Hold it } }
  - { key: help, from: helped, to: asked, title: { zh: 已协助, en: Helped } }
pauses: [{ key: traffic, title: { zh: 企业原因, en: The enterprise asked to wait } }]
clocks:
  - { key: soon, starts: open, stops: end, days: 5, source: the test's own, paused_by: [traffic],
      title: { zh: 时限, en: Time to hold it } }
"""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    with translation.override("en"):
        yield


@pytest.fixture
def viewer(cast: dict[str, User]) -> Callable[[str], Viewer]:
    """The cast, with a process of the test's own in force beside those of the packs."""
    definitions.take_over_packs(by=BY)
    for pk in CAST_ORGANISATIONS.values():
        Organisation.objects.create(pk=pk, name=f"Works {pk}", kind="enterprise")
    officer, office = viewer_of(cast["Officer"]), viewer_of(cast["ChainOffice"])
    made = definitions.propose(by=officer, kind="process", key="visit", text=VISIT, effective_from=today())
    definitions.publish(made.pk, by=office)
    return lambda name: viewer_of(cast[name])


@pytest.fixture
def signed_in(viewer: Any, cast_client: Callable[[str], Client]) -> Callable[[str], Client]:
    def one(name: str) -> Client:
        client = cast_client(name)
        client.cookies["django_language"] = "en"
        return client

    return one


@pytest.fixture
def case(viewer: Callable[[str], Viewer]) -> Case:
    """A visit that the chain office is to arrange for the enterprise; its place was left open."""
    parties = [("host", "office", "economy"), ("caller", "organisation", "enterprise-one")]
    return open_case(NewCase("visit", "Visit the works", parties, {"topic": "land"}), by=viewer("ChainOffice"))


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_clocks_stop_with_a_reason_that_the_page_says_and_run_on(case: Case, signed_in: Any) -> None:
    office, page = signed_in("ChainOffice"), f"/cases/{case.pk}"
    assert office.post(f"{page}/pause", {"seen": 1, "name": "holiday"}).status_code == 400
    assert office.post(f"{page}/pause", {"seen": 1, "name": "traffic"}).status_code == 302
    said = text(office, page)
    assert "paused" in said and "The enterprise asked to wait" in said and "Let the clocks run on" in said
    assert office.post(f"{page}/resume", {"seen": 2}).status_code == 302
    assert not Case.objects.get().is_paused


def test_what_was_left_open_is_filled_in_and_no_more_asked(case: Case, signed_in: Any) -> None:
    office, page = signed_in("ChainOffice"), f"/cases/{case.pk}"
    assert "Fill in what was left open" in text(office, page)
    assert office.post(f"{page}/fill", {"seen": 1}).status_code == 400
    assert office.post(f"{page}/fill", {"seen": 1, "place": "the second plant"}).status_code == 302
    said = text(office, page)
    assert "the second plant" in said and "Fill in what was left open" not in said


def test_a_correction_leaves_what_was_said_before_visible(case: Case, signed_in: Any) -> None:
    office, page = signed_in("ChainOffice"), f"/cases/{case.pk}"
    at = "2024-09-30T00:05"
    form = {"seen": 1, "at": text(office, f"{page}/correct/1").split('name="at" value="')[1][:16], "topic": "land"}
    assert office.post(f"{page}/correct/1", form).status_code == 400  # nothing is said otherwise
    assert office.post(f"{page}/correct/1", {**form, "at": at, "topic": "water"}).status_code == 302
    said = text(office, page)
    assert "<del>" in said and "land" in said and "water" in said and "2024-09-30 00:05" in said
    assert office.get(f"{page}/correct/9").status_code == 404


def test_a_role_is_handed_to_an_office_a_town_or_a_person(
    case: Case, signed_in: Any, cast: dict[str, User], viewer: Any
) -> None:
    office, page = signed_in("ChainOffice"), f"/cases/{case.pk}/assign/helper"
    assert office.post(page, {"seen": 1}).status_code == 400
    assert office.post(page, {"seen": 1, "helper_person": "Nobody"}).status_code == 400
    assert office.post(page, {"seen": 1, "helper_person": "Officer"}).status_code == 302
    assert office.post(page, {"seen": 2, "helper_place": "office:market", "beside": "on"}).status_code == 302
    held = set(case.parties.filter(role="helper").values_list("scope_kind", "scope_id"))
    assert held == {("person", f"user:{cast['Officer'].pk}"), ("office", "market")}
    assert "Handed over." in text(office, f"/cases/{case.pk}")


def test_who_reads_a_case_is_offered_none_of_what_is_others_to_do(case: Case, signed_in: Any) -> None:
    enterprise, page = signed_in("Enterprise"), f"/cases/{case.pk}"
    said = text(enterprise, page)
    assert "No step is yours now." in said and "It waits for:" in said
    for word in ("Hand over", "Stop the clocks", "Fill in what was left open"):
        assert word not in said
    assert enterprise.post(f"{page}/pause", {"seen": 1, "name": "traffic"}).status_code == 403
    assert enterprise.post(f"{page}/assign/host", {"seen": 1, "host_place": "office:market"}).status_code == 403
    assert signed_in("OtherEnterprise").post(f"{page}/fill", {"seen": 1, "place": "x"}).status_code == 404


def test_somebody_who_acts_later_keeps_what_they_typed(case: Case, signed_in: Any, viewer: Any) -> None:
    office, page = signed_in("ChainOffice"), f"/cases/{case.pk}"
    act(case.pk, Step("fill", 1, data={"place": "here"}), by=viewer("ChainOffice"))
    answer = office.post(f"{page}/do/hand_on", {"seen": 1, "to_whom": "market"})
    said = answer.content.decode()
    assert answer.status_code == 409 and "Somebody acted on this case" in said
    assert 'value="market" selected' in said and 'name="seen" value="2"' in said


def test_an_enterprise_opens_a_case_for_itself_and_is_not_asked_who_answers(signed_in: Any) -> None:
    enterprise = signed_in("Enterprise")
    assert "/cases/new/visit" in text(enterprise, "/cases/new")
    assert "/cases/new/instruction" not in text(enterprise, "/cases/new")
    assert enterprise.get("/cases/new/instruction").status_code == 404
    said = text(enterprise, "/cases/new/visit")
    assert "host_place" not in said and "caller_organisation" not in said
    assert enterprise.post("/cases/new/visit", {"topic": "water"}).status_code == 302
    assert str(Case.objects.get()) == "water"
    parties = set(Case.objects.get().parties.values_list("role", "scope_kind", "scope_id"))
    assert parties == {("host", "office", "economy"), ("caller", "organisation", "enterprise-one")}


def test_an_office_opens_a_case_about_an_organisation_found_by_its_name(signed_in: Any) -> None:
    office, path = signed_in("ChainOffice"), "/cases/new/visit?about=organisation:enterprise-two"
    assert 'value="Works enterprise-two"' in text(office, path)
    form = {"title": "Go", "topic": "water", "caller_organisation": "Works"}
    several = office.post(path, form)
    assert several.status_code == 400 and "Several are meant" in several.content.decode()
    made = office.post(path, {**form, "caller_organisation": "Works enterprise-two", "helper_place": "town:330113001"})
    assert made.status_code == 302, made.content.decode()
    case = Case.objects.get()
    assert (case.subject_kind, case.subject_id) == ("organisation", "enterprise-two")
    assert "Works enterprise-two" in text(office, made.headers["Location"])


def test_home_says_whose_turn_it_is_and_a_step_that_asks_nothing_is_taken_in_the_line(
    case: Case, signed_in: Any
) -> None:
    office, enterprise = signed_in("ChainOffice"), signed_in("Enterprise")
    page = text(office, "/")
    assert f'id="case-{case.pk}"' in page and f'action="/cases/{case.pk}/do/hold"' in page
    assert f"/cases/{case.pk}/do/hand_on" not in page  # it asks to whom: it unfolds
    unfolded = text(office, f"/?open=case-{case.pk}")
    assert f"/cases/{case.pk}/do/hand_on" in unfolded and "What is asked" not in unfolded
    theirs = text(enterprise, "/")
    assert "waits for Bureau of Economy and Science" in theirs and f"/cases/{case.pk}/do/" not in theirs
    assert f"/cases/{case.pk}/do/" not in text(enterprise, f"/?open=case-{case.pk}")
    assert str(case) not in text(signed_in("OtherEnterprise"), f"/?open=case-{case.pk}")
    form = {"seen": 1, "back": "home", "reason": "held"}
    assert office.post(f"/cases/{case.pk}/do/hold", form).headers["Location"] == "/"
    assert "/do/" not in text(office, "/")


def test_what_is_overdue_stands_first_and_only_there(
    case: Case, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-31")
    page = text(signed_in("ChainOffice"), "/")
    assert page.count(f'id="case-{case.pk}"') == 1
    assert page.index('id="overdue"') < page.index(f'id="case-{case.pk}"') < page.index('id="mine"')


def test_home_replays_nothing_for_its_lines(case: Case, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    office = signed_in("ChainOffice")

    def never(*args: object) -> None:
        raise AssertionError("a line was replayed")

    monkeypatch.setattr("liandesk.base.work.queries.replay", never)
    assert str(case) in text(office, "/")


def test_the_table_is_asked_by_stage_office_and_day_and_copied_as_it_is_seen(case: Case, signed_in: Any) -> None:
    office = signed_in("ChainOffice")
    assert str(case) in text(office, "/cases/?show=open&process=visit&stage=asked&office=economy&due=future")
    for query in ("stage=helped&process=visit", "office=market", "due=past", "show=ended", "show=overdue"):
        assert str(case) not in text(office, f"/cases/?show=open&{query}")
    copy = office.get("/cases/export/csv?show=open&process=visit")
    said = b"".join(copy.streaming_content).decode("utf-8-sig")
    assert str(case) in said and "To be arranged" in said and "Visit" in said
    theirs = b"".join(signed_in("OtherEnterprise").get("/cases/export/csv?show=open").streaming_content).decode()
    assert str(case) not in theirs


def test_a_board_counts_each_stage_and_shows_the_cases_a_viewer_sees(case: Case, signed_in: Any) -> None:
    board = text(signed_in("ChainOffice"), "/cases/board/visit")
    assert board.index("To be arranged") < board.index(str(case)) < board.index("With a helper")
    assert "Nothing is in this stage." in board and "Held" not in board
    assert str(case) not in text(signed_in("OtherEnterprise"), "/cases/board/visit")
    assert signed_in("ChainOffice").get("/cases/board/none").status_code == 404


def test_a_definition_and_a_load_show_the_cases_about_them_to_who_sees_both(
    viewer: Callable[[str], Viewer], signed_in: Callable[[str], Client], tmp_path: Path
) -> None:
    landing = load(source=source_of("workbook"), paths=[write_csv(tmp_path / "a.csv", [input_row()])], by=BY).landing
    assert landing is not None
    office = viewer("ChainOffice")
    for subject, page in (
        (("definition", "process/instruction"), "/definitions/process/instruction"),
        (("load", landing.pk), f"/loads/{landing.pk}"),
    ):
        parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
        data = {"task": "Look into it", "due": "2024-10-31"}
        case = open_case(NewCase("instruction", f"About {subject[0]}", parties, data, subject), by=office)
        assert f"/cases/{case.pk}" in signed_in("ChainOffice").get(page).content.decode()
        assert subjects.named(viewer("Outsider"), *subject) is None
