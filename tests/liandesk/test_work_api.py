"""Cases through the API: opened, led on, refused to whoever may not, evidence, and 409 for the second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.liandesk.work_world import REQUEST, know_organisations, publish

from liandesk.base.work.models import CaseEvent

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
NEW = {
    "process": "request",
    "title": "Land",
    "parties": [{"role": "asker", "kind": "organisation", "id": "enterprise-one"}],
    "data": {"what": "land"},
}


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    know_organisations(monkeypatch)
    publish(REQUEST)


def post(client: Client, path: str, said: dict[str, Any]) -> Any:
    return client.post(f"/api/v1{path}", said, content_type="application/json")


def test_a_case_is_opened_acted_on_and_read(cast_client: SignIn) -> None:
    enterprise, office, officer = (cast_client(name) for name in ("Enterprise", "ChainOffice", "Officer"))
    made = post(enterprise, "/cases", NEW)
    assert made.status_code == 201 and made.json()["events_count"] == 1
    path = f"/cases/{made.json()['id']}"
    take = {"kind": "do", "seen": 1, "name": "take", "data": {"office": "market"}}
    assert post(office, f"{path}/events", take).json()["stages"] == ["in_hand"]
    assert post(office, f"{path}/events", take).status_code == 409
    late = {"kind": "do", "seen": 2, "name": "answer", "data": {"letter": 5}}
    refused = post(officer, f"{path}/events", late)
    assert refused.status_code == 409 and "letter" in refused.json()["message"]
    found = officer.get(f"/api/v1{path}").json()
    assert [(clock["key"], clock["state"], clock["due"]) for clock in found["clocks"]] == [
        ("reply", "running", "2024-10-09")
    ]
    assert {action["key"]: action["is_mine"] for action in found["actions"]} == {"answer": True, "pass_on": True}
    assert found["roles"] == ["lead"] and CaseEvent.objects.count() == 2 == len(found["events"])


def test_lists_are_those_of_the_inbox_and_a_wrong_one_is_named(cast_client: SignIn) -> None:
    enterprise, office = cast_client("Enterprise"), cast_client("ChainOffice")
    pk = post(enterprise, "/cases", NEW).json()["id"]
    for show, client in (("mine", office), ("office", office), ("waiting", enterprise), ("open", enterprise)):
        assert [case["id"] for case in client.get(f"/api/v1/cases?show={show}").json()["items"]] == [pk], show
    assert office.get("/api/v1/cases?stage=sent").json()["count"] == 1
    assert office.get("/api/v1/cases?stage=in_hand").json()["count"] == 0
    assert cast_client("OtherEnterprise").get("/api/v1/cases").json()["count"] == 0
    wrong = office.get("/api/v1/cases?show=mien")
    assert wrong.status_code == 400 and "Did you mean 'mine'" in wrong.json()["message"]


def test_nobody_opens_or_acts_without_the_right(cast_client: SignIn) -> None:
    assert post(cast_client("OtherEnterprise"), "/cases", NEW).status_code == 403
    assert post(cast_client("Bank"), "/cases", NEW).status_code == 403
    pk = post(cast_client("Enterprise"), "/cases", NEW).json()["id"]
    step = {"kind": "do", "seen": 1, "name": "take", "data": {"office": "market"}}
    assert post(cast_client("Enterprise"), f"/cases/{pk}/events", step).status_code == 403
    assert post(cast_client("OtherEnterprise"), f"/cases/{pk}/events", step).status_code == 404
    for kind in ("open", "migrate"):
        assert post(cast_client("ChainOffice"), f"/cases/{pk}/events", {**step, "kind": kind}).status_code == 422


def test_evidence_is_kept_and_fetched_by_those_who_see_the_case(cast_client: SignIn) -> None:
    enterprise = cast_client("Enterprise")
    pk = post(enterprise, "/cases", NEW).json()["id"]
    path, said = f"/api/v1/cases/{pk}/evidence", {"seen": 1, "name": "letter", "title": "a letter"}
    wrong = enterprise.post(path, {**said, "file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert wrong.status_code == 400 and "PDF" in wrong.json()["message"]
    kept = enterprise.post(path, {**said, "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert kept.json()["events_count"] == 2
    assert cast_client("ChainOffice").get(f"{path}/2").content == b"%PDF-1.7"
    assert cast_client("OtherEnterprise").get(f"{path}/2").status_code == 404
    assert enterprise.get(f"{path}/1").status_code == 404
