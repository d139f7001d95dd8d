"""What to do with a budget: from interventions in words to what each budget buys, and what is proposed of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk import portfolio_world
from tests.liandesk.language import assert_language
from tests.liandesk.whatif_world import BY, ONE

from liandesk.assess.lists.models import ListEntry
from liandesk.assess.portfolio import actions, excel, proposals, queries
from liandesk.assess.portfolio.models import Intervention, Objective, Portfolio
from liandesk.assess.portfolio.plans import EXCLUDED, LOCKED, Said, plan_of
from liandesk.base.accounts.cast import NAMES
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.jobs.models import Job, JobState
from liandesk.base.ui.panels import inbox, panels
from liandesk.refresh.worker import work
from liankit.tables import read_table
from liankit.tables.write import Sheet, write_workbook

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Client]
RESIN = Said("second_source", "层析填料", 0.5, (2_000_000, 3_000_000))
MEDIUM = Said("stock", "培养基", 1.0, (500_000, 500_000), months=(1, 2))


@pytest.fixture(autouse=True)
def network() -> Iterator[None]:
    portfolio_world.publish()
    with translation.override("en"):
        yield


def _answered(*rows: Said, objective: str = "impact", budget: int = 3_500_000) -> queries.Opened:
    asked = actions.ask_of_rows("one", rows, by=BY, budget_cny=budget, objective=objective)
    work(until_idle=True)
    return queries.opened(BY, asked.pk)


def _points(found: queries.Opened) -> list[tuple[int, float, float | None]]:
    assert found.frontier is not None
    return found.frontier.select("cost_cny", "together", "saved_high").rows()


def test_each_budget_says_what_it_buys_and_the_two_objectives_stay_apart() -> None:
    """Resin loses at least 50 + 0.4 x 8 with Cytiva, half of it saved; medium 8 with Gibco, all of it saved."""
    impact = _points(_answered(RESIN, MEDIUM))
    assert impact == [
        (0, 0.0, 0.0),
        (500_000, pytest.approx(8e6), pytest.approx(8e6)),
        (3_000_000, pytest.approx(26.6e6), pytest.approx(32.3e6)),
        (3_500_000, pytest.approx(34.6e6), pytest.approx(40.3e6)),
    ]
    expected = _points(_answered(RESIN, MEDIUM, objective="expected"))
    assert expected == [(0, 0.0, 0.0), (3_000_000, pytest.approx(2.66e6), pytest.approx(9.69e6))]


def test_the_answer_says_which_risk_each_choice_lowers_and_to_what() -> None:
    found = _answered(RESIN, MEDIUM)
    assert found.lowered is not None
    rows = found.lowered.filter(pl.col("cost_cny") == 3_500_000).sort("item_name")
    assert rows.select("item_name", "before_low", "after_low", "after_high").rows() == [
        ("培养基", 8e6, 0.0, 0.0),
        ("层析填料", 53.2e6, pytest.approx(26.6e6), pytest.approx(32.3e6)),
    ]


def test_a_changed_network_moves_the_frontier() -> None:
    before = _points(_answered(RESIN, MEDIUM))
    found = portfolio_world.frames()
    bigger = found["cascade_lines"].with_columns(output_cny=pl.when(line="N-bag").then(200e6).otherwise("output_cny"))
    portfolio_world.publish_network(entries=found["entries"], shares=found["shares"], cascade_lines=bigger)
    after = _points(_answered(RESIN, MEDIUM))
    assert after[1][1] == pytest.approx(200e6)
    assert before[1][1] == pytest.approx(8e6)


def test_what_is_locked_is_chosen_what_is_excluded_or_too_late_is_not() -> None:
    made = [actions.enter(said, by=BY) for said in (RESIN, MEDIUM)]
    plans = [replace(plan_of(made[0]), state=LOCKED), replace(plan_of(made[1]), state=EXCLUDED)]
    asked = actions.ask("two", plans, by=BY, budget_cny=9_000_000, objective=Objective.IMPACT)
    late = actions.ask("late", [plan_of(one) for one in made], by=BY, budget_cny=9_000_000, months_most=3)
    work(until_idle=True)
    frontiers = [queries.opened(BY, one.pk).frontier for one in (asked, late)]
    chosen = [set(frontier["interventions"].explode().drop_nulls()) for frontier in frontiers if frontier is not None]
    assert chosen[0] == {f"i{made[0].pk}"}
    assert chosen[1] == set(), "resin takes effect too late, the likelihood of medium is unknown"


def test_words_that_mean_nothing_are_refused_before_anything_is_computed() -> None:
    for said, why in (
        (replace(RESIN, item="nothing"), "No item"),
        (replace(RESIN, supplier="Gibco"), "supplies this item"),
        (replace(RESIN, buyer="Gibco"), "buys this item"),
    ):
        with pytest.raises(UserError, match=why):
            actions.enter(said, by=BY)
    assert actions.enter(replace(RESIN, buyer=ONE), by=BY).buyer_name == "临安生物一号有限公司"
    with pytest.raises(UserError, match="nothing to choose"):
        actions.ask_of_rows("none", [], by=BY, budget_cny=1)
    dear = [replace(plan_of(actions.enter(RESIN, by=BY)), state=LOCKED)]
    with pytest.raises(UserError, match="locked costs more"):
        actions.ask("dear", dear, by=BY, budget_cny=1)


def test_a_stale_form_overwrites_nothing_and_each_write_is_one_event() -> None:
    made = actions.enter(RESIN, by=BY)
    actions.change(made.pk, replace(RESIN, covers=0.8), by=BY, version=0)
    with pytest.raises(Conflict):
        actions.change(made.pk, replace(RESIN, covers=0.1), by=BY, version=0)
    with pytest.raises(Conflict):
        actions.withdraw(made.pk, "late", by=BY, version=0)
    actions.withdraw(made.pk, "done", by=BY, version=1)
    assert Intervention.objects.get().covers == 0.8
    assert queries.interventions(BY).count() == 0
    said = AuditEvent.objects.filter(object_kind="intervention").values_list("action", flat=True)
    assert list(said) == ["intervention.enter", "intervention.change", "intervention.withdraw"]


def test_who_may_not_ask_enters_asks_and_proposes_nothing(viewer: Callable[[str], Viewer]) -> None:
    found = portfolio_world.answered("x", [plan_of(actions.enter(RESIN, by=BY))])
    for name in set(NAMES) - {"ChainOffice", "ChainChief"}:
        for do in (
            lambda by: actions.enter(RESIN, by=by),
            lambda by: actions.ask_of_rows("mine", [RESIN], by=by, budget_cny=1),
            lambda by: actions.cancel(found.pk, by=by),
            lambda by: actions.propose_deal(found.pk, "i1", by=by),
            lambda by: proposals.open_challenge(found.pk, "i1", by=by),
        ):
            with pytest.raises(NotAllowed):
                do(viewer(name))
    assert (Intervention.objects.count(), Portfolio.objects.count()) == (1, 1)


def test_a_question_that_waits_is_cancelled_at_once_and_one_that_runs_at_its_next_beat() -> None:
    waiting = actions.ask_of_rows("waits", [RESIN], by=BY, budget_cny=1)
    actions.cancel(waiting.pk, by=BY)
    running = actions.ask_of_rows("runs", [RESIN], by=BY, budget_cny=1)
    Job.objects.filter(pk=running.job_id).update(cancel_requested=True)
    work(until_idle=True)
    for asked in (waiting, running):
        found = queries.opened(BY, asked.pk).portfolio
        assert (found.job.state, found.is_answered) == (JobState.CANCELLED, False)


def test_an_intervention_opens_a_challenge_about_its_risk_or_is_kept_as_a_deal_once(
    viewer: Callable[[str], Viewer],
) -> None:
    take_over_packs(by=BY)
    entry = {"item": "I-resin", "item_name": "层析填料", "listed_on": today(), "recomputed_on": today()}
    ListEntry.objects.create(key="item:I-resin", scope="item", **entry)
    plan = plan_of(actions.enter(RESIN, by=BY))
    found, office = portfolio_world.answered("x", [plan]), viewer("ChainOffice")
    made = proposals.open_challenge(found.pk, plan.key, by=office)
    assert made.case is not None
    assert (made.case.process, made.case.subject_id) == ("challenge", "item:I-resin")
    event = made.case.events.get(number=1)
    assert event.data["budget_cny"] == 3_000_000
    assert "Cytiva" not in str(event.data), "a challenge will be published"
    actions.propose_deal(found.pk, plan.key, by=office)
    with pytest.raises(Conflict):
        actions.propose_deal(found.pk, plan.key, by=office)
    assert [one.kind for one in queries.opened(BY, found.pk).proposals] == ["challenge", "deal"]


@pytest.fixture
def sign_in(cast_client: Callable[[str], Client]) -> Callable[..., Client]:
    def signed_in(name: str, language: str = "en") -> Client:
        client = cast_client(name)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


_ROW = {"kind": "stock", "item": "填料", "covers": "50", "cost": "200–300", "months": "3"}
_ROWS = {f"row-0-{name}": value for name, value in _ROW.items()} | {
    "row-TOTAL_FORMS": "5",
    "row-INITIAL_FORMS": "0",
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_calculator_is_answered_by_the_worker_and_read_in_both_languages(
    sign_in: Callable[..., Client], language: str
) -> None:
    client = sign_in("ChainOffice", language)
    assert_language(client.get("/portfolio/"))
    sent = client.post("/portfolio/", {**_ROWS, "budget": "400", "objective": "impact"})
    place = sent.headers["Location"]
    assert_language(client.get(place))
    work(until_idle=True)
    page = client.get(place)
    assert_language(page)
    assert "frontier-point is-shown" in page.content.decode()
    client.post("/interventions/new", {**_ROW, "version": "0"})
    for where in ("/interventions/", "/interventions/new", f"/interventions/{Intervention.objects.get().pk}"):
        assert_language(client.get(where))
    assert_language(client.get("/portfolio/new"))
    assert Intervention.objects.get().cost_high_cny == 3_000_000


def test_a_wrong_row_is_said_and_nothing_is_asked(sign_in: Callable[..., Client]) -> None:
    wrong = {**_ROWS, "row-0-cost": "30–20", "budget": "400", "objective": "impact"}
    page = sign_in("ChainOffice").post("/portfolio/", wrong)
    assert page.status_code == 400
    assert "The first number is above the second." in page.content.decode()
    assert Portfolio.objects.count() == 0


def test_the_copies_hold_the_frontier_with_its_gap_and_leave_a_trace(sign_in: Callable[..., Client]) -> None:
    found = portfolio_world.answered("a portfolio", [plan_of(actions.enter(RESIN, by=BY))])
    client = sign_in("Auditor")
    sent = client.get(f"/portfolio/{found.pk}/export/frontier/csv")
    rows = pl.read_csv(io.BytesIO(b"".join(sent.streaming_content)))
    assert rows.height == 2, "nothing, and the one intervention"
    for place in (f"/portfolio/{found.pk}/export/lowered/xlsx", "/interventions/export/xlsx"):
        assert client.get(place).status_code == 200
    assert AuditEvent.objects.filter(action="list.export").count() == 3


def test_the_api_enters_asks_and_answers(sign_in: Callable[..., Client]) -> None:
    client = sign_in("ChainOffice")
    said = {"kind": "licence", "item": "I-resin", "covers": 0.5, "cost_low_cny": 10, "cost_high_cny": 20}
    made = client.post("/api/v1/interventions", said, content_type="application/json").json()
    assert (made["supplier_name"], made["months_low"]) == ("Cytiva", 6.0)
    asked = {"title": "by the API", "budget_cny": 100, "objective": "impact", "locked": [made["id"]]}
    portfolio = client.post("/api/v1/portfolios", asked, content_type="application/json").json()
    assert client.get(f"/api/v1/portfolios/{portfolio['id']}").json()["frontier"] is None
    work(until_idle=True)
    answer = client.get(f"/api/v1/portfolios/{portfolio['id']}").json()
    assert [row["cost_cny"] for row in answer["frontier"]] == [20]
    assert answer["frontier"][0]["gap"] == 0


def test_an_entry_shows_its_interventions_to_who_may_see_them_and_the_desk_tells_who_asked(
    viewer: Callable[[str], Viewer],
) -> None:
    entry = {"item": "I-resin", "item_name": "层析填料", "listed_on": today(), "recomputed_on": today()}
    ListEntry.objects.create(key="item:I-resin", scope="item", **entry)
    actions.enter(RESIN, by=BY)
    shown = [one for one in panels("entry", viewer("ChainChief"), "item:I-resin") if "portfolio/" in one.template]
    assert [row.title for row in shown[0].context["rows"]] == ["Qualify a second source · 层析填料"]
    hidden = panels("entry", viewer("Officer"), "item:I-resin")
    assert not [one for one in hidden if "portfolio/" in one.template]
    actions.ask_of_rows("my question", [RESIN], by=viewer("ChainChief"), budget_cny=1)
    work(until_idle=True)
    assert "my question" in [line.title for line in inbox(viewer("ChainChief"))]
    assert "my question" not in [line.title for line in inbox(viewer("ChainOffice"))]


def test_a_sheet_of_interventions_comes_back_good_rows_are_written_and_a_bad_one_says_why(tmp_path: Path) -> None:
    actions.enter(RESIN, by=BY)
    path = tmp_path / "sent.xlsx"
    excel.write_sheet(path, queries.interventions(BY))
    table = excel.intervention_table()
    held = read_table(path, table).rows.select(column.name for column in table.columns).to_dicts()
    assert (held[0]["covers"], held[0]["cost_low_cny"], held[0]["cost_high_cny"]) == (0.5, 2e6, 3e6)
    new = dict.fromkeys(held[0]) | {"kind": "stock", "item": "培养基", "covers": 1.0, "cost_low_cny": 5e5}
    rows = [held[0] | {"covers": 0.6}, new, new | {"item": "nowhere"}, new | {"title": "x", "cost_low_cny": None}]
    frame = pl.DataFrame(rows, schema={column.name: column.dtype for column in table.columns})
    write_workbook(path, [Sheet(table.sheet_name("en"), frame, table)], language="en")
    before = AuditEvent.objects.count()
    looked = excel.import_interventions(path, by=BY, is_sure=False)
    assert (Intervention.objects.count(), AuditEvent.objects.count()) == (1, before), "a look writes nothing"
    assert [row.result for row in looked.taken] == ["changed", "new"]
    assert ["nowhere" in fault.why for fault in looked.faults] == [True, False]
    assert looked.faults[0].row == looked.taken[-1].row + 1
    excel.import_interventions(path, by=BY, is_sure=True)
    assert list(Intervention.objects.order_by("pk").values_list("covers", "cost_high_cny")) == [
        (0.6, 3_000_000),
        (1.0, 500_000),
    ]
    assert AuditEvent.objects.count() == before + 1, "one event for the sheet"
    assert excel.import_interventions(path, by=BY, is_sure=True).written == 0, "a second time nothing changes"


def test_a_sheet_is_looked_into_then_written_by_its_sender_alone(sign_in: SignIn, tmp_path: Path) -> None:
    path, client = tmp_path / "sent.xlsx", sign_in("ChainOffice")
    path.write_bytes(b"".join(client.get("/interventions/sheet").streaming_content))
    frame = pl.DataFrame([{"kind": "stock", "item": "培养基", "covers": 1.0, "cost_low_cny": 5e5}])
    table = excel.intervention_table()
    missing = [pl.lit(None, dtype=one.dtype).alias(one.name) for one in table.columns if one.name not in frame.columns]
    whole = frame.with_columns(missing).select(column.name for column in table.columns)
    write_workbook(path, [Sheet(table.sheet_name("en"), whole, table)], language="en")
    with path.open("rb") as sent:
        page = client.post("/interventions/import", {"file": sent})
    token = page.context["token"]
    assert not Intervention.objects.exists()
    assert "too old or another" in client.post("/interventions/import", {"token": f"{token}x"}).content.decode()
    assert client.post("/interventions/import", {"token": token}).status_code == 200
    assert Intervention.objects.get().title.endswith("培养基")
