"""Indicators: three people for a value, shares within their fact, lights from values, divergence told with a reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.indicators_world import KEY, PDF, TARGET, approved, enter_by_hand
from tests.liandesk.language import assert_language

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.delegations import delegate
from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.snapshots.models import Publication
from liandesk.base.ui.panels import inbox
from liandesk.base.work.models import Case, CaseEvent
from liandesk.steer.indicators import (
    actions,
    divergence,
    excel,
    light_actions,
    progress,
    queries,
    rating_actions,
    ratings,
    recomputing,
    sharing,
)
from liandesk.steer.indicators.actions import Evidence, Said
from liandesk.steer.indicators.chart import course
from liandesk.steer.indicators.jobs import compute_now
from liandesk.steer.indicators.models import Claim, Credit, Divergence, Fact, Forecast, Rating, State
from liandesk.steer.indicators.risk_factors import light_differs
from liankit.definitions import digest
from liankit.tables import read_table
from liankit.tables.write import Sheet, write_workbook

pytestmark = pytest.mark.django_db
BY = system_viewer("test")
QUARTERS = ((2021, 12, 31), (2022, 6, 30), (2022, 12, 31), (2023, 6, 30), (2023, 12, 31), (2024, 6, 30))
LISTED = "listing.listed_companies"
AS_DUE = (20, 30, 40, 50, 60, 70)
SignedIn = Callable[[str], Client]
ViewerOf = Callable[[str], Viewer]


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, User]]:
    """The cast, with the packs taken over: once for the module and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        take_over_packs(by=BY)
        enter_by_hand()
        yield make_cast(by=BY, organisations=CAST_ORGANISATIONS)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def packs(in_english: None, cast: dict[str, User], db: None) -> None:
    """Every test has the definitions in force."""


def _claim(by: Viewer, value: float = 40, on: date = date(2024, 6, 30), **more: object) -> Claim:
    return actions.claim(KEY, Said(value, on), PDF, by=by, **more)  # type: ignore[arg-type]


def _follow(cast: dict[str, User], values: tuple[int, ...] = AS_DUE) -> None:
    for day, value in zip(QUARTERS, values, strict=True):
        approved(cast, value, date(*day))
    compute_now()


def test_a_value_takes_three_people_and_the_database_holds_it_too(viewer: ViewerOf) -> None:
    officer, office, chief = viewer("Officer"), viewer("ChainOffice"), viewer("ChainChief")
    made = _claim(office)
    with pytest.raises(NotAllowed, match="three different people"):
        actions.verify(made.pk, by=office, version=1)
    with pytest.raises(NotAllowed):
        actions.verify(made.pk, by=officer, version=1)  # an office that only contributes does not verify
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=made.pk).update(verified_by=made.claimed_by)
    second = _claim(officer)
    actions.verify(second.pk, by=office, version=1)
    with pytest.raises(NotAllowed, match="three different people"):
        actions.approve(second.pk, by=office, version=2)
    assert queries.values(officer, KEY) == []
    actions.approve(second.pk, by=chief, version=2)
    assert [(one.value, one.state) for one in queries.values(officer, KEY)] == [(40, "approved")]
    steps = AuditEvent.objects.filter(object_kind="indicator_claim", object_id=second.pk)
    assert [one.action for one in steps.order_by("pk")] == [
        "indicator.claim",
        "indicator.verify",
        "indicator.approve",
    ]


def test_a_value_needs_evidence_a_day_that_was_and_an_indicator_that_is_entered(viewer: ViewerOf) -> None:
    office = viewer("ChainOffice")
    for said, evidence, why in (
        (Said(1, date(2024, 6, 30)), Evidence("x.pdf", b""), "needs evidence"),
        (Said(1, date(2024, 10, 1)), PDF, "still to come"),
        (Said(float("inf"), date(2024, 6, 30)), PDF, "no value"),
        (Said(1, date(2024, 6, 30), "town:330113001"), PDF, "not divided"),
    ):
        with pytest.raises(UserError, match=why):
            actions.claim(KEY, said, evidence, by=office)
    with pytest.raises(UserError, match="counted from records"):
        actions.claim("listed_companies", Said(1, date(2024, 6, 30)), PDF, by=office)
    with pytest.raises(NotThere, match="conversion_projects"):
        actions.claim("conversion_project", Said(1, date(2024, 6, 30)), PDF, by=office)


