"""The listing library: forecasts published beside what officers keep, the number by the target's day, who sees what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import CHIEF, viewer
from tests.liandesk.registry_world import OFFICE, enterprise

import liandesk.packs
from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.actions import Kept, Reached
from liandesk.assess.listing.metrics import listed_enterprises
from liandesk.assess.listing.models import Milestone, Outlook, Prospect
from liandesk.assess.listing.projection import project_listings
from liandesk.base.accounts.roles import Role, ScopeKind, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import Shipped
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep
from liandesk.base.snapshots.models import Pointer, Snapshot
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui.panels import panels
from liandesk.know.registry.models import Organisation
from liandesk.refresh.listings import forecast_listings
from liankit.definitions import parse_body
from liankit.rules.panel import FACTS

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
BY = system_viewer("test")
PACKS = Path(liandesk.packs.__file__).parent
READY, OTHER = CAST_ORGANISATIONS["Enterprise"], CAST_ORGANISATIONS["OtherEnterprise"]
BARE = "enterprise-bare"
TOWNS = {READY: "330113001", OTHER: "330113002", BARE: "330113002"}
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1007)


def _figures(
    key: str, revenue: float, margin: float, years: Iterable[int] = (2021, 2022, 2023)
) -> list[tuple[object, ...]]:
    names = {"revenue_cny": 1.0, "net_profit_cny": margin, "operating_cash_flow_cny": margin, "rd_expense_cny": 0.1}
    return [
        (key, name, date(year, 12, 31), None, revenue * 1.2 ** (year - 2021) * share, None)
        for name, share in names.items()
        for year in years
    ]


def _body(name: str) -> Any:
    return parse_body((PACKS / f"{name}.yaml").read_text())


def _shipped() -> list[Shipped]:
    """The words and three boards of the pack, without their examples, which have tests of their own."""
    words = [("quantities", key, _body(f"cn/quantities/{key}")) for key in ("enterprise", "listing")]
    boards = ("main_board_2024", "chinext_2024", "neeq_entry_2023")
    schemes = [("scheme", key, _body(f"cn/schemes/{key}/scheme")) for key in boards]
    return [Shipped(KINDS[kind], key, body, "test", "") for kind, key, body in (*words, *schemes)]


@pytest.fixture(autouse=True)
def library(in_english: None) -> Iterator[None]:
    """Three enterprises: one ready for the main board, one far from it, one of whom nothing is known."""
    take_over(
        [*_shipped(), Shipped(KINDS["listing"], "counting", _body("linping_biomed/listing/counting"), "test", "")],
        by=BY,
    )
    for key, town in TOWNS.items():
        Organisation.objects.create(id=key, name=f"Name {key}", kind="enterprise", town=town)
    _publish()
    yield


def _publish(*more: tuple[object, ...]) -> Snapshot:
    """Do what a refresh does with the library: the step, the snapshot, the projection."""
    facts = pl.DataFrame([*_figures(READY, 1e9, 0.15), *_figures(OTHER, 5e6, 0.02), *more], schema=FACTS, orient="row")
    rows = [(key, f"Name {key}", "enterprise", town, False) for key, town in TOWNS.items()]
    named = pl.DataFrame(rows, schema=["id", "name", "kind", "town", "is_synthetic"], orient="row")
    tables = {"organisations": named, "rule_facts": facts}
    tables |= forecast_listings(tables)
    blobs = {name: store.put_frame(table) for name, table in tables.items()}
    snapshot = keep(tables=blobs, inputs={}, is_synthetic=False, by=BY)
    Pointer.objects.update_or_create(name=RISKS, defaults={"snapshot": snapshot, "published_at": now()})
    project_listings(snapshot)
    return snapshot


def _keep(key: str, kept: Kept) -> Prospect:
    return actions.keep(key, kept, version=Prospect.objects.get(pk=key).version, by=OFFICE)


def _enter(key: str, stage: str, on: date = date(2024, 6, 3), evidence: str = "Paper 1") -> Milestone:
    return actions.enter(key, Reached(stage, on, evidence), by=OFFICE)


def _reach(key: str, stage: str, on: date = date(2024, 6, 3)) -> None:
    made = _enter(key, stage, on)
    if made.waits:
        actions.confirm(key, made.pk, by=CHIEF)


def _last() -> Outlook:
    found = Outlook.objects.first()
    assert found is not None
    return found


def test_a_line_says_what_is_met_today_when_a_board_is_met_first_and_what_stays_open() -> None:
    ready, other, bare = (Prospect.objects.get(pk=key) for key in (READY, OTHER, BARE))
    assert "|listed_main|" in ready.met
    assert f"|{ready.board}|" in ready.met
    assert (ready.median, ready.probability) == (2024, 1.0)
    assert (other.met, other.median) == ("", None)
    assert (bare.median, bare.probability) == (None, None)
    assert bare.missing > 0


def test_a_line_has_every_board_with_what_is_short_and_the_year_with_its_interval() -> None:
    boards = Prospect.objects.get(pk=READY).boards
    assert set(boards) == {"listed_main", "listed_chinext", "neeq_entry"}
    assert (boards["listed_main"]["holds"], boards["listed_main"]["failed"]) == (True, 0)
    assert boards["listed_main"]["sets"]
    other = Prospect.objects.get(pk=OTHER).boards["listed_main"]
    assert other["failed"] > 0
    assert (other["median"], other["until"]) == (None, 2030)


def test_publishing_again_keeps_what_people_wrote_and_one_outlook_a_day() -> None:
    _reach(READY, "filed")
    _keep(READY, Kept(merger="buyer", merger_reason="has the means"))
    _publish()
    found = Prospect.objects.get(pk=READY)
    assert (found.stage, found.merger, found.median) == ("filed", "buyer", 2024)
    assert Outlook.objects.count() == 1


def test_the_number_is_what_is_listed_and_the_chances_of_those_on_the_way() -> None:
    _reach(OTHER, "listed", date(2023, 1, 1))
    _reach(READY, "filed")
    chance = 0.65 * (1 - 0.5 ** ((date(2025, 12, 31) - date(2024, 9, 30)).days / (365.25 / 12) / 9))
    made = _last()
    assert made.counted == 1
    assert made.numbers["low"] == pytest.approx([0.0, 1 - chance, chance])
    found = queries.numbers(OFFICE)
    assert found is not None
    assert found.reached == (0.0, 0.0)
    assert found.low[1] == 1


def test_what_a_paper_proves_stands_only_with_a_second_person() -> None:
    with pytest.raises(UserError, match="paper"):
        _enter(OTHER, "listed", evidence=" ")
    made = _enter(OTHER, "listed", date(2023, 1, 1))
    assert (Prospect.objects.get(pk=OTHER).stage, _last().counted) == ("none", 0)
    with pytest.raises(NotAllowed, match="Somebody else"):
        actions.confirm(OTHER, made.pk, by=OFFICE)
    with pytest.raises(Conflict, match="second person"):
        _enter(OTHER, "tutoring")
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=made.pk).update(confirmed_by=OFFICE.actor)
    assert [step.pk for step in queries.waiting(CHIEF)] == [made.pk]
    actions.confirm(OTHER, made.pk, by=CHIEF)
    assert (Prospect.objects.get(pk=OTHER).stage, _last().counted) == ("listed", 1)
    assert not queries.waiting(CHIEF).exists()


def test_an_entry_that_is_refused_leaves_nothing_and_the_way_keeps_its_history() -> None:
    _reach(READY, "share_reform", date(2023, 3, 1))
    _reach(READY, "tutoring", date(2023, 9, 1))
    made = _enter(READY, "filed")
    actions.refuse(READY, made.pk, by=CHIEF)
    told = queries.milestones(OFFICE, READY).values_list("stage", "entered_by")
    assert list(told) == [("share_reform", OFFICE.actor), ("tutoring", OFFICE.actor)]
    assert Prospect.objects.get(pk=READY).stage_on == date(2023, 9, 1)


@pytest.mark.parametrize(
    ("special", "why"),
    [
        (lambda: _keep(OTHER, Kept(is_relocated=True)), "relocated"),
        (lambda: _reach(OTHER, "delisted", date(2024, 1, 1)), "delisted"),
    ],
)
def test_who_moved_here_or_left_the_exchange_does_not_count_and_the_page_says_why(
    special: Callable[[], object], why: str
) -> None:
    _reach(OTHER, "listed", date(2023, 1, 1))
    special()
    assert _last().counted == 0
    assert [(one.prospect.pk, one.verdict) for one in queries.count_of(OFFICE)] == [(OTHER, why)]


@pytest.mark.parametrize("stage", ["acquired", "acquirer"])
def test_an_acquisition_counts_as_the_rule_has_it(stage: str) -> None:
    _reach(OTHER, stage)
    assert [one.verdict for one in queries.count_of(OFFICE)] == [stage]
    body = _body("linping_biomed/listing/counting") | {"counts_acquired": True, "counts_acquirers": True}
    take_over([Shipped(KINDS["listing"], "counting", body, "test", "")], by=BY)
    assert actions.count_anew(by=OFFICE).counted == 1


def test_the_metric_counts_as_of_a_day_titles_and_what_officers_proved_and_neeq_not() -> None:
    assert [one.value for one in listed_enterprises(date(2024, 9, 30), by="none", of=())] == [None]
    _publish((BARE, "titles", date(2022, 5, 6), None, None, "neeq_entry"))
    assert [one.value for one in listed_enterprises(date(2024, 9, 30), by="none", of=())] == [0.0]
    _publish((READY, "titles", date(2022, 5, 6), None, None, "listed_main"))
    _reach(OTHER, "listed", date(2023, 1, 1))
    days = [date(2022, 5, 5), date(2022, 5, 6), date(2023, 6, 30)]
    assert [listed_enterprises(day, by="none", of=())[0].value for day in days] == [None, 1.0, 2.0]
    towns = {one.scope: one.value for one in listed_enterprises(date(2024, 9, 30), by="town", of=())}
    assert towns == {"town:330113001": 1.0, "town:330113002": 1.0}


def test_an_unknown_answer_widens_the_number_and_is_never_taken_for_no() -> None:
    _reach(BARE, "tutoring")
    assert _last().numbers["low"] == [1.0]
    assert len(_last().numbers["high"]) == 2


def test_an_outlook_is_scored_when_its_day_has_come_and_so_are_the_forecasts_of_enterprises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert queries.scores(OFFICE) == []
    assert [(one.ahead, one.scores.n) for one in queries.forecast_scores(OFFICE)] == [(0, 0)]
    monkeypatch.setenv("LIANDESK_TODAY", "2026-05-04")
    _publish(*_figures(OTHER, 5e6, 0.02, (2024, 2025)))
    scored = queries.scores(OFFICE)
    assert [(one.outlook.came, one.ranked, one.brier) for one in scored] == [(0, (0.0, 0.0), (0.0, 0.0))]
    every = queries.forecast_scores(OFFICE)[0]
    assert (every.scores.n + every.open + every.unknown, every.scores.brier) != (0, None)
    assert every.scores.brier is None, "three enterprises are too few"
    came = queries.came_of(OFFICE, Prospect.objects.get(pk=OTHER))
    assert ("listed_main", 2026, False) in [(one.grants, one.year, one.came) for one in came]


def test_a_change_is_audited_once_and_refused_on_a_line_that_somebody_changed() -> None:
    before = AuditEvent.objects.count()
    _keep(READY, Kept(is_subsidiary=True))
    _enter(READY, "tutoring")
    assert AuditEvent.objects.count() == before + 2
    with pytest.raises(Conflict):
        actions.keep(READY, Kept(), version=0, by=OFFICE)


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (lambda: _keep(READY, Kept(merger="target")), "Say why"),
        (lambda: _enter(READY, "tutoring", date(2024, 10, 1)), "has come"),
        (lambda: _enter(READY, "soon"), "no such state"),
    ],
)
def test_what_cannot_be_kept_says_why(write: Callable[[], object], why: str) -> None:
    with pytest.raises(UserError, match=why):
        write()


def test_an_enterprise_sees_its_own_line_only_and_never_the_mark_for_mergers(cast_client: SignIn) -> None:
    _keep(READY, Kept(merger="target", merger_reason="MarkSecret"))
    own = enterprise(READY)
    assert [one.pk for one in queries.prospects(own)] == [READY]
    with pytest.raises(Http404):
        queries.prospect(own, OTHER)
    with pytest.raises(NotAllowed):
        queries.numbers(own)
    with pytest.raises(NotAllowed):
        actions.keep(READY, Kept(), version=1, by=own)
    with pytest.raises(Http404):
        queries.milestones(own, OTHER)
    client = cast_client("Enterprise")
    own_pages = (f"/listings/{READY}", f"/api/v1/listings/{READY}", f"/api/v1/listings/{READY}/history")
    for path in ("/listings/", "/listings/boards", "/listings/export/csv", "/listings/boards/csv", *own_pages):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, path
        assert b"MarkSecret" not in body
        assert OTHER.encode() not in body
    assert client.get(f"/listings/{OTHER}").status_code == 404
    assert client.get("/listings/outlook").status_code == 403
    assert client.post("/listings/outlook").status_code == 403


def test_a_town_sees_its_own_enterprises_and_keeps_nothing() -> None:
    assert [one.pk for one in queries.prospects(TOWN)] == [READY]
    with pytest.raises(NotAllowed):
        actions.keep(READY, Kept(), version=0, by=TOWN)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_speak_one_language(cast_client: SignIn, language: str) -> None:
    _enter(READY, "filed")
    _reach(OTHER, "listed")
    client = cast_client("ChainOffice")
    lists = ("/listings/?met=listed_main", "/listings/boards", "/listings/boards?near=listed_main&open=listed_chinext")
    for path in (*lists, f"/listings/{READY}", f"/listings/{BARE}", "/listings/outlook"):
        with translation.override(language):
            answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, answer.content.decode()[:2000]
        assert_language(answer)


def test_the_office_enters_a_state_on_the_page_the_chief_confirms_it_and_copies_are_taken(cast_client: SignIn) -> None:
    office, chief = cast_client("ChainOffice"), cast_client("ChainChief")
    said = {"stage": "filed", "reached_on": "2024-09-02"}
    assert office.post(f"/listings/{READY}/states", said).status_code == 400
    assert office.post(f"/listings/{READY}/states", said | {"evidence": "No. 7"}).status_code == 302
    waits = {"milestone": Milestone.objects.get().pk}
    assert office.post(f"/listings/{READY}/states/confirm", waits).status_code == 403
    assert chief.post(f"/listings/{READY}/states/confirm", waits).status_code == 302
    assert Prospect.objects.get(pk=READY).stage == "filed"
    kept = {"version": 0, "merger": "none"}
    assert office.post(f"/listings/{READY}", kept).status_code == 302
    assert office.post(f"/listings/{READY}", kept).status_code == 400
    for path in ("/listings/export/xlsx", "/listings/boards/xlsx", "/listings/outlook/xlsx", "/listings/outlook/csv"):
        assert office.get(path).status_code == 200
    more = {"stage": "accepted", "reached_on": "2024-09-20", "evidence": "No. 8"}
    told = office.post(f"/api/v1/listings/{READY}/states", more, content_type="application/json").json()
    assert (told["stage"], told["waits"]) == ("accepted", True)
    assert office.get("/api/v1/listings/outlook").json()["goal"] == 5


def test_the_boards_are_asked_and_sorted_by(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    for asked, found in (("met=listed_main", {READY}), ("open=listed_main", {BARE}), ("near=listed_main", {OTHER})):
        body = client.get(f"/listings/boards?{asked}&sort=listed_main").content.decode()
        assert {key for key in TOWNS if f"Name {key}" in body} == found, asked


def test_the_pages_of_an_organisation_and_of_its_rungs_have_their_panels() -> None:
    assert "Listing" in [str(one.title) for one in panels("organisation", OFFICE, READY)]
    own = [one for one in panels("rungs", enterprise(READY), READY) if one.template.startswith("listing/")]
    assert [str(one.title) for one in own] == ["Nearest board"]
    assert not [one for one in panels("rungs", enterprise(READY), OTHER) if one.template.startswith("listing/")]
