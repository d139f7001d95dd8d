from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator

import polars as pl
import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.language import assert_language
from tests.liandesk.own_database import own_database
from tests.liandesk.whatif_world import BY, ONE, THREE, TWO, publish_network

from liandesk.assess.whatif import actions, queries
from liandesk.assess.whatif.failing import Failing, Shock
from liandesk.assess.whatif.models import WhatIf
from liandesk.base.accounts.cast import NAMES
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.jobs.models import Job, JobState
from liandesk.base.ui.panels import inbox, panels
from liandesk.refresh.worker import work

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Client]
CYTIVA, GIBCO = Failing("maker", "S-Cytiva", "Cytiva"), Failing("maker", "S-Gibco", "Gibco")


@pytest.fixture(autouse=True)
def network() -> Iterator[None]:
    publish_network()
    with translation.override("en"):
        yield


def _answered(*shocks: Shock, by: Viewer = BY) -> WhatIf:
    asked = actions.ask("Cytiva fails", shocks, by=by, note="a secret plan")
    work(until_idle=True)
    return WhatIf.objects.select_related("job", "snapshot").get(pk=asked.pk)


def _hits(found: WhatIf, viewer: Viewer = BY) -> dict[str, dict[str, object]]:
    hits = queries.opened(viewer, found.pk).hits
    assert hits is not None
    return {row["line"]: row for row in hits.iter_rows(named=True)}


def test_a_loss_reaches_direct_and_indirect_buyers_between_its_least_and_its_most() -> None:
    hits = _hits(_answered(Shock(CYTIVA, 1.0)))
    drug, bag = hits["N-drug"], hits["N-bag"]
    assert (drug["loss_low"], drug["loss_high"], drug["step"], drug["before_name"]) == (1.0, 1.0, 1, "Cytiva")
    assert (drug["stake_low"], drug["stake_high"]) == (50e6, 50e6)
    assert (bag["loss_low"], bag["loss_high"]) == pytest.approx((0.4, 0.7))
    assert (bag["step"], bag["before_owner"], bag["input_name"]) == (2, ONE, "单抗注射液")
    assert bag["origin_name"] == "Cytiva"
    assert (bag["stake_low"], bag["stake_high"]) == pytest.approx((3.2e6, 5.6e6))


def test_stocks_on_the_way_say_from_which_day_and_one_unknown_stock_leaves_it_unknown() -> None:
    hits = _hits(_answered(Shock(CYTIVA, 1.0)))
    days = {line: (hits[line]["day_low"], hits[line]["day_high"]) for line in ("N-drug", "N-bag", "N-device")}
    assert days == {"N-drug": (60.0, 60.0), "N-bag": (70.0, 80.0), "N-device": (None, None)}


def test_an_enterprise_whose_purchases_are_little_known_has_no_figure_but_its_direct_stop() -> None:
    found = queries.opened(BY, _answered(Shock(CYTIVA, 1.0)).pk)
    assert found.hits is not None
    assert found.stops is not None
    device = found.hits.row(by_predicate=pl.col("line") == "N-device", named=True)
    assert {device[name] for name in ("loss_low", "loss_high", "stake_low", "stake_high")} == {None}
    assert dict(found.stops.select("line", "verdict").iter_rows()) == {"N-drug": "stops", "N-device": "may_stop"}


def test_who_buys_on_the_market_of_an_item_stops_when_its_only_maker_does() -> None:
    found = queries.opened(BY, _answered(Shock(GIBCO, 1.0)).pk)
    assert found.stops is not None
    assert found.stops.select("line", "verdict", "input_name", "day_low").rows() == [("N-bag", "stops", "培养基", 30.0)]


def test_a_part_of_the_output_brings_down_a_part_and_every_maker_of_an_item_can_fail() -> None:
    hits = _hits(_answered(Shock(Failing("item", "I-resin", "层析填料"), 0.5)))
    assert (hits["N-drug"]["loss_low"], hits["N-drug"]["loss_high"]) == pytest.approx((0.5, 0.5))


