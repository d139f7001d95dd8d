"""Values of an appraisal from the records: approved or counted, with where they come from; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.liandesk import appraisal_world
from tests.liandesk.appraisal_world import BY, EVIDENCE, PUBLISHER
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.indicators_world import approved, enter_by_hand
from tests.liandesk.language import assert_language
from tests.liandesk.supervision_world import frozen, row_of, step

from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import business_now, today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation
from liandesk.steer.appraisal import actions, drawing, queries
from liandesk.steer.appraisal.actions import Said
from liandesk.steer.appraisal.models import Appraisal, Given
from liandesk.steer.appraisal.origins import origins_of
from liandesk.steer.indicators import actions as claims
from liandesk.steer.indicators.actions import Evidence
from liandesk.steer.indicators.actions import Said as Claimed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
Who = Callable[[str], Viewer]
TOWN, OTHER = pack().towns[0].code, pack().towns[1].code
LAST = 2023
PDF = Evidence("said.pdf", b"%PDF-1.4 said")


@pytest.fixture
def year() -> Appraisal:
    """The year before, whose records can all be there; its formula came late."""
    take_over_packs(by=BY)
    return actions.start(LAST, by=BY)


def _claim(viewer: Who, town: str, value: float, on: date, *, is_approved: bool = True) -> int:
    made = claims.claim("chain_output", Claimed(value, on, f"town:{town}"), PDF, by=viewer("ChainOffice"))
    claims.verify(made.pk, by=PUBLISHER, version=1)
    if is_approved:
        claims.approve(made.pk, by=viewer("ChainChief"), version=2)
    return made.pk


def _draw(year: Appraisal) -> int:
    return actions.draw_values(year.pk, by=BY, seen=drawing.seen_of(drawing.draws(BY, year.pk)))


def _growth(year: Appraisal, unit: str = TOWN) -> drawing.Draw:
    return next(one for one in drawing.draws(BY, year.pk) if (one.unit, one.item.key) == (unit, "output_growth"))


@pytest.fixture
def claimed(year: Appraisal, viewer: Who) -> tuple[int, int]:
    """A town's output of two years approved; that of another was verified and not approved."""
    _claim(viewer, OTHER, 70.0, date(LAST, 12, 31), is_approved=False)
    return _claim(viewer, TOWN, 100.0, date(LAST - 1, 12, 31)), _claim(viewer, TOWN, 110.0, date(LAST, 12, 31))


def test_only_what_was_approved_is_drawn_with_where_it_comes_from(year: Appraisal, claimed: tuple[int, int]) -> None:
    waiting = _growth(year, OTHER)
    assert ([claim.value for claim in waiting.waiting], waiting.is_known) == ([70.0], False)
    assert _draw(year) == Given.objects.count()
    row = Given.objects.get(unit=TOWN, item="output_growth")
    assert row.numbers == (110.0, None, 100.0)
    told = [(one.number, one.name, one.on, one.counted) for one in origins_of(row.drawn)]
    assert told == [
        ("Value", "Output of the chain by town", date(LAST, 12, 31), f"approved value no. {claimed[1]}"),
        ("Base", "Output of the chain by town", date(LAST - 1, 12, 31), f"approved value no. {claimed[0]}"),
    ]
    assert not Given.objects.filter(unit=OTHER).exists()
    assert AuditEvent.objects.get(action="appraisal.give").details["drawn"] == "2023-12-31"
    assert _draw(year) == 0, "the records say nothing new"


def test_an_entered_value_stands_beside_the_drawn_one_and_is_shown_as_differing(
    year: Appraisal, claimed: tuple[int, int]
) -> None:
    _draw(year)
    said = Said("towns", TOWN, "output_growth", value=120.0, base=100.0, source=EVIDENCE)
    with pytest.raises(UserError, match="needs evidence"):
        actions.give(year.pk, [said._replace(source=" ")], by=BY)
    with pytest.raises(UserError, match="say another value"):
        actions.give(year.pk, [said._replace(source=_growth(year).source)], by=BY)
    actions.give(year.pk, [said], by=BY)
    assert [(one.value, drawn.value) for one, drawn in queries.opened(BY, year.pk).differing] == [(120.0, 110.0)]
    result = actions.publish(year.pk, by=PUBLISHER, version=Appraisal.objects.get(pk=year.pk).version)
    line = next(one for one in queries.of_unit(BY, year.pk, TOWN).lines if one.item.key == "output_growth")
    assert (line.value, line.recorded and line.recorded.value) == (120.0, 110.0)
    actions.give(year.pk, [said._replace(value=None, base=None, source="taken back")], by=BY)
    assert queries.opened(BY, year.pk, 0).differing == [], "what says nothing leaves the records standing"
    assert queries.opened(BY, year.pk, result.number).is_as_published


def test_what_changed_since_it_was_looked_at_is_not_drawn_and_the_drawer_does_not_publish(
    year: Appraisal, claimed: tuple[int, int], viewer: Who
) -> None:
    seen = drawing.seen_of(drawing.draws(BY, year.pk))
    claims.approve(
        _claim(viewer, OTHER, 80.0, date(LAST, 12, 31), is_approved=False), by=viewer("ChainChief"), version=2
    )
    with pytest.raises(Conflict, match="records have changed"):
        actions.draw_values(year.pk, by=BY, seen=seen)
    _draw(year)
    with pytest.raises(NotAllowed, match="another person"):
        actions.publish(year.pk, by=BY, version=Appraisal.objects.get(pk=year.pk).version)
    for name in ("TownOfficer", "Officer", "ChainChief", "Enterprise"):
        with pytest.raises(NotAllowed):
            drawing.draws(viewer(name), year.pk)


