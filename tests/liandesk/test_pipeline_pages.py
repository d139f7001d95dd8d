"""How far projects came is told with what it is a share of, and to those alone who may see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import english
from tests.liandesk.pipeline_world import (
    HERE,
    OFFICE,
    OTHER,
    THERE,
    TO_CLEARED,
    TOWN,
    act_on,
    go,
    lead,
    project,
    take_over_processes,
)
from tests.liandesk.registry_world import AUDITOR

from liandesk.act.pipeline import queries, sketch
from liandesk.act.pipeline.cohorts import Cohort, Intake, cohorts, intakes, months_before
from liandesk.act.pipeline.models import Project, Site
from liandesk.assess.listing.models import Prospect
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liandesk.base.metrics import METRICS
from liandesk.base.pack import pack
from liandesk.base.ui.panels import panels
from liandesk.base.work.actions import IllegalStep
from liandesk.base.work.excel import new_table
from liandesk.base.work.excel_actions import import_cases
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liandesk.know.registry.cartogram import cartogram, measures
from liankit.tables.write import Sheet, write_workbook

__all__ = ["english"]

DAY = date(2024, 9, 30)
SignIn = Callable[[str], Client]
TO_PRODUCTION = "register obtain_land get_permits start_building complete start_unlicensed"


@pytest.fixture
def world(db: None, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped processes of leads, on the last day of September 2024."""
    monkeypatch.setenv("LIANDESK_TODAY", DAY.isoformat())
    take_over_processes()


def row(signed: str = "", site: str = Site.LAND, opened: str = "2021-01-01", **days: Any) -> Project:
    """Return a project as its days tell it."""
    read = {name: date.fromisoformat(said) if isinstance(said, str) else said for name, said in days.items()}
    signed_on = date.fromisoformat(signed) if signed else None
    return Project(opened_on=date.fromisoformat(opened), signed_on=signed_on, site=site, stage="signed", **read)


def cohort_of(*rows: Project, months: int = 12) -> Cohort:
    return cohorts(rows, months, DAY)[-1]


def rate(found: Cohort, name: str) -> tuple[float, float]:
    return found.rates[name].numerator, found.rates[name].denominator


def test_the_denominator_is_what_was_signed_long_enough_ago() -> None:
    old = row("2023-09-30", landed_on="2024-02-01"), row("2022-01-01"), row("2023-10-01", landed_on="2024-01-01")
    found = cohort_of(*old)
    assert (found.signed, found.young, rate(found, "landed_on")) == (2, 1, (1, 2))
    assert rate(cohort_of(*old, months=0), "landed_on") == (2, 3)
    assert [one.year for one in cohorts(old, 12, DAY)] == [2022, 2023, None]


def test_a_lease_is_not_asked_for_the_start_of_building() -> None:
    found = cohort_of(row("2022-01-01", started_on="2023-01-01"), row("2022-01-01", Site.LEASE, landed_on="2022-03-01"))
    assert (rate(found, "started_on"), rate(found, "landed_on")) == ((1, 1), (1, 2))
    leases = cohort_of(row("2022-01-01", Site.LEASE))
    assert leases.rates["started_on"].value is None, "nothing is asked, so there is no rate"


def test_funds_that_nobody_told_are_neither_nought_nor_in_the_denominator() -> None:
    told = row("2022-01-01", agreed_cny=100.0, arrived_cny=40.0)
    found = cohort_of(told, row("2022-01-01", agreed_cny=900.0)).funds
    assert (found.numerator, found.denominator, found.value, found.unknown) == (40, 100, 0.4, 1)
    assert cohort_of(row("2022-01-01", agreed_cny=900.0)).funds.value is None


def test_what_was_lost_stays_in_the_denominator_of_its_year() -> None:
    lost = row("2022-01-01", ended_on="2023-01-01")
    lost.stage = "lost"
    found = cohort_of(lost, row("2022-01-01", registered_on="2022-02-01"))
    assert (found.lost, rate(found, "registered_on")) == (1, (1, 2))


def intake(year: int | None, found: list[Intake]) -> Intake:
    return next(one for one in found if one.year == year)


def test_the_share_of_leads_signed_is_of_the_leads_recorded_in_a_year_long_enough_ago() -> None:
    rows = [
        row("2022-05-01", opened="2021-03-01"),
        row(opened="2021-06-01", ended_on="2021-07-01"),
        row(opened="2021-08-01"),
        row("2024-01-01", opened="2023-01-01"),
        row("2024-06-01", opened="2024-01-01"),
    ]
    found = intakes(rows, 12, DAY)
    signed = intake(2021, found).signed
    assert (signed.numerator, signed.denominator) == (1, 3), "it counts in the year it was recorded, not signed"
    assert (intake(2024, found).recorded, intake(2024, found).young, intake(2024, found).signed.value) == (0, 1, None)
    assert (intake(None, found).signed.numerator, intake(None, found).signed.denominator) == (2, 4)
    assert intakes([], 12, DAY) == [] == cohorts([row()], 12, DAY), "without any there is nothing to tell"


def test_a_month_before_the_last_of_a_month_is_the_last_of_the_other() -> None:
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)


