"""Cases: only what the process allows is written, by whom it is for, and the log alone says where a case is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now, today
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.views import as_text
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work import queries
from liandesk.base.work.actions import IllegalStep, NewCase, Step, act, open_case
from liandesk.base.work.models import Case, CaseEvent, Named

BY = system_viewer("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = datetime(2024, 9, 2, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def viewer() -> Callable[[str], Viewer]:
    definitions.take_over_packs(by=BY)
    people = make_cast(by=BY)
    return lambda name: viewer_of(people[name])


def new(title: str = "Settle the land", **more: Any) -> NewCase:
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    data = {"task": "Settle the land of the second plant", "due": "2024-10-31"}
    return NewCase("instruction", title, parties, data, **more)


def step(case: Case, by: Viewer, name: str, kind: Any = "do", **said: Any) -> Case:
    return act(case.pk, Step(kind, case.events_count, name, **said), by=by)


def reported(viewer: Callable[[str], Viewer]) -> Case:
    """Open, sign for, prove and report one instruction."""
    officer = viewer("Officer")
    case = open_case(new(), by=viewer("ChainOffice"))
    case = step(case, officer, "sign_for")
    case = step(case, officer, "result", "prove", data={"hash": "ab", "title": "minutes"})
    return step(case, officer, "report_done", data={"result_text": "settled"})


def test_an_instruction_runs_from_issue_to_close_by_four_eyes(viewer: Callable[[str], Viewer]) -> None:
    case = step(reported(viewer), viewer("ChainOffice"), "close", reason="done")
    assert case.ended_at is None
    with pytest.raises(IllegalStep, match="may not be who agrees"):
        step(case, viewer("ChainOffice"), "close", "approve")
    second = Viewer("user:99", "second", viewer("ChainOffice").grants)
    case = step(case, second, "close", "approve")
    assert (case.outcome, case.reason, case.stages) == ("done", "done", ["closed"])
    assert AuditEvent.objects.filter(object_kind="case", object_id=str(case.pk)).count() == case.events_count


def test_what_is_not_allowed_is_refused_with_titles_and_changes_nothing(viewer: Callable[[str], Viewer]) -> None:
    case = open_case(new(), by=viewer("ChainOffice"))
    with pytest.raises(IllegalStep, match="The stage 'In hand' is not open"):
        step(case, viewer("Officer"), "report_done", data={"result_text": "x"})
    with pytest.raises(NotAllowed):
        step(case, viewer("ChainOffice"), "sign_for")
    assert CaseEvent.objects.count() == 1


def test_of_two_who_act_at_once_the_second_is_told(viewer: Callable[[str], Viewer]) -> None:
    case = open_case(new(), by=viewer("ChainOffice"))
    act(case.pk, Step("do", 1, "sign_for"), by=viewer("Officer"))
    with pytest.raises(Conflict):
        act(case.pk, Step("do", 1, "cancel", reason="mistaken"), by=viewer("ChainOffice"))
    assert Case.objects.get().stages == ["in_hand"]


def test_a_case_is_seen_by_its_parties_and_a_restricted_one_by_those_it_names(
    viewer: Callable[[str], Viewer],
) -> None:
    chief = viewer("ChainChief")
    plain = open_case(new(), by=viewer("ChainOffice"))
    secret = open_case(new("Secret", is_restricted=True), by=viewer("ChainOffice"))
    assert set(queries.cases(viewer("Officer"))) == {plain} == set(queries.cases(chief))
    assert not queries.cases(viewer("TownOfficer")).exists() and not queries.cases(viewer("Outsider")).exists()
    assert secret in queries.cases(viewer("ChainOffice")) and secret not in queries.cases(chief)
    Named.objects.create(case=secret, person=chief.actor, named_by="user:1", named_at=now())
    assert secret in queries.cases(chief) and secret not in queries.cases(viewer("Officer"))
    with pytest.raises(NotThere):
        act(secret.pk, Step("do", 1, "sign_for"), by=viewer("Officer"))


def test_a_running_case_keeps_its_version(viewer: Callable[[str], Viewer]) -> None:
    before = open_case(new(), by=viewer("ChainOffice"))
    text = as_text(before.definition).replace("key: sign_for\n", "key: accept\n")
    made = definitions.propose(
        by=viewer("Officer"), kind="process", key="instruction", text=text, effective_from=today()
    )
    definitions.publish(made.pk, by=viewer("ChainOffice"))
    after = open_case(new("Later"), by=viewer("ChainOffice"))
    assert step(before, viewer("Officer"), "sign_for").stages == ["in_hand"]
    assert step(after, viewer("Officer"), "accept").stages == ["in_hand"]


def test_the_log_cannot_be_changed_and_gives_the_columns_of_the_case(viewer: Callable[[str], Viewer]) -> None:
    case = reported(viewer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CaseEvent.objects.filter(case=case).update(name="other")
    for name, value in queries.computed(case).items():
        assert getattr(case, name) == value


def test_a_case_opens_into_clocks_and_the_actions_of_each_role(viewer: Callable[[str], Viewer]) -> None:
    case = reported(viewer)
    found = queries.opened(viewer("ChainOffice"), case.pk)
    assert found is not None
    assert {action.transition.key for action in found.mine} == {"send_back", "close"}
    assert {reading.clock.key: reading.state for reading in found.clocks} == {
        "task": "running",
        "signing": "unset",
        "answering": "unset",
    }
    assert case.due == date(2024, 10, 31)
    theirs = queries.opened(viewer("Officer"), case.pk)
    assert theirs is not None and theirs.mine == ()
    assert list(queries.in_hand(viewer("Officer"))) == [case]


def test_a_case_without_its_leading_roles_is_not_opened(viewer: Callable[[str], Viewer]) -> None:
    mine = ("issuer", "office", "economy")
    for parties, said in (
        ([mine], "Nobody is named for the role 'lead'"),
        ([mine, ("leed", "office", "market")], "no role 'leed'. Did you mean 'lead'"),
        ([mine, ("lead", "organisation", "market")], "held by Office.* not by Organisation"),
        ([mine, ("lead", "office", "marked")], "Nobody is known as 'office:marked'"),
    ):
        with pytest.raises(UserError, match=said):
            open_case(NewCase("instruction", "x", parties), by=viewer("ChainOffice"))
    with pytest.raises(UserError, match="No process 'instructoin'"):
        open_case(NewCase("instructoin", "x", []), by=viewer("ChainOffice"))
    with pytest.raises(NotAllowed):
        open_case(new(), by=viewer("TownOfficer"))
    assert not Case.objects.exists()


def signed_in(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name), backend=BACKEND)
    return client


def test_an_instruction_is_played_in_pages_by_three_people(viewer: Callable[[str], Viewer], client: Client) -> None:
    case = open_case(new(), by=viewer("ChainOffice"))
    page = f"/cases/{case.pk}"
    officer = signed_in(client, "Officer")
    assert page in officer.get("/").content.decode()  # in the inbox, with the step
    assert officer.post(f"{page}/do/sign_for", {"seen": 1}).status_code == 302
    assert officer.post(f"{page}/do/sign_for", {"seen": 1}).status_code == 409
    proof = {"seen": 2, "name": "result", "title": "minutes"}
    assert officer.post(f"{page}/prove", {**proof, "file": SimpleUploadedFile("a.pdf", b"MZ")}).status_code == 400
    sent = SimpleUploadedFile("纪要.pdf", b"%PDF-1.7 minutes")
    assert officer.post(f"{page}/prove", {**proof, "file": sent}).status_code == 302
    kept = officer.get(f"{page}/evidence/3")
    assert kept.content == b"%PDF-1.7 minutes" and "attachment" in kept.headers["Content-Disposition"]
    assert officer.post(f"{page}/do/report_done", {"seen": 3, "result_text": "settled"}).status_code == 302
    office = signed_in(client, "ChainOffice")
    assert office.post(f"{page}/do/close", {"seen": 4, "reason": "done"}).status_code == 302
    assert office.post(f"{page}/answer/close", {"seen": 5, "answer": "approve"}).status_code == 409
    assert signed_in(client, "TownOfficer").get(page).status_code == 404
    assert signed_in(client, "TownOfficer").get("/cases/?show=open").content.decode().count(page) == 0
