"""The yearly task sheet: from the plan to a frozen edition, its tasks reported on, judged, sealed and handed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.liandesk.supervision_world import BY, YEAR, Who, draft, freeze, frozen, row_of, send, step

from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.base.teamwork.models import Task
from liandesk.base.teamwork.task_actions import finish_task
from liandesk.base.ui.panels import inbox, panels
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision import actions, evaluation_actions, queries, reporting, sealing
from liandesk.steer.supervision.editions import is_unchanged
from liandesk.steer.supervision.excel import import_reports, write_sheet
from liandesk.steer.supervision.models import Row, TaskSheet
from liankit.plan.model import build_plan

pytestmark = pytest.mark.django_db
REPORT = {"period": "2024Q3", "action": "开展走访", "completion": "完成七成", "next_step": "年底前收尾"}


@pytest.fixture(autouse=True)
def _english(in_english: None) -> None:
    """The refusals are read in English."""


def test_each_clause_of_the_plan_becomes_a_task_with_its_offices(viewer: Who) -> None:
    take_over_packs(by=BY)
    sheet = actions.draft_sheet(YEAR, by=viewer("ChainOffice"))
    rows = {row.subject_id: row for row in sheet.rows.all()}
    listed = rows["listing.listed_companies"]
    assert (listed.lead, listed.goal_value, listed.due) == ("development", 4.0, date(YEAR, 12, 31))
    assert any(key.startswith("duties.") for key in rows)
    assert len(rows) == sheet.rows.count()


def test_a_sheet_goes_out_only_with_a_lead_for_each_task_and_a_year_has_one(viewer: Who) -> None:
    sheet, office = draft(viewer), viewer("ChainOffice")
    with pytest.raises(UserError, match="Drop it"):
        actions.draft_sheet(YEAR, by=office)
    row = sheet.rows.first()
    assert row is not None
    actions.change_row(row.pk, {"lead": ""}, by=office, version=row.version)
    with pytest.raises(UserError, match="without a leading office: 1"):
        send(sheet, viewer)


def test_who_was_second_to_change_a_task_is_told(viewer: Who) -> None:
    row, office = draft(viewer).rows.first(), viewer("ChainOffice")
    assert row is not None
    actions.change_row(row.pk, {"goal": "one"}, by=office, version=row.version)
    with pytest.raises(Conflict):
        actions.change_row(row.pk, {"goal": "two"}, by=office, version=row.version)
    assert Row.objects.get(pk=row.pk).goal == "one"


def test_a_comment_is_answered_before_the_sheet_is_frozen(viewer: Who) -> None:
    sheet, officer = draft(viewer), viewer("Officer")
    row = row_of(sheet, "market")
    with pytest.raises(UserError, match="not out for comment"):
        actions.comment(row.pk, "太急", by=officer)
    send(sheet, viewer)
    with pytest.raises(UserError, match="draft"):
        actions.change_row(row.pk, {"goal": "x"}, by=viewer("ChainOffice"), version=row.version)
    made = actions.comment(row.pk, "太急", by=officer)
    step(sheet.case, officer, "give_back", opinion="commented")
    with pytest.raises(UserError, match="1 comments wait"):
        freeze(sheet, viewer)
    actions.answer(made.pk, "改到年底", by=viewer("ChainOffice"))
    with pytest.raises(Conflict):
        actions.answer(made.pk, "again", by=viewer("ChainOffice"))


def test_freezing_takes_two_persons_and_keeps_what_the_second_agreed_to(viewer: Who) -> None:
    sheet, office = draft(viewer), viewer("ChainOffice")
    send(sheet, viewer)
    step(sheet.case, office, "collect")
    step(sheet.case, office, "freeze", reason="agreed")
    with pytest.raises(UserError):
        step(sheet.case, office, "freeze", "approve")
    row = sheet.rows.first()
    assert row is not None
    actions.change_row(row.pk, {"goal": "slipped in"}, by=office, version=row.version)
    with pytest.raises(UserError, match="changed after freezing was proposed"):
        step(sheet.case, viewer("ChainChief"), "freeze", "approve")
    assert not TaskSheet.objects.get(pk=sheet.pk).is_frozen


def test_a_frozen_sheet_cannot_be_changed_unseen(viewer: Who) -> None:
    sheet = frozen(viewer)
    assert sheet.is_frozen
    assert is_unchanged(sheet)
    with pytest.raises(UserError):
        row = sheet.rows.first()
        assert row is not None
        actions.change_row(row.pk, {"goal": "x"}, by=viewer("ChainOffice"), version=row.version)
    Row.objects.filter(sheet=sheet, number=1).update(goal_value=1)
    assert not is_unchanged(sheet)


def test_each_frozen_task_is_a_case_of_its_offices_with_its_milestones(viewer: Who) -> None:
    sheet = draft(viewer)
    row = row_of(sheet, "market")
    told = {"milestones": [{"title": "方案", "due": "2024-06-30"}, {"title": "验收", "due": "2024-12-15"}]}
    actions.change_row(row.pk, told, by=viewer("ChainOffice"), version=row.version)
    send(sheet, viewer)
    freeze(sheet, viewer)
    state = next(one for one in queries.rows(viewer("Officer"), sheet) if one.row.pk == row.pk)
    assert state.row.case is not None
    assert (state.row.case.subject_kind, state.row.case.due) == (row.subject_kind, row.due)
    assert [one.is_late for one in state.milestones] == [True, False]
    assert (state.standing, state.is_behind) == ("behind", True)


def test_an_office_sees_its_own_tasks_and_outsiders_none(viewer: Who) -> None:
    sheet = frozen(viewer)
    seen = queries.rows(viewer("Officer"), sheet)
    assert seen
    assert all("market" in (one.row.lead, *one.row.partner_offices) for one in seen)
    assert len(seen) < sheet.rows.count()
    (of_office,) = panels("office", viewer("Officer"), "market")  # on the page of the office
    assert {one.row.pk for one in of_office.context["states"]} == {row.pk for row in sheet.rows.filter(lead="market")}
    for name in ("TownOfficer", "Enterprise", "Hospital", "Bank", "Expert"):
        with pytest.raises(NotAllowed):
            queries.sheets(viewer(name))
        assert queries.behind(viewer(name)) == []
        assert panels("office", viewer(name), "market") == []
    other = next(row for row in sheet.rows.all() if "market" not in (row.lead, *row.partner_offices))
    with pytest.raises(NotThere):
        queries.row(viewer("Officer"), other.pk)


def test_a_report_is_an_entry_of_the_case_and_the_same_one_changes_nothing(viewer: Who) -> None:
    row, officer = row_of(frozen(viewer), "market"), viewer("Officer")
    assert reporting.report(row.pk, REPORT, by=officer) == "new"
    assert reporting.report(row.pk, REPORT, by=officer) == "same"
    assert reporting.report(row.pk, {**REPORT, "problem": "资金"}, by=officer) == "changed"
    last = queries.states([queries.row(officer, row.pk)])[0].last_report
    assert last is not None
    assert (last.period, last.problem, last.by) == ("2024Q3", "资金", officer.actor)
    with pytest.raises(UserError, match="quarter"):
        reporting.report(row.pk, {**REPORT, "period": "autumn"}, by=officer)
    with pytest.raises(NotAllowed):
        reporting.report(row.pk, REPORT, by=viewer("ChainOffice"))


def test_a_number_reported_says_how_the_task_stands_and_why(viewer: Who) -> None:
    sheet = draft(viewer)
    row, office = row_of(sheet, "market"), viewer("ChainOffice")
    actions.change_row(row.pk, {"goal_value": 10.0, "unit": "项"}, by=office, version=row.version)
    send(sheet, viewer)
    freeze(sheet, viewer)
    reporting.report(row.pk, {**REPORT, "value": 9.0}, by=viewer("Officer"))
    state = queries.states([queries.row(office, row.pk)])[0]
    assert state.standing == "ahead"
    assert state.reasons[0].value_low == pytest.approx(0.9)


def test_reports_go_out_and_come_back_as_a_sheet(viewer: Who, tmp_path: Path) -> None:
    row, officer = row_of(frozen(viewer), "market"), viewer("Officer")
    reporting.report(row.pk, REPORT, by=officer)
    path = tmp_path / "reports.xlsx"
    write_sheet(path, by=officer)
    looked = import_reports(path, by=officer, is_sure=True)
    assert [taken.result for taken in looked.taken if taken.name == row.task] == ["same"]
    assert looked.faults  # the other tasks say nothing yet
    assert looked.written == 0


def test_a_missing_report_stands_in_the_inbox_of_its_office(viewer: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    row, officer = row_of(frozen(viewer), "market"), viewer("Officer")
    monkeypatch.setenv("LIANDESK_TODAY", "2024-12-31")
    reporting.report(row.pk, REPORT, by=officer)
    monkeypatch.setenv("LIANDESK_TODAY", "2025-01-05")
    missing = [line for line in inbox(officer) if "quarter's report" in line.title]
    led = Row.objects.filter(lead="market").count()
    assert [line.count for line in missing] == [led]
    reporting.report(row.pk, {**REPORT, "period": "2024Q4"}, by=officer)
    assert [line.count for line in inbox(officer) if "quarter's report" in line.title] == [led - 1]


def test_without_a_number_the_milestones_say_how_a_task_stands(viewer: Who) -> None:
    sheet, office = draft(viewer), viewer("ChainOffice")
    row = row_of(sheet, "market")
    told = {"milestones": [{"title": "方案", "due": "2024-06-30"}, {"title": "验收", "due": "2024-12-15"}]}
    actions.change_row(row.pk, told, by=office, version=row.version)
    send(sheet, viewer)
    freeze(sheet, viewer)
    case = queries.row(office, row.pk).case
    assert case is not None
    finish_task(Task.objects.filter(case=case).earliest("due").pk, by=viewer("Officer"))
    assert queries.states([queries.row(office, row.pk)])[0].standing == "on_track"


def test_a_judgement_that_differs_says_why_and_the_second_of_two_is_told(viewer: Who) -> None:
    draft(viewer)
    office, target = viewer("ChainOffice"), "listing.listed_companies"
    with pytest.raises(UserError, match="say why"):
        evaluation_actions.judge("midterm", target, "ahead", by=office, seen=0)
    made = evaluation_actions.judge("midterm", target, "ahead", by=office, seen=0, reason="两家已过会")
    assert (made.proposed, made.grade, made.number) == ("unknown", "ahead", 1)
    with pytest.raises(Conflict):
        evaluation_actions.judge("midterm", target, "behind", by=viewer("ChainChief"), seen=0, reason="x")
    with pytest.raises(NotAllowed):
        evaluation_actions.judge("midterm", target, "behind", by=viewer("Officer"), seen=1, reason="x")


def test_an_ended_plan_is_sealed_and_handed_over(viewer: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(viewer)
    office = viewer("ChainOffice")
    with pytest.raises(UserError, match="has ended"):
        sealing.seal(by=office)
    monkeypatch.setenv("LIANDESK_TODAY", "2026-01-15")
    made = sealing.seal(by=office)
    found = sealing.sealed(office, made.plan)
    assert found is not None
    assert (found.is_file_whole, found.changed_years) == (True, ())
    with pytest.raises(UserError, match="sealed"):
        evaluation_actions.judge("final", "listing.listed_companies", "behind", by=office, seen=0, reason="x")
    targets = list(the_plan(office).targets)
    decided = dict.fromkeys(targets, ("keep", "")) | {targets[-1]: ("drop", "不再单列")}
    sealing.hand_over(decided, by=office, seen=0)
    with pytest.raises(Conflict):
        sealing.hand_over(decided, by=office, seen=0)
    proposed = build_plan(sealing.draft_next(by=office).body, "next")
    assert list(proposed.targets) == targets[:-1]
    assert proposed.period.start.year == 2026
    store.blob_path(made.hash).write_bytes(b"changed")
    broken = sealing.sealed(office, made.plan)
    assert broken is not None
    assert not broken.is_file_whole


def test_evidence_of_a_task_is_hashed_and_counted(viewer: Who) -> None:
    row, officer = row_of(frozen(viewer), "market"), viewer("Officer")
    assert row.case is not None
    step(row.case, officer, "progress", "prove", hash=store.put_bytes(b"photo"), title="现场照片")
    assert queries.states([queries.row(officer, row.pk)])[0].told.proofs == 1


def test_every_write_leaves_one_event_of_its_own(viewer: Who) -> None:
    sheet = frozen(viewer)
    kinds = list(AuditEvent.objects.filter(action__startswith="task_sheet.").values_list("action", flat=True))
    assert kinds.count("task_sheet.draft") == 1
    assert kinds.count("task_sheet.change") == Row.objects.filter(sheet=sheet, version__gt=0).count()
