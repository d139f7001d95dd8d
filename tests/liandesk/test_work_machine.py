"""Random steps, right and wrong, by random people: no illegal state, no lost event, and columns that equal replay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.liandesk.work_world import BY, REQUEST, know_organisations, publish, request

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import business_now
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work import queries
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case, CaseEvent, Party
from liandesk.base.work.upkeep import is_as_replayed, recompute
from liankit.process import build_process
from liankit.process.check import markings

PROCESS = build_process(REQUEST, "test")
NAMES = [transition.key for transition in PROCESS.transitions]
OFFICES = ["office:economy", "office:market", "office:nowhere", "town:330113001", "person:user:1"]
SAID = st.dictionaries(
    st.sampled_from([*PROCESS.fields, "unknown"]),
    st.sampled_from(["market", "economy", "nowhere", "2024-10-31", "soon", "", None, 5, ["x"]]),
    max_size=3,
)
RIGHT = {
    "take": {"office": "market"},
    "pass_on": {"task": "Measure", "to_office": "health", "by": "2024-10-31"},
}


class Life(RuleBasedStateMachine):
    """One case among people who do what they may and what they may not."""

    people: list[Viewer]

    def __init__(self) -> None:
        super().__init__()
        self.case = request(self.people[0])
        self.log: list[tuple[Any, ...]] = self._rows()

    @rule(who=st.integers(0, 4), name=st.sampled_from(NAMES), agrees=st.booleans())
    def take_a_step(self, who: int, name: str, agrees: bool) -> None:
        """A step said rightly: by somebody whose it may be."""
        kind = "do" if name not in self._state().proposals else "approve" if agrees else "refuse"
        self._try(who, Step(kind, self._seen(), name, RIGHT.get(name, {}), "met" if name == "close" else ""))

    @rule(who=st.integers(0, 4), name=st.sampled_from([*NAMES, "unknown"]), said=SAID, days=st.integers(-3, 3))
    def say_anything(self, who: int, name: str, said: dict[str, Any], days: int) -> None:
        self._try(who, Step("do", self._seen(), name, said, at=business_now() + timedelta(days=days)))

    @rule(who=st.integers(0, 4), kind=st.sampled_from(["pause", "resume", "prove", "fill"]), said=SAID)
    def do_something_beside(self, who: int, kind: Any, said: dict[str, Any]) -> None:
        name = {"pause": "asked_back", "prove": "letter"}.get(kind, "")
        data = {"hash": "ab", "title": "x"} if kind == "prove" else said if kind == "fill" else {}
        self._try(who, Step(kind, self._seen(), name, data))

    @rule(who=st.integers(0, 4), role=st.sampled_from(["asker", "clerk", "lead", "x"]), held=st.sampled_from(OFFICES))
    def hand_over(self, who: int, role: str, held: str) -> None:
        self._try(who, Step("assign", self._seen(), role, holders={role: [held]}))

    @rule(who=st.integers(0, 4), number=st.integers(0, 12), said=SAID, hours=st.integers(-30, 30))
    def correct(self, who: int, number: int, said: dict[str, Any], hours: int) -> None:
        at = (business_now() + timedelta(hours=hours)).isoformat()
        self._try(who, Step("correct", self._seen(), str(number), {"data": said, **({"at": at} if hours else {})}))

    @rule(who=st.integers(0, 4))
    def act_on_what_was_seen_before(self, who: int) -> None:
        before = self.log
        with pytest.raises((Conflict, NotThere)):
            act(self.case.pk, Step("prove", self._seen() - 1, "letter", {"hash": "ab"}), by=self.people[who])
        assert self._rows() == before

    @precondition(lambda self: self.case.pk)
    @invariant()
    def everything_follows_from_the_log(self) -> None:
        case = Case.objects.get(pk=self.case.pk)
        assert is_as_replayed(case)
        assert frozenset(case.stages) in markings(PROCESS)
        assert self._rows()[: len(self.log)] == self.log  # what was said stays
        self.log = self._rows()
        turns = Party.objects.filter(case=case, acts=True)
        assert bool(case.ended_at) != turns.exists()  # of an open case it is always somebody's turn

    def _try(self, who: int, step: Step) -> None:
        """What is refused has changed nothing; what is taken is one event."""
        before = self._rows()
        try:
            act(self.case.pk, step, by=self.people[who])
        except (NotAllowed, NotThere, UserError):
            assert self._rows() == before
        else:
            assert len(self._rows()) == len(before) + 1

    def _state(self) -> Any:
        return queries.state_of(Case.objects.select_related("definition").get(pk=self.case.pk))

    def _seen(self) -> int:
        return Case.objects.get(pk=self.case.pk).events_count

    def _rows(self) -> list[tuple[Any, ...]]:
        rows = CaseEvent.objects.filter(case=self.case.pk).order_by("number")
        return list(rows.values_list("number", "kind", "name", "actor", "at", "data", "holders"))


@pytest.mark.django_db
def test_no_sequence_of_steps_leads_to_what_the_process_does_not_allow(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    know_organisations(monkeypatch)
    publish(REQUEST)
    office = viewer_of(cast["ChainOffice"])
    others = [viewer_of(cast[name]) for name in ("Officer", "Enterprise", "OtherEnterprise")]
    monkeypatch.setattr(Life, "people", [office, Viewer("user:99", "second", office.grants), *others], raising=False)
    quiet = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Life, settings=quiet)


@pytest.mark.django_db
def test_columns_that_were_changed_are_found_and_written_anew(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    know_organisations(monkeypatch)
    publish(REQUEST)
    case = request(viewer_of(cast["ChainOffice"]))
    assert not recompute(case.pk, by=BY)
    for change in ({"due": None}, {"stages": ["closed"]}, {"is_paused": True}):
        Case.objects.filter(pk=case.pk).update(**change)
        assert recompute(case.pk, by=BY) and is_as_replayed(Case.objects.get(pk=case.pk))
    Party.objects.filter(case=case).update(acts=False)
    assert recompute(case.pk, by=BY) and list(queries.mine(viewer_of(cast["ChainOffice"]))) == [case]
