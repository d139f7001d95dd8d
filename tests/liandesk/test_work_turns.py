"""Whose turn it is, who may open what, and what follows from a step: the log says it, the columns keep it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from tests.liandesk.work_world import REQUEST, Who, know_organisations, publish, request, step

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.work import queries
from liandesk.base.work.actions import IllegalStep, NewCase, open_case
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case, Party
from liandesk.base.work.opening import openable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def who(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Who:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    know_organisations(monkeypatch)
    publish(REQUEST)
    return lambda name: viewer_of(cast[name])


def parties(case: Case) -> set[tuple[str, str, bool]]:
    return {(p.role, p.scope_id, p.acts) for p in Party.objects.filter(case=case)}


def test_the_turn_goes_with_the_steps_from_hand_to_hand(who: Who) -> None:
    enterprise, office, officer = who("Enterprise"), who("ChainOffice"), who("Officer")
    case = request(enterprise)
    assert parties(case) == {("asker", "enterprise-one", False), ("clerk", "economy", True)}
    assert list(queries.mine(office)) == [case] == list(queries.waiting_on_others(enterprise))
    assert not queries.mine(enterprise).exists() and not queries.cases(officer).exists()
    case = step(case, office, "take", data={"office": "market"})
    assert ("lead", "market", True) in parties(case) and ("clerk", "economy", False) in parties(case)
    assert list(queries.mine(officer)) == [case] == list(queries.of_office(officer))
    assert [party.scope_id for party in queries.whose_turn([case])[case.pk]] == ["market"]
    case = step(case, officer, "lead", "assign", holders={"lead": ["office:health"]})
    assert not queries.cases(officer).exists()


def test_whoever_proposed_or_answered_has_no_turn_where_another_must_decide(who: Who) -> None:
    office, second = who("ChainOffice"), Viewer("user:99", "second", who("ChainOffice").grants)
    case = step(request(office), office, "take", data={"office": "economy"})
    case = step(case, office, "answer")
    assert not queries.mine(office).exists() and list(queries.mine(second)) == [case]
    assert list(queries.waiting_on_others(office)) == [case]
    with pytest.raises(IllegalStep) as refused:
        step(case, office, "again")
    assert [reason.code for reason in refused.value.reasons] == ["process.not_by"]


def test_columns_say_when_it_is_due_from_when_it_warns_and_that_it_stands(who: Who) -> None:
    office = who("ChainOffice")
    case = request(office)
    assert (case.due, case.due_clock, case.warn_from) == (date(2024, 10, 9), "reply", date(2024, 10, 8))
    case = step(case, office, "asked_back", "pause")
    assert (case.due, case.due_clock, case.warn_from, case.is_paused) == (None, "", None, True)
    entered = case.entered_at
    case = step(step(case, office, "", "resume"), office, "take", data={"office": "market"})
    assert case.entered_at > entered and not case.is_paused


def test_the_cases_overdue_and_changed_are_those_one_has_a_part_in(who: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    office = who("ChainOffice")
    case = request(office)
    assert not queries.overdue(office).exists()
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-10")
    assert list(queries.overdue(office)) == [case] and not queries.overdue(who("ChainChief")).exists()
    long_ago, later = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert list(queries.changed_since(office, long_ago)) == [case]
    assert not queries.changed_since(office, later).exists()


@pytest.mark.parametrize("name", ["TownOfficer", "Bank", "Expert", "Auditor", "Operator", "Outsider"])
def test_who_holds_no_role_that_opens_opens_nothing(who: Who, name: str) -> None:
    with pytest.raises(NotAllowed):
        request(who(name))
    assert "request" not in {process.key for _definition, process in openable(who(name))}


def test_an_enterprise_opens_for_itself_only_and_an_office_for_it(who: Who) -> None:
    enterprise, office = who("Enterprise"), who("Officer")
    with pytest.raises(NotAllowed):
        request(enterprise, asker="enterprise-two")
    mixed = [("asker", "organisation", one) for one in ("enterprise-one", "enterprise-two")]
    with pytest.raises(NotAllowed):
        open_case(NewCase("request", "x", mixed, {"what": "x"}), by=enterprise)
    with pytest.raises(NotAllowed, match="may not open"):
        open_case(NewCase("instruction", "x", [("issuer", "office", "economy"), ("lead", "office", "market")]),
                  by=enterprise)  # fmt: skip
    with pytest.raises(NotAllowed):  # the clerk is the chain office, not the officer's
        request(office)
    named = [("asker", "organisation", "enterprise-two"), ("clerk", "office", "market")]
    assert open_case(NewCase("request", "x", named, {"what": "x"}), by=office).events_count == 1
    assert [process.key for _definition, process in openable(enterprise) if process.key == "request"] == ["request"]


def test_a_step_opens_the_case_it_calls_for_with_its_people_and_its_answers(who: Who) -> None:
    office, officer = who("ChainOffice"), who("Officer")
    case = step(request(office, is_synthetic=True), office, "take", data={"office": "market"})
    said = {"task": "Measure the land", "to_office": "health", "by": "2024-10-31"}
    with pytest.raises(UserError, match="Nobody is known as 'office:nowhere'"):
        step(case, officer, "pass_on", data={**said, "to_office": "nowhere"})
    assert Case.objects.get().events_count == 2  # all of it was undone
    step(case, officer, "pass_on", data=said)
    opened = queries.about(officer, "case", str(case.pk)).get()
    assert (opened.process, opened.title, opened.due) == ("instruction", "Measure the land", date(2024, 10, 31))
    assert parties(opened) == {("issuer", "market", True), ("lead", "health", True)} and opened.is_synthetic
    assert AuditEvent.objects.filter(action__startswith="case.").count() == 4


def test_effects_run_with_the_event_and_what_they_raise_undoes_it(who: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setitem(EFFECTS, "request", [lambda case, event, state, by: told.append((event.kind, state.active))])
    office = who("ChainOffice")
    case = request(office)
    assert told == [("open", ("sent",))]

    def fail(*_said: object) -> None:
        raise UserError("no")

    monkeypatch.setitem(EFFECTS, "request", [fail])
    with pytest.raises(UserError):
        step(case, office, "take", data={"office": "market"})
    case.refresh_from_db()
    assert case.events_count == 1 and case.stages == ["sent"]


def test_an_enterprise_writes_nothing_that_is_the_offices(who: Who) -> None:
    enterprise, office = who("Enterprise"), who("ChainOffice")
    case = request(enterprise)
    for kind, name, said in (
        ("do", "take", {"data": {"office": "market"}}),
        ("pause", "asked_back", {}),
        ("fill", "", {"data": {"letter": "x"}}),
        ("assign", "lead", {"holders": {"lead": ["office:health"]}}),
    ):
        with pytest.raises(NotAllowed):
            step(case, enterprise, name, kind, **said)
    case = step(case, enterprise, "1", "correct", data={"data": {"what": "more land"}})
    case = step(case, office, "take", data={"office": "market"})
    with pytest.raises(NotAllowed):
        step(case, enterprise, "3", "correct", data={"data": {"office": "health"}})
    found = queries.opened(office, case.pk)
    assert found is not None and found.state.fields["what"] == "more land"


STAGES = ("sent", "in_hand", "closed")


def test_boards_count_the_stages_that_a_viewer_sees(who: Who) -> None:
    enterprise, office = who("Enterprise"), who("ChainOffice")
    first, second = request(enterprise), request(office)
    step(second, office, "take", data={"office": "market"})
    assert queries.stage_counts(office, "request", STAGES) == {"sent": 1, "in_hand": 1}
    assert queries.stage_counts(enterprise, "request", STAGES) == {"sent": 1, "in_hand": 1}
    assert queries.stage_counts(who("Officer"), "request", STAGES) == {"in_hand": 1}
    assert queries.stage_counts(who("OtherEnterprise"), "request", STAGES) == {}
    assert list(queries.in_stage(office, "request", "sent")) == [first]


@pytest.mark.parametrize(
    "said", [{"at": "soon"}, {"at": "2024-09-30T10:00"}, {"at": 5}, {"data": ["x"]}, {"number": 2}]
)
def test_a_correction_that_says_nothing_sensible_is_refused(who: Who, said: dict[str, Any]) -> None:
    office = who("ChainOffice")
    case = request(office)
    with pytest.raises(UserError, match=r"time zone|时区|correction"):
        step(case, office, "1", "correct", data=said)
    assert Case.objects.get().events_count == 1


def test_a_case_is_about_what_its_opener_sees(who: Who) -> None:
    office, officer, other = who("ChainOffice"), who("Enterprise"), who("OtherEnterprise")
    first = request(officer)
    assert request(office, subject=("case", str(first.pk))).subject_id == str(first.pk)
    for subject in (("case", str(first.pk)), ("case", "987654321"), ("cake", "1")):
        with pytest.raises(NotThere):
            request(other, asker="enterprise-two", subject=subject)


@pytest.mark.parametrize("name", ["ChainChief", "ChainOffice", "Officer", "Enterprise", "OtherEnterprise", "Outsider"])
def test_what_is_in_hand_is_seen_and_a_restricted_case_by_whom_it_names(who: Who, name: str) -> None:
    viewer = who(name)
    plain, secret = request(who("ChainOffice")), request(who("ChainOffice"), is_restricted=True)
    for case in (plain, secret):
        step(case, who("ChainOffice"), "take", data={"office": "market"})
    lists = (queries.mine, queries.of_office, queries.in_hand, queries.waiting_on_others, queries.overdue)
    for found in lists:
        assert set(found(viewer)) <= set(queries.cases(viewer)), found.__name__
    assert (secret in set(queries.in_hand(viewer))) == (name == "ChainOffice")  # who opened it is named
    assert (plain in set(queries.mine(viewer))) == (name == "Officer")


def test_the_desk_is_the_three_lists_read_at_once(who: Who) -> None:
    office, officer = who("ChainOffice"), who("Officer")
    cases = [request(office) for _ in range(4)]
    step(cases[1], office, "take", data={"office": "market"})
    Case.objects.filter(pk=cases[2].pk).update(due="2024-09-27")
    Case.objects.filter(pk=cases[3].pk).update(due="2024-10-08", is_restricted=True)
    for viewer in (office, officer, who("Enterprise"), who("Outsider")):
        found = queries.desk(viewer)
        late = [case.pk for case in queries.overdue(viewer)]
        assert found.overdue == late
        assert found.mine == [case.pk for case in queries.mine(viewer) if case.pk not in late]
        assert found.others == [case.pk for case in queries.waiting_on_others(viewer) if case.pk not in late]