def test_a_correction_is_a_new_claim_and_the_past_stays_as_it_was_known(
    cast: dict[str, User], viewer: ViewerOf
) -> None:
    first = approved(cast, 40, date(2024, 6, 30))
    officer, office, chief = viewer("Officer"), viewer("ChainOffice"), viewer("ChainChief")
    better = _claim(officer, 38, corrects=first.pk)
    assert [one.value for one in queries.values(office, KEY)] == [40], "what is claimed does not count yet"
    actions.verify(better.pk, by=office, version=1)
    actions.approve(better.pk, by=chief, version=2)
    assert [one.value for one in queries.values(office, KEY)] == [38]
    assert [one.value for one in queries.values(office, KEY, known_at=first.approved_at)] == [40]
    with pytest.raises(Conflict, match="corrected this claim already"):
        _claim(officer, 37, corrects=first.pk)


def test_a_refused_value_says_why_and_never_counts(viewer: ViewerOf) -> None:
    made = _claim(viewer("Officer"))
    with pytest.raises(UserError, match="Say why"):
        actions.refuse(made.pk, by=viewer("ChainOffice"), version=1, reason=" ")
    refused = actions.refuse(made.pk, by=viewer("ChainOffice"), version=1, reason="the file shows 31")
    assert (refused.state, refused.refused_reason) == (State.REFUSED, "the file shows 31")
    with pytest.raises(Conflict):
        actions.verify(made.pk, by=viewer("ChainOffice"), version=2)


