"""Start-ups of trials: led on by their case or by a sheet of dates, counted in days, shown to whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.liandesk.work_world import BY, Who, know_organisations, step

from liandesk.act.insight.groups import Spread
from liandesk.act.trials import actions, queries
from liandesk.act.trials.effects import key_of
from liandesk.act.trials.models import Startup
from liandesk.act.trials.sheet import trial_table, write_sheet
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.ui.sheets import Outcome
from liandesk.base.work.models import Case
from liandesk.base.work.queries import state_of
from liankit.tables import read_table
from liankit.tables.write import Sheet, write_workbook

pytestmark = pytest.mark.django_db
DAY = date(2024, 9, 30)
HERE, THERE = "name of hospital-one", "name of hospital-two"
SIX = {
    "institution_on": 20,
    "ethics_accepted_on": 10,
    "ethics_on": 35,
    "contract_on": 50,
    "genetic_on": 40,
    "submitted_on": 5,
    "authority_on": 60,
}
"""The days of the branches of a drug trial after acceptance."""


@pytest.fixture(autouse=True)
def world(in_english: None, cast: object, monkeypatch: pytest.MonkeyPatch) -> None:
    know_organisations(monkeypatch)
    take_over_packs(by=BY)


def row(number: str, accepted: date | None = None, length: int | None = None, **more: Any) -> dict[str, Any]:
    """Return one row: a drug trial from its acceptance to its first patient after ``length`` days, where it has one."""
    told: dict[str, Any] = {"protocol": number, "title": f"Trial {number}", "sponsor": "Outside Ltd", "site": HERE}
    told |= {"sponsor_place": "outside", "site_place": "local", "variant": "ind_60"}
    told["contacted_on"] = (accepted or DAY) - timedelta(10)
    if accepted:
        told["accepted_on"] = accepted
    if accepted and length:
        told |= {name: accepted + timedelta(days) for name, days in SIX.items()} | {"genetic_way": "filed"}
        told |= {"initiated_on": accepted + timedelta(70), "first_patient_on": accepted + timedelta(length)}
    return told | more


def book(path: Path, rows: list[dict[str, Any]]) -> Path:
    table = trial_table()
    told = [{name: one.get(name) for name in table.names()} for one in rows]
    frame = pl.DataFrame(told, schema={column.name: column.dtype for column in table.columns})
    write_workbook(path, [Sheet("Dates of trial start-up", frame, table)], language="en")
    return path


Send = Callable[..., Outcome]


@pytest.fixture
def send(tmp_path: Path, viewer: Who) -> Send:
    def sent(*rows: dict[str, Any], by: str = "Hospital", is_sure: bool = True) -> Outcome:
        return actions.import_dates(book(tmp_path / "x.xlsx", list(rows)), by=viewer(by), is_sure=is_sure)

    return sent


def faults(found: Outcome) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.column) for fault in found.faults]


def test_a_row_becomes_a_case_whose_steps_lie_on_its_days(send: Send) -> None:
    accepted = date(2024, 3, 1)
    found = send(row("A-1", accepted, 100))
    assert (faults(found), [one.result for one in found.taken]) == ([], ["new"])
    one = Startup.objects.get()
    assert (one.days, one.site, one.office, one.case.outcome) == (100, "hospital-one", "economy", "started")
    assert {name: (getattr(one, name) - accepted).days for name in SIX} == SIX
    days = {taken.transition: taken.at.date() for taken in state_of(one.case).taken}
    assert days["decide_ind_60"] == days["make_ready"] == accepted + timedelta(60)
    assert AuditEvent.objects.filter(action="startup.import").count() == 1


def test_looking_writes_nothing_a_row_twice_changes_nothing_and_later_dates_are_added(send: Send) -> None:
    first = row("A-1", date(2024, 3, 1))
    assert send(first, is_sure=False).written == 1 and not Case.objects.exists()
    assert send(first).written == 1
    events = Case.objects.get().events_count
    assert [one.result for one in send(first).taken] == ["same"]
    assert Case.objects.get().events_count == events
    later = send(row("ａ－ 1".replace("－", "-"), date(2024, 3, 1), 100, title="Trial A-1"))
    assert [one.result for one in later.taken] == ["changed"]
    assert Startup.objects.get().days == 100


def test_a_bad_row_is_told_by_row_and_column_and_the_good_ones_are_kept(send: Send) -> None:
    accepted = date(2024, 3, 1)
    found = send(
        row("good", accepted, 90),
        row("late", accepted, ethics_on=date(2024, 4, 1)),
        row("future", date(2024, 10, 7)),
        row("other site", accepted, site=THERE),
        row("filing", accepted, variant="bioequivalence", submitted_on=accepted),
        row("before", accepted, institution_on=accepted - timedelta(1)),
        row("why", accepted, ended_on=accepted + timedelta(9)),
        row("way", accepted, genetic_on=accepted + timedelta(9)),
        row("kind", accepted, variant="phase nine"),
    )
    assert faults(found) == [
        (10, "Variant"),
        (3, "Agreed by ethics on"),
        (4, "Accepted by the institution on"),
        (5, "Site"),
        (6, "Accepted by the authority on"),
        (7, "Agreed by the institution on"),
        (8, "Why it ended"),
        (9, "Way of genetic resources"),
    ]
    assert all(fault.why and fault.todo for fault in found.faults)
    assert [one.protocol for one in Startup.objects.all()] == ["good"]


def test_what_stands_is_not_overwritten_by_a_sheet(send: Send) -> None:
    accepted = date(2024, 3, 1)
    send(row("A-1", accepted))
    for column, other in (("accepted_on", date(2024, 3, 2)), ("variant", "ind_30"), ("title", "Another")):
        found = send(row("A-1", accepted) | {column: other})
        assert len(found.faults) == 1 and "stands there already" in found.faults[0].why
    assert Startup.objects.get().accepted_on == accepted


@pytest.mark.parametrize(
    ("more", "results"),
    [
        ({}, {}),
        (
            {"accepted_on": date(2024, 3, 1), "ethics_accepted_on": date(2024, 3, 4)},
            {"ethics_result": "refused", "institution_result": "broken_off", "authority_result": "broken_off"},
        ),
    ],
)
def test_an_end_is_reached_from_before_the_branches_and_with_branches_open(
    send: Send, more: dict[str, Any], results: dict[str, str]
) -> None:
    end = {"ended_on": date(2024, 5, 2), "end_reason": "ethics_refused"}
    told = row("A-1", contacted_on=date(2024, 2, 1)) | more | end
    assert not send(told).faults
    one = Startup.objects.get()
    assert (one.case.outcome, one.case.reason) == ("not_started_outcome", "ethics_refused")
    assert (one.ended_on, one.days) == (date(2024, 5, 2), None)
    fields = state_of(one.case).fields
    assert {key: fields[key] for key in results} == results
    assert [taken.result for taken in send(told).taken] == ["same"]


def test_a_trial_at_a_site_is_registered_once_and_another_site_is_another(send: Send) -> None:
    send(row("A-1", date(2024, 3, 1)))
    found = send(row("a-1", date(2024, 3, 1), site=THERE), row("A-2", date(2024, 3, 1), site=THERE), by="OtherHospital")
    assert not found.faults and Startup.objects.count() == 3
    own = {"sponsor": "name of enterprise-one", "sponsor_place": "local"}
    refused = send(row("A-1", date(2024, 3, 1), **own), by="Enterprise")
    assert "registered already" in refused.faults[0].why
    assert send(row("A-9", date(2024, 3, 1), site="Elsewhere", site_place="outside", **own), by="Enterprise").written


def test_each_sees_its_own_and_only_a_party_leads_it_on(send: Send, viewer: Who) -> None:
    send(row("A-1", date(2024, 3, 1)))
    seen = {name: queries.startups(viewer(name)).count() for name in ("ChainOffice", "Hospital", "OtherHospital")}
    seen |= {name: queries.startups(viewer(name)).count() for name in ("Enterprise", "Officer", "Outsider", "Bank")}
    assert seen == dict.fromkeys(seen, 0) | {"ChainOffice": 1, "Hospital": 1}
    found = send(row("A-1", date(2024, 3, 1), institution_on=date(2024, 3, 9)), by="OtherHospital")
    assert faults(found) == [(2, "Site")]
    for name in ("ChainChief", "Bank", "Outsider", "TownOfficer"):
        with pytest.raises(NotAllowed):
            send(row("A-1"), by=name)


def test_a_correction_on_the_page_of_the_case_moves_the_date(send: Send, viewer: Who) -> None:
    send(row("A-1", date(2024, 3, 1), 100))
    case = Case.objects.get()
    number = case.events.get(name="accept_application").number
    step(case, viewer("Hospital"), str(number), "correct", data={"at": "2024-02-28T12:00:00+08:00"})
    assert Startup.objects.get().days == 102


def metric(name: str, *of: str, day: date = DAY) -> float | None:
    return METRICS[name](day, by="none", of=of)[0].value


def test_median_and_mean_are_of_first_patients_within_the_year_by_group(send: Send) -> None:
    assert metric("trial_startup_median_days") is None, "of no trial nothing is known, not 0"
    rows = [row(f"A-{days}", date(2024, 3, 1), days) for days in (80, 90, 190)]
    send(*rows, row("old", date(2023, 3, 1), 100), row("open", date(2024, 3, 1)))
    own = {"sponsor": "name of enterprise-one", "sponsor_place": "local", "site": "Elsewhere", "site_place": "outside"}
    send(row("B-1", date(2024, 1, 1), 150, **own), by="Enterprise")
    assert metric("trial_startup_median_days", "outside_sponsors_here") == 90
    assert metric("trial_startup_mean_days", "outside_sponsors_here") == 120
    assert metric("trial_startup_median_days", "local_sponsors") == 150
    assert metric("trial_startup_median_days", day=date(2023, 12, 31)) == 100
    assert METRICS["trial_startup_mean_days"](DAY, by="town", of=()) == []


def test_trials_under_way_count_in_the_estimate_and_those_given_up_are_told_apart(send: Send, viewer: Who) -> None:
    rows = [row(f"A-{days}", date(2024, 3, 1), days) for days in (80, 90)]
    rows += [row(f"O-{n}", date(2024, 3, 1)) for n in range(2)]
    gone = row("gone", date(2024, 3, 1), ended_on=date(2024, 4, 1), end_reason="sponsor_stopped")
    assert not send(*rows, gone).faults
    found = queries.distribution(viewer("Hospital"))
    assert found.all is not None
    assert (found.all.trials, found.all.started, found.given_up) == (4, 2, 1)
    assert (found.all.mean, found.all.median, found.all.upper_quartile) == (85, 90, None)
    assert [(bar.first, bar.started, bar.under_way) for bar in found.bars if bar.started or bar.under_way] == [
        (60, 1, 0),
        (90, 1, 0),
        (210, 0, 2),
    ]


def test_one_trial_alone_says_nothing_of_a_spread(send: Send, viewer: Who) -> None:
    send(row("A-80", date(2024, 3, 1), 80), row("O-1", date(2024, 3, 1)))
    found = queries.distribution(viewer("Hospital")).all
    assert found is not None and found.median == 80
    assert (found.median_low, found.median_high, found.lower_quartile, found.upper_quartile) == (None,) * 4


def test_the_group_is_told_in_quantiles_where_three_unrelated_organisations_stand_behind_it(
    send: Send, viewer: Who
) -> None:
    def group(name: str) -> Spread | None:
        found = queries.distribution(viewer(name)).compared
        assert found is not None
        return found.group

    def elsewhere(number: str, days: int, sponsor: str) -> dict[str, Any]:
        return row(number, date(2024, 3, 1), days, site=f"Site of {number}", site_place="outside", sponsor=sponsor)

    assert not send(*(row(f"A-{days}", date(2024, 3, 1), days) for days in (80, 90, 100, 110, 120))).faults
    assert group("OtherHospital") is None, "five trials of one hospital are that hospital's"
    many = [elsewhere(f"B-{days}", days, f"Sponsor {days}") for days in (81, 91, 101, 111)]
    assert not send(*many, by="ChainOffice").faults
    assert group("OtherHospital") is None, "more than half are one hospital's"
    assert not send(elsewhere("B-121", 121, "Sponsor 121"), by="ChainOffice").faults
    assert group("OtherHospital") == Spread(10, 90, 100, 111)
    assert group("Hospital") == Spread(5, 91, 101, 111), "its own are not in it"
    assert queries.distribution(viewer("ChainOffice")).compared is None
    with pytest.raises(NotAllowed):
        queries.distribution(viewer("Outsider"))


def test_one_session_is_called_about_several_that_wait_and_names_no_party(send: Send, viewer: Who) -> None:
    send(row("A-1", date(2024, 3, 1)), row("A-2", date(2024, 3, 1)), row("early"))
    office = viewer("ChainOffice")
    waiting = queries.waiting_for_reviewers(office)
    assert [one.protocol for one in waiting] == ["A-1", "A-2"]
    session = actions.Session("Reviews together", date(2024, 10, 15))
    case = actions.call_session([one.pk for one in waiting], session, by=office)
    assert (case.process, case.parties.count()) == ("joint_planning", 1)
    items = state_of(case).fields["items"]
    assert len(items.splitlines()) == 2 and "Institution is deciding" in items
    early = Startup.objects.get(protocol="early").pk
    for pks in ([], [early], [waiting[0].pk, early]):
        with pytest.raises(UserError, match="wait for reviewers"):
            actions.call_session(pks, session, by=office)
    with pytest.raises(UserError, match="day to come"):
        actions.call_session([waiting[0].pk], actions.Session("x", date(2024, 9, 1)), by=office)
    with pytest.raises(NotAllowed):
        actions.call_session([waiting[0].pk], session, by=viewer("Hospital"))


def test_the_clock_of_ethics_is_told_in_days_of_the_calendar(send: Send) -> None:
    send(row("A-1", date(2024, 9, 1), ethics_accepted_on=date(2024, 9, 5)))
    case = Case.objects.get()
    assert (case.due, case.due_clock, queries.days_left(case)) == (date(2024, 10, 5), "ethics_time", 5)


def test_the_sheet_goes_out_with_what_is_known_and_comes_back_unchanged(
    send: Send, viewer: Who, tmp_path: Path
) -> None:
    send(row("A-1", date(2024, 3, 1), ethics_accepted_on=date(2024, 3, 9)))
    path = tmp_path / "out.xlsx"
    write_sheet(path, viewer("Hospital"))
    assert read_table(path, trial_table()).rows["protocol"].to_list() == ["A-1"]
    found = actions.import_dates(path, by=viewer("Hospital"), is_sure=True)
    assert (found.faults, [one.result for one in found.taken]) == ((), ["same"])


def test_pages_look_then_write_show_times_and_call_a_session(
    cast_client: Callable[[str], Client], tmp_path: Path
) -> None:
    content = book(tmp_path / "x.xlsx", [row("A-1", date(2024, 3, 1), 100), row("A-2", date(2024, 3, 1))]).read_bytes()
    hospital, office = cast_client("Hospital"), cast_client("ChainOffice")
    english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    looked = hospital.post("/startups/import", {"file": SimpleUploadedFile("x.xlsx", content)}, **english)
    token = looked.content.decode().partition('name="token" value="')[2].partition('"')[0]
    assert not Case.objects.exists() and token
    hospital.post("/startups/import", {"token": token}, **english)
    assert Startup.objects.count() == 2
    assert "A-1" in hospital.get("/startups/", **english).content.decode()
    assert "A-1" not in cast_client("OtherHospital").get("/startups/", **english).content.decode()
    times = hospital.get("/startups/times", **english).content.decode()
    assert "Median days" in times and "not told" in times
    assert b"90" in b"".join(hospital.get("/startups/times/csv", **english).streaming_content)
    waiting = Startup.objects.get(protocol="A-2")
    asked = {"trials": [waiting.pk], "topic": "Together", "meeting_day": "2024-10-15"}
    assert office.post("/startups/session", asked, **english).status_code == 302
    assert hospital.get("/startups/session", **english).status_code == 403
    assert hospital.get(f"/cases/{Case.objects.filter(process='joint_planning').get().pk}").status_code == 404
    answer = hospital.get("/api/v1/startups").json()
    assert {one["protocol"]: one["days"] for one in answer["items"]} == {"A-1": 100, "A-2": None}
    assert hospital.get("/api/v1/startups/times").json()["others"] is None


def test_a_number_is_found_again_however_it_is_written() -> None:
    assert key_of(" ＡB-01 2\u3000") == key_of("ab-012") != key_of("ab-013")
