"""What follows from the shipped processes: corrections reach the list, admitted entries live as cases, nobody judges
what they decided, and each opens only what is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.liandesk.lists_world import english, viewer
from tests.liandesk.registry_world import BY, OFFICE, enterprise, load, members, refresh

from liandesk.assess.lists import actions as lists
from liandesk.assess.lists.effects import NUMBERS, YES_NO
from liandesk.assess.lists.life import case_of
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.facts.models import Statement
from liandesk.base.jobs.models import Job, JobState
from liandesk.base.work.actions import IllegalStep, NewCase, Step, act, open_case
from liandesk.base.work.challenge_queries import board
from liandesk.base.work.challenges import SUBJECT
from liandesk.base.work.models import Case
from liandesk.base.work.opening import openable
from liandesk.know.registry.attributes import CORRECTABLE
from liandesk.know.registry.portrait_queries import portrait

__all__ = ["english"]
pytestmark = pytest.mark.django_db

SECOND = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1002)
MARKET = viewer(Role.OFFICER, ScopeKind.OFFICE, "market", 1003)
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1004)


@pytest.fixture
def ids() -> Mapping[str, str]:
    """A computed district with the shipped processes; the permanent ids of its organisations."""
    load()
    refresh()
    take_over_packs(by=BY)
    return members()


def do(case: Case, by: Viewer, name: str, kind: Any = "do", **said: Any) -> Case:
    return act(case.pk, Step(kind, case.events_count, name, **said), by=by)


def contest(organisation: str, attribute: str, value: str, by: Viewer, **more: Any) -> Case:
    data = {"attribute": attribute, "value": value, "why": "见年报"}
    new = NewCase("data_correction", "更正", [("applicant", "organisation", organisation)], data, **more)
    return open_case(new, by=by)


def entry_of(organisation: str) -> ListEntry:
    return ListEntry.objects.filter(organisation=organisation, is_current=True).order_by("key")[0]


def test_a_corrected_field_is_the_organisations_word_and_is_computed_anew(ids: Mapping[str, str]) -> None:
    case = contest(ids["a"], "employees", "120", enterprise(ids["a"]))
    assert not Statement.objects.exists()
    case = do(case, OFFICE, "accept", data={"checked_how": "社保人数"}, reason="proven")
    assert (case.outcome, Statement.objects.get().number) == ("corrected_outcome", 120)
    assert Job.objects.filter(state=JobState.QUEUED, kind="refresh").exists()
    refresh()
    shown = portrait(OFFICE, ids["a"])
    assert shown is not None and "120" in str(shown)


def test_a_contested_entry_is_computed_anew_from_what_was_corrected(ids: Mapping[str, str]) -> None:
    entry = entry_of(ids["a"])
    assert entry.sole_source is True
    case = contest(ids["a"], "another_source", "是", enterprise(ids["a"]), subject=("entry", entry.key))
    do(case, OFFICE, "accept", data={"checked_how": "合同"}, reason="proven")
    refresh()
    entry.refresh_from_db()
    assert entry.sole_source is False


def test_what_cannot_be_corrected_is_refused_when_it_is_asked(ids: Mapping[str, str]) -> None:
    own, other = enterprise(ids["a"]), entry_of(ids["b"])
    for attribute, value, subject, said in (
        ("employees", "many", ("", ""), "is no number"),
        ("stock_days", "30", ("", ""), "from the page of the entry"),
        ("another_source", "perhaps", ("entry", entry_of(ids["a"]).key), "Say yes or no"),
        ("stock_days", "30", ("entry", other.key), "no entry"),
    ):
        with pytest.raises(UserError, match=said):
            contest(ids["a"], attribute, value, own, subject=subject)
    with pytest.raises(NotAllowed):
        contest(ids["b"], "employees", "120", own)
    assert not Case.objects.exists()


def test_an_objection_is_judged_by_nobody_who_decided_before(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    refused = do(
        contest(ids["a"], "employees", "120", own), OFFICE, "refuse", data={"refusal_text": "无据"}, reason="not_proven"
    )
    parties = [("objector", "organisation", ids["a"])]
    data = {"against": "不予更正", "objection_grounds": "已附社保证明"}
    case = open_case(NewCase("objection", "异议", parties, data, ("case", str(refused.pk))), by=own)
    with pytest.raises(NotAllowed, match="somebody else has to judge it"):
        do(case, OFFICE, "reject", data={"reject_text": "x"})
    case = do(case, SECOND, "reject", data={"reject_text": "材料不足"})
    case = do(case, own, "appeal", data={"appeal_grounds": "请再看"})
    case = do(case, OFFICE, "pass_on", data={"review_office": "market"})
    assert do(case, MARKET, "uphold_appeal", data={"review_uphold_text": "属实"}, reason="facts_wrong").ended_at


def test_who_admitted_an_entry_does_not_judge_the_objection_to_it(ids: Mapping[str, str]) -> None:
    entry = entry_of(ids["a"])
    lists.admit(entry.key, by=OFFICE, version=0)
    data = {"against": "列入清单", "objection_grounds": "已不采购"}
    new = NewCase("objection", "异议", [("objector", "organisation", ids["a"])], data, ("entry", entry.key))
    case = open_case(new, by=enterprise(ids["a"]))
    with pytest.raises(NotAllowed):
        do(case, OFFICE, "uphold", data={"uphold_text": "x"}, reason="facts_wrong")
    assert do(case, SECOND, "uphold", data={"uphold_text": "属实"}, reason="facts_wrong").ended_at


def admitted(ids: Mapping[str, str]) -> tuple[ListEntry, Case]:
    entry = entry_of(ids["a"])
    lists.admit(entry.key, by=OFFICE, version=0, owner_office="market")
    found = case_of(entry)
    assert found is not None
    return entry, found


def agreed(ids: Mapping[str, str]) -> tuple[ListEntry, Case]:
    entry, case = admitted(ids)
    case = do(case, MARKET, "take_up")
    case = do(case, MARKET, "agree", data={"measure": "验证第二来源", "effective_from": "2024-11-01"})
    with pytest.raises(IllegalStep, match="may not be who agrees"):
        do(case, Viewer(MARKET.actor, "", OFFICE.grants), "agree", "approve")
    return entry, do(case, OFFICE, "agree", "approve")


def test_an_admitted_entry_lives_as_a_case_whose_end_closes_it(ids: Mapping[str, str]) -> None:
    entry, case = agreed(ids)
    entry.refresh_from_db()
    assert (entry.measure, entry.state) == ("验证第二来源", EntryState.ADMITTED)
    assert "close" not in lists.possible(entry, may_judge=True, may_report=True)
    with pytest.raises(lists.WrongState, match="worked on as a case"):
        lists.close(entry.key, by=OFFICE, version=entry.version, reason="x")
    case = do(case, MARKET, "effect", "prove", data={"hash": "ab", "title": "验证报告"})
    case = do(case, MARKET, "prove_effect", data={"effect_text": "两家可供"})
    assert not case.ended_at
    case = do(case, OFFICE, "close", reason="second_source")
    entry.refresh_from_db()
    assert (entry.state, case_of(entry)) == (EntryState.CLOSED, None)
    lists.reopen(entry.key, by=OFFICE, version=entry.version, reason="第二来源停产")
    again = case_of(entry)
    assert again is not None and again.pk != case.pk and again.stages == ["admitted"]


def test_an_entry_is_handed_on_from_the_list_through_its_case_and_taken_off_in_it(ids: Mapping[str, str]) -> None:
    entry, case = admitted(ids)
    version = ListEntry.objects.get(pk=entry.pk).version
    moved = lists.assign(entry.key, by=OFFICE, version=version, owner_office="health", due_date=None)
    assert (moved.owner_office, moved.version) == ("health", version + 1)
    assert case.parties.filter(role="owner", scope_id="health").exists()
    case.refresh_from_db()
    do(case, OFFICE, "take_off_admitted", reason="no_risk")
    entry.refresh_from_db()
    assert entry.state == EntryState.DECLINED


def test_where_the_process_is_left_out_entries_are_judged_on_the_list_alone() -> None:
    load()
    refresh()
    entry = entry_of(members()["a"])
    lists.admit(entry.key, by=OFFICE, version=0)
    assert case_of(entry) is None and not Case.objects.exists()
    assert lists.close(entry.key, by=OFFICE, version=1, reason="第二来源已验证").state == EntryState.CLOSED


def test_each_decision_of_a_meeting_opens_an_instruction_about_it(ids: Mapping[str, str]) -> None:
    data = {"topic": "填料保供", "items": "第二来源"}
    case = open_case(NewCase("joint_planning", "会商", [("host", "office", "economy")], data), by=OFFICE)
    case = do(case, OFFICE, "call", data={"called_for": "2024-10-08", "final_items": "第二来源"})
    case = do(case, OFFICE, "minutes", "prove", data={"hash": "ab", "title": "纪要"})
    case = do(case, OFFICE, "hold", data={"conclusions": "尽快验证"})
    said = {"decision": "验证第二来源", "decision_office": "market", "decision_due": "2024-12-31"}
    do(case, OFFICE, "decide", data=said)
    opened = Case.objects.get(process="instruction")
    assert (opened.title, opened.subject_kind, opened.subject_id) == ("验证第二来源", "case", str(case.pk))
    assert opened.parties.get(role="lead").scope_id == "market" and str(opened.due) == "2024-12-31"


OWN = {"enterprise_request", "data_correction", "objection", "challenge", "challenge_bid"}
OWN |= {"transfer", "ip_warning", "trial_startup", "deal"}
SERVICES = {"licence_transfer", "device_contract_production", "filing_help", "special_goods", "finance_need"}
SERVICES |= {"talent_service", "listing_coaching"}
SERVICES |= {"land_supply", "barrier", "tolerance", "resource_booking", "product_pilot", "brand_campaign"}
OFFICES = OWN | {"instruction", "upward_request", "joint_planning", "listing_coaching"}
OFFICES |= {"land_supply", "barrier", "access_review", "five_reductions"}
PROJECTS = {"investment_lead", "major_project", "fund_project_guarantee"}
OFFICES |= PROJECTS
MAY_OPEN: dict[str, set[str]] = {
    "ChainOffice": OFFICES,
    "ChainChief": OFFICES,
    "Officer": OFFICES,
    "TownOfficer": {"enterprise_request", "objection", "land_supply", "barrier", "access_review", "lead_dispute"}
    | PROJECTS,
    "Enterprise": OWN | SERVICES | {"per_mu_objection", "major_project", "fund_project_guarantee"},
    "Hospital": OWN | SERVICES | {"per_mu_objection", "major_project", "fund_project_guarantee"},
    **{name: set() for name in ("Bank", "Expert", "Auditor", "Operator", "Outsider")},
}
"""Who may open which process; nobody opens the life of an entry by hand."""


def test_each_opens_only_the_processes_that_are_theirs(cast: dict[str, User]) -> None:
    take_over_packs(by=BY)
    for name, keys in MAY_OPEN.items():
        found = {process.key for _definition, process in openable(viewer_of(cast[name]))}
        assert found == keys, name


def challenge() -> Case:
    parties = [("proposer", "office", "economy"), ("organiser", "office", "market")]
    case = open_case(NewCase("challenge", "层析填料国产化", parties, {"problem": "填料依赖进口"}), by=OFFICE)
    return do(case, MARKET, "refine", data={"refined_problem": "载量不低于进口", "targets": "载量 80 g/L"})


def published(case: Case) -> Case:
    case = do(case, MARKET, "publish", data={"bids_until": "2024-12-01"})
    return do(case, OFFICE, "publish", "approve")


def bid_for(case: Case, organisation: str, by: Viewer) -> Case:
    parties = [("bidder", "organisation", organisation)]
    return open_case(NewCase("challenge_bid", "揭榜", parties, {"approach": "琼脂糖"}, (SUBJECT, str(case.pk))), by=by)


def reviewed(bid: Case, experts: list[Viewer]) -> Case:
    """Let two experts declare no conflict and score."""
    bid = do(bid, MARKET, "plan", "prove", data={"hash": "ab", "title": "方案"})
    named = {"first_expert": experts[0].actor, "second_expert": experts[1].actor}
    bid = do(bid, MARKET, "admit", data=named)
    for side, expert in zip("ab", experts, strict=True):
        bid = do(bid, expert, f"declare_{side}", data={f"conflict_{side}": "no"})
        bid = do(bid, expert, f"score_{side}", data={f"score_of_{side}": 80.0, f"opinion_{side}": "可行"})
    return do(bid, MARKET, "join_scores")


def test_the_award_of_a_challenge_decides_every_reviewed_bid(ids: Mapping[str, str], cast: dict[str, User]) -> None:
    experts = [viewer_of(cast["Expert"]), viewer_of(cast["Outsider"])]
    case = challenge()
    assert board(enterprise(ids["a"])) == []
    with pytest.raises(UserError, match="while the challenge is published"):
        bid_for(case, ids["a"], enterprise(ids["a"]))
    case = published(case)
    assert [(shown.is_open, shown.winner) for shown in board(enterprise(ids["a"]))] == [(True, "")]
    first, second = (bid_for(case, ids[key], enterprise(ids[key])) for key in "ab")
    first = reviewed(first, experts)
    with pytest.raises(NotAllowed, match="by the award"):
        do(first, MARKET, "win", reason="best")
    case = do(case, MARKET, "close_bids")
    with pytest.raises(UserError, match="while the challenge is published"):
        bid_for(case, ids["c"], enterprise(ids["c"]))
    case = do(case, MARKET, "review_record", "prove", data={"hash": "ab", "title": "评审记录"})
    case = do(case, MARKET, "award", data={"winning_bidder": ids["a"], "award_grounds": "最优"})
    with pytest.raises(UserError, match="not reviewed yet"):
        do(case, OFFICE, "award", "approve")
    reviewed(second, experts)
    do(case, OFFICE, "award", "approve")
    ended = dict(Case.objects.filter(process="challenge_bid").values_list("pk", "outcome"))
    assert ended == {first.pk: "won_outcome", second.pk: "lost_outcome"}
    assert [shown.winner for shown in board(enterprise(ids["b"]))] == ["杭州甲生物科技有限公司"]


OPENERS = {
    "enterprise_request": "applicant",
    "data_correction": "applicant",
    "objection": "objector",
    "challenge": "proposer",
    "challenge_bid": "bidder",
    "trial_startup": "hospital",
    "licence_transfer": "applicant",
    "device_contract_production": "registrant",
    "filing_help": "applicant",
    "special_goods": "applicant",
    "listing_coaching": "enterprise",
    "finance_need": "applicant",
    "talent_service": "employer",
    "land_supply": "applicant",
    "barrier": "reporter",
    "tolerance": "applicant",
    "resource_booking": "user",
    "product_pilot": "producer",
    "brand_campaign": "applicant",
    "major_project": "proposer",
    "fund_project_guarantee": "sponsor",
}


def test_an_enterprise_opens_for_itself_only_and_nothing_that_is_the_offices(ids: Mapping[str, str]) -> None:
    own = enterprise(ids["a"])
    for key, role in OPENERS.items():
        with pytest.raises(NotAllowed):
            open_case(NewCase(key, "x", [(role, "organisation", ids["b"])]), by=own)
    offices = {"instruction": ("issuer", "lead"), "upward_request": ("drafter",), "joint_planning": ("host",)}
    offices |= {"access_review": ("drafter",), "five_reductions": ("office",)}
    for key, roles in offices.items():
        with pytest.raises(NotAllowed):
            open_case(NewCase(key, "x", [(role, "office", "economy") for role in roles]), by=own)
    for key, role in {"investment_lead": "host", "lead_dispute": "claimant"}.items():
        with pytest.raises(NotAllowed):
            open_case(NewCase(key, "x", [(role, "town", "330113001")]), by=own)
    with pytest.raises(NotAllowed):
        open_case(NewCase("risk_entry", "x", []), by=OFFICE)
    assert not Case.objects.exists()


def test_every_field_that_a_correction_offers_is_written_by_somebody() -> None:
    take_over_packs(by=BY)
    found = in_force("process", "data_correction")
    assert found is not None
    offered = {choice["key"] for choice in found.body["form"][0]["choices"]}
    assert offered == {*CORRECTABLE, *NUMBERS, *YES_NO}