def test_asking_is_one_event_of_who_asks_and_needs_no_right_to_start_runs(viewer: Callable[[str], Viewer]) -> None:
    asked = actions.ask("Cytiva fails", [Shock(CYTIVA, 1.0)], by=viewer("ChainChief"))
    mine = AuditEvent.objects.filter(actor=viewer("ChainChief").actor)
    assert [(event.action, event.object_id) for event in mine] == [("what_if.ask", str(asked.pk))]


def test_who_may_not_ask_asks_and_cancels_nothing(viewer: Callable[[str], Viewer]) -> None:
    asked = actions.ask("Cytiva fails", [Shock(CYTIVA, 1.0)], by=BY)
    for name in set(NAMES) - {"ChainOffice", "ChainChief"}:
        with pytest.raises(NotAllowed):
            actions.ask("mine", [Shock(CYTIVA, 1.0)], by=viewer(name))
        with pytest.raises(NotAllowed):
            actions.cancel(asked.pk, by=viewer(name))
    assert WhatIf.objects.count() == 1


def test_a_question_that_waits_is_cancelled_at_once_and_one_that_runs_at_its_next_beat() -> None:
    waiting = actions.ask("waits", [Shock(CYTIVA, 1.0)], by=BY)
    actions.cancel(waiting.pk, by=BY)
    running = actions.ask("runs", [Shock(CYTIVA, 1.0)], by=BY)
    Job.objects.filter(pk=running.job_id).update(cancel_requested=True)
    work(until_idle=True)
    for asked in (waiting, running):
        found = WhatIf.objects.select_related("job").get(pk=asked.pk)
        assert (found.job.state, found.is_answered) == (JobState.CANCELLED, False)


def test_without_a_supply_network_nothing_is_asked() -> None:
    from liandesk.base.snapshots.models import Pointer

    Pointer.objects.all().delete()
    with pytest.raises(UserError, match="Refresh"):
        actions.ask("early", [Shock(CYTIVA, 1.0)], by=BY)


def test_a_town_sees_the_rows_of_its_own_enterprises_and_neither_who_fails_nor_by_whom(
    viewer: Callable[[str], Viewer],
) -> None:
    pk = _answered(Shock(CYTIVA, 1.0)).pk
    seen = {name: queries.opened(viewer(name), pk) for name in ("TownOfficer", "OtherTown", "Auditor")}
    rows = {
        name: set(found.hits["organisation"].drop_nulls()) for name, found in seen.items() if found.hits is not None
    }
    assert rows == {"TownOfficer": {ONE, THREE}, "OtherTown": {TWO}, "Auditor": {ONE, TWO, THREE}}
    town = seen["TownOfficer"]
    assert (town.shocks, town.what_if.note, town.sees_all) == ([], "", False)
    assert town.hits is not None
    assert town.hits.select(pl.col("before_name", "before_line", "origin_name").is_null().all()).row(0) == (True,) * 3


def test_a_town_that_nothing_reaches_does_not_find_the_what_if(viewer: Callable[[str], Viewer]) -> None:
    pk = _answered(Shock(GIBCO, 1.0)).pk  # reaches the first town only
    assert queries.what_ifs(viewer("TownOfficer")).count() == 1
    assert queries.what_ifs(viewer("OtherTown")).count() == 0
    with pytest.raises(NotThere):
        queries.opened(viewer("OtherTown"), pk)


def test_whoever_asked_finds_the_answer_on_the_desk(viewer: Callable[[str], Viewer]) -> None:
    _answered(Shock(CYTIVA, 1.0), by=viewer("ChainOffice"))
    lines = {name: [line.title for line in inbox(viewer(name))] for name in ("ChainOffice", "ChainChief")}
    assert "Cytiva fails" in lines["ChainOffice"]
    assert "Cytiva fails" not in lines["ChainChief"]


@pytest.fixture
def sign_in(cast_client: Callable[[str], Client]) -> SignIn:
    def signed_in(name: str, language: str = "en") -> Client:
        client = cast_client(name)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


