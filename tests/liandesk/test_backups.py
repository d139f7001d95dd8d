"""The backup list: what follows from it today, who may do what, the sheet, candidates, and its pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import translation
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import (
    AUDITOR,
    BY,
    ENTERPRISE,
    MARKET_OFFICER,
    ONE,
    RESIN,
    SUPPLIES,
    TOWN,
    TWO,
    USES,
    keep_world,
)

from liandesk.assess.backups import actions, proposals, queries
from liandesk.assess.backups.excel import write_sheet
from liandesk.assess.backups.excel_actions import import_backups
from liandesk.assess.backups.lines import lines
from liandesk.assess.backups.listing import BACKUPS
from liandesk.assess.backups.models import Backup, BackupEvent, Drill, Technology
from liandesk.assess.events.actions import enter
from liandesk.assess.events.said import Hit, Said
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.packs import shipped
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.snapshots.queries import published
from liandesk.base.ui.panels import inbox, panels
from liandesk.refresh.candidates import offer_candidates
from liankit.risk.candidates import CANDIDATE_SCHEMA

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 30)
SignIn = Callable[..., Client]
CANDIDATE = {
    "item": RESIN, "item_name": "层析填料", "candidate": "enterprise-nine", "candidate_name": "国产填料有限公司",
    "country": "CN", "town": None, "via": RESIN, "via_name": "层析填料", "basis": "same_item",
    "supplies_already": False, "source": "r1", "is_local": False, "is_synthetic": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def world(home: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The rules in force, and a risk list with candidates: built once for the module and taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("LIANDESK_HOME", str(home))
        patch.setenv("LIANDESK_TODAY", TODAY.isoformat())
        take_over([one for one in shipped() if one.kind.code == "backups"], by=BY)
        before = keep_world(supplies=SUPPLIES, uses=USES)
        offered = pl.DataFrame(
            [CANDIDATE, CANDIDATE | {"candidate": None, "candidate_name": None, "via_name": "Protein A"}],
            CANDIDATE_SCHEMA,
        )
        tables = {**before.tables, "candidates": store.put_frame(offered)}
        publish(keep(tables=tables, inputs={"mark": "candidates"}, is_synthetic=False, by=BY), name="risks", by=BY)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_the_world(world: None, home: Path, _own_home: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIANDESK_HOME", str(home))
    monkeypatch.setenv("LIANDESK_TODAY", TODAY.isoformat())
    with translation.override("en"):
        yield


def _row(**said: object) -> Technology:
    known = {"name": "亲和层析", "kind": "process", "item": RESIN, "item_name": "层析填料", "owner_office": "market"}
    return actions.add_technology({**known, "town": "330113001", **said}, by=BY)


def _held(row: Technology, **said: object) -> Backup:
    known = {"type": "second_supplier", "holder_name": "Repligen", "change_class": "moderate", "steps_done": []}
    return actions.add_backup(row.pk, {**known, **said}, by=BY, version=_version(row))


def _version(row: Technology) -> int:
    return Technology.objects.get(pk=row.pk).version


def _opened(row: Technology, viewer: Viewer = BY) -> queries.OpenedTechnology:
    return queries.opened(viewer, row.pk)


def test_time_to_switch_stands_against_the_stock_of_whoever_uses_the_item() -> None:
    row = _row()
    _held(row)
    found = _opened(row)
    assert found.survive == (60.0, 60.0)
    assert found.backups[0].switch == (8.0, 15.0)
    assert found.backups[0].in_time.holds is False


def test_stock_held_as_a_backup_lengthens_the_time_to_survive_and_unknown_stock_opens_it() -> None:
    row = _row()
    _held(row, type="stock", holder_name="Reserve", stock_days=400.0, change_class="")
    assert _opened(row).survive == (460.0, 460.0)
    _held(row, type="stock", holder_name="Another", change_class="")
    assert _opened(row).survive == (460.0, None)


def test_what_nobody_said_of_a_row_stays_unknown() -> None:
    row = _row(item="", item_name="")
    _held(row, steps_done=None, change_class="")
    found = _opened(row)
    assert (found.survive, found.backups[0].readiness.low, found.backups[0].in_time.holds) == ((None, None), 0.0, None)


def test_an_overdue_drill_lowers_readiness_and_stands_in_the_inbox_of_who_keeps_the_row() -> None:
    row = _row()
    held = _held(row, steps_done=["screening", "audit", "comparison", "validation", "stability", "filing", "release"])
    before = _opened(row).backups[0].readiness.high
    actions.plan_drill(held.pk, TODAY - timedelta(days=3), by=BY, version=_version(row))
    after = _opened(row).backups[0]
    assert after.is_overdue
    assert after.readiness.high < before
    lines_of = {
        viewer.name: [line for line in inbox(viewer) if "Repligen" in line.title] for viewer in (MARKET_OFFICER, TOWN)
    }
    assert [line.due for line in lines_of[MARKET_OFFICER.name]] == [TODAY - timedelta(days=3)]
    assert lines_of[TOWN.name] == []


def test_a_recorded_drill_says_what_failed_and_plans_the_next_as_the_rules_give() -> None:
    row = _row()
    held = _held(row)
    drill = actions.plan_drill(held.pk, TODAY, by=BY, version=_version(row))
    with pytest.raises(UserError, match="what failed"):
        actions.record_drill(drill.pk, "failed", by=BY, version=_version(row), done_on=TODAY)
    with pytest.raises(UserError, match="no day to come"):
        actions.record_drill(drill.pk, "passed", by=BY, version=_version(row), done_on=TODAY + timedelta(days=1))
    actions.record_drill(drill.pk, "failed", by=BY, version=_version(row), done_on=TODAY, what_failed="yield")
    held.refresh_from_db()
    assert (held.last_drill, held.last_result, held.next_drill) == (TODAY, "failed", TODAY + timedelta(days=365))
    assert Drill.objects.filter(backup=held, state="planned").count() == 1


def test_of_two_writers_the_second_is_told_and_nothing_is_overwritten() -> None:
    row = _row()
    seen = row.version
    actions.change_technology(row.pk, {"barrier": "first"}, by=BY, version=seen)
    with pytest.raises(Conflict):
        actions.change_technology(row.pk, {"barrier": "second"}, by=BY, version=seen)
    assert Technology.objects.get(pk=row.pk).barrier == "first"


def test_each_act_is_one_event_and_one_line_of_history() -> None:
    row = _row()
    held = _held(row)
    actions.change_backup(held.pk, {"trl": 6}, by=BY, version=_version(row))
    actions.change_backup(held.pk, {"trl": 6}, by=BY, version=_version(row))
    actions.withdraw_backup(held.pk, by=BY, version=_version(row), reason="no capacity")
    acts = list(BackupEvent.objects.order_by("id").values_list("action", flat=True))
    assert acts == ["add", "add_backup", "change_backup", "confirm", "withdraw"]
    assert AuditEvent.objects.filter(object_kind="technology").count() == len(acts)
    assert _opened(row).backups == ()


def test_the_list_is_read_in_as_many_questions_however_many_rows_it_has(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(12):
        _held(_row(name=f"technology {number}"), trl=5)
    with django_assert_max_num_queries(6):
        found = lines(BY)
        cells = [column.value(line) for column in BACKUPS.columns for line in found]
    assert len(cells) == 12 * len(BACKUPS.columns)


def test_what_was_taken_off_the_list_can_come_back_and_keeps_its_history() -> None:
    row = _row()
    actions.retire(row.pk, by=BY, version=row.version, reason="out of use")
    again = _row()
    assert (lines(BY)[0].pk, _opened(row).technology.state) == (again.pk, "retired")
    with pytest.raises(UserError, match="already"):
        _row()


def test_a_step_that_the_path_does_not_have_is_refused() -> None:
    with pytest.raises(UserError, match="dance"):
        _held(_row(), steps_done=["dance"])


def test_an_enterprise_sees_nothing_and_an_officer_its_own_office_and_a_town_its_own_without_the_note() -> None:
    row = _row(note="secret")
    _row(name="另一项", owner_office="economy", town="330113002")
    assert [len(lines(viewer)) for viewer in (AUDITOR, MARKET_OFFICER, TOWN)] == [2, 1, 1]
    assert queries.technology(TOWN, row.pk).note == ""
    with pytest.raises(NotThere):
        queries.opened(ENTERPRISE, row.pk)
    for viewer in (TOWN, AUDITOR):
        with pytest.raises(NotAllowed):
            actions.change_technology(row.pk, {"barrier": "x"}, by=viewer, version=row.version)
    with pytest.raises(NotAllowed):
        queries.candidates_of(ENTERPRISE, [RESIN])


def test_an_accepted_candidate_is_a_backup_at_its_first_step_with_where_it_came_from() -> None:
    held = proposals.accept_candidate(RESIN, "enterprise-nine", "层析填料", by=BY)
    assert (held.type, held.steps_done, held.basis["basis"]) == ("domestic_substitute", [], "same_item")
    row = held.technology
    assert (row.kind, row.item, row.source_holder, row.source_country) == ("item", RESIN, "Cytiva", "SE")
    named = proposals.accept_candidate(RESIN, "", "Protein A", by=BY)
    assert (named.technology_id, named.holder) == (held.technology_id, "")
    assert queries.candidates_of(BY, [RESIN]).is_empty(), "who is a backup is offered no more"
    with pytest.raises(Conflict):
        proposals.accept_candidate(RESIN, "nobody", "层析填料", by=BY)


def test_entries_of_the_kinds_that_the_rules_name_are_proposed_until_they_are_on_the_list() -> None:
    offered = proposals.proposals(BY)
    assert {one.said["kind"] for one in offered} <= {"equipment", "method"}
    made = proposals.take_proposals([one.key for one in offered], by=BY)
    assert len(made) == len(offered)
    assert proposals.proposals(BY) == []


def test_the_sheet_goes_out_filled_in_and_comes_back_without_a_change(tmp_path: Path) -> None:
    row = _row(source_country="SE")
    _held(row, steps_done=["screening", "audit"], trl=7)
    _held(row, type="data", holder_name="Archive", steps_done=None, change_class="")
    _row(name="无备份的技术", item="", item_name="")
    path = tmp_path / "out.xlsx"
    for language in ("en", "zh-hans"):
        with translation.override(language):
            write_sheet(path, lines(BY))
            outcome = import_backups(path, by=BY, is_sure=True)
        assert [one.result for one in outcome.taken] == ["same"] * 3, outcome
        assert outcome.faults == ()


def test_of_a_sheet_bad_rows_are_left_out_with_their_reasons_and_a_look_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    rows = [
        "技术名称,备份类型,备份单位,技术成熟度,已完成步骤",
        "连续流层析,国产替代,甲公司,6,现场审计、候选筛选与登记状态核查",
        "病毒过滤,国产替代,,,",
        "冻干,第二供应商,乙公司,12,",
        "灌装,第二供应商,丙公司,,跳舞",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    looked = import_backups(path, by=BY, is_sure=False)
    assert Technology.objects.count() == 0
    assert (looked.written, sorted(fault.row or 0 for fault in looked.faults)) == (1, [3, 4, 5])
    import_backups(path, by=BY, is_sure=True)
    assert Backup.objects.get().steps_done == ["audit", "screening"]
    assert AuditEvent.objects.filter(action="backup.import").count() == 1


@pytest.fixture
def sign_in(cast_client: Callable[[str], Client]) -> SignIn:
    def signed_in(name: str, language: str = "en") -> Client:
        client = cast_client(name)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_the_readers_language(sign_in: SignIn, language: str) -> None:
    row = _row(barrier="patent", source_country="SE", ip_warning="red", segment="纯化")
    held = _held(row, trl=6, country="US")
    drill = actions.plan_drill(held.pk, TODAY, by=BY, version=_version(row))
    actions.record_drill(drill.pk, "partly", by=BY, version=_version(row), done_on=TODAY, what_failed="yield")
    open_drill = Drill.objects.get(state="planned")
    client = sign_in("ChainOffice", language)
    every = "&".join(f"columns={name}" for name in ("name", "trl", "drill", "last_result", "ip_warning", "in_time"))
    for place in (
        "", f"?{every}&sort=-readiness", "new", str(row.pk), f"{row.pk}/change", f"{row.pk}/retire", f"{row.pk}/add",
        f"held/{held.pk}", f"held/{held.pk}/withdraw", f"held/{held.pk}/drill", f"drills/{open_drill.pk}/record",
        f"drills/{open_drill.pk}/cancel", "proposals", "import", f"candidates?item={RESIN}",
    ):  # fmt: skip
        answer = client.get(f"/backups/{place}")
        assert answer.status_code == 200, place
        assert_language(answer)
    for kind in ("csv", "xlsx", "docx"):
        assert client.get(f"/backups/export/{kind}?{every}").status_code == 200


def test_a_backup_is_added_confirmed_and_drilled_on_the_pages(sign_in: SignIn) -> None:
    client = sign_in("ChainOffice")
    made = client.post("/backups/new", {"name": "灌装工艺", "kind": "process", "owner_office": "economy"})
    place = made.headers["Location"]
    pk = Technology.objects.get().pk
    form = {"version": 1, "type": "second_site", "holder_name": "Site B", "owner_office": "economy"}
    assert client.post(f"{place}/add", form).headers["Location"] == place
    held = Backup.objects.get()
    steps = {
        "version": _version(held.technology),
        "holder_name": "Site B",
        "owner_office": "economy",
        "steps_done": ["screening"],
    }
    assert client.post(f"/backups/held/{held.pk}", steps).status_code == 302
    assert client.post(f"/backups/held/{held.pk}", steps).status_code == 409, "the version was seen before"
    plan = {"version": Technology.objects.get(pk=pk).version, "planned_on": "2024-10-15"}
    assert client.post(f"/backups/held/{held.pk}/drill", plan).status_code == 302
    held.refresh_from_db()
    assert (held.steps_done, held.next_drill) == (["screening"], date(2024, 10, 15))


def test_the_list_is_filtered_sorted_and_copied_as_it_is_seen(sign_in: SignIn) -> None:
    row = _row()
    _held(row)
    _held(row, holder_name="Tosoh", steps_done=["screening"])
    _row(name="无备份的技术")
    client = sign_in("ChainOffice")
    unbacked = client.get("/backups/?is_backed=no").content.decode()
    assert "无备份的技术" in unbacked
    assert "Repligen" not in unbacked
    sent = client.get(
        "/backups/export/csv?columns=name&columns=holder_name&columns=readiness&sort=-readiness&text=亲和"
    )
    rows = pl.read_csv(io.BytesIO(b"".join(sent.streaming_content)))
    assert rows["Who holds the backup"].to_list() == ["Tosoh", "Repligen"]
    word = client.get("/backups/export/docx")
    table = docx.Document(io.BytesIO(b"".join(word.streaming_content))).tables[0]
    assert len(table.rows) == 4
    assert AuditEvent.objects.filter(action="list.export").count() == 2


def test_the_sheet_is_looked_into_before_it_is_written(sign_in: SignIn) -> None:
    client = sign_in("ChainOffice")
    sent = SimpleUploadedFile("list.csv", "技术名称,备份类型,备份单位\n灌装,异地备份,丙公司\n".encode())
    looked = client.post("/backups/import", {"file": sent})
    assert Technology.objects.count() == 0
    token = looked.context["token"]
    client.post("/backups/import", {"token": token})
    assert Backup.objects.get().type == "second_site"
    assert sign_in("ChainChief").post("/backups/import", {"token": token}).status_code == 403


def test_panels_show_backups_and_candidates_on_the_entry_and_what_an_organisation_backs_up() -> None:
    row = _row()
    _held(row, holder=ONE)
    shown = {
        page: [panel.template for panel in panels(page, BY, key)]
        for page, key in (("entry", f"item:{RESIN}"), ("organisation", ONE))
    }
    assert "backups/_of_entry.html" in shown["entry"]
    assert "backups/_of_organisation.html" in shown["organisation"]
    refused = [
        panel.template
        for page, key in (("entry", f"item:{RESIN}"), ("organisation", ONE))
        for panel in panels(page, ENTERPRISE, key)
    ]
    assert not [template for template in refused if template.startswith("backups/")]


def test_the_api_gives_lines_with_reasons_and_null_for_what_is_unknown(sign_in: SignIn) -> None:
    row = _row(item="")
    _held(row)
    client = sign_in("ChainOffice")
    line = client.get("/api/v1/backups").json()["items"][0]
    assert (line["survive_days_low"], line["backup"]["trl"], line["backup"]["switch_months_high"]) == (None, None, 15.0)
    assert "backup_steps_done" in {reason["code"] for reason in line["reasons"]}
    assert client.get(f"/api/v1/backups/{row.pk}").json()[0]["technology"]["name"] == "亲和层析"
    assert len(client.get(f"/api/v1/backup-candidates?item={RESIN}").json()["items"]) == 2
    assert sign_in("Enterprise").get("/api/v1/backups").status_code == 403


def test_what_a_confirmed_notice_names_is_a_candidate_of_the_item_it_hits() -> None:
    named = ({"name": "Protein L", "licence": "1", "holder": "临平器械二号有限公司"},)
    hit = (Hit("item", "层析填料", RESIN),)
    said = Said("halt", "stops", TODAY, hit, alternatives=named, source="typed", text="stops")
    enter(said, by=BY)
    snapshot = published()
    assert snapshot is not None
    tables = {name: store.get_frame(snapshot.tables[name]) for name in ("entries", "organisations")}
    text = dict.fromkeys(("node", "name", "item_kind"), pl.String)
    tables["nodes"] = pl.DataFrame([(RESIN, "层析填料", "excipient")], schema=text, orient="row")
    tables["organisations"] = tables["organisations"].with_columns(country_basis=pl.lit(None, pl.String))
    tables["relations"] = pl.DataFrame(schema=dict.fromkeys(("source", "target", "relation"), pl.String))
    maker = dict.fromkeys(("node", "organisation", "activity", "record"), pl.String) | {"is_synthetic": pl.Boolean}
    tables["makers"] = pl.DataFrame(schema=maker)
    tables["links"] = pl.DataFrame(schema=dict.fromkeys(("buyer", "item", "supplier"), pl.String))
    found = offer_candidates(tables, ["330113002"]).row(0, named=True)
    assert (found["basis"], found["via_name"], found["candidate"]) == ("named_in_notice", "Protein L", TWO)
    assert found["is_local"] is True


def test_the_api_writes_by_the_same_actions_and_refuses_who_saw_an_older_row(sign_in: SignIn) -> None:
    row, client = _row(item=""), sign_in("ChainOffice")

    def post(path: str, **said: object) -> Any:
        return client.post(f"/api/v1/backups/{path}", said, content_type="application/json")

    made = post(str(row.pk), type="second_supplier", holder_name="乙厂", country="CN", trl=6, version=_version(row))
    assert (made.status_code, made.json()["backup"]["trl"]) == (200, 6)
    held, seen = made.json()["backup"]["id"], made.json()["technology"]["version"]
    changed = post(f"held/{held}", trl=None, version=seen).json()["backup"]
    assert (changed["trl"], changed["country"]) == (None, "CN"), "what is left out says nothing"
    assert post(f"held/{held}", trl=7, version=seen).status_code == 409
    assert post(f"held/{held}", country="XX", version=_version(row)).status_code == 400
    drill = {"result": "partly", "done_on": TODAY.isoformat(), "what_failed": "温控"}
    assert post(f"held/{held}/drill", **drill, version=_version(row)).status_code == 404, "none is planned yet"
    assert post(f"held/{held}/plan", planned_on=TODAY.isoformat(), version=_version(row)).status_code == 200
    tried = post(f"held/{held}/drill", **drill, version=_version(row)).json()["backup"]
    assert (tried["last_result"], tried["next_drill"] > TODAY.isoformat()) == ("partly", True)
    acts = list(BackupEvent.objects.order_by("id").values_list("action", flat=True))
    assert acts == ["add", "add_backup", "change_backup", "plan_drill", "record_drill"]
