"""Judging entries: who may, from which state, and that nobody overwrites anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.liandesk.lists_world import (
    AUDITOR,
    CHIEF,
    ENTERPRISE,
    MARKET_OFFICER,
    OFFICE,
    ONE_RESIN,
    ONE_VALVE,
    RESIN_ITEM,
    TOWN,
    TWO_MEDIUM,
    english,  # noqa: F401
    publish_world,
    viewer,
)

from liandesk.assess.lists import actions, queries
from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry
from liandesk.base.accounts.roles import NOBODY, Role, ScopeKind, Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError

pytestmark = pytest.mark.django_db
DUE = date(2024, 12, 20)


@pytest.fixture(autouse=True)
def _world() -> None:
    publish_world()


def _entry(key: str) -> ListEntry:
    return ListEntry.objects.get(pk=key)


def test_admitting_takes_the_office_of_the_item_kind_unless_another_is_given() -> None:
    assert actions.admit(ONE_VALVE, by=OFFICE, version=0).owner_office == "market"
    assert actions.admit(ONE_RESIN, by=OFFICE, version=0, owner_office="commerce").owner_office == "commerce"


def test_each_action_leaves_history_and_one_audit_event() -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=DUE)
    event = EntryEvent.objects.get()
    assert event.action == "admit" and event.changes["due_date"] == [None, "2024-12-20"]
    audit = AuditEvent.objects.filter(action="list_entry.admit").get()
    assert audit.object_id == ONE_RESIN and audit.actor == OFFICE.actor
    assert "2024-12-20" not in str(audit.details)


def test_an_entry_goes_through_its_life() -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    actions.assign(ONE_RESIN, by=OFFICE, version=1, owner_office="commerce", due_date=DUE)
    actions.report(ONE_RESIN, by=OFFICE, version=2, measure="备货", level="red", level_reason="独家")
    actions.close(ONE_RESIN, by=OFFICE, version=3, reason="第二来源已验证")
    entry = actions.reopen(ONE_RESIN, by=OFFICE, version=4, reason="第二来源停产")
    assert (entry.state, entry.measure, entry.level, entry.version) == (EntryState.ADMITTED, "备货", "red", 5)
    assert actions.decline(ONE_RESIN, by=OFFICE, version=5, reason="不再采购").state == EntryState.DECLINED
    assert actions.reopen(ONE_RESIN, by=OFFICE, version=6, reason="恢复采购").state == EntryState.PROPOSED
    told = [event.action for event in queries.changes(OFFICE, ONE_RESIN)]
    assert told == ["reopen", "decline", "reopen", "close", "report", "assign", "admit"]


def _calls() -> dict[str, Callable[[Viewer], Any]]:
    return {
        "admit": lambda by: actions.admit(ONE_RESIN, by=by, version=0),
        "decline": lambda by: actions.decline(ONE_RESIN, by=by, version=0, reason="x"),
        "assign": lambda by: actions.assign(ONE_RESIN, by=by, version=0, owner_office="market", due_date=None),
        "report": lambda by: actions.report(ONE_RESIN, by=by, version=0, measure="x"),
        "close": lambda by: actions.close(ONE_RESIN, by=by, version=0, reason="x"),
        "reopen": lambda by: actions.reopen(ONE_RESIN, by=by, version=0, reason="x"),
        "admit_many": lambda by: actions.admit_many({ONE_RESIN: 0}, by=by),
        "decline_many": lambda by: actions.decline_many({ONE_RESIN: 0}, by=by, reason="x"),
        "assign_many": lambda by: actions.assign_many({ONE_RESIN: 0}, by=by, owner_office="market", due_date=None),
    }


@pytest.mark.parametrize("name", sorted(_calls()))
@pytest.mark.parametrize("by", [CHIEF, AUDITOR, TOWN, ENTERPRISE, MARKET_OFFICER, NOBODY], ids=lambda by: by.actor)
def test_who_may_not_judge_changes_nothing(name: str, by: Viewer) -> None:
    before = ListEntry.objects.values().get(pk=ONE_RESIN)
    with pytest.raises((NotAllowed, NotThere)):
        _calls()[name](by)
    assert ListEntry.objects.values().get(pk=ONE_RESIN) == before
    assert not EntryEvent.objects.exists()


def test_who_may_see_but_not_judge_is_told_so_and_who_may_not_see_learns_nothing() -> None:
    with pytest.raises(NotAllowed):
        actions.admit(ONE_RESIN, by=TOWN, version=0)
    with pytest.raises(NotThere):
        actions.admit(TWO_MEDIUM, by=TOWN, version=0)
    with pytest.raises(NotThere):
        actions.admit("input:nobody:nothing", by=OFFICE, version=0)


def test_an_officer_reports_on_the_entries_of_the_own_office_only() -> None:
    actions.admit(ONE_VALVE, by=OFFICE, version=0)
    actions.admit(ONE_RESIN, by=OFFICE, version=0, with_offices=())
    assert actions.report(ONE_VALVE, by=MARKET_OFFICER, version=1, measure="找替代").measure == "找替代"
    with pytest.raises(NotThere):
        actions.report(ONE_RESIN, by=MARKET_OFFICER, version=1, measure="x")
    with pytest.raises(NotAllowed):
        actions.assign(ONE_VALVE, by=MARKET_OFFICER, version=2, owner_office="market", due_date=DUE)


@pytest.mark.parametrize(
    ("name", "state"),
    [("decline", "declined"), ("assign", "proposed"), ("report", "proposed"), ("close", "proposed")],
)
def test_an_action_that_does_not_fit_the_state_is_refused(name: str, state: str) -> None:
    if state == "declined":
        actions.decline(RESIN_ITEM, by=OFFICE, version=0, reason="x")
    version = _entry(RESIN_ITEM).version
    arguments: dict[str, Any] = {
        "decline": {"reason": "x"},
        "assign": {"owner_office": "market", "due_date": None},
        "report": {"measure": "x"},
        "close": {"reason": "x"},
    }[name]
    with pytest.raises(actions.WrongState):
        getattr(actions, name)(RESIN_ITEM, by=OFFICE, version=version, **arguments)


def test_the_second_of_two_writers_is_told_who_was_first_and_overwrites_nothing() -> None:
    actions.admit(ONE_VALVE, by=OFFICE, version=0)
    actions.report(ONE_VALVE, by=MARKET_OFFICER, version=1, measure="备货三个月")
    with pytest.raises(Conflict, match="changed this entry at"):
        actions.report(ONE_VALVE, by=OFFICE, version=1, measure="转单")
    assert _entry(ONE_VALVE).measure == "备货三个月"


def test_an_office_the_pack_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'market'"):
        actions.admit(ONE_RESIN, by=OFFICE, version=0, owner_office="markt")
    assert _entry(ONE_RESIN).state == EntryState.PROPOSED


def test_an_entry_is_due_soon_up_to_its_date_and_overdue_after_it() -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=date(2024, 9, 30))
    actions.admit(ONE_VALVE, by=OFFICE, version=0, due_date=date(2024, 9, 29))
    actions.admit(TWO_MEDIUM, by=OFFICE, version=0, due_date=date(2024, 10, 15))
    assert queries.entries(OFFICE).filter(queries.due_soon()).get().pk == ONE_RESIN
    assert queries.entries(OFFICE).filter(queries.overdue()).get().pk == ONE_VALVE


@pytest.mark.parametrize(
    "said", [{"level": "red"}, {"level": "purple", "level_reason": "x"}, {"note": "长" * 2001}], ids=str
)
def test_a_report_needs_a_reason_for_its_level_and_fits_its_columns(said: dict[str, str]) -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    with pytest.raises(UserError):
        actions.report(ONE_RESIN, by=OFFICE, version=1, **said)


@pytest.mark.parametrize("name", ["decline", "close", "reopen"])
def test_leaving_out_closing_and_reopening_need_a_reason(name: str) -> None:
    if name == "close":
        actions.admit(ONE_RESIN, by=OFFICE, version=0)
    if name == "reopen":
        actions.decline(ONE_RESIN, by=OFFICE, version=0, reason="x")
    with pytest.raises(UserError, match="why"):
        getattr(actions, name)(ONE_RESIN, by=OFFICE, version=_entry(ONE_RESIN).version, reason="  ")


def test_saying_what_stands_there_already_writes_nothing() -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    actions.report(ONE_RESIN, by=OFFICE, version=1, measure="备货")
    actions.report(ONE_RESIN, by=OFFICE, version=2, measure="备货")
    assert _entry(ONE_RESIN).version == 2 and EntryEvent.objects.count() == 2


def test_a_bulk_action_does_what_it_can_and_names_what_others_changed() -> None:
    actions.decline(ONE_VALVE, by=OFFICE, version=0, reason="x")
    found = actions.admit_many({ONE_RESIN: 0, ONE_VALVE: 0, TWO_MEDIUM: 0}, by=OFFICE, due_date=DUE)
    assert set(found.done) == {ONE_RESIN, TWO_MEDIUM} and set(found.left) == {ONE_VALVE}
    assert _entry(ONE_VALVE).state == EntryState.DECLINED
    assert _entry(ONE_RESIN).due_date == DUE


def test_a_bulk_action_with_a_wrong_office_changes_nothing_at_all() -> None:
    with pytest.raises(UserError):
        actions.admit_many({ONE_RESIN: 0, TWO_MEDIUM: 0}, by=OFFICE, owner_office="nobody")
    assert not EntryEvent.objects.exists()


def test_bulk_actions_decline_and_assign_alike() -> None:
    actions.admit_many({ONE_RESIN: 0, TWO_MEDIUM: 0}, by=OFFICE)
    actions.assign_many({ONE_RESIN: 1, TWO_MEDIUM: 1}, by=OFFICE, owner_office="health", due_date=DUE)
    assert set(queries.entries(OFFICE).filter(owner_office="health").values_list("pk", flat=True)) == {
        ONE_RESIN,
        TWO_MEDIUM,
    }
    actions.decline_many({ONE_RESIN: 2}, by=OFFICE, reason="x")
    assert _entry(ONE_RESIN).state == EntryState.DECLINED


def test_a_bulk_action_needs_entries_and_not_too_many() -> None:
    with pytest.raises(UserError, match="selected"):
        actions.admit_many({}, by=OFFICE)
    with pytest.raises(UserError, match="500"):
        actions.admit_many({f"input:x:{place}": 0 for place in range(501)}, by=OFFICE)


def test_a_hospital_and_a_bank_see_no_entry() -> None:
    for role in (Role.HOSPITAL, Role.BANK, Role.EXPERT, Role.OPERATOR):
        assert not queries.entries(viewer(role, ScopeKind.ORGANISATION, "enterprise-one")).exists()
