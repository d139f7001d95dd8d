"""Forecasts of open cases, kept and scored; others as one group; both on pages and through the API."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.lists_world import viewer as somebody
from tests.liandesk.work_world import BY, REQUEST, Who, know_organisations, publish, request, step

from liandesk.act.insight import actions, frames, queries
from liandesk.act.insight.finishes import LEAST_ENDED, foreseen
from liandesk.act.insight.groups import WHOLE, Compared, Spread
from liandesk.act.insight.models import Forecast
from liandesk.act.insight.scores import LEAST_CASES
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.jobs.handlers import DAILY, HANDLERS
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots.actions import PROJECTIONS
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.work.models import Case

pytestmark = pytest.mark.django_db
SECOND = somebody(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1002)
OWN, OTHER = (CAST_ORGANISATIONS[name] for name in ("Enterprise", "OtherEnterprise"))
DAY = date(2024, 9, 30)
On = Callable[[int], None]
ClientOf = Callable[[str], Client]


@pytest.fixture
def client_of(cast_client: ClientOf) -> ClientOf:
    """Return a function that gives a client of one of the cast who reads English."""

    def english(name: str) -> Client:
        client = cast_client(name)
        client.cookies["django_language"] = "en"
        return client

    return english


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """Go to a day, told by its distance from ``DAY``; what was read and learnt is forgotten, as in a new process."""

    def go(days: int) -> None:
        monkeypatch.setenv("LIANDESK_TODAY", (DAY + timedelta(days)).isoformat())
        for kept in ("_KEPT", "_LEARNT", "_SAID"):
            monkeypatch.setattr(f"liandesk.act.insight.frames.{kept}", {})

    return go


@pytest.fixture(autouse=True)
def _process(in_english: None, cast: object, on: On, monkeypatch: pytest.MonkeyPatch) -> None:
    know_organisations(monkeypatch)
    on(-200)
    publish(REQUEST)
    on(0)


def taken(viewer: Who, asker: str = OWN, **more: object) -> Case:
    office = viewer("ChainOffice")
    return step(request(office, asker, **more), office, "take", data={"office": "market"})


def answered(viewer: Who, on: On, days: int, asker: str = OWN) -> None:
    """Let a case come, be handed on at once, and be answered and ended after some days; then it is ``DAY`` again."""
    on(-150)
    case = taken(viewer, asker)
    on(days - 150)
    case = step(case, viewer("Officer"), "answer", data={"letter": "x"})
    case = step(case, viewer("ChainOffice"), "close", reason="met")
    step(case, SECOND, "close", "approve")
    on(0)


def test_each_open_case_is_forecast_once_a_week_as_its_page_says_it(viewer: Who, on: On, client_of: ClientOf) -> None:
    standing = taken(viewer)
    taken(viewer, is_restricted=True)
    for days in (10, 20, 30, 40):
        answered(viewer, on, days)
    assert actions.keep_forecasts(by=BY) == 0, "too few have ended"
    answered(viewer, on, 50)
    assert actions.keep_forecasts(by=BY) == 1
    one, found = Forecast.objects.get(), queries.forecast(viewer("ChainOffice"), standing.pk)
    assert found is not None and (one.case_id, one.made_on, one.age) == (standing.pk, DAY, 0)
    said = foreseen(found, today())
    assert (one.low_on, one.median_on, one.high_on) == (said.low, said.median, said.high)
    assert one.low_on < one.median_on < one.high_on and one.naive_on == DAY + timedelta(30)
    page = client_of("ChainOffice").get(f"/cases/{standing.pk}").content.decode()
    assert all(day.isoformat() in page for day in (one.low_on, one.median_on, one.high_on))
    assert "When it will end" not in client_of("Enterprise").get(f"/cases/{standing.pk}").content.decode()
    on(6)
    assert actions.keep_forecasts(by=BY) == 0
    on(7)
    assert actions.keep_forecasts(by=BY) == 1
    assert Forecast.objects.filter(case=standing, made_on=DAY + timedelta(7), age=7).exists()
    events = AuditEvent.objects.filter(action="insight.forecast")
    assert [event.details["forecasts"] for event in events] == [1, 1]


def test_every_refresh_and_every_day_ask_for_forecasts_that_a_job_keeps(viewer: Who, on: On) -> None:
    after_refresh = next(one for one in PROJECTIONS[RISKS] if one is actions.after_refresh)
    after_refresh(Snapshot())
    assert not Job.objects.filter(kind=actions.JOB).exists(), "nothing is open"
    for days in range(10, 10 + LEAST_ENDED):
        answered(viewer, on, days)
    taken(viewer)
    after_refresh(Snapshot())
    job = Job.objects.get(kind=actions.JOB)
    assert HANDLERS[actions.JOB](job) == {"forecasts": 1} and HANDLERS[actions.JOB](job) == {"forecasts": 0}
    assert actions.JOB in DAILY


def said_of(case: Case, **days: int) -> None:
    """Keep a forecast of a case, made 40 days ago; days from ``DAY``."""
    told = {"low": -30, "median": -25, "high": -10, "naive": -35} | days
    ends = {f"{name}_on": DAY + timedelta(distance) for name, distance in told.items()}
    Forecast.objects.create(case=case, made_on=DAY - timedelta(40), age=0, **ends)


def went(case: Case, opened: int, over: int) -> Case:
    """Let a case have been opened and ended on some days, told from ``DAY``, all of it in the first stage."""
    first, last = (case.opened_at + timedelta(days) for days in (opened, over))
    case.stays.filter(number=1).update(entered_at=first, left_at=last)
    Case.objects.filter(pk=case.pk).update(opened_at=first, ended_at=last)
    return case


def scored_world(viewer: Who, count: int = LEAST_CASES) -> list[Case]:
    """Let so many cases have a forecast that is due: one ended too late, one is open still, the others came within."""
    cases = [taken(viewer) for _ in range(count)]
    for case in cases[2:]:
        went(case, -60, -20)
    went(cases[0], -60, -5)
    for case in cases:
        said_of(case)
    waiting = went(taken(viewer), -60, -20)
    said_of(waiting, high=0)  # today is not over
    return cases


def test_forecasts_are_scored_when_their_last_day_is_over_beside_a_naive_one(viewer: Who) -> None:
    scored_world(viewer)
    found = queries.insight(viewer("ChainOffice"), "request").worth()
    assert (found.due, found.cases, found.late, found.waiting) == (10, 10, 1, 1)
    assert (found.coverage, found.level) == (0.8, 0.8)
    assert found.error == pytest.approx((8 * 5 + 20) / 9)
    assert found.naive_error == pytest.approx((8 * 15 + 30) / 9)


def test_of_too_few_cases_no_share_is_told_however_often_each_was_forecast(viewer: Who, client_of: ClientOf) -> None:
    cases = scored_world(viewer, LEAST_CASES - 1)
    Forecast.objects.create(case=cases[2], made_on=DAY - timedelta(33), age=7, **_same_ends())
    found = queries.insight(viewer("ChainOffice"), "request").worth()
    assert (found.due, found.cases, found.coverage, found.error) == (10, 9, None, None)
    page = client_of("ChainOffice").get("/insight/request").content.decode()
    assert "Not yet." in page and "10 forecasts of 9 cases are due, 1 wait" in page


def _same_ends() -> dict[str, date]:
    return dict.fromkeys(("low_on", "median_on", "high_on", "naive_on"), DAY - timedelta(20))


def test_each_is_told_of_forecasts_of_their_own_cases_on_the_page_and_in_the_copy(
    viewer: Who, client_of: ClientOf
) -> None:
    cases = scored_world(viewer)
    said_of(went(taken(viewer, OTHER), -60, -20))
    assert _copy(client_of("Enterprise")).is_empty(), "what ended is nearly all of one, whom forecasts would tell of"
    for asker in "abcdefghi":
        went(taken(viewer, asker), -60, -20)
    frames._LEARNT.clear()  # it is learnt once a day
    hidden = went(taken(viewer, OTHER), -60, -20)
    said_of(hidden)
    Case.objects.filter(pk=hidden.pk).update(is_restricted=True, title="Secret")
    assert [_due(viewer, name) for name in ("ChainOffice", "Enterprise", "OtherEnterprise")] == [11, 10, 1]
    page = client_of("Enterprise").get("/insight/request").content.decode()
    assert "80\N{NO-BREAK SPACE}%" in page and "6.7" in page and "16.7" in page
    rows = _copy(client_of("Enterprise"))
    assert rows.height == 11 and set(rows["Case"]) == {"Land"}
    verdicts = dict(rows.select("What came", "Number of the case").group_by("What came").len().iter_rows())
    assert verdicts == {"within the interval": 8, "outside the interval": 2, "not due yet": 1}
    assert {case.pk for case in cases} < set(rows["Number of the case"])
    assert _copy(client_of("OtherEnterprise")).height == 1
    assert "Secret" not in _copy(client_of("ChainOffice"))["Case"]
    assert client_of("Outsider").get("/insight/request/forecasts/csv").status_code == 403


def _due(viewer: Who, name: str) -> int:
    return queries.insight(viewer(name), "request").worth().due


def _copy(client: Client) -> pl.DataFrame:
    answer = client.get("/insight/request/forecasts/csv")
    return pl.read_csv(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_others_are_told_as_one_group_beside_ones_own(viewer: Who, client_of: ClientOf) -> None:
    def whole(name: str) -> Compared | None:
        found = queries.insight(viewer(name), "request").compared()
        return next((line for line in found if line.stage == WHOLE), None)

    went(taken(viewer), -90, 0)
    for days, asker in zip((10, 20, 30, 40), "abbc", strict=True):
        went(taken(viewer, asker), -days, 0)
    went(taken(viewer, "d", is_restricted=True), -5, 0)
    assert whole("Enterprise") == Compared(WHOLE, Spread(1, 90, 90, 90), None), "four cases"
    went(taken(viewer, "a"), -50, 0)
    assert whole("Enterprise") == Compared(WHOLE, Spread(1, 90, 90, 90), Spread(5, 20, 30, 40))
    assert whole("OtherEnterprise") is None, "who has no case of it is told nothing of others'"
    assert queries.insight(viewer("ChainOffice"), "request").compared() == []
    client = client_of("Enterprise")
    page = client.get("/insight/request").content.decode()
    assert "How long do others take?" in page and "Whole case</text>" in page and "30 (20–40)" in page
    told = client.get("/api/v1/insight/request/group").json()
    assert told[0] == {
        "stage": "",
        "own": {"ended": 1, "lower": 90, "median": 90, "upper": 90},
        "group": {"ended": 5, "lower": 20, "median": 30, "upper": 40},
    }
    for _ in range(4):
        went(taken(viewer, "a"), -60, 0)
    assert whole("Enterprise") == Compared(WHOLE, Spread(1, 90, 90, 90), None), "most are one's"


def test_the_api_says_what_the_page_says(viewer: Who, on: On, client_of: ClientOf) -> None:
    for days in (10, 20, 30, 40, 50):
        answered(viewer, on, days)
    standing, client = taken(viewer), client_of("ChainOffice")
    found = queries.insight(viewer("ChainOffice"), "request")
    (line,) = client.get("/api/v1/insight").json()
    assert (line["process"], line["cases"], line["open"]) == ("request", 6, 1)
    told = client.get("/api/v1/insight/request").json()
    (hand,) = (stage for stage in told["stages"] if stage["stage"] == "in_hand")
    assert (hand["stays"], hand["standing"], hand["median"], hand["naive_mean"]) == (6, 1, 30, 30)
    assert sum(month["opened"] for month in told["months"]) == 6 and told["forecasts"]["coverage"] is None
    assert {stage["group"] for stage in client.get("/api/v1/insight/request?by=office").json()["stages"]} > {""} - {""}
    parts = client.get("/api/v1/insight/request/bottlenecks").json()
    assert parts["whole"] == pytest.approx(sum(part["days"] for part in parts["parts"]))
    assert sum(part["share"] for part in parts["parts"]) == pytest.approx(1)
    replay = client.get("/api/v1/insight/request/what-if?change=at_once&first=sent&second=in_hand").json()
    assert replay == found.with_both_at_once("sent", "in_hand").summary and replay["cases"] == 5
    wrong = client.get("/api/v1/insight/request/what-if?change=meeting&stage=sen")
    assert wrong.status_code == 400 and "sent" in wrong.json()["message"]
    one = client.get(f"/api/v1/cases/{standing.pk}/forecast").json()
    assert one["low"] < one["median"] < one["high"] and one["level"] == 0.8


def test_the_api_forecasts_nothing_of_cases_of_others_and_of_those_that_ended(
    viewer: Who, on: On, client_of: ClientOf
) -> None:
    standing = taken(viewer)
    assert client_of("Enterprise").get(f"/api/v1/cases/{standing.pk}/forecast").json() is None
    assert client_of("OtherEnterprise").get(f"/api/v1/cases/{standing.pk}/forecast").status_code == 404
    assert client_of("Outsider").get("/api/v1/insight").status_code == 403
    assert client_of("OtherEnterprise").get("/api/v1/insight/request").json()["cases"] == 0