def signed(**said: Any) -> Case:
    return go(go(lead(), TO_CLEARED), "sign", **said)


@pytest.mark.usefixtures("world")
def test_a_project_in_a_lease_goes_round_building_and_one_on_land_does_not() -> None:
    case = go(go(signed(site="lease"), "register sign_lease fit_out"), "start_unlicensed")
    found = project(case)
    assert (found.stage, found.started_on) == ("production", None)
    assert found.landed_on == found.completed_on == DAY and found.produced_on == date(2024, 9, 25)
    with pytest.raises(IllegalStep):
        go(signed(), "register sign_lease")


@pytest.mark.usefixtures("world")
def test_days_are_what_the_papers_say_or_when_the_step_was_taken_and_a_correction_moves_them() -> None:
    case = signed()
    assert (project(case).cleared_on, project(case).signed_on) == (DAY, date(2024, 9, 20))
    number = case.events.get(name="sign", kind="do").number
    act_on(case.pk, "correct", str(number), TOWN, {"data": {"signed_on": "2024-09-01"}})
    assert project(case).signed_on == date(2024, 9, 1)
    with pytest.raises(UserError, match="still to come"):
        act_on(case.pk, "correct", str(number), TOWN, {"data": {"signed_on": "2024-12-01"}})
    with pytest.raises(UserError, match="below 0"):
        go(case, "report", arrived_cny=-1)
    assert project(case).arrived_cny is None, "funds that nobody told are not known"


@pytest.mark.usefixtures("world")
def test_what_a_fund_raising_project_needs_is_asked_of_four_offices_at_once() -> None:
    with pytest.raises(IllegalStep):
        go(signed(), "ask_guarantee", guarantee_title="x", guarantee_needs="x")
    case = signed(is_fund_project="yes")
    go(case, "ask_guarantee", guarantee_title="募投项目一", guarantee_needs="用地 50 亩")
    opened = Case.objects.get(process="fund_project_guarantee")
    assert (opened.title, opened.subject_kind, opened.subject_id) == ("募投项目一", "case", str(case.pk))
    assert opened.parties.get(role="sponsor").scope_id == HERE
    needs = ("land", "energy", "permits", "environment")
    said = {f"{need}_by_office": "market" for need in needs} | {"land_by": "2024-12-01"}
    opened = act_on(opened.pk, "do", "share_out", OFFICE, said)
    assert set(opened.stages) == set(needs) and opened.due == date(2024, 12, 1)


def counted(name: str, by: Any = "none") -> dict[str, float | None]:
    return {one.scope: one.value for one in METRICS[name](DAY, by=by, of=())}


@pytest.mark.usefixtures("world")
def test_leads_count_once_for_the_district_and_by_credit_for_towns() -> None:
    assert counted("leads_signed") == {"": None}, "before any lead nothing is known"
    go(signed(), "hand_over", new_host=THERE, kept_percent=40)
    assert counted("leads_signed") == {"": 1} and counted("leads_produced") == {"": 0}
    assert counted("leads_signed", "town") == {f"town:{HERE}": 0.4, f"town:{THERE}": 0.6}
    assert counted("leads_signed", "office") == {"office:economy": 1}
    Case.objects.update(is_restricted=True)
    assert counted("leads_signed") == {"": 1} and counted("leads_signed", "town") == {}, "no town tells where it is"


def titles(viewer: Viewer) -> set[str]:
    return set(queries.projects(viewer).values_list("title", flat=True))


@pytest.mark.usefixtures("world")
def test_a_town_sees_its_own_leads_and_those_it_has_credit_in() -> None:
    go(go(lead(title="Ours"), "answer"), "hand_over", new_host=THERE, kept_percent=40)
    given = go(lead(name="乙公司", title="Given"), "answer")
    go(given, "hand_over", new_host=THERE, kept_percent=0)
    lead(OTHER, THERE, name="丙公司", title="Theirs")
    assert (titles(TOWN), titles(OTHER)) == ({"Ours"}, {"Ours", "Given", "Theirs"})
    assert titles(OFFICE) == {"Ours", "Given", "Theirs"}
    assert {one.town for one in queries.credits(TOWN, "")} == {HERE, THERE}
    assert intake(None, queries.intakes_of(TOWN, 0, "")).recorded == 1


@pytest.mark.usefixtures("world")
def test_the_sketch_counts_projects_under_way_by_host_for_whoever_may_see_them() -> None:
    go(lead(), "lose_lead", reason="no_answer")
    lead(name="乙公司")
    lead(OTHER, THERE, name="丙公司")

    def counts(viewer: Viewer) -> dict[str, int | None]:
        drawn = cartogram(viewer, measures(viewer)[sketch.CODE])
        return {tile.code: tile.count for tile in drawn.tiles if tile.code in (HERE, THERE)}

    assert counts(OFFICE) == {HERE: 1, THERE: 1} and counts(TOWN) == {HERE: 1, THERE: None}


