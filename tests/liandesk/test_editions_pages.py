"""The pages, copies and API of editions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import OFFICE, ONE_RESIN, ONE_VALVE, TWO_MEDIUM, publish_world

from liandesk.assess.lists import actions, edition_actions
from liandesk.assess.lists.models import Edition
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
ENGLISH = {"accept-language": "en"}
UNSEEING = ["Officer", "TownOfficer", "OtherTown", "Enterprise", "Hospital", "Bank", "Expert", "Operator", "Outsider"]


@pytest.fixture(autouse=True)
def _world() -> None:
    publish_world(is_synthetic=True)
    for key in (ONE_RESIN, TWO_MEDIUM):
        actions.admit(key, by=OFFICE, version=0, due_date=date(2024, 12, 20))


@pytest.fixture
def draft(cast: dict[str, User]) -> Edition:
    by = viewer_of(cast["ChainOffice"])
    return edition_actions.prepare_edition(by=by, title="断链断供风险清单", classification="internal")


@pytest.fixture
def signed(draft: Edition, cast: dict[str, User]) -> Edition:
    return edition_actions.sign_edition(draft.pk, by=viewer_of(cast["ChainChief"]), size_reason="首批")


def _get(client: Client, path: str) -> str:
    response = client.get(path, headers=ENGLISH)
    assert response.status_code == 200, response.content.decode()[:1500]
    return unescape(response.content.decode())


def test_the_chain_office_prepares_and_the_chief_signs_on_the_page(cast_client: SignIn) -> None:
    office, chief = cast_client("ChainOffice"), cast_client("ChainChief")
    assert "2 entries; a leader signs 20 to 40" in _get(office, "/editions/")
    answer = office.post("/editions/", {"title": "清单", "classification": "work_sensitive"})
    draft = Edition.objects.get()
    assert answer["Location"] == f"/editions/drafts/{draft.pk}"
    assert "Why this number of entries" not in _get(office, answer["Location"])
    assert "清单" in _get(chief, "/")
    refused = chief.post(f"/editions/drafts/{draft.pk}/sign", {"size_reason": ""}, headers=ENGLISH)
    assert refused.status_code == 400 and "2 entries instead of 20 to 40" in refused.content.decode()
    answer = chief.post(f"/editions/drafts/{draft.pk}/sign", {"size_reason": "首批"})
    assert answer["Location"] == "/editions/1"
    assert "层析填料" in _get(chief, "/editions/1") and "This system takes no state secrets" in _get(
        chief, "/editions/1"
    )


def test_a_mark_must_be_chosen_and_no_secret_one_can_be(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    for mark in ("", "secret"):
        answer = client.post("/editions/", {"title": "清单", "classification": mark}, headers=ENGLISH)
        assert answer.status_code == 400 and "清单" in answer.content.decode()
    page = _get(client, "/editions/")
    assert "no state secrets" in page and not Edition.objects.exists()


def test_a_draft_shows_what_changed_since_it_was_frozen(draft: Edition, cast_client: SignIn) -> None:
    actions.admit(ONE_VALVE, by=OFFICE, version=0, due_date=date(2024, 12, 20))
    page = _get(cast_client("ChainChief"), f"/editions/drafts/{draft.pk}")
    assert "have changed since this was frozen" in page and "隔膜阀" in page


def test_two_signed_editions_are_compared(signed: Edition, cast: dict[str, User], cast_client: SignIn) -> None:
    actions.report(ONE_RESIN, by=OFFICE, version=1, level="red", level_reason="独家", measure="备货")
    by = viewer_of(cast["ChainOffice"])
    second = edition_actions.prepare_edition(by=by, title="第二期", classification="internal")
    edition_actions.sign_edition(second.pk, by=viewer_of(cast["ChainChief"]), size_reason="首批")
    page = _get(cast_client("Auditor"), "/editions/2/diff/1")
    assert "Measure: not set → " in page and "备货" in page
    assert "The two say the same" in _get(cast_client("Auditor"), "/editions/2/diff/2")


def test_a_discarded_draft_stays_readable_and_uses_no_number(draft: Edition, cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    assert client.post(f"/editions/drafts/{draft.pk}/discard").status_code == 302
    assert "discarded draft" in _get(client, f"/editions/drafts/{draft.pk}")
    assert Edition.objects.get().number is None


@pytest.mark.parametrize(("form", "kind"), [("leader", "docx"), ("leader", "xlsx"), ("full", "xlsx"), ("full", "csv")])
def test_copies_are_sent_with_their_number_and_mark_in_the_name(
    form: str, kind: str, signed: Edition, cast_client: SignIn
) -> None:
    response = cast_client("ChainChief").get(f"/editions/1/export/{form}/{kind}")
    assert f"risk-list-edition-1_2024-09-30-synthetic.{kind}" in response["Content-Disposition"]
    assert len(b"".join(response.streaming_content)) > 500  # type: ignore[attr-defined]


def test_a_form_that_does_not_fit_word_says_so(signed: Edition, cast_client: SignIn) -> None:
    answer = cast_client("ChainChief").get("/editions/1/export/full/docx", headers=ENGLISH)
    assert answer.status_code == 400 and "at most 14 columns" in answer.content.decode()


@pytest.mark.parametrize("who", UNSEEING)
def test_nobody_else_sees_editions(who: str, signed: Edition, cast_client: SignIn) -> None:
    client = cast_client(who)
    assert client.get("/editions/").status_code == 403
    for path in ("/editions/1", "/editions/1/diff/1", "/editions/1/export/full/csv", "/editions/drafts/999"):
        assert client.get(path).status_code == 404, path
    assert client.get("/api/v1/editions").status_code == 403
    assert client.get("/api/v1/editions/1").status_code == 404


@pytest.mark.parametrize("who", ["ChainChief", "Auditor"])
def test_who_reads_editions_but_does_not_prepare_cannot_prepare_or_discard(
    who: str, draft: Edition, cast_client: SignIn
) -> None:
    client = cast_client(who)
    assert client.post("/editions/", {"title": "x", "classification": "internal"}).status_code == 403
    assert client.post(f"/editions/drafts/{draft.pk}/discard").status_code == 403
    assert Edition.objects.get().state == "draft"


@pytest.mark.parametrize("who", ["ChainOffice", "Auditor"])
def test_who_reads_editions_but_is_not_the_chief_cannot_sign(who: str, draft: Edition, cast_client: SignIn) -> None:
    answer = cast_client(who).post(f"/editions/drafts/{draft.pk}/sign", {"size_reason": "x"})
    assert answer.status_code == 403 and Edition.objects.get().number is None


def test_the_api_gives_an_edition_with_its_rows_and_reasons(signed: Edition, cast_client: SignIn) -> None:
    client = cast_client("Auditor")
    listed = client.get("/api/v1/editions").json()
    assert listed["count"] == 1 and listed["items"][0]["rows"] == signed.rows
    entries = client.get("/api/v1/editions/1").json()["entries"]
    assert [entry["key"] for entry in entries] == [ONE_RESIN, TWO_MEDIUM]
    assert entries[0]["reasons"][0]["code"] == "sole_source" and entries[1]["amount_cny"] is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_editions_speak_one_language(language: str, signed: Edition, cast_client: SignIn) -> None:
    for path in ("/editions/", "/editions/1", "/editions/1/diff/1"):
        assert_language(cast_client("ChainOffice").get(path, headers={"accept-language": language}))
