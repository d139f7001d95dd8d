"""The service window: what each may ask for, what was asked and where it is, how much an office has to do."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.lists_world import BY, OFFICE, ONE, TWO, english, publish_world, viewer
from tests.liandesk.registry_world import enterprise

from liandesk.act.services import queries
from liandesk.act.services.tables import answer_of, turn_of
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.clock import business_now, today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.packs import shipped
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.metrics import METRICS, By
from liandesk.base.pack import check_services, pack
from liandesk.base.ui.panels import shortcuts
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liankit.process import build_process

__all__ = ["english"]
pytestmark = pytest.mark.django_db

MARKET = viewer(Role.OFFICER, ScopeKind.OFFICE, "market", 1003)
HEALTH = viewer(Role.OFFICER, ScopeKind.OFFICE, "health", 1007)
BANK = viewer(Role.BANK, ScopeKind.ORGANISATION, "bank", 1008)


@pytest.fixture
def ids() -> Mapping[str, str]:
    publish_world()
    take_over_packs(by=BY)
    return {"a": ONE, "b": TWO}


def ask(by: Viewer, organisation: str, title: str = "人才公寓", **more: Any) -> Case:
    data = {"topic": "housing", "matter": "三名工程师"}
    return open_case(
        NewCase("talent_service", title, [("employer", "organisation", organisation)], data), by=by, **more
    )


def do(case: Case, by: Viewer, name: str, kind: Any = "do", reason: str = "", **data: Any) -> Case:
    return act(case.pk, Step(kind, case.events_count, name, data, reason), by=by)


def take_up(case: Case, office: str = "market") -> Case:
    return do(case, OFFICE, "take_up", handling_office=office)


def offers(by: Viewer) -> dict[str, str]:
    return {offer.process: offer.url for window in queries.windows(by) for offer in window.offers}


def test_an_enterprise_finds_all_it_may_ask_for_and_what_is_about_a_thing_on_the_page_of_that_thing(
    ids: Mapping[str, str],
) -> None:
    found = offers(enterprise(ids["a"]))
    assert {key for window in pack().services for key in window.processes} == set(found)
    assert found["talent_service"] == "/cases/new/talent_service"
    assert found["policy_claim"] == f"/policies/of/{ids['a']}"
    assert (found["challenge_bid"], found["per_mu_objection"]) == ("/challenges/", "/per-mu/")


def test_an_officer_is_offered_no_service_that_only_an_enterprise_asks_for(ids: Mapping[str, str]) -> None:
    found = offers(MARKET)
    assert {"enterprise_request", "listing_coaching"} <= set(found)
    assert found.keys().isdisjoint({"talent_service", "finance_need", "policy_claim", "per_mu_objection"})


def test_what_was_asked_says_whose_turn_it_is_and_at_its_end_what_was_answered(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    case = ask(own, ids["a"])
    assert {party.role for party in case.parties.filter(acts=True)} == {"clerk", "employer"}, "who asked may withdraw"
    assert [party.role for party in turn_of(queries.asked(own).get())] == ["clerk"]
    case = take_up(case)
    (shown,) = queries.asked(own)
    assert [(party.role, party.scope_id) for party in turn_of(shown)] == [("handler", "market")]
    assert answer_of(shown) == ""
    case = do(case, MARKET, "answer", answer_text="已安排")
    assert [party.role for party in turn_of(queries.asked(own).get())] == ["employer"]
    do(case, own, "confirm", reason="in_part")
    (shown,) = queries.asked(own)
    assert turn_of(shown) == [] and answer_of(shown) == "Served · In part"


def test_nobody_sees_what_another_enterprise_asked_and_a_bank_sees_no_window(ids: Mapping[str, str]) -> None:
    ask(enterprise(ids["a"]), ids["a"])
    assert not queries.asked(enterprise(ids["b"])).exists() and not queries.asked(OFFICE).exists()
    for read in (queries.windows, queries.asked, queries.load):
        with pytest.raises(NotAllowed):
            read(BANK)


def test_an_enterprise_that_only_takes_part_did_not_ask(ids: Mapping[str, str]) -> None:
    parties = [("proposer", "organisation", ids["a"]), ("winner", "organisation", ids["b"])]
    open_case(NewCase("challenge", "填料", parties, {"problem": "依赖进口"}), by=OFFICE)
    assert queries.asked(enterprise(ids["a"])).exists()
    assert not queries.asked(enterprise(ids["b"])).exists()


def test_an_office_sees_the_load_of_its_own_cases_by_process(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    ended = do(do(take_up(ask(own, ids["a"])), MARKET, "answer", answer_text="x"), own, "confirm", reason="in_full")
    Case.objects.filter(pk=ask(own, ids["a"], at=business_now() - timedelta(400)).pk).update(due="2024-01-02")
    take_up(ask(own, ids["a"]), "health")
    seen = {name: _load_of(by) for name, by in (("chain", OFFICE), ("market", MARKET), ("health", HEALTH))}
    assert seen == {"chain": (2, 1, 1), "market": (0, 0, 1), "health": (1, 0, 0)}
    Case.objects.filter(pk=ended.pk).update(ended_at=business_now() - timedelta(370))
    assert _load_of(MARKET) == (0, 0, 0), "it ended in another year"


def _load_of(by: Viewer) -> tuple[int, int, int]:
    (one,) = (one for one in queries.load(by) if one.process == "talent_service")
    return one.open, one.overdue, one.ended


def test_the_sale_of_a_certificate_opens_a_request_upward_that_the_office_in_charge_drafts(
    ids: Mapping[str, str],
) -> None:
    own = enterprise(ids["a"])
    data = {"wanted": "certificate_sale", "device_class": "class_2", "device": "检测仪", "matter": "转让"}
    parties = [("registrant", "organisation", ids["a"])]
    case = take_up(open_case(NewCase("device_contract_production", "注册证转让", parties, data), by=own))
    with pytest.raises(UserError):
        do(case, MARKET, "find_possible", check_note="x")
    said = {"level": "province", "sort": "pilot", "addressee": "省局", "ask": "试点", "grounds": "需求"}
    do(case, MARKET, "ask_pilot", pilot_title="争取试点", **{f"pilot_{key}": value for key, value in said.items()})
    opened = Case.objects.get(process="upward_request")
    assert (opened.title, opened.subject_id) == ("争取试点", str(case.pk))
    assert opened.parties.get(role="drafter").scope_id == "market"
    assert {key: opened.events.get(number=1).data[key] for key in said} == said


def test_a_window_with_a_process_that_nobody_knows_is_refused_with_the_nearest_name() -> None:
    known = {one.key for one in shipped() if one.kind.code == "process"}
    check_services(pack(), known)
    window = pack().services[0]
    wrong = replace(pack(), services=(replace(window, processes=("talent_servise",)),))
    with pytest.raises(
        UserError, match=r"window 'requests' names the unknown process 'talent_servise'.*talent_service"
    ):
        check_services(wrong, known)
    twice = replace(pack(), services=(window, replace(window, code="again")))
    with pytest.raises(UserError, match="stands at 'requests' already"):
        check_services(twice, known)


def signed_in(name: str, ids: Mapping[str, str]) -> Client:
    cast = make_cast(by=BY, organisations={"Enterprise": ids["a"], "OtherEnterprise": ids["b"]})
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(cast[name])
    return client


def test_the_page_of_an_enterprise_says_it_all_in_one_place_and_home_leads_there(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    take_up(ask(own, ids["a"], "工程师公寓"))
    ask(enterprise(ids["b"]), ids["b"], "别家的事")
    client = signed_in("Enterprise", ids)
    shown = client.get("/services/?sort=-awaits").content.decode()
    for text in (
        "What you can ask for",
        "工程师公寓",
        "In hand",
        "Bureau of Market Regulation",
        "/cases/new/finance_need",
    ):
        assert text in shown, text
    assert "别家的事" not in shown
    assert "工程师公寓" not in client.get("/services/?state=ended").content.decode()
    assert ("Service window", "/services/", 1) in [(one.title, one.url, one.count) for one in shortcuts(own)]
    copy = b"".join(client.get("/services/export/csv").streaming_content)  # type: ignore[attr-defined]
    assert pl.read_csv(io.BytesIO(copy)).height == 1
    (asked,) = client.get("/api/v1/services/asked").json()["items"]
    assert (asked["process"], [one["scope_id"] for one in asked["turn"]]) == ("talent_service", ["market"])


def test_the_page_of_an_office_shows_its_load_and_the_copy_says_the_same(ids: Mapping[str, str]) -> None:
    ask(enterprise(ids["a"]), ids["a"])
    client = signed_in("ChainOffice", ids)
    shown = client.get("/services/").content.decode()
    assert "Load of the windows" in shown and "/cases/?show=open&amp;process=talent_service" in shown
    copy = b"".join(client.get("/services/load/csv").streaming_content)  # type: ignore[attr-defined]
    rows = pl.read_csv(io.BytesIO(copy))
    assert rows.height == sum(len(window.processes) for window in pack().services)
    told = {one["process"]: one["open"] for one in client.get("/api/v1/services/load").json()}
    assert told["talent_service"] == 1 and told["finance_need"] == 0


def test_cases_are_counted_by_how_they_ended_and_nothing_is_known_before_the_first(ids: Mapping[str, str]) -> None:
    def counted(*of: str, by: By = "none") -> list[float | None]:
        return [one.value for one in METRICS["ended_as"](today(), by=by, of=of)]

    assert counted("talent_service.dropped_outcome") == [None]
    case = ask(enterprise(ids["a"]), ids["a"])
    do(case, enterprise(ids["a"]), "withdraw", reason="withdrawn")
    assert counted("talent_service.dropped_outcome") == [1.0] and counted("talent_service.served_outcome") == [0.0]
    assert counted("barrier.removed_outcome") == [None] and counted("talent_service.dropped_outcome", by="town") == []


def test_what_the_shipped_indicators_count_by_its_end_is_an_end_of_a_process() -> None:
    kept = {kind: [one for one in shipped() if one.kind.code == kind] for kind in ("process", "indicator")}
    processes = [build_process(one.body, one.file) for one in kept["process"]]
    ends = {f"{one.key}.{stage.outcome.key}" for one in processes for stage in one.stages if stage.outcome}
    sources = [one.body["source"] for one in kept["indicator"] if isinstance(one.body["source"], dict)]
    named = {name for source in sources if source["metric"] == "ended_as" for name in source["of"]}
    assert named and named <= ends