DOORS = (
    "/pipeline/",
    "/pipeline/?year=2024&is_open=yes",
    "/pipeline/export/csv",
    "/pipeline/dates/",
    "/pipeline/dates/export/csv",
    "/api/v1/pipeline",
    "/search?q=Hush",
    "/cases/board/investment_lead",
)
NUMBERS = ("/pipeline/cohorts/", "/pipeline/cohorts/export/csv", "/api/v1/pipeline/intakes", "/api/v1/pipeline/credit")


def read(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE="en")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content.decode()


@pytest.mark.usefixtures("world")
def test_pages_copies_search_and_api_tell_of_a_lead_to_its_town_and_to_no_other(
    cast: dict[str, User], cast_client: SignIn
) -> None:
    case = lead(viewer_of(cast["TownOfficer"]), title="Hushed lead")
    shown, not_shown = cast_client("TownOfficer"), cast_client("OtherTown")
    for path in DOORS:
        assert "Hushed" in read(shown, path)[1], path
        assert "Hushed" not in read(not_shown, path)[1], path
    for path in (*DOORS, *NUMBERS):
        status = 200 if "/search" in path or "/cases" in path else 403
        assert (read(shown, path)[0], read(cast_client("Enterprise"), path)[0]) == (200, status), path
    assert read(not_shown, f"/cases/{case.pk}")[0] == 404
    assert '"recorded": 0' not in read(not_shown, "/api/v1/pipeline/intakes")[1]


@pytest.mark.usefixtures("world")
def test_a_restricted_lead_is_told_to_those_it_names_alone(cast: dict[str, User], cast_client: SignIn) -> None:
    office = viewer_of(cast["ChainOffice"])
    lead(office, title="Hushed lead", is_restricted=True)
    assert "Hushed" in read(cast_client("ChainOffice"), "/pipeline/")[1]
    for name in ("TownOfficer", "ChainChief", "Auditor"):
        for path in DOORS:
            assert "Hushed" not in read(cast_client(name), path)[1], (name, path)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_read_in_one_language_with_projects_and_without(cast_client: SignIn, language: str) -> None:
    client = cast_client("ChainOffice")
    client.cookies["django_language"] = language
    pages = ("/pipeline/", "/pipeline/cohorts/?months=0", "/pipeline/dates/")
    for path in pages:
        assert_language(client.get(path))
    case = signed(is_fund_project="yes", register_by="2024-12-01")
    go(case, "hand_over", new_host=THERE, kept_percent=40)
    for path in (*pages, f"/cases/{case.pk}", "/sketch/?count=project"):
        assert_language(client.get(path))


@pytest.mark.usefixtures("world")
def test_the_cohorts_say_their_denominators_and_refuse_months_that_are_none(cast_client: SignIn) -> None:
    go(signed(), TO_PRODUCTION)
    client = cast_client("ChainOffice")
    shown = read(client, "/pipeline/cohorts/?months=0")[1]
    assert "(1/1)" in shown and "Denominator: projects signed at least 0 months ago." in shown
    assert "recorded in 2024" in read(client, "/pipeline/cohorts/export/csv?months=0")[1]
    assert read(client, "/pipeline/cohorts/?months=-1")[0] == 400
    for months in ("-1", "99999999"):
        assert read(client, f"/api/v1/pipeline/intakes?months={months}")[0] == 422
        assert read(client, f"/api/v1/pipeline/cohorts?months={months}")[0] == 422
    assert read(client, "/pipeline/?year=none")[0] == 200


@pytest.mark.usefixtures("world")
def test_a_candidate_of_the_listing_library_is_offered_the_guarantee_to_those_who_may_ask_for_it() -> None:
    Prospect.objects.create(organisation="O-1", name="甲股份", town=HERE)

    def offered(viewer: Viewer, organisation: str) -> bool:
        found = panels("organisation", viewer, organisation)
        return any(one.template == "pipeline/_of_candidate.html" for one in found)

    assert offered(OFFICE, "O-1") and offered(TOWN, "O-1")
    assert not offered(OFFICE, "O-2") and not offered(OTHER, "O-1") and not offered(AUDITOR, "O-1")


@pytest.mark.usefixtures("world")
def test_leads_come_in_by_a_workbook_and_one_that_is_locked_is_named(tmp_path: Path) -> None:
    lead(name="乙公司")
    found = in_force("process", "investment_lead")
    assert found is not None
    process = process_of(found)
    table = new_table(process, OFFICE)
    host = next(column.name for column in table.columns if column.name.startswith("host"))
    place = next(one.text["en"] for one in pack().towns if one.code == THERE)
    row = {"title": "丙项目", "investor_name": "甲公司", "matter": "x", "kind": "New", host: place}
    titles = {column.name: column.head("en") for column in table.columns}
    frame = pl.DataFrame([row, row | {"title": "乙项目", "investor_name": "乙公司"}])
    write_workbook(tmp_path / "a.xlsx", [Sheet(table.sheet, frame, None, titles)], language="en")
    outcome = import_cases(tmp_path / "a.xlsx", process, by=OFFICE, is_sure=True)
    assert (outcome.written, Project.objects.get(title="丙项目").town) == (1, THERE)
    assert ["first" in fault.why for fault in outcome.faults] == [True]
