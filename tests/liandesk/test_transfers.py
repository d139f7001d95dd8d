"""A transfer counts once it is implemented here, by one of three proofs and two persons, and an achievement once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import english, viewer
from tests.liandesk.registry_world import AUDITOR, BY, OFFICE, enterprise, load, members, refresh

from liandesk.act.transfers import queries
from liandesk.act.transfers.counting import identity
from liandesk.act.transfers.models import Transfer
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.pack import pack
from liandesk.base.work.actions import IllegalStep, NewCase, Step, act, open_case
from liandesk.base.work.excel import new_table
from liandesk.base.work.excel_actions import import_cases
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liankit.tables.write import Sheet, write_workbook

__all__ = ["english"]
pytestmark = pytest.mark.django_db

SECOND = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1002)
HERE, TOWN = pack().district.code, pack().towns[0].code
DAY = date(2024, 9, 30)
NUMBER = "ZL202010123456.7"


@pytest.fixture
def ids() -> Mapping[str, str]:
    """A computed district with the shipped processes; the permanent ids of its organisations."""
    load()
    refresh()
    take_over_packs(by=BY)
    return members()


def do(case: Case, by: Viewer, name: str, kind: Any = "do", reason: str = "", **data: Any) -> Case:
    return act(case.pk, Step(kind, case.events_count, name, data, reason), by=by)


def prove(case: Case, *kinds: str) -> Case:
    for kind in kinds:
        case = do(case, OFFICE, kind, "prove", hash="ab", title=kind)
    return case


def need(ids: Mapping[str, str]) -> Case:
    data = {"origin": "need", "matter": "耐碱配基"}
    return open_case(
        NewCase("transfer", "耐碱配基", [("demand", "organisation", ids["a"])], data), by=enterprise(ids["a"])
    )


def visited(ids: Mapping[str, str]) -> Case:
    case = do(need(ids), OFFICE, "name_supply", supplier=ids["b"])
    case = do(prove(case, "confidentiality"), enterprise(ids["b"]), "agree_confidentiality")
    return do(case, OFFICE, "visit", visited_on="2024-03-01")


def local(ids: Mapping[str, str], number: str = NUMBER, kind: str = "transfer", mode: str = "transfer") -> Case:
    said = {"mode": mode, "contract_kind": kind, "signed_on": "2024-04-01"}
    result = {"achievement_title": "耐碱配基", "achievement_number": number}
    case = do(prove(visited(ids), "contract"), OFFICE, "agree", **said, **result)
    case = do(case, OFFICE, "register_contract", registration_number="2024-1", registered_on="2024-04-10")
    return do(do(case, OFFICE, "pay", paid_on="2024-05-01"), OFFICE, "begin_local_output")


def propose(case: Case, on: str = "2024-06-01", landed_at: str = TOWN) -> Case:
    case = prove(case, "registration")
    said = {"landed_at": landed_at, "implemented_on": on}
    return do(case, OFFICE, "implement_by_contract", reason="whole", **said)


def implement(case: Case, **said: str) -> Transfer:
    return Transfer.objects.get(case=do(propose(case, **said), SECOND, "implement_by_contract", "approve"))


def verdicts() -> list[str]:
    return list(Transfer.objects.order_by("case_id").values_list("verdict", flat=True))


def counted(day: date = DAY, **by: Any) -> Any:
    found = METRICS["transfers_counted"](day, by=by.get("by", "none"), of=())
    return {one.scope: one.value for one in found}


def test_it_counts_from_the_day_it_was_implemented_when_a_second_person_agreed(ids: Mapping[str, str]) -> None:
    assert counted() == {"": None}, "before any is recorded nothing is known"
    case = local(ids)
    with pytest.raises(IllegalStep):
        do(case, OFFICE, "implement_by_contract", reason="whole", landed_at=TOWN, implemented_on="2024-06-01")
    case = propose(case)
    assert (verdicts(), counted()) == (["under_way"], {"": 0})
    with pytest.raises(IllegalStep):
        do(case, OFFICE, "implement_by_contract", "approve")
    do(case, SECOND, "implement_by_contract", "approve")
    assert verdicts() == ["counted"]
    assert counted() == {"": 1} and counted(by="town") == {f"town:{TOWN}": 1}
    assert counted(by="office") == {"office:economy": 1}
    Transfer.objects.update(counted_on=date(2020, 12, 31))
    assert counted() == {"": 0}, "outside the period of the plan"


def test_one_achievement_with_two_contracts_counts_once_and_says_by_which(ids: Mapping[str, str]) -> None:
    later = implement(local(ids, "cn 2020 1 0123456.7"), on="2024-07-01")
    assert later.verdict == "counted"
    first = implement(local(ids), on="2024-06-01")
    later.refresh_from_db()
    assert (first.verdict, later.verdict, later.counted_by) == ("counted", "same_achievement", first)
    assert counted() == {"": 1} and counted(date(2024, 5, 31)) == {"": None}


def corrected(found: Transfer, step: str, **said: str) -> None:
    event = found.case.events.filter(name=step, kind="do").get()
    case = Case.objects.get(pk=found.case_id)
    do(case, OFFICE, str(event.number), "correct", data=said)


def test_where_the_counted_one_falls_away_the_next_counts(ids: Mapping[str, str]) -> None:
    first, second = implement(local(ids), on="2024-06-01"), implement(local(ids), on="2024-07-01")
    assert verdicts() == ["counted", "same_achievement"]
    corrected(first, "implement_by_contract", landed_at="310115")
    assert verdicts() == ["elsewhere", "counted"] and counted() == {"": 1}
    corrected(second, "agree", achievement_number="another")
    corrected(first, "implement_by_contract", landed_at=HERE)
    assert verdicts() == ["counted", "counted"] and counted() == {"": 2}


def test_consulting_and_service_another_district_and_a_refusal_never_count(ids: Mapping[str, str]) -> None:
    implement(local(ids, "A-1", kind="consulting"))
    implement(local(ids, "A-2", kind="service"))
    implement(local(ids, "A-3"), landed_at="310115")
    refused = do(visited(ids), enterprise(ids["b"]), "supply_refuses_visited", reason="supply_price")
    assert verdicts() == ["contract_kind", "contract_kind", "elsewhere", "ended_otherwise"]
    assert counted() == {"": 0}
    ended = Transfer.objects.get(case=refused)
    assert (ended.reason, ended.reached) == ("supply_price", "visited")


def test_shares_count_by_the_business_registration_and_own_use_by_sales(ids: Mapping[str, str]) -> None:
    said = {"mode": "shares", "contract_kind": "transfer", "signed_on": "2024-04-01", "achievement_title": "甲"}
    case = do(prove(visited(ids), "contract"), OFFICE, "agree", **said)
    case = do(do(case, OFFICE, "register_shares", paid_on="2024-05-01"), OFFICE, "begin_local_output")
    ended = {"reason": "whole", "landed_at": HERE, "implemented_on": "2024-06-01"}
    case = do(prove(case, "business_registration"), OFFICE, "implement_by_shares", **ended)
    do(case, SECOND, "implement_by_shares", "approve")
    new = NewCase("transfer", "乙", [("supply", "organisation", ids["c"])], {"origin": "achievement", "matter": "乙"})
    case = do(
        open_case(new, by=enterprise(ids["c"])), OFFICE, "use_itself", achievement_title="乙", signed_on="2024-01-01"
    )
    with pytest.raises(IllegalStep):
        do(prove(case, "registration"), OFFICE, "implement_by_contract", **ended)
    case = Case.objects.get(pk=case.pk)
    case = do(prove(case, "sales_proof"), OFFICE, "implement_by_product", **ended)
    do(case, SECOND, "implement_by_product", "approve")
    assert list(Transfer.objects.order_by("case_id").values_list("mode", "proof", "verdict")) == [
        ("shares", "shares", "counted"),
        ("own_use", "product", "counted"),
    ]


def test_a_number_tells_an_achievement_however_it_is_written_and_without_one_title_and_owner_do() -> None:
    assert identity("ZL 2020 1 0123456.7", "x", "O-1") == identity("cn202010123456．7", "y", "O-2")
    assert (
        identity("", "耐碱 配基（Ａ）", "O-1") == identity(" ", "耐碱配基A", "O-1") != identity("", "耐碱配基A", "O-2")
    )
    assert identity("", "", "O-1") == ""


def test_what_does_not_fit_is_refused_with_what_to_do(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    data = {"origin": "achievement", "matter": "x"}
    with pytest.raises(UserError, match="name the organisation"):
        open_case(NewCase("transfer", "x", [("demand", "organisation", ids["a"])], data), by=own)
    with pytest.raises(NotAllowed):
        open_case(NewCase("transfer", "x", [("supply", "organisation", ids["b"])], data), by=own)
    with pytest.raises(UserError, match="are the same"):
        do(need(ids), OFFICE, "name_supply", supplier=ids["a"])
    case = local(ids)
    with pytest.raises(UserError, match="no code of a place"):
        propose(case, landed_at="临平")
    case.refresh_from_db()
    with pytest.raises(UserError, match="still to come"):
        propose(case, on="2099-01-01")


def test_a_workbook_of_needs_opens_transfers_and_one_that_does_not_fit_is_named(
    ids: Mapping[str, str], tmp_path: Path
) -> None:
    found = in_force("process", "transfer")
    assert found is not None
    process = process_of(found)
    table = new_table(process, OFFICE)
    row = {"title": "耐碱配基", "origin": "A need", "matter": "x", "demand_organisation": ids["a"]}
    wrong = row | {"title": "无主", "origin": "A result of research"}
    titles = {column.name: column.head("en") for column in table.columns}
    write_workbook(tmp_path / "a.xlsx", [Sheet(table.sheet, pl.DataFrame([row, wrong]), None, titles)], language="en")
    outcome = import_cases(tmp_path / "a.xlsx", process, by=OFFICE, is_sure=True)
    assert [one.title for one in Transfer.objects.all()] == ["耐碱配基"] and outcome.written == 1
    assert "supply side" in next(fault.why for fault in outcome.faults)


def test_each_sees_its_own_and_funnel_and_reasons_are_of_what_is_seen(ids: Mapping[str, str]) -> None:
    implement(local(ids))
    do(visited(ids), enterprise(ids["a"]), "demand_refuses_visited", reason="demand_price")
    need(ids)
    assert [queries.transfers(who).count() for who in (OFFICE, AUDITOR, enterprise(ids["b"]))] == [3, 3, 2]
    assert queries.transfers(enterprise(ids["c"])).count() == 0
    steps = {one.stage: one for one in queries.funnel(queries.transfers(OFFICE))}
    assert [steps[key].reached for key in ("offered", "contacted", "visited", "agreed")] == [3, 2, 2, 1]
    assert steps["contacted"].share == pytest.approx(2 / 3) and steps["offered"].standing == 1
    assert queries.endings(queries.transfers(OFFICE)) == [("refused_by_demand", "demand_price", 1)]
    with pytest.raises(NotAllowed):
        queries.tally(enterprise(ids["a"]))
    told = queries.tally(OFFICE)
    assert told.counted == 1 and told.goal and (told.goal.value, told.goal.by) == (100, date(2025, 12, 31))


def test_the_page_tells_what_counts_in_both_languages_and_copies_hold_no_more(ids: Mapping[str, str]) -> None:
    implement(local(ids))
    people = make_cast(by=BY, organisations={"Enterprise": ids["a"], "OtherEnterprise": ids["c"]})
    pages: dict[str, Client] = {}
    for name in ("ChainOffice", "Enterprise", "OtherEnterprise", "Bank"):
        pages[name] = Client()
        pages[name].force_login(people[name])
    shown = pages["ChainOffice"].get("/transfers/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "1 of 100 count, from 2021-01-01 to 2025-12-31." in shown
    assert "100 count" not in pages["Enterprise"].get("/transfers/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "耐碱配基" in pages["Enterprise"].get("/transfers/").content.decode()
    for path in ("/transfers/", "/transfers/export/csv", "/api/v1/transfers"):
        found = pages["OtherEnterprise"].get(path)
        content = b"".join(found.streaming_content) if found.streaming else found.content
        assert found.status_code == 200 and "耐碱配基" not in content.decode()
        assert pages["Bank"].get(path).status_code == 403
    assert pages["OtherEnterprise"].get("/api/v1/transfers/count").status_code == 403
    assert pages["ChainOffice"].get("/api/v1/transfers/count").json()["counted"] == 1
    case = Case.objects.get()
    counted = pages["ChainOffice"].get(f"/cases/{case.pk}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    own = pages["ChainOffice"].get(f"/organisations/{ids['a']}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "counted · " in counted and f"{case.title}</span> · implemented · counted" in own
    for language in ("en", "zh-hans"):
        pages["ChainOffice"].cookies["django_language"] = language
        assert_language(pages["ChainOffice"].get("/transfers/"))
        assert_language(pages["ChainOffice"].get(f"/cases/{case.pk}"))
