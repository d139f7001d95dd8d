from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import polars as pl
import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.events_world import BY, of_item, said
from tests.liandesk.language import assert_language

from liandesk.assess.events import actions, forecast_queries, ledger
from liandesk.assess.events.models import Forecast, HitKind
from liandesk.assess.events.resolution import rule_of, settle
from liandesk.assess.events.said import Hit
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now, today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep
from liandesk.base.snapshots.models import Pointer, Snapshot
from liandesk.base.snapshots.queries import RISKS
from liankit.risk.outlook import OUTLOOK_SCHEMA

pytestmark = pytest.mark.django_db
A_YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _entry(key: str = "item:I-resin", **more: object) -> ListEntry:
    fields = {"key": key, "scope": "item", "item": "I-resin", "item_name": "resin", "item_kind": "excipient"}
    return ListEntry.objects.create(**(fields | {"listed_on": today(), "recomputed_on": today()} | more))


def _forecast(made_on: date, likelihood: float = 0.3, **more: object) -> Forecast:
    rule = rule_of("I-resin", ["S-1"], takes_any=bool(more.pop("takes_any", True)))
    ends = {"likelihood": likelihood, "likelihood_low": likelihood, "likelihood_high": likelihood}
    fields = {"entry": "item:I-resin", "item": "I-resin", "item_name": "resin", "source": "model", "made_by": "test"}
    fields |= {"made_on": made_on, "horizon_end": made_on + A_YEAR, "rule": rule}
    return Forecast.objects.create(**(fields | ends | more))


def _settled(found: Forecast) -> tuple[bool | None, date | None]:
    settle(Forecast.objects.filter(pk=found.pk))
    found.refresh_from_db()
    return found.outcome, found.resolved_on


def test_a_forecast_comes_true_by_an_event_of_its_horizon_and_ends_false_when_the_horizon_does() -> None:
    open_one, over = _forecast(today() - timedelta(days=100)), _forecast(today() - 2 * A_YEAR)
    assert (_settled(open_one), _settled(over)) == ((None, None), (False, over.horizon_end))
    began = today() - timedelta(days=50)
    made = actions.enter(said(of_item("I-resin"), began_on=began), by=BY)
    open_one.refresh_from_db()
    assert (open_one.outcome, open_one.resolved_on, open_one.resolved_by) == (True, began, made)
    assert _settled(over) == (False, over.horizon_end), "it began after that horizon"


def test_an_event_that_goes_on_when_a_forecast_is_made_makes_it_true_and_one_that_was_over_does_not() -> None:
    day = today() - timedelta(days=100)
    actions.enter(said(of_item("I-resin"), began_on=day - A_YEAR, ended_on=day), by=BY)
    found = _forecast(day)
    assert _settled(found) == (None, None)
    actions.enter(said(of_item("I-resin"), began_on=day - A_YEAR, ended_on=day + timedelta(days=1)), by=BY)
    assert _settled(found) == (True, day)


def test_taking_an_event_back_takes_its_outcome_back() -> None:
    found = _forecast(today() - timedelta(days=100))
    made = actions.enter(said(of_item("I-resin"), began_on=today()), by=BY)
    actions.withdraw(made.pk, "a mistake", by=BY, version=0)
    found.refresh_from_db()
    assert (found.outcome, found.resolved_by) == (None, None)


def test_an_enterprises_input_is_decided_by_the_suppliers_that_were_known_when_it_was_made() -> None:
    found = _forecast(today() - timedelta(days=100), takes_any=False)
    for maker, outcome in (("S-2", None), ("S-1", True)):
        actions.enter(said(of_item("I-resin"), Hit(HitKind.SUPPLIER, maker, maker), began_on=today()), by=BY)
        assert _settled(found)[0] is outcome


def _snapshot(likelihood: float) -> Snapshot:
    row = ("item:I-resin", likelihood, likelihood / 2, likelihood * 1.5, 0.2, 12, "abc")
    tables = {
        "likelihoods": pl.DataFrame([row], schema=OUTLOOK_SCHEMA, orient="row"),
        "entries": pl.DataFrame(
            {"entry": ["item:I-resin"], "scope": "item", "item": "I-resin", "buyer": pl.Series([None], dtype=pl.String)}
        ),
        "supplies": pl.DataFrame({"item": ["I-resin"], "supplier": ["S-1"], "buyer": ["O-1"], "country": ["US"]}),
        "organisations": pl.DataFrame(schema={"id": pl.String, "town": pl.String}),
    }
    blobs = {name: store.put_frame(frame) for name, frame in tables.items()}
    return keep(tables=blobs, inputs={"of": likelihood}, is_synthetic=False, by=BY)


def test_publish_keeps_a_likelihood_that_is_new_or_differs_or_is_a_month_old() -> None:
    _entry()
    made = [ledger.keep_published(_snapshot(share))["forecasts"] for share in (0.3, 0.301, 0.4)]
    assert made == [1, 0, 1]
    Forecast.objects.update(made_on=today() - timedelta(days=31))
    assert ledger.keep_published(_snapshot(0.4))["forecasts"] == 1
    last = Forecast.objects.latest("pk")
    assert (last.rule["makers"], last.base_rate, last.events_known, last.model) == (["S-1"], 0.2, 12, "abc")


