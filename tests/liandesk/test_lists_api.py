"""The risk list through the API: the same rows, order and columns as on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.liandesk.lists_world import OFFICE, ONE_RESIN, ONE_VALVE, RESIN_ITEM, TWO_MEDIUM, publish_world

from liandesk.assess.lists import actions
from liandesk.assess.lists.models import ListEntry

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _world() -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    actions.report(ONE_RESIN, by=OFFICE, version=1, note="内部意见", level="red", level_reason="内部理由")


def test_the_list_comes_in_its_own_order_with_unknown_as_null(cast_client: SignIn) -> None:
    found = cast_client("ChainOffice").get("/api/v1/risks?limit=100").json()
    keys = list(ListEntry.objects.order_by("position").values_list("key", flat=True))
    assert [entry["key"] for entry in found["items"]] == keys and found["count"] == len(keys)
    assert found["items"][0]["likelihood_low"] is None and found["items"][0]["note"] == "内部意见"


def test_filters_are_those_of_the_page_and_a_wrong_one_is_named(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    found = client.get("/api/v1/risks?state=admitted").json()["items"]
    assert [entry["key"] for entry in found] == [ONE_RESIN]
    wrong = client.get("/api/v1/risks?scope=inputs")
    assert wrong.status_code == 400 and "scope" in wrong.json()["message"]


def test_an_entry_and_its_reasons_are_read_by_key(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    assert client.get(f"/api/v1/risks/{ONE_RESIN}").json()["owner_office"] == "economy"
    reasons = client.get(f"/api/v1/risks/{ONE_RESIN}/reasons").json()
    assert reasons[0]["code"] == "sole_source" and reasons[0]["holds"] is True


@pytest.mark.parametrize(("who", "keys"), [("TownOfficer", {ONE_RESIN, ONE_VALVE}), ("OtherEnterprise", {TWO_MEDIUM})])
def test_a_limited_viewer_gets_the_own_rows_only(who: str, keys: set[str], cast_client: SignIn) -> None:
    client = cast_client(who)
    assert {entry["key"] for entry in client.get("/api/v1/risks").json()["items"]} == keys
    for suffix in ("", "/reasons"):
        assert client.get(f"/api/v1/risks/{RESIN_ITEM}{suffix}").status_code == 404


def test_a_hidden_column_is_not_in_the_answer(cast_client: SignIn) -> None:
    client = cast_client("Enterprise")
    answers = [client.get("/api/v1/risks").json()["items"][0], client.get(f"/api/v1/risks/{ONE_RESIN}").json()]
    for entry in answers:
        assert entry["key"] == ONE_RESIN and "note" not in entry and "level_reason" not in entry
    assert "note" not in cast_client("TownOfficer").get(f"/api/v1/risks/{ONE_RESIN}").json()


@pytest.mark.parametrize("who", ["Hospital", "Bank", "Outsider"])
def test_who_may_see_no_entry_is_told_so(who: str, cast_client: SignIn) -> None:
    assert cast_client(who).get("/api/v1/risks").status_code == 403
    assert cast_client(who).get(f"/api/v1/risks/{ONE_RESIN}").status_code == 404
