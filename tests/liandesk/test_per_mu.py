"""Yield per mu in the site: published results win, computed ones stand beside, nobody sees another's line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise, load, organisation, refresh, said
from tests.liandesk.rules_world import figures

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.actions import make_final
from liandesk.assess.per_mu.corrections import shown_correction
from liandesk.assess.per_mu.definitions import method_of, methods
from liandesk.assess.per_mu.importing import import_results
from liandesk.assess.per_mu.models import Correction, Result
from liandesk.assess.per_mu.objections import objection_url
from liandesk.assess.per_mu.policies import PROCESS, SUBJECT
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.packs import shipped
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.facts.models import Statement
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.panels import inbox, panels
from liandesk.base.work import actions as work
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113002", 1002)
COLLEAGUE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1011)
FIVE = "甲乙丙丁戊"
SignIn = Callable[[str], Client]


def _figures(key: str, scale: float) -> list[dict[str, object]]:
    """Above scale on 10 mu: the more of ``scale``, the better in everything."""
    return figures(
        key,
        2023,
        revenue_cny=1e8,
        main_business_revenue_cny=1e8,
        rd_expense_cny=3e6 * scale,
        tax_paid_cny=2e6 * scale,
        value_added_cny=1e7 * scale,
        energy_tce=500.0,
        emissions_t=2.0,
        employees=50.0,
        land_mu=10.0,
        digital_level=2.0,
        class_one_patents=3.0,
    )


@pytest.fixture
def judged() -> dict[str, str]:
    """Five enterprises of falling yield, the last in another town; ids by name."""
    wanted = {"quantities", "per_mu"}
    take_over([one for one in shipped() if one.kind.code in wanted or one.key == PROCESS], by=viewer(Role.SYSTEM))
    rows = [row for at, key in enumerate(FIVE[:4]) for row in organisation(f"e{at}", f"{key}制药有限公司")]
    rows += said("organisation", "e4", name="戊制药有限公司", role="enterprise", country="CN", town="330113002")
    for at in range(5):
        rows += _figures(f"e{at}", 2.0 - at * 0.3)
        rows += said("organisation", f"e{at}", is_tenant="no", is_utility="no", founded="2010-01-01")
    load(rows, "per mu")
    refresh()
    return {one.name[0]: one.pk for one in Organisation.objects.filter(kind="enterprise")}


def _sheet(path: Path, rows: list[tuple[object, ...]]) -> Path:
    """Write a published table as offices send it: a title above, heads of their own words."""
    frame = pl.DataFrame(
        rows, schema=["单位名称", "年度", "类别", "得分", "发布单位", "公布日期"], orient="row", strict=False
    )
    lines = ["临平区2023年度亩均评价结果,,,,,", frame.write_csv()]
    file = path / "results.csv"
    file.write_bytes("\n".join(lines).encode("gb18030"))
    return file


def _publish(path: Path, place: str = "B类", name: str = "甲制药有限公司") -> None:
    rows: list[tuple[object, ...]] = [(name, "２０２３", place, "88.5", "区亩均办", str(today()))]
    outcome = import_results(_sheet(path, rows), by=OFFICE, is_sure=True)
    assert not outcome.faults


def test_everybody_is_ranked_and_each_reader_sees_only_what_is_theirs(judged: dict[str, str]) -> None:
    lines = queries.lines(OFFICE, method_of())
    assert sorted(lines.values_list("name", "best")) == [
        ("丁制药有限公司", "b"),
        ("丙制药有限公司", "b"),
        ("乙制药有限公司", "b"),
        ("戊制药有限公司", "c"),
        ("甲制药有限公司", "a"),
    ]
    own = enterprise(judged["乙"])
    assert [one.organisation for one in queries.lines(own, method_of())] == [judged["乙"]]
    assert [one.organisation for one in queries.lines(TOWN, method_of())] == [judged["戊"]]
    with pytest.raises(NotThere):
        queries.own(own, judged["甲"], method_of())
    with pytest.raises(NotAllowed):
        queries.what_if(own, method_of(), {})
    with pytest.raises(NotAllowed):
        queries.lines(viewer(Role.BANK, number=1009), method_of())


def test_points_add_up_and_other_weights_say_who_moves_and_change_nothing(judged: dict[str, str]) -> None:
    assert list(methods()) == ["linping", "linping_range", "zhejiang_usual", "huangyan"]  # the one in use first
    with pytest.raises(NotThere):
        method_of("elsewhere")
    found = queries.own(enterprise(judged["乙"]), judged["乙"], method_of())
    points = [one.params["points_low"] for one in found.reasons if "points_low" in one.params]
    assert sum(float(one or 0) for one in points) == pytest.approx(found.line["low"])
    assert found.line["low"] == found.line["high"]
    weighed = queries.what_if(OFFICE, method_of(), {"above": {"tax": 0, "value_added": 0}})
    assert weighed.moved.is_empty()  # everybody keeps the order
    assert not (weighed.before.low == weighed.after.low).all()
    assert weighed.stable.filter(group="above", indicator="tax").row(0, named=True)["weight"] == 0
    assert method_of().group("above").weights["tax"] == 25
    with pytest.raises(UserError, match="Did you mean 'tax'"):
        queries.what_if(OFFICE, method_of(), {"above": {"taxx": 1}})


def test_a_published_class_wins_and_is_objected_to_while_it_is_preliminary(
    judged: dict[str, str], tmp_path: Path
) -> None:
    _publish(tmp_path)
    line = queries.lines(OFFICE, method_of()).get(organisation=judged["甲"])
    assert (line.official, line.official_score, line.best, line.difference) == ("b", 88.5, "a", True)
    assert [one.organisation for one in queries.lines(OFFICE, method_of()).filter(difference=True)] == [judged["甲"]]
    assert queries.results(enterprise(judged["乙"])).count() == 0
    assert AuditEvent.objects.filter(action="per_mu.import").count() == 1
    own, found = enterprise(judged["甲"]), Result.objects.get()
    assert found.objections_until is None  # no text gives the days
    assert objection_url(own, found)
    assert not objection_url(OFFICE, found)
    assert [line.title for line in inbox(own) if "per mu" in line.title]
    Result.objects.update(objections_until=today() - timedelta(days=1))
    with pytest.raises(UserError, match="were open until"):
        _object(found, own)
    Result.objects.update(objections_until=today())
    with pytest.raises(UserError, match="are open until"):
        make_final(2023, by=OFFICE)
    _publish(tmp_path, place="A")  # a later sheet says otherwise
    made = Correction.objects.get()
    assert (made.before, made.after, made.case, bool(made.file)) == ("b", "a", None, True)


def test_only_whom_a_result_is_about_objects_once_and_says_what_the_figure_should_be(
    judged: dict[str, str], tmp_path: Path
) -> None:
    _publish(tmp_path)
    found, own = Result.objects.get(), enterprise(judged["甲"])
    with pytest.raises(UserError, match="what the figure should be"):
        _object(found, own, stated_value=None)
    with pytest.raises((UserError, NotThere)):
        _object(found, enterprise(judged["乙"]), organisation_id=judged["乙"])
    _object(found, own)
    with pytest.raises(UserError, match="already"):
        _object(found, own)
    with pytest.raises(UserError, match="not decided yet"):
        make_final(2023, by=OFFICE)
    with pytest.raises(NotAllowed):
        make_final(2023, by=own)


def test_an_objection_that_is_upheld_corrects_the_figure_and_publishes_anew_with_the_difference(
    judged: dict[str, str], tmp_path: Path, cast_client: SignIn
) -> None:
    _publish(tmp_path, name="戊制药有限公司", place="C")
    found, own = Result.objects.get(), enterprise(judged["戊"])
    case = _object(found, own, figure="land_mu", stated_value=2.0, organisation_id=judged["戊"])
    (panel,) = [one for one in panels("case:per_mu_objection", OFFICE, str(case.pk)) if "per_mu" in one.template]
    assert (panel.context["effect"].before, panel.context["effect"].after) == ("C", "B")
    decided = {"corrected_value": 2.0, "class_anew": "b", "decision_text": "属实"}
    step = work.Step("do", case.events_count, "uphold", decided, "figure_wrong")
    with pytest.raises(NotAllowed):  # who landed a result does not judge it
        work.act(case.pk, step, by=OFFICE)
    office = cast_client("ChainOffice")
    assert "If the stated figure is right" in _read(office, f"/cases/{case.pk}")
    work.act(case.pk, step, by=COLLEAGUE)
    assert "the line moves" in _read(office, f"/cases/{case.pk}")
    assert "2023: <strong>B</strong>" in _read(office, f"/organisations/{judged['戊']}")
    made = Correction.objects.get()
    assert (made.before, made.after, made.case) == ("c", "b", case.pk)
    assert (made.figure, made.figure_before, made.figure_after) == ("land_mu", 10.0, 2.0)
    assert Statement.objects.get(pk=made.statement).reason.endswith("属实")
    shown = shown_correction(OFFICE, made)
    assert shown.effect is not None
    assert any(has_moved for *_line, has_moved in shown.effect.lines)
    assert shown.effect.movers == [("丁制药有限公司", "B", "C")]
    of_own = shown_correction(own, made)
    assert of_own.effect is not None and of_own.effect.movers is None  # others are nobody's to see
    refresh()
    line = queries.lines(OFFICE, method_of()).get(organisation=judged["戊"])
    assert (line.best, line.official, line.difference) == ("b", "b", False)
    assert make_final(2023, by=OFFICE) == 1
    assert not objection_url(own, Result.objects.get())


def test_a_plot_shows_its_tenants_and_their_sum_to_whom_may_see_all_of_them(judged: dict[str, str]) -> None:
    rows = said("organisation", "e1", is_tenant="yes", plot_owner="甲制药有限公司")
    rows += said("organisation", "e2", is_tenant="yes", plot_owner=judged["甲"])
    load(rows, "tenants")
    refresh()
    plot = queries.own(OFFICE, judged["甲"], method_of()).plot
    assert plot is not None and plot.hidden == 0
    assert [(one.is_owner, one.line["is_apart"]) for one in plot.members] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert plot.sums[0] == pytest.approx(2e6 * (2.0 + 1.7 + 1.4))
    assert plot.tax_per_mu == pytest.approx(2e6 * 5.1 / 10 / 10_000)
    own = queries.own(enterprise(judged["乙"]), judged["乙"], method_of()).plot
    assert own is not None and (len(own.members), own.hidden, own.tax_per_mu) == (1, 2, None)


def test_wrong_rows_are_named_and_left_out_and_a_look_writes_nothing(judged: dict[str, str], tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("甲制药有限公司", "2023", "A", "99", "区亩均办", "2024-06-01"),
        ("无此公司", "2023", "B", "70", "区亩均办", "2024-06-01"),
        ("乙制药有限公司", "2023", "Z", "70", "区亩均办", "2024-06-01"),
        ("丙制药有限公司", "2023", "C", "", "区亩均办", "2099-06-01"),
        (judged["甲"], "2023", "B", "80", "区亩均办", "2024-06-01"),
    ]
    file = _sheet(tmp_path, rows)
    look = import_results(file, by=OFFICE, is_sure=False)
    assert (len(look.taken), sorted(fault.row or 0 for fault in look.faults)) == (1, [4, 5, 6, 7])
    assert "stands in row 3 already" in look.faults[-1].why
    assert not Result.objects.exists()
    import_results(file, by=OFFICE, is_sure=True)
    again = import_results(file, by=OFFICE, is_sure=True)
    assert [row.result for row in again.taken] == ["same"]
    with pytest.raises(NotAllowed):
        import_results(file, by=enterprise(judged["甲"]), is_sure=True)
    _is_told_what_nobody_reads(tmp_path)


def _is_told_what_nobody_reads(tmp_path: Path) -> None:
    """A misspelt head is said with the nearest column, and the row counts without it."""
    file = tmp_path / "misspelt.csv"
    head = "单位名称,评价年度,评价等级,综合得份,公布单位,公布日期"
    file.write_text(f"{head}\n乙制药有限公司,2023,A,99,区亩均办,2024-06-01\n", encoding="utf-8")
    outcome = import_results(file, by=OFFICE, is_sure=True)
    assert (outcome.written, outcome.faults) == (1, ())
    (unread,) = outcome.unread
    assert "综合得份" in unread.why and "综合得分" in unread.why
    assert Result.objects.get(file=file_digest(file)).score is None


def _read(client: Client, path: str) -> str:
    return client.get(path, headers={"accept-language": "en"}).content.decode()


def _object(
    found: Result,
    by: Viewer,
    *,
    figure: str = "tax_paid_cny",
    stated_value: float | None = 5e6,
    organisation_id: str = "",
) -> Case:
    said_ = {"figure": figure, "stated_value": stated_value, "objection_grounds": "a road"}
    parties = [("objector", "organisation", organisation_id or found.organisation)]
    return work.open_case(work.NewCase(PROCESS, "objection", parties, said_, (SUBJECT, str(found.pk))), by=by)


def test_pages_open_for_the_office_and_not_for_others(judged: dict[str, str], cast_client: SignIn) -> None:
    office, bank = cast_client("ChainOffice"), cast_client("Bank")
    for path in (
        "/per-mu/?sort=-low",
        "/per-mu/?method=huangyan&columns=name&columns=segment&difference=no&place=a",
        "/per-mu/what-if?above-tax=60",
        "/per-mu/method?method=zhejiang_usual",
        "/per-mu/edges?within=50&sort=place",
        "/per-mu/import",
    ):
        assert office.get(path).status_code == 200
        assert bank.get(path).status_code == 403
    assert office.get(f"/per-mu/of/{judged['甲']}").status_code == 200
    assert bank.get(f"/per-mu/of/{judged['甲']}").status_code == 404
    method_page = office.get("/per-mu/method?method=zhejiang_usual").content.decode()
    assert "109.0516" in method_page and "113.7528" in method_page
    assert "2 ÷ 2.694 × 20 = 14.8478" in method_page
    for path in ("/per-mu/export/xlsx", "/per-mu/what-if/export/csv?above-tax=60", "/per-mu/edges/export/csv"):
        assert office.get(path).status_code == 200
        assert bank.get(path).status_code == 403
    assert bank.post("/per-mu/final").status_code == 403
    assert office.get("/api/v1/per-mu").json()[0]["best"]