def test_a_country_that_is_hit_decides_forecasts_of_what_comes_from_there() -> None:
    Pointer.objects.create(name=RISKS, snapshot=_snapshot(0.3), published_at=now())
    open_ones = [_forecast(today() - timedelta(days=9), takes_any=takes_any) for takes_any in (True, False)]
    for country, outcome in (("SE", None), ("US", True)):
        actions.enter(said(Hit(HitKind.COUNTRY, country, country), began_on=today()), by=BY)
        assert [_settled(found)[0] for found in open_ones] == [outcome, outcome]


def test_an_office_says_its_own_number_with_a_reason_on_entries_it_owns(viewer: Callable[[str], Viewer]) -> None:
    key = _entry().key
    made = ledger.say_likelihood(key, 0.2, "stock is there", by=viewer("ChainOffice"), low=0.1)
    assert (made.likelihood_low, made.likelihood_high, made.office) == (0.1, 0.2, pack().chain_office)
    for share, reason, low in ((0.2, " ", None), (1.2, "much", None), (0.2, "odd", 0.3)):
        with pytest.raises(UserError):
            ledger.say_likelihood(key, share, reason, by=viewer("ChainOffice"), low=low)
    with pytest.raises(NotThere):
        ledger.say_likelihood(key, 0.2, "not mine", by=viewer("Officer"))
    for name in ("ChainChief", "TownOfficer", "Enterprise"):
        with pytest.raises(NotAllowed):
            ledger.say_likelihood(key, 0.2, "no", by=viewer(name))


def test_a_town_sees_forecasts_of_its_entries_and_an_enterprise_none(viewer: Callable[[str], Viewer]) -> None:
    _entry(town="330113001")
    _forecast(today() - A_YEAR)
    assert forecast_queries.forecasts(viewer("TownOfficer")).count() == 1
    assert forecast_queries.forecasts(viewer("OtherTown")).count() == 0
    with pytest.raises(NotAllowed):
        forecast_queries.forecasts(viewer("Enterprise"))


def _ledger_of(count: int, made_on: date) -> None:
    """Keep forecasts of so many entries; every third came true a week later, and was given more."""
    later = made_on + timedelta(days=7)
    for at in range(count):
        likelihood = 0.6 if at % 3 == 0 else 0.2
        _forecast(made_on, likelihood, entry=f"item:{at}", outcome=at % 3 == 0, resolved_on=later, base_rate=0.3)


def test_only_forecasts_whose_horizon_is_over_are_scored_and_too_few_are_called_so() -> None:
    _ledger_of(6, today() - 2 * A_YEAR)
    _forecast(today() - timedelta(days=10), outcome=True, resolved_on=today())
    found = forecast_queries.scored(BY, hindcasts=False)
    assert (found.groups[0].scores.n, found.groups[0].scores.brier, found.open) == (6, None, 1)


def test_what_was_under_way_on_the_day_of_its_forecast_is_not_scored() -> None:
    made_on = today() - 2 * A_YEAR
    _ledger_of(6, made_on)
    _forecast(made_on, 1.0, entry="item:certain", outcome=True, resolved_on=made_on)
    found = forecast_queries.scored(BY, hindcasts=False)
    assert (found.groups[0].scores.n, found.under_way, found.open) == (6, 1, 0)


def test_scores_are_those_of_the_definition_and_hindcasts_are_kept_apart() -> None:
    _ledger_of(60, today() - 2 * A_YEAR)
    Forecast.objects.update(is_hindcast=True)
    found = forecast_queries.scored(BY, hindcasts=True)
    scores = found.groups[0].scores
    assert scores.brier is not None
    assert scores.auc is not None
    assert scores.brier.value == pytest.approx((20 * 0.4**2 + 40 * 0.2**2) / 60)
    assert (scores.n, scores.events, scores.auc.value) == (60, 20, 1.0)
    assert found.reliability["observed"].to_list() == [0.0, 1.0]
    assert forecast_queries.scored(BY, hindcasts=False).groups == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_ledger_scores_and_the_own_number_read_in_both_languages(
    cast_client: Callable[[str], Client], language: str
) -> None:
    _ledger_of(60, today() - 2 * A_YEAR)
    key = _entry().key
    client = cast_client("ChainOffice")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    sent = client.post(f"/forecasts/of/{key}", {"likelihood": "35", "reason": "seen on the market"})
    assert sent.status_code == 302
    for page in ("/forecasts/", "/forecasts/scores", "/forecasts/scores?hindcasts", f"/forecasts/of/{key}"):
        assert_language(client.get(page))
    scores = client.get("/forecasts/scores").content.decode()
    assert 'class="score-dot"' in scores
    assert "Brier" in b"".join(client.get("/forecasts/scores/export/csv").streaming_content).decode("utf-8-sig")


def test_an_event_that_is_not_matched_yet_decides_nothing_by_the_api(cast_client: Callable[[str], Client]) -> None:
    found = _forecast(today() - timedelta(days=10))
    body = {"cause": "halt", "title": "t", "began_on": "2024-03-01", "hits": [{"kind": "item", "name": "said"}]}
    answer = cast_client("ChainOffice").post("/api/v1/events", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["hits"] == [{"kind": "item", "name": "said", "object_id": ""}]
    assert _settled(found) == (None, None)
