"""The listing library: forecasts published beside what officers keep, the number by the target's day, who sees what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.http import Http404
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise

import liandesk.packs
from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.actions import Kept
from liandesk.assess.listing.models import Outlook, Prospect
from liandesk.base.accounts.roles import Role, ScopeKind, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import Shipped
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep
from liandesk.base.snapshots.models import Pointer
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui.panels import panels
from liandesk.know.registry.models import Organisation
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


def _figures(key: str, revenue: float, margin: float) -> list[tuple[object, ...]]:
    names = {"revenue_cny": 1.0, "net_profit_cny": margin, "operating_cash_flow_cny": margin, "rd_expense_cny": 0.1}
    return [
        (key, name, date(year, 12, 31), None, revenue * 1.2 ** (year - 2021) * share, None)
        for name, share in names.items()
        for year in (2021, 2022, 2023)
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
    facts = [*_figures(READY, 1e9, 0.15), *_figures(OTHER, 5e6, 0.02)]
    table = store.put_frame(pl.DataFrame(facts, schema=FACTS, orient="row"))
    snapshot = keep(tables={"rule_facts": table}, inputs={}, is_synthetic=False, by=BY)
    Pointer.objects.update_or_create(name=RISKS, defaults={"snapshot": snapshot, "published_at": now()})
    actions.publish_forecasts(by=BY)
    yield


def _keep(key: str, kept: Kept) -> Prospect:
    return actions.keep(key, kept, version=Prospect.objects.get(pk=key).version, by=OFFICE)


def test_a_line_says_what_is_met_today_when_a_board_is_met_first_and_what_stays_open() -> None:
    ready, other, bare = (Prospect.objects.get(pk=key) for key in (READY, OTHER, BARE))
    assert "|listed_main|" in ready.met
    assert f"|{ready.board}|" in ready.met
    assert (ready.median, ready.probability) == (2024, 1.0)
    assert (other.met, other.median) == ("", None)
    assert (bare.median, bare.probability) == (None, None)
    assert bare.missing > 0


def test_forecasting_again_keeps_what_people_wrote() -> None:
    _keep(READY, Kept(stage="filed", stage_on=date(2024, 6, 3), merger="buyer", merger_reason="has the means"))
    actions.publish_forecasts(by=BY)
    found = Prospect.objects.get(pk=READY)
    assert (found.stage, found.merger, found.median) == ("filed", "buyer", 2024)
    assert Outlook.objects.count() == 1


def test_the_number_is_what_is_listed_and_the_chances_of_those_on_the_way() -> None:
    _keep(OTHER, Kept(stage="listed", stage_on=date(2023, 1, 1)))
    _keep(READY, Kept(stage="filed"))
    made = actions.publish_forecasts(by=BY)
    chance = 0.65 * (1 - 0.5 ** ((date(2025, 12, 31) - date(2024, 9, 30)).days / (365.25 / 12) / 9))
    assert made.counted == 1
    assert made.numbers["low"] == pytest.approx([0.0, 1 - chance, chance])
    found = queries.numbers(OFFICE)
    assert found is not None
    assert found.reached == (0.0, 0.0)
    assert found.low[1] == 1


@pytest.mark.parametrize(
    "special", [{"is_relocated": True}, {"left_on": date(2024, 1, 1)}, {"stage_on": None, "stage": "none"}]
)
def test_who_moved_here_or_left_the_exchange_does_not_count(special: dict[str, object]) -> None:
    _keep(OTHER, replace(Kept(stage="listed", stage_on=date(2023, 1, 1)), **special))  # type: ignore[arg-type]
    assert actions.publish_forecasts(by=BY).counted == 0


def test_an_unknown_answer_widens_the_number_and_is_never_taken_for_no() -> None:
    _keep(BARE, Kept(stage="tutoring"))
    numbers = actions.publish_forecasts(by=BY).numbers
    assert numbers["low"] == [1.0]
    assert len(numbers["high"]) == 2


def test_an_outlook_is_scored_when_its_day_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.scores(OFFICE) == []
    monkeypatch.setenv("LIANDESK_TODAY", "2026-01-01")
    actions.publish_forecasts(by=BY)
    scored = queries.scores(OFFICE)
    assert [(one.outlook.came, one.ranked, one.brier) for one in scored] == [(0, (0.0, 0.0), (0.0, 0.0))]


def test_a_change_is_audited_once_and_refused_on_a_line_that_somebody_changed() -> None:
    before = AuditEvent.objects.count()
    _keep(READY, Kept(stage="tutoring"))
    assert AuditEvent.objects.count() == before + 1
    with pytest.raises(Conflict):
        actions.keep(READY, Kept(stage="filed"), version=0, by=OFFICE)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (Kept(merger="target"), "Say why"),
        (Kept(stage="filed", stage_on=date(2024, 10, 1)), "has come"),
        (Kept(stage="soon"), "no such state"),
    ],
)
def test_what_cannot_be_kept_says_why(kept: Kept, why: str) -> None:
    with pytest.raises(UserError, match=why):
        _keep(READY, kept)


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
    client = cast_client("Enterprise")
    for path in ("/listings/", f"/listings/{READY}", "/listings/export/csv", f"/api/v1/listings/{READY}"):
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
    _keep(READY, Kept(stage="filed"))
    actions.publish_forecasts(by=BY)
    client = cast_client("ChainOffice")
    for path in ("/listings/?met=listed_main", f"/listings/{READY}", f"/listings/{BARE}", "/listings/outlook"):
        with translation.override(language):
            answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, answer.content.decode()[:2000]
        assert_language(answer)


def test_the_office_keeps_a_state_on_the_page_and_takes_copies(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    said = {"version": 0, "stage": "tutoring", "stage_on": "2024-09-02", "merger": "none"}
    assert client.post(f"/listings/{READY}", said).status_code == 302
    assert Prospect.objects.get(pk=READY).stage == "tutoring"
    assert client.post(f"/listings/{READY}", said).status_code == 400
    for path in ("/listings/export/xlsx", "/listings/outlook/xlsx", "/listings/outlook/csv"):
        assert client.get(path).status_code == 200
    kept = client.post(
        f"/api/v1/listings/{READY}/keep", {"version": 1, "stage": "filed"}, content_type="application/json"
    )
    assert kept.json()["stage"] == "filed"
    assert client.get("/api/v1/listings/outlook").json()["goal"] == 5


def test_the_page_of_an_organisation_has_its_panel() -> None:
    assert "Listing" in [str(one.title) for one in panels("organisation", OFFICE, READY)]
