"""Levels on the list: computed beside set, agreed and proven switches, the age of facts, what changed between dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from tests.liandesk.lists_world import (
    BY,
    ENTERPRISE,
    MARKET_OFFICER,
    OFFICE,
    ONE,
    ONE_RESIN,
    ONE_VALVE,
    RESIN,
    RESIN_ITEM,
    TWO_MEDIUM,
    english,
    keep_world,
    viewer,
)
from tests.liandesk.lists_world import SUPPLIES as WORLD_SUPPLIES
from tests.liandesk.lists_world import USES as WORLD_USES

from liandesk.assess.lists import actions, levels, life, past, queries
from liandesk.assess.lists.exports.changes import write_changes
from liandesk.assess.lists.filters import EntryFilter
from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.assess.lists.tables import EntryTable
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import NotAllowed
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.ui.panels import inbox
from liandesk.base.work.actions import Step, act
from liandesk.know.survey.confirmations import CONFIRMED_SCHEMA
from liandesk.refresh.cascade_levels import give_levels, thresholds_in_force

__all__ = ["english"]
pytestmark = pytest.mark.django_db

NONE_CONFIRMED = pl.DataFrame(schema=CONFIRMED_SCHEMA)
HEALTH = viewer(Role.OFFICER, ScopeKind.OFFICE, "health", 1010)
ECONOMY = viewer(Role.OFFICER, ScopeKind.OFFICE, "economy", 1011)
SECOND = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1012)


def publish_levelled(confirmed: pl.DataFrame = NONE_CONFIRMED, mark: str = "") -> None:
    """Publish the small world with the last step of a refresh."""
    kept = keep_world(supplies=WORLD_SUPPLIES, uses=WORLD_USES, mark=mark)
    tables = {name: store.get_frame(digest) for name, digest in kept.tables.items()}
    tables["cascade_lines"] = tables["uses"].select("output_cny", is_product=pl.lit(True))
    tables["shares"] = pl.DataFrame(
        schema=dict.fromkeys(("item", "buyer", "supplier"), pl.String) | {"share_low": pl.Float64}
    )
    dated = tables["facts"].with_columns(valid_from=pl.lit(date(2023, 6, 1)))
    told = tables | {"facts": _every_record(tables, dated)}
    entries, reasons = give_levels(told, thresholds_in_force(), confirmed, today())
    blobs = kept.tables | {"entries": store.put_frame(entries), "reasons": store.put_frame(reasons)}
    publish(keep(tables=blobs, inputs={"levelled": mark}, is_synthetic=False, by=BY), name="risks", by=BY)


def _every_record(tables: dict[str, pl.DataFrame], facts: pl.DataFrame) -> pl.DataFrame:
    """Date every record that a supply or a use comes from."""
    records = pl.concat([tables[name].select("record") for name in ("uses", "supplies")]).unique()
    return pl.concat([facts, records.with_columns(valid_from=pl.lit(date(2023, 6, 1)))], how="diagonal")


@pytest.fixture(autouse=True)
def world() -> Iterator[None]:
    take_over_packs(by=BY)
    publish_levelled()
    yield


def _entry(key: str) -> ListEntry:
    return queries.entry(OFFICE, key)


def test_a_level_is_computed_with_its_clauses_as_reasons_and_stays_beside_an_officers_own() -> None:
    entry = _entry(ONE_RESIN)
    assert entry.computed_level == "red" and levels.shown_level(entry) == "red"
    said = {reason.code: reason for reason in queries.reasons(OFFICE, ONE_RESIN)}
    assert said["level_red"].holds and said["clause_impact_share"].threshold == 0.05
    assert said["rank_set"].params["level"] == 0.9
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    actions.report(ONE_RESIN, by=OFFICE, version=1, level="yellow", level_reason="已有备选来源")
    entry = _entry(ONE_RESIN)
    assert (levels.shown_level(entry), entry.computed_level) == ("yellow", "red")
    found = EntryFilter({"state": "all", "level": "yellow"}, viewer=OFFICE).qs
    assert list(found) == [entry] and found[0].shown_level == "yellow"
    table = EntryTable(found, shown=("item_name", "level"))
    assert "computed: High" in table.render_level(found[0])
    assert not EntryFilter({"state": "all", "level": "red"}, viewer=OFFICE).qs.filter(pk=ONE_RESIN).exists()


def test_the_list_sorts_the_gravest_first_and_what_is_unknown_last() -> None:
    rows = EntryFilter({"state": "all"}, viewer=OFFICE).qs
    ordered = list(EntryTable(rows, shown=("item_name", "level")).order_level(rows, False)[0])
    places = [(*levels.LEVELS, "").index(entry.shown_level) for entry in ordered]  # type: ignore[attr-defined]
    assert places == sorted(places) and len(set(places)) > 1


def test_an_enterprise_learns_no_computed_level_and_cannot_filter_by_it() -> None:
    found = EntryFilter({"state": "all", "computed_level": "red", "level": "red"}, viewer=ENTERPRISE)
    assert "computed_level" not in found.form.fields and not found.qs.exists()
    assert queries.entry(ENTERPRISE, ONE_RESIN).computed_level == ""
    codes = {reason.code for reason in queries.reasons(ENTERPRISE, ONE_RESIN)}
    assert not any(code.startswith(("level_", "clause_")) for code in codes)


def test_the_offices_of_the_kind_of_item_are_filled_in_and_read_the_entry_and_its_case() -> None:
    entry = actions.admit(TWO_MEDIUM, by=OFFICE, version=0)
    assert (entry.owner_office, entry.with_offices) == ("economy", "|health|market|")
    case = life.case_of(entry)
    assert case is not None and case.parties.filter(role="helper", scope_id="health").exists()
    assert queries.opened(HEALTH, TWO_MEDIUM).case == case
    with pytest.raises(NotAllowed):
        actions.report(TWO_MEDIUM, by=HEALTH, version=entry.version, measure="x")
    actions.assign(
        TWO_MEDIUM, by=OFFICE, version=entry.version, owner_office="economy", due_date=None, with_offices=["market"]
    )
    assert _entry(TWO_MEDIUM).with_offices == "|market|"
    assert not queries.entries(HEALTH).filter(pk=TWO_MEDIUM).exists()
    assert queries.entries(MARKET_OFFICER).filter(pk=TWO_MEDIUM).exists()


def _do(key: str, name: str, by: object, kind: str = "do", **data: object) -> None:
    case = life.case_of(_entry(key))
    assert case is not None
    act(case.pk, Step(kind, case.events_count, name, data, reason=str(data.pop("reason", ""))), by=by)  # type: ignore[arg-type]


def test_a_level_moves_when_the_switch_is_proven_not_when_it_is_agreed_and_comes_back_when_the_proof_ages() -> None:
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    day = today() + timedelta(days=30)
    _do(ONE_RESIN, "take_up", ECONOMY)
    _do(ONE_RESIN, "agree", ECONOMY, measure="验证第二来源", effective_from=day.isoformat())
    _do(ONE_RESIN, "agree", SECOND, "approve")
    entry = _entry(ONE_RESIN)
    assert entry.agreed_from == day and levels.shown_level(entry) == "red"
    _do(ONE_RESIN, "effect", ECONOMY, "prove", hash=store.put_bytes(b"%PDF"), title="验证报告")
    _do(ONE_RESIN, "prove_effect", ECONOMY, effect_text="三批合格")
    _do(ONE_RESIN, "close", SECOND, reason="second_source")
    entry = _entry(ONE_RESIN)
    assert (entry.evidence_kind, entry.evidenced_on) == ("second_source", today())
    assert (levels.shown_level(entry), entry.computed_level) == ("blue", "red")
    assert EntryFilter({"state": "all", "agreed": "proven", "level": "blue"}, viewer=OFFICE).qs.get() == entry
    assert not [line for line in inbox(ECONOMY) if "agreed=aged" in line.url]
    ListEntry.objects.filter(pk=ONE_RESIN).update(evidenced_on=today() - timedelta(days=800))
    assert levels.shown_level(_entry(ONE_RESIN)) == "red"
    assert EntryFilter({"state": "all", "agreed": "aged"}, viewer=OFFICE).qs.exists()
    (line,) = [line for line in inbox(ECONOMY) if "agreed=aged" in line.url]
    asked = dict(parse_qsl(urlsplit(line.url).query))
    assert [one.key for one in EntryFilter(asked, viewer=ECONOMY).qs] == [ONE_RESIN], "the owner's desk leads to it"
    assert not [line for line in inbox(HEALTH) if "agreed=aged" in line.url]


def test_the_oldest_fact_ages_an_entry_until_the_enterprise_confirms() -> None:
    assert _entry(ONE_RESIN).facts_on == date(2023, 6, 1)
    assert levels.staleness(date(2023, 6, 1), levels.scheme()) == "ageing"
    assert EntryFilter({"state": "all", "facts": "ageing"}, viewer=OFFICE).qs.filter(pk=ONE_RESIN).exists()
    row = {"organisation": ONE, "item": RESIN, "confirmed_on": today(), "round": None, "is_on_behalf": False}
    publish_levelled(pl.DataFrame([row], schema=CONFIRMED_SCHEMA), mark="confirmed")
    assert (_entry(ONE_RESIN).facts_on, _entry(RESIN_ITEM).facts_on) == (today(), today())
    assert _entry(ONE_VALVE).facts_on == date(2023, 6, 1)


def test_the_list_of_two_days_is_compared_from_history_and_snapshots(tmp_path: Path) -> None:
    before = today() - timedelta(days=1)
    actions.admit(ONE_VALVE, by=OFFICE, version=0)
    actions.report(ONE_VALVE, by=OFFICE, version=1, measure="备货")
    EntryEvent.objects.update(on=before)
    actions.report(ONE_VALVE, by=OFFICE, version=2, measure="转单")
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    found = past.diff_between(OFFICE, before, today())
    assert [row["key"] for row in found.added] == [ONE_RESIN] and not found.removed
    (changed,) = found.changed
    assert changed.key == ONE_VALVE and changed.fields["measure"] == ("备货", "转单")
    assert past.diff_between(OFFICE, today(), today()).is_empty
    name = write_changes(found, (before, today()), tmp_path / "x.xlsx", by=OFFICE)
    sheet = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(1).to_python()
    assert name.endswith(".xlsx") and ["Changed", "=隔膜阀 临安生物一号有限公司", "Measure", "备货", "转单"] in [
        row[:5] for row in sheet
    ]
    with pytest.raises(NotAllowed):
        past.diff_between(ENTERPRISE, before, today())