def test_a_year_that_runs_is_drawn_as_of_today_and_one_that_has_not_begun_not_at_all(year: Appraisal) -> None:
    assert drawing.day_of(actions.start(today().year, by=BY)) == today()
    assert drawing.draws(BY, actions.start(today().year + 1, by=BY).pk) == []


def _request(viewer: Who, monkeypatch: pytest.MonkeyPatch, answer_by: str) -> Case:
    """A request handed to the bureau officer's office on the 10th, answered on the 20th, judged good."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-10")
    office, officer = viewer("ChainOffice"), viewer("Officer")
    parties = [("applicant", "organisation", CAST_ORGANISATIONS["Enterprise"]), ("reporter", "office", "economy")]
    said = {"topic": "supply", "matter": "late resin"}
    case = open_case(NewCase("enterprise_request", "resin", parties, said), by=office)
    steps = [
        ("2024-09-10", office, "accept", {}),
        ("2024-09-10", office, "assign_office", {"handling_office": "market", "answer_by": answer_by}),
        ("2024-09-20", officer, "answer", {"answer_kind": "done", "answer_text": "done"}),
        ("2024-09-25", office, "judge_good", {}),
    ]
    for day, by, name, data in steps:
        monkeypatch.setenv("LIANDESK_TODAY", day)
        reason = "solved" if name == "judge_good" else ""
        act(case.pk, Step("do", Case.objects.get(pk=case.pk).events_count, name, data, reason), by=by)
    return case


def test_requests_are_counted_for_the_office_that_had_them_in_hand(
    year: Appraisal, viewer: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    Organisation.objects.create(pk=CAST_ORGANISATIONS["Enterprise"], name="Works", kind="enterprise")
    for answer_by in ("2024-09-19", "2024-09-20"):
        _request(viewer, monkeypatch, answer_by)
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    of = ["enterprise_request.handler"]
    on_time, days = (METRICS[name](today(), by="office", of=of) for name in ("ended_on_time", "days_in_hand"))
    assert [(one.scope, one.value) for one in on_time] == [("office:market", 0.5)], (
        "the 20th is in time, a day later not"
    )
    assert [(one.scope, one.value) for one in days] == [("office:market", 10.0)]
    assert METRICS["ended_on_time"](date(2024, 9, 24), by="office", of=of) == [], "nothing had ended by then"


def _by_office(name: str, day: date) -> dict[str, float | None]:
    return {one.scope.removeprefix("office:"): one.value for one in METRICS[name](day, by="office", of=())}


def test_targets_are_counted_for_the_office_that_leads_them(cast: dict[str, User]) -> None:
    """Of 100 projects 69.98 are due by the end of June and 75 by that of September; 70 are approved."""
    take_over_packs(by=BY)
    assert _by_office("targets_led", today()) == {}, "of no target anything is known"
    enter_by_hand()
    approved(cast, 70, date(2024, 6, 30))
    assert _by_office("targets_led", today()) == {"economy": 1.0}
    assert [_by_office("targets_on_path", day) for day in (date(2024, 6, 30), today())] == [
        {"economy": 1.0},
        {"economy": 0.0},
    ]


def test_tasks_are_counted_once_they_were_accepted(viewer: Who) -> None:
    sheet = frozen(viewer)
    led = sheet.rows.filter(lead="market").count()
    assert _by_office("tasks_done", today())["market"] == 0.0, "none of those that are led is done: that is known"
    case, proof = row_of(sheet, "market").case, {"hash": store.put_bytes(b"%PDF said"), "title": "said"}
    assert case is not None
    step(case, viewer("Officer"), "result", "prove", **proof)
    step(case, viewer("Officer"), "report_done", result_text="said")
    assert _by_office("tasks_done", today())["market"] == 0.0
    step(case, viewer("ChainOffice"), "accept", reason="done")
    assert (_by_office("tasks_done", today())["market"], _by_office("tasks_led", today())["market"]) == (1.0, led)
    assert METRICS["tasks_led"](date(2023, 12, 31), by="office", of=()) == [], "another year has no sheet"


def test_risks_are_counted_for_the_town_whose_year_they_were_listed_in() -> None:
    for key, actions_ in (("a", ["admit"]), ("b", ["admit", "close"]), ("c", ["admit", "close", "reopen"]), ("d", [])):
        days = {"listed_on": today(), "recomputed_on": today()}
        entry = ListEntry.objects.create(key=key, scope="input", item=key, item_name=key, town=TOWN, **days)
        for action in actions_:
            EntryEvent.objects.create(entry=entry, at=business_now(), actor="user:1", action=action)
    found = {name: METRICS[name](today(), by="town", of=()) for name in ("entries_listed", "entries_closed")}
    assert {name: [(one.scope, one.value) for one in told] for name, told in found.items()} == {
        "entries_listed": [(f"town:{TOWN}", 3.0)],
        "entries_closed": [(f"town:{TOWN}", 1.0)],
    }
    assert METRICS["entries_listed"](date(2023, 1, 1), by="town", of=())[0].value is None, "nothing is told of then"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_what_would_be_written_and_writes_it(
    year: Appraisal, claimed: tuple[int, int], cast_client: Callable[[str], Client], language: str
) -> None:
    client = cast_client("ChainOffice")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = client.get(f"/appraisals/{year.pk}/draw")
    assert_language(page)
    client.post(f"/appraisals/{year.pk}/draw", {"seen": page.context["seen"]})
    actions.give(year.pk, [Said("towns", TOWN, "output_share", 9.0, None, 8.0, EVIDENCE)], by=BY)
    appraisal_world.publish(year)
    assert_language(client.get(f"/appraisals/{year.pk}/units/{TOWN}"))