def test_an_enterprise_finds_no_what_if_by_any_door(sign_in: SignIn) -> None:
    pk = _answered(Shock(CYTIVA, 1.0)).pk
    places = ["/what-if/", "/what-if/new", f"/what-if/{pk}", f"/what-if/{pk}/export/xlsx", f"/what-if/{pk}/beside/{pk}"]
    client = sign_in("Enterprise")
    for place in [*places, "/api/v1/what-ifs", f"/api/v1/what-ifs/{pk}"]:
        assert client.get(place).status_code == 403, place


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_asked_on_the_page_it_is_answered_by_the_worker_and_read_in_both_languages(
    sign_in: SignIn, language: str
) -> None:
    client = sign_in("ChainOffice", language)
    assert_language(client.get("/what-if/new?makers=Cytiva"))
    sent = client.post("/what-if/new", {"title": "Cytiva", "makers": "cyti, 50 %", "items": "培养基"})
    place = sent.headers["Location"]
    waiting = client.get(place)
    assert_language(waiting)
    assert b"<progress" in waiting.content
    polled = client.get(place, headers={"hx-request": "true"}).content.decode()
    assert "<progress" in polled
    assert "<main" not in polled, "the part that changes alone"
    work(until_idle=True)
    assert client.get(place, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    answered = client.get(place)
    assert_language(answered)
    assert "临安生物一号有限公司" in answered.content.decode()
    assert WhatIf.objects.get().shocks[0]["loss"] == 0.5
    for page in ("/what-if/", f"{place}/beside/{place.rsplit('/', 1)[1]}"):
        assert_language(client.get(page))


def test_a_name_that_means_nothing_or_several_is_said_with_the_likely_ones(sign_in: SignIn) -> None:
    page = sign_in("ChainOffice").post("/what-if/new", {"title": "t", "makers": "Nobody\n临平"})
    assert page.status_code == 400
    said = page.content.decode()
    assert "is called &#x27;Nobody&#x27;" in said
    assert "临平制剂三号有限公司、临平器械二号有限公司" in said
    assert WhatIf.objects.count() == 0


def test_the_copy_holds_what_the_page_shows_and_leaves_a_trace(sign_in: SignIn) -> None:
    pk = _answered(Shock(CYTIVA, 1.0)).pk
    WhatIf.objects.update(title="Cytiva [two sites] / what then? A name longer than a sheet may have")
    assert sign_in("ChainOffice").get(f"/what-if/{pk}/export/xlsx").status_code == 200
    sent = sign_in("TownOfficer").get(f"/what-if/{pk}/export/csv")
    rows = pl.read_csv(io.BytesIO(b"".join(sent.streaming_content)))
    assert set(rows["Enterprise"]) == {"临安生物一号有限公司", "临平制剂三号有限公司"}
    assert AuditEvent.objects.filter(action="list.export", object_id="what_if").count() == 2


def test_the_api_asks_and_answers_with_null_for_what_is_unknown(sign_in: SignIn) -> None:
    client = sign_in("ChainOffice")
    asked = {"title": "by the API", "shocks": [{"kind": "maker", "name": "Cytiva"}]}
    made = client.post("/api/v1/what-ifs", asked, content_type="application/json").json()
    assert client.get(f"/api/v1/what-ifs/{made['id']}").json()["hits"] is None
    work(until_idle=True)
    answer = client.get(f"/api/v1/what-ifs/{made['id']}").json()
    losses = {row["line"]: row["loss_high"] for row in answer["hits"]}
    assert losses["N-drug"] == 1.0
    assert losses["N-device"] is None
    assert {row["line"]: row["verdict"] for row in answer["stops"]} == {"N-drug": "stops", "N-device": "may_stop"}


def test_the_pages_of_what_can_fail_lead_to_the_question_for_who_may_ask(viewer: Callable[[str], Viewer]) -> None:
    for page, key, asks in (("organisation", ONE, "makers="), ("node", "I-resin", "items=")):
        found = [panel for panel in panels(page, viewer("ChainChief"), key) if panel.template == "whatif/_of.html"]
        assert [asks in panel.context["url"] for panel in found] == [True], page
        refused = panels(page, viewer("Enterprise"), key)
        assert "whatif/_of.html" not in [panel.template for panel in refused]


@own_database
def test_no_web_page_imports_the_compiler() -> None:
    said = "import django, sys; django.setup(); import liandesk.config.urls; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