def test_shares_of_a_fact_never_come_to_more_than_the_fact(viewer: ViewerOf) -> None:
    office = viewer("ChainOffice")
    fact = sharing.add_fact(KEY, "one project", date(2024, 5, 1), by=office)
    sharing.credit(fact.pk, "economy", 6_000, by=office)
    with pytest.raises(Conflict, match="more than the fact"):
        sharing.credit(fact.pk, "commerce", 4_001, by=office)
    sharing.credit(fact.pk, "commerce", 4_000, by=office)
    sharing.credit(fact.pk, "economy", 5_000, by=office)
    with pytest.raises(NotAllowed):
        sharing.credit(fact.pk, "commerce", 1, by=viewer("Officer"))  # each office speaks for itself
    with pytest.raises(UserError, match="entered already"):
        sharing.add_fact(KEY, "one project", date(2024, 5, 1), by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(pk=fact.pk).update(credited=10_001)


@settings(max_examples=15, deadline=None)
@given(said=st.lists(st.tuples(st.sampled_from(["economy", "commerce", "market"]), st.integers(0, 10_000)), max_size=8))
def test_whatever_is_claimed_the_sum_of_the_shares_is_kept_and_at_most_the_fact(said: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        fact = sharing.add_fact(KEY, "shared", date(2024, 5, 1), by=BY)
        for office, share in said:
            try:
                sharing.credit(fact.pk, office, share, by=BY)
            except Conflict:
                continue
        fact.refresh_from_db()
        assert fact.credited == sum(Credit.objects.filter(fact=fact).values_list("share", flat=True)) <= sharing.WHOLE
        transaction.set_rollback(True)


def test_the_light_follows_from_the_values_and_says_what_would_turn_it_green(cast: dict[str, User]) -> None:
    """Due at the end of September 2024 are 75 of 100; at 70 in June the pace is 20 a year."""
    _follow(cast)
    stands = progress.progress_of(BY, TARGET)
    assert stands is not None
    assert (stands.value, stands.completion) == (70, pytest.approx(0.7))
    assert stands.expected == pytest.approx(100 * stands.time_progress)
    assert stands.light in ("yellow", "red")
    assert stands.to_green["value"] > 70
    low, middle, high = stands.interval or (0, 0, 0)
    assert 70 <= low <= middle <= high
    assert {reason.code for reason in stands.reasons} >= {"light_trajectory", "light_forecast"}
    listing = progress.progress_of(BY, "listing.listed_companies")
    assert listing is not None
    assert (listing.light, listing.value) == ("grey", None), "nothing is known of listings: never 0"


def test_the_picture_of_a_target_goes_by_the_steps_of_its_path(cast: dict[str, User]) -> None:
    plan = in_force("plan", "linping_biomed_2025")
    assert plan is not None
    target = next(one for part in plan.body["programmes"] for one in part.get("targets", ()) if one["key"] == KEY)
    target["path"] = [{"on": "2023-06-30", "value": 20}]
    Definition.objects.filter(pk=plan.pk).update(body=plan.body, hash=digest(plan.body))
    approved(cast, 40, date(2024, 6, 30))
    compute_now()
    stands = progress.progress_of(BY, TARGET)
    values = queries.values(BY, KEY)
    drawn = course(queries.known(KEY), values, stands, None)
    assert drawn is not None and len(drawn.path.split()) == 7, "both ends, four turns of the year, one step"
    assert stands is not None and stands.expected == pytest.approx(20 + 80 * 458 / 915)  # days since the step


def test_computing_the_same_values_again_publishes_nothing_new(cast: dict[str, User]) -> None:
    _follow(cast)
    count = Publication.objects.filter(name=queries.SNAPSHOT).count()
    compute_now()
    assert Publication.objects.filter(name=queries.SNAPSHOT).count() == count
    assert Forecast.objects.filter(target=TARGET).count() == 1, "one forecast a month"


def test_a_divergence_is_told_to_the_office_first_and_to_the_chief_with_its_reply(
    cast: dict[str, User], viewer: ViewerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, chief, other = viewer("ChainOffice"), viewer("ChainChief"), viewer("Officer")
    _follow(cast)
    light_actions.report_light(TARGET, "green", "all is well", by=office)
    told = divergence.divergences(office).get()
    assert told.reply_due == date(2024, 10, 12), "five working days, over the National Day week and its make-up day"
    assert not divergence.divergences(chief).exists()
    shown = progress.progress_of(chief, TARGET)
    assert shown is not None
    assert (shown.report, shown.is_withheld) == (None, True)
    assert any("lights differ" in line.title for line in inbox(office))
    pieces = [CaseEvent(case=Case(subject_kind="target", subject_id=one)) for one in (TARGET, "other.one")]
    assert light_differs(pieces, 0) == [None, None], "whoever samples evidence learns it no earlier"
    with pytest.raises(NotThere):
        light_actions.reply(told.pk, "not ours", by=other)
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-14")
    assert divergence.divergences(chief).exists(), "no reply in time: it is told without one"
    assert light_differs([*pieces, CaseEvent(case=Case())], 0) == [True, None, False]
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    light_actions.reply(told.pk, "the projects begin in the fourth quarter", by=office)
    assert divergence.divergences(chief).get().reply.startswith("the projects")
    assert (progress.progress_of(chief, TARGET) or shown).report is not None
    with pytest.raises(Conflict):
        light_actions.reply(told.pk, "again", by=office)


def test_a_divergence_ends_when_the_lights_agree(cast: dict[str, User], viewer: ViewerOf) -> None:
    office = viewer("ChainOffice")
    _follow(cast, (20, 30, 40, 50, 60, 62))
    computed = progress.computed_light(TARGET)
    light_actions.report_light(TARGET, "green", "all is well", by=office)
    light_actions.report_light(TARGET, computed, "we are behind", by=office)
    assert not Divergence.objects.filter(closed_on=None).exists()
    stands = progress.progress_of(BY, TARGET)
    assert stands is not None
    assert stands.report is not None
    assert stands.report.colour == computed


def test_forecasts_are_scored_when_the_day_of_the_target_is_over(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    _follow(cast)
    monkeypatch.setenv("LIANDESK_TODAY", "2026-01-20")
    compute_now()
    assert not Forecast.objects.exclude(scored_on=None).exists(), "a value of June 2024 says nothing of the end"
    approved(cast, 96, date(2025, 12, 31))
    compute_now()
    scored = Forecast.objects.get(target=TARGET)
    assert (scored.outcome, scored.scored_on) == (96, date(2026, 1, 20))
    assert scored.p is not None
    assert scored.brier == pytest.approx(scored.p**2), "100 was not reached"
    stands = progress.progress_of(BY, TARGET)
    assert stands is not None
    assert (stands.light, stands.computed["is_met"]) == ("red", False)


def _rate(by: Viewer, grade: str = "probable", target: str = LISTED, on: date = date(2024, 9, 20)) -> Rating:
    return rating_actions.rate(target, rating_actions.Said(grade, "what I saw", on), by=by)


def test_only_people_who_do_not_answer_for_a_target_rate_it(cast: dict[str, User], viewer: ViewerOf) -> None:
    """Of the listings: development and economy answer; of the projects market, the officer's own office, does too."""
    assert _rate(viewer("Officer")).office == "market"
    for name in ("Auditor", "Expert"):
        assert {_rate(viewer(name), target=target).office for target in (LISTED, TARGET)} == {""}
    for name in ("ChainChief", "ChainOffice", "TownOfficer"):
        with pytest.raises(NotAllowed):
            _rate(viewer(name))
    with pytest.raises(NotThere):
        _rate(viewer("Enterprise"))
    with pytest.raises(NotAllowed, match="judgement of a person"):
        _rate(BY)
    with pytest.raises(NotAllowed, match="answers for this target"):
        _rate(viewer("Officer"), target=TARGET)
    approved(cast, 40, date(2024, 6, 30))
    Membership.objects.filter(user=cast["Officer"]).update(scope_id="health")
    with pytest.raises(NotAllowed, match="entered or passed values"):
        _rate(viewer("Officer"), target=TARGET)  # moved to another office since
    delegate(cast["ChainOffice"], cast["Officer"], date(2024, 9, 30), date(2024, 10, 9), by=viewer("ChainOffice"))
    with pytest.raises(NotAllowed, match="part in every target"):
        _rate(viewer("Officer"))  # stands in for somebody who does
    delegate(cast["Officer"], cast["TownOfficer"], date(2024, 9, 30), date(2024, 10, 9), by=viewer("Officer"))
    with pytest.raises(NotAllowed):
        _rate(viewer("TownOfficer"))  # one's judgement is not lent


def test_a_rating_rests_on_something_and_is_of_a_day_that_was(
    viewer: ViewerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = viewer("Auditor")
    for grade, note, on, why in (
        ("splendid", "said", date(2024, 9, 20), "no such grade"),
        ("probable", " ", date(2024, 9, 20), "rests on"),
        ("probable", "said", date(2024, 10, 1), "still to come"),
    ):
        with pytest.raises(UserError, match=why):
            rating_actions.rate(LISTED, rating_actions.Said(grade, note, on), by=auditor)
    monkeypatch.setenv("LIANDESK_TODAY", "2026-01-05")
    with pytest.raises(UserError, match="is over"):
        _rate(auditor)


def test_two_ratings_move_a_light_and_a_past_day_keeps_what_was_known(cast: dict[str, User], viewer: ViewerOf) -> None:
    first = _rate(viewer("Auditor"), "feasible", TARGET)
    _rate(viewer("Expert"), "highly_likely", TARGET, date(2024, 9, 1))
    _follow(cast, (20, 30, 40, 50, 70, 99))
    stands = progress.progress_of(BY, TARGET)
    assert stands is not None
    assert (stands.light, stands.to_green) == ("yellow", {"rating": 0.7}), "green but for the lower of the two"
    spread = next((one.value_low, one.value_high) for one in stands.reasons if one.code == "light_rating")
    assert spread == (0.5, 0.9)
    _rate(viewer("Auditor"), "probable", TARGET)
    told = [(one.rating.grade, one.state) for one in ratings.ratings(viewer("ChainChief"), TARGET)]
    assert told == [("probable", "counts"), ("feasible", "renewed"), ("highly_likely", "counts")]
    assert AuditEvent.objects.filter(action="target.rate").count() == 3
    Rating.objects.filter(pk=first.pk).update(recorded_at=datetime(2024, 9, 21, tzinfo=UTC))
    then = recomputing.tables_of(date(2024, 9, 25))["target_lights"].filter(row=TARGET).row(0, named=True)
    assert (then["ratings"], then["rating_low"], then["rating"]) == (1, 0.5, None), "the others were entered later"


def test_the_offices_that_answer_read_ratings_without_names_and_others_their_own(viewer: ViewerOf) -> None:
    proof = rating_actions.Said("probable", "what I saw", date(2024, 9, 20))
    made = rating_actions.rate(TARGET, proof, by=viewer("Expert"), evidence=PDF)
    for name, is_named in (("ChainChief", True), ("Auditor", True), ("Expert", True), ("Officer", False)):
        (shown,) = ratings.ratings(viewer(name), TARGET)
        assert shown.is_named is is_named, name
        assert ratings.evidence_of(viewer(name), made.pk).evidence_name == "said.pdf"
    listed = _rate(viewer("Auditor"))
    for name, hidden in (("TownOfficer", made), ("Enterprise", made), ("Expert", listed), ("Officer", listed)):
        assert ratings.ratings(viewer(name), hidden.target) == [], name
        with pytest.raises(NotThere):
            ratings.evidence_of(viewer(name), hidden.pk)


def test_a_rating_is_given_by_the_form_and_by_the_api(cast_client: SignedIn) -> None:
    compute_now()
    auditor, officer = cast_client("Auditor"), cast_client("Officer")
    path, api = f"/plan/targets/{TARGET}", f"/api/v1/targets/{TARGET}"
    assert f"{path}/rate" in auditor.get(f"{path}/light").content.decode()
    assert f"{path}/rate" not in officer.get(f"{path}/light").content.decode()
    said = {"grade": "in_doubt", "note": "few contracts", "on": "2024-09-20"}
    assert auditor.post(f"{path}/rate", {**said, "grade": "splendid"}).status_code == 400
    assert auditor.post(f"{path}/rate", said).status_code == 302
    assert b"few contracts" in officer.get(f"{path}/light").content
    answer = auditor.post(f"{api}/rate", {**said, "grade": "feasible"}, content_type="application/json")
    assert (answer.json()["share"], answer.json()["state"]) == (0.5, "counts")
    told = [(one["grade"], one["rated_by"]) for one in officer.get(f"{api}/ratings").json()]
    assert told == [("feasible", None), ("in_doubt", None)]


def test_the_sheet_comes_back_and_says_which_rows_are_wrong(viewer: ViewerOf, tmp_path: Path) -> None:
    officer = viewer("Officer")
    excel.write_sheet(tmp_path / "out.xlsx", officer)
    table = excel.value_table()
    rows = read_table(tmp_path / "out.xlsx", table).rows
    assert rows["indicator"].to_list() == ["Projects that brought results to market"]
    said = [
        ("科技成果转化项目数", None, date(2024, 6, 30), 40.0, None, None),
        ("科技成果转化项目", None, date(2024, 6, 30), 1.0, None, None),
        (KEY, None, date(2024, 3, 31), None, None, None),
    ]
    schema = {column.name: column.dtype for column in table.columns}
    frame = pl.DataFrame(said, schema=schema, orient="row")
    write_workbook(tmp_path / "in.xlsx", [Sheet("values", frame, table)], language="en")
    looked = excel.import_values(tmp_path / "in.xlsx", by=officer, is_sure=False)
    assert (looked.written, len(looked.faults), Claim.objects.count()) == (1, 2, 0)
    excel.import_values(tmp_path / "in.xlsx", by=officer, is_sure=True)
    made = Claim.objects.get()
    assert (made.value, made.state, made.evidence_name) == (40, State.CLAIMED, "sheet of values.xlsx")
    assert excel.import_values(tmp_path / "in.xlsx", by=officer, is_sure=True).written == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_speak_one_language(cast: dict[str, User], cast_client: SignedIn, language: str) -> None:
    _follow(cast)
    client = cast_client("ChainOffice")
    client.cookies[site.LANGUAGE_COOKIE_NAME] = language
    for path in (
        "/indicators/",
        f"/indicators/{KEY}",
        f"/indicators/{KEY}/claim",
        f"/indicators/{KEY}/facts",
        "/indicators/import",
        f"/plan/targets/{TARGET}/light",
        f"/plan/targets/{TARGET}/report",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert_language(answer)
    _rate(viewer_of(cast["Expert"]), target=TARGET)
    outside = cast_client("Expert")
    outside.cookies[site.LANGUAGE_COOKIE_NAME] = language
    for what in ("light", "rate"):
        assert_language(outside.get(f"/plan/targets/{TARGET}/{what}"))
