"""A lead has one town at a time: the first in contact while it makes progress, or the one it was handed to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.liandesk.lists_world import english
from tests.liandesk.own_database import at_once, migrated_home, own_database, race_in_a_file  # noqa: F401
from tests.liandesk.pipeline_world import (
    FAR,
    HERE,
    INVESTOR,
    OFFICE,
    OTHER,
    SECOND,
    THERE,
    THIRD,
    TO_CLEARED,
    TOWN,
    act_on,
    go,
    lead,
    project,
    shares,
    take_over_processes,
)
from tests.liandesk.registry_world import BY, CODES

from liandesk.act.pipeline import queries
from liandesk.act.pipeline.credit import HandOver
from liandesk.act.pipeline.credit import shares as split
from liandesk.act.pipeline.models import Dispute, Project
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.work.actions import IllegalStep, NewCase, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.queries import opened
from liankit.process.clocks import ClockState

__all__ = ["english"]


@pytest.fixture
def world(db: None, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped processes of leads, on the last day of September 2024."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    take_over_processes()


def pass_days(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", (today() + timedelta(days)).isoformat())


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((INVESTOR, CODES[0]), ("Another name", CODES[0])),
        ((INVESTOR, ""), (f" {INVESTOR} ", "")),
        ((INVESTOR, CODES[0]), (INVESTOR, "")),
        ((INVESTOR, ""), (INVESTOR, CODES[0])),
    ],
)
def test_another_town_is_refused_a_lead_of_the_same_investor(first: tuple[str, str], second: tuple[str, str]) -> None:
    lead(TOWN, HERE, *first)
    with pytest.raises(UserError, match=r"in contact with this investor first. Its right lasts until 2024-10-30"):
        lead(OTHER, THERE, *second)
    assert Project.objects.count() == 1 == Case.objects.count()


@pytest.mark.usefixtures("world")
def test_the_refusal_tells_until_when_and_who_decides_and_not_whose_lead_it_is() -> None:
    lead(title="Hushed title")
    with pytest.raises(UserError) as refused:
        lead(OTHER, THERE)
    told = str(refused.value)
    town = next(one for one in pack().towns if one.code == HERE)
    office = next(one for one in pack().offices if one.code == pack().chain_office)
    assert office.text["en"] in told and "dispute" in told
    assert not any(said in told for said in (HERE, *town.text.values(), "Hushed", INVESTOR))


@pytest.mark.usefixtures("world")
def test_other_investors_and_the_same_town_are_free() -> None:
    lead(code=CODES[0])
    lead(title="Expansion", code=CODES[0])
    lead(OTHER, THERE, code=CODES[1])
    lead(OTHER, THERE, name="杭州乙生物科技有限公司")
    assert Project.objects.count() == 4


@pytest.mark.usefixtures("world")
def test_the_lock_lasts_the_days_of_the_pack_and_progress_alone_prolongs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    case = go(lead(), "answer")
    pass_days(20, monkeypatch)
    go(case, "report")
    assert project(case).progress_on.isoformat() == "2024-09-30", "a report of nothing is no progress"
    go(case, "report", has_progress="yes")
    assert project(case).progress_on == today()
    pass_days(pack().lead_lock_days, monkeypatch)
    with pytest.raises(UserError, match="Another town"):
        lead(OTHER, THERE)
    pass_days(1, monkeypatch)
    assert project(lead(OTHER, THERE)).town == THERE


@pytest.mark.usefixtures("world")
def test_the_end_of_a_lead_frees_its_investor_at_once() -> None:
    go(lead(), "lose_lead", reason="no_answer")
    assert project(lead(OTHER, THERE)).ended_on is None


@pytest.mark.usefixtures("world")
def test_a_corrected_name_meets_the_lock_again() -> None:
    lead()
    case = lead(OTHER, THERE, name="杭州乙生物科技有限公司")
    with pytest.raises(UserError, match="Another town"):
        act_on(case.pk, "correct", "1", OTHER, {"data": {"investor_name": INVESTOR}})
    assert project(case).investor_name == "杭州乙生物科技有限公司"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("name", "code", "told"), [(INVESTOR, "913301007996550588", "no credit code"), ("—", "", "no letters")]
)
def test_an_investor_that_cannot_be_compared_is_refused(name: str, code: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        lead(name=name, code=code)


def _open(by: Viewer, town: str, name: str) -> str:
    """Open a lead; return its town, "" where another was first."""
    try:
        lead(by, town, name)
    except UserError:
        return ""
    return town


def race() -> None:
    """Let three towns open a lead of each of several investors at the same moment."""
    take_over_packs(by=BY)
    for number in range(4):
        towns = ((TOWN, HERE), (OTHER, THERE), (FAR, THIRD))
        said = at_once(*(partial(_open, by, town, f"投资方{number}") for by, town in towns))
        assert [Project.objects.get(investor_name=f"投资方{number}").town] == [town for town in said if town]


@pytest.mark.django_db(transaction=True)
def test_of_towns_that_open_at_once_on_postgresql_one_is_first() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the next test takes a file")
    race()


@own_database
@pytest.mark.slow
def test_of_towns_that_open_at_once_on_sqlite_one_is_first(migrated_home: Path) -> None:  # noqa: F811
    race_in_a_file(__name__, migrated_home)


def claim(by: Viewer = OTHER, town: str = THERE) -> Case:
    data = {"investor_name": INVESTOR, "contacted_on": "2024-09-01", "grounds": "x"}
    case = open_case(NewCase("lead_dispute", "Claim", [("claimant", "town", town)], data), by=by)
    return act_on(case.pk, "prove", "contact_proof", by, {"hash": "ab", "title": "x"})


def heard(case: Case, town: str = HERE) -> Case:
    act_on(case.pk, "do", "hear", OFFICE, {"respondent_town": town})
    act_on(case.pk, "do", "reply", TOWN, {"reply_text": "x"})
    return act_on(case.pk, "prove", "record", OFFICE, {"hash": "ab", "title": "x"})


@pytest.mark.usefixtures("world")
def test_a_claim_upheld_ends_as_carried_out_only_after_the_hand_over() -> None:
    contested = lead()
    case = heard(claim())
    act_on(case.pk, "do", "uphold", OFFICE, {"decision_grounds": "x"})
    with pytest.raises(IllegalStep, match="may not be who agrees"):
        act_on(case.pk, "approve", "uphold", OFFICE, {})
    act_on(case.pk, "approve", "uphold", SECOND, {})
    with pytest.raises(UserError, match="not handed over yet"):
        act_on(case.pk, "do", "carry_out", OFFICE, {}, reason="contacted_first")
    go(go(contested, "answer"), "hand_over", new_host=THERE, kept_percent=25)
    assert act_on(case.pk, "do", "carry_out", OFFICE, {}, reason="contacted_first").outcome == "carried_out_outcome"
    assert shares(contested) == {HERE: 0.25, THERE: 0.75}


@pytest.mark.usefixtures("world")
def test_the_named_office_decides_and_neither_town_does() -> None:
    lead()
    case = heard(claim())
    for by in (TOWN, OTHER):
        with pytest.raises(NotAllowed):
            act_on(case.pk, "do", "uphold", by, {"decision_grounds": "x"})
    act_on(case.pk, "do", "reject", OFFICE, {"decision_grounds": "x"}, reason="first_is_right")
    assert act_on(case.pk, "approve", "reject", SECOND, {}).outcome == "rejected_outcome"


@pytest.mark.usefixtures("world")
def test_a_claim_is_against_another_town_that_has_the_lead_and_that_town_is_heard() -> None:
    with pytest.raises(UserError, match="No other town has a lead"):
        claim()
    contested = lead()
    with pytest.raises(UserError, match="No other town has a lead"):
        claim(TOWN, HERE)
    case = claim()
    with pytest.raises(UserError, match="Another town has the lead"):
        act_on(case.pk, "do", "hear", OFFICE, {"respondent_town": THIRD})
    assert (Dispute.objects.get().project, Dispute.objects.get().claimant) == (project(contested), THERE)
    assert queries.dispute(OTHER, case.pk) is None, "the claimant is not shown the lead"
    assert queries.dispute(OFFICE, case.pk) is not None


TOWNS = st.sampled_from("abcd")
HAND_OVERS = st.lists(st.builds(HandOver, TOWNS, TOWNS, st.floats(0, 100)), max_size=12)


@given(TOWNS, HAND_OVERS)
def test_shares_add_up_to_exactly_one_over_any_hand_overs(opener: str, given_: list[HandOver]) -> None:
    found = split(opener, given_)
    assert sum(found.values()) == Decimal(1)
    assert all(0 < share <= 1 for share in found.values())


@given(TOWNS, HAND_OVERS, st.builds(HandOver, TOWNS, TOWNS, st.floats(0, 100)))
def test_a_hand_over_moves_credit_between_its_two_towns_alone(
    opener: str, before: list[HandOver], one: HandOver
) -> None:
    old, new = split(opener, before), split(opener, [*before, one])
    for town in {*old, *new} - {one.giver, one.receiver}:
        assert new.get(town) == old.get(town)


@pytest.mark.usefixtures("world")
def test_a_hand_over_splits_the_credit_of_the_giver_and_the_lead_goes_with_it() -> None:
    case = go(lead(), "answer")
    go(case, "hand_over", new_host=THERE, kept_percent=40)
    go(case, "hand_over", OTHER, new_host=THIRD, kept_percent=50)
    assert shares(case) == {HERE: 0.4, THERE: 0.3, THIRD: 0.3}
    go(case, "hand_over", FAR, new_host=HERE, kept_percent=0)
    assert (shares(case), project(case).town) == ({HERE: 0.7, THERE: 0.3}, HERE)
    with pytest.raises(NotThere):
        go(case, "make_contact", OTHER)


@pytest.mark.usefixtures("world")
def test_a_hand_over_that_is_refused_gives_nothing_and_the_next_one_does() -> None:
    case = go(lead(), "answer")
    data: dict[str, Any] = {"new_host": THERE, "kept_percent": 40, "why_handed_over": "x"}
    act_on(case.pk, "do", "hand_over", TOWN, data)
    assert (shares(case), project(case).town) == ({HERE: 1}, HERE), "one person proposes; nothing moves"
    act_on(case.pk, "refuse", "hand_over", SECOND, {})
    assert shares(case) == {HERE: 1}
    go(case, "hand_over", new_host=THIRD, kept_percent=10)
    assert shares(case) == {HERE: 0.1, THIRD: 0.9}


@pytest.mark.usefixtures("world")
def test_what_two_agreed_is_neither_corrected_by_one_nor_gone_round_by_an_assignment() -> None:
    case = go(go(lead(), "answer"), "hand_over", new_host=THERE, kept_percent=40)
    number = case.events.get(name="hand_over", kind="do").number
    with pytest.raises(UserError, match="Two persons agreed"):
        act_on(case.pk, "correct", str(number), OFFICE, {"data": {"kept_percent": 0}})
    with pytest.raises(UserError, match="by the step of handing it over"):
        act_on(case.pk, "assign", "host", OFFICE, {}, holders={"host": [f"town:{THIRD}"]})
    for said, told in (
        ({"new_host": THERE, "kept_percent": 5}, "already"),
        ({"new_host": HERE, "kept_percent": 101}, "100"),
    ):
        with pytest.raises(UserError, match=told):
            go(case, "hand_over", OTHER, **said)
    assert shares(case) == {HERE: 0.4, THERE: 0.6}


def alarms(case: Case) -> set[str]:
    """Return the clocks of a lead that are over and still run."""
    found = opened(OFFICE, case.pk)
    assert found is not None
    return {one.clock.key for one in found.clocks if one.state == ClockState.BREACHED}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("clock", "days", "before", "stop"),
    [
        ("first_answer", 1, "", "answer"),
        ("first_contact", 3, "answer", "make_contact"),
        ("first_proposal", 7, "answer make_contact", "propose"),
        ("first_biweekly", 14, "answer make_contact", "report"),
        ("next_biweekly", 14, "answer make_contact report", "report"),
    ],
)
def test_a_response_clock_alarms_the_day_after_its_days_until_the_step_is_taken(
    clock: str, days: int, before: str, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = go(lead(), before)
    pass_days(days, monkeypatch)
    assert clock not in alarms(case)
    pass_days(1, monkeypatch)
    assert clock in alarms(case)
    go(case, stop)
    assert clock not in alarms(case)


@pytest.mark.usefixtures("world")
def test_what_was_agreed_with_the_investor_alarms_while_it_is_not_yet_done(monkeypatch: pytest.MonkeyPatch) -> None:
    case = go(lead(), TO_CLEARED)
    go(case, "sign", register_by="2024-10-10", land_by="2024-10-20", start_by="2024-10-25")
    go(case, "report")
    for day, step, told in (
        ("2024-10-10", "", set()),
        ("2024-10-11", "", {"not_registered"}),
        ("2024-10-11", "register", set()),
        ("2024-10-21", "report", {"not_landed"}),
        ("2024-10-26", "obtain_land", {"not_started"}),
        ("2024-10-26", "get_permits start_building", set()),
    ):
        monkeypatch.setenv("LIANDESK_TODAY", day)
        go(case, step)
        assert alarms(case) == told, day
    pass_days(10, monkeypatch)
    assert "not_producing" not in alarms(case), "no day was agreed for it"
