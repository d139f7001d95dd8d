"""Absence: a deputy may what the absent person may, for the days given; both are logged and count as one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from liandesk.base.accounts.delegations import are_one, delegate, end_delegation
from liandesk.base.accounts.models import Delegation, Membership, User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, lent
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.teamwork import queries
from liandesk.base.teamwork.task_actions import add_task
from liandesk.base.work.actions import IllegalStep, Step, act
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.queries import cases, mine

TODAY, LATER = date(2024, 9, 30), date(2024, 10, 7)


@pytest.fixture
def absent(instruction: Case, cast: dict[str, User], viewer: Callable[[str], Viewer]) -> Delegation:
    """The bureau officer is away for a week; the town officer stands in."""
    return delegate(cast["Officer"], cast["TownOfficer"], TODAY, LATER, by=viewer("Officer"))


@pytest.mark.django_db
def test_a_deputy_acts_in_the_name_of_the_absent_person_and_the_log_names_both(
    absent: Delegation, instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    deputy, officer = viewer("TownOfficer"), viewer("Officer")
    assert deputy.acts_for == {officer.actor} and list(mine(deputy)) == [instruction]
    act(instruction.pk, Step("do", 1, "sign_for"), by=deputy)
    signed = CaseEvent.objects.get(case=instruction, number=2)
    assert (signed.actor, signed.on_behalf_of) == (deputy.actor, [officer.actor])
    logged = AuditEvent.objects.get(action="case.do")
    assert logged.actor == deputy.actor and logged.details["stands_in_for"] == [officer.actor]
    act(instruction.pk, Step("do", 2, "feed_back", {"progress": "x"}), by=officer)
    assert CaseEvent.objects.get(case=instruction, number=3).on_behalf_of == []


@pytest.mark.django_db
def test_it_holds_for_the_days_given_and_until_it_is_ended(
    absent: Delegation, instruction: Case, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, sees in (("2024-09-29", False), ("2024-09-30", True), ("2024-10-07", True), ("2024-10-08", False)):
        monkeypatch.setenv("LIANDESK_TODAY", day)
        assert cases(viewer("TownOfficer")).exists() is sees, day
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-01")
    with pytest.raises(NotThere):
        end_delegation(absent.pk, by=viewer("Bank"))
    end_delegation(absent.pk, by=viewer("TownOfficer"))
    assert not cases(viewer("TownOfficer")).exists() and not viewer("TownOfficer").lenders
    with pytest.raises(NotThere):
        act(instruction.pk, Step("do", 1, "sign_for"), by=viewer("TownOfficer"))


@pytest.mark.django_db
def test_neither_agrees_to_what_the_other_proposed_for_the_same_person(
    instruction: Case, cast: dict[str, User], viewer: Callable[[str], Viewer]
) -> None:
    """The officer reports; the issuing office closes by four eyes."""
    officer, office = viewer("Officer"), viewer("ChainOffice")
    act(instruction.pk, Step("do", 1, "sign_for"), by=officer)
    act(instruction.pk, Step("prove", 2, "result", {"hash": "ab", "title": "minutes"}), by=officer)
    act(instruction.pk, Step("do", 3, "report_done", {"result_text": "settled"}), by=officer)
    act(instruction.pk, Step("do", 4, "close", reason="done"), by=office)
    delegate(cast["ChainOffice"], cast["TownOfficer"], TODAY, LATER, by=office)
    deputy = viewer("TownOfficer")
    with pytest.raises(IllegalStep):
        act(instruction.pk, Step("approve", 5, "close"), by=deputy)
    Membership.objects.create(user=cast["Expert"], role="officer", scope_kind="office", scope_id="economy")
    act(instruction.pk, Step("approve", 5, "close"), by=viewer("Expert"))


@pytest.mark.django_db
def test_what_names_the_absent_person_names_the_deputy(
    absent: Delegation, instruction: Case, cast: dict[str, User], viewer: Callable[[str], Viewer]
) -> None:
    add_task(instruction.pk, "Ask the town", by=viewer("Officer"), who=cast["Officer"])
    assert queries.my_tasks(viewer("TownOfficer")).exists()
    Case.objects.update(is_restricted=True)
    assert not cases(viewer("TownOfficer")).exists()
    instruction.named.create(person=viewer("Officer").actor, named_by="x", named_at=instruction.opened_at)
    assert cases(viewer("TownOfficer")).exists() and not cases(viewer("OtherTown")).exists()


@pytest.mark.django_db
def test_only_the_person_or_the_operator_names_a_deputy_who_can_be_one(
    instruction: Case, cast: dict[str, User], viewer: Callable[[str], Viewer]
) -> None:
    officer = cast["Officer"]
    with pytest.raises(NotAllowed):
        delegate(officer, cast["TownOfficer"], TODAY, LATER, by=viewer("TownOfficer"))
    delegate(officer, cast["TownOfficer"], TODAY, LATER, by=viewer("Operator"))
    for who in ("Officer", "Enterprise", "Bank", "Outsider"):
        with pytest.raises(UserError, match="cannot stand in"):
            delegate(officer, cast[who], TODAY, LATER, by=viewer("Officer"))
    for first, last in ((LATER, TODAY), (date(2024, 9, 1), date(2024, 9, 29)), (TODAY, date(2026, 1, 1))):
        with pytest.raises(UserError, match="days in their order"):
            delegate(officer, cast["TownOfficer"], first, last, by=viewer("Officer"))
    with pytest.raises(UserError, match="cannot stand in"):
        delegate(cast["Auditor"], officer, TODAY, LATER, by=viewer("Auditor"))
    assert Delegation.objects.count() == 1


@pytest.mark.django_db
def test_what_is_lent_is_not_lent_on(
    absent: Delegation, cast: dict[str, User], viewer: Callable[[str], Viewer]
) -> None:
    delegate(cast["TownOfficer"], cast["OtherTown"], TODAY, LATER, by=viewer("TownOfficer"))
    assert not cases(viewer("OtherTown")).exists()


@pytest.mark.django_db
def test_two_actors_are_one_while_one_stands_in_for_the_other(
    absent: Delegation, viewer: Callable[[str], Viewer]
) -> None:
    officer, deputy, other = (viewer(name).actor for name in ("Officer", "TownOfficer", "OtherTown"))
    assert are_one(officer, deputy, TODAY) and are_one(deputy, officer, LATER) and are_one(other, other, TODAY)
    assert not are_one(officer, deputy, date(2024, 10, 8)) and not are_one(officer, other, TODAY)
    assert not are_one(officer, "system:worker", TODAY)


_GRANTS = st.frozensets(
    st.builds(
        Grant,
        st.sampled_from([role for role in Role.values if role != Role.SYSTEM]),
        st.sampled_from(ScopeKind.values),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=4,
)


@given(_GRANTS, _GRANTS)
def test_lent_is_never_more_than_the_giver_has_nor_what_is_tied_to_a_person(
    giver: frozenset[Grant], deputy: frozenset[Grant]
) -> None:
    found = lent(giver, deputy)
    assert found <= giver and not {grant.role for grant in found} & {Role.AUDITOR, Role.OPERATOR, Role.EXPERT}
    foreign = {g.scope_id for g in found if g.role == Role.ENTERPRISE} - {g.scope_id for g in deputy}
    assert not foreign


@pytest.mark.django_db
def test_a_deputy_is_named_and_dismissed_in_pages(
    instruction: Case, cast: dict[str, User], cast_client: Callable[[str], Client]
) -> None:
    officer, deputy = cast_client("Officer"), cast_client("TownOfficer")
    said = {"deputy": "townofficer", "first": "2024-09-30", "last": "2024-10-07"}
    assert officer.post("/me/absence", {**said, "deputy": "nobody"}).status_code == 400
    assert officer.post("/me/absence", {**said, "deputy": "Bank"}).status_code == 400
    assert officer.post("/me/absence", said).status_code == 302
    assert deputy.get(f"/cases/{instruction.pk}").status_code == 200
    one = Delegation.objects.get()
    assert cast_client("Bank").post(f"/me/absence/{one.pk}/end").status_code == 404
    assert deputy.post(f"/me/absence/{one.pk}/end").status_code == 302
    assert deputy.get(f"/cases/{instruction.pk}").status_code == 404
    operator = cast_client("Operator")
    assert operator.post("/me/absence", {**said, "giver": "Officer"}).status_code == 302
    assert "部门专员" in deputy.get("/me/absence").content.decode()
