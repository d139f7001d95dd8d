"""Yield per mu in the site: published results win, computed ones stand beside, nobody sees another's line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise, load, organisation, refresh, said
from tests.liandesk.rules_world import figures

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.definitions import method_of, methods
from liandesk.assess.per_mu.importing import import_results
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.panels import objection_url
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.packs import shipped
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.ui.panels import inbox
from liandesk.base.work import actions as work
from liandesk.know.registry.models import Organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113002", 1002)
FIVE = "甲乙丙丁戊"


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
    take_over([one for one in shipped() if one.kind.code in wanted or one.key == "objection"], by=viewer(Role.SYSTEM))
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
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _publish(path: Path, place: str = "B类", on: date | None = None) -> None:
    rows: list[tuple[object, ...]] = [("甲制药有限公司", "2023", place, "88.5", "区亩均办", str(on or today()))]
    outcome = import_results(_sheet(path, rows), by=OFFICE, is_sure=True)
    assert not outcome.faults


def test_everybody_is_ranked_and_each_reader_sees_only_what_is_theirs(judged: dict[str, str]) -> None:
    lines = queries.lines(OFFICE, method_of())
    assert lines.select("name", "best").sort("name").rows() == [
        ("丁制药有限公司", "b"),
        ("丙制药有限公司", "b"),
        ("乙制药有限公司", "b"),
        ("戊制药有限公司", "c"),
        ("甲制药有限公司", "a"),
    ]
    own = enterprise(judged["乙"])
    assert queries.lines(own, method_of())["enterprise"].to_list() == [judged["乙"]]
    assert queries.lines(TOWN, method_of())["enterprise"].to_list() == [judged["戊"]]
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
    before = queries.lines(OFFICE, method_of())
    weighed = queries.what_if(OFFICE, method_of(), {"above": {"tax": 0, "value_added": 0}})
    assert weighed.moved.is_empty()  # everybody keeps the order
    assert not (weighed.before.low == weighed.after.low).all()
    assert queries.lines(OFFICE, method_of()).equals(before)
    with pytest.raises(UserError, match="Did you mean 'tax'"):
        queries.what_if(OFFICE, method_of(), {"above": {"taxx": 1}})


def test_a_published_class_wins_and_is_objected_to_within_the_days_of_the_method(
    judged: dict[str, str], tmp_path: Path
) -> None:
    _publish(tmp_path)
    line = queries.lines(OFFICE, method_of()).filter(enterprise=judged["甲"]).row(0, named=True)
    assert (line["official"], line["official_score"], line["best"], line["difference"]) == ("b", 88.5, "a", True)
    assert queries.results(enterprise(judged["乙"])).count() == 0
    assert AuditEvent.objects.filter(action="per_mu.import").count() == 1
    _objects_in_time_only(judged["甲"], tmp_path)


def test_wrong_rows_are_named_and_left_out_and_a_look_writes_nothing(judged: dict[str, str], tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("甲制药有限公司", "2023", "A", "99", "区亩均办", "2024-06-01"),
        ("无此公司", "2023", "B", "70", "区亩均办", "2024-06-01"),
        ("乙制药有限公司", "2023", "Z", "70", "区亩均办", "2024-06-01"),
        ("丙制药有限公司", "2023", "C", "", "区亩均办", "2099-06-01"),
    ]
    file = _sheet(tmp_path, rows)
    look = import_results(file, by=OFFICE, is_sure=False)
    assert (len(look.taken), sorted(fault.row or 0 for fault in look.faults)) == (1, [4, 5, 6])
    assert not Result.objects.exists()
    import_results(file, by=OFFICE, is_sure=True)
    again = import_results(file, by=OFFICE, is_sure=True)
    assert [row.result for row in again.taken] == ["same"]
    with pytest.raises(NotAllowed):
        import_results(file, by=enterprise(judged["甲"]), is_sure=True)


def _objects_in_time_only(organisation_id: str, tmp_path: Path) -> None:
    own = enterprise(organisation_id)
    found = Result.objects.get()
    assert objection_url(own, found)
    assert not objection_url(OFFICE, found)
    assert found.objections_until in [line.due for line in inbox(own)]
    _publish(tmp_path, on=today() - timedelta(days=60))
    late = Result.objects.get()
    assert not objection_url(own, late)
    with pytest.raises(UserError, match="were open until"):
        work.open_case(_objection(late, organisation_id), by=own)


def _objection(found: Result, organisation_id: str) -> work.NewCase:
    said_ = {"against": "class", "objection_grounds": "late"}
    parties = [("objector", "organisation", organisation_id)]
    return work.NewCase("objection", "late", parties, said_, ("per_mu_result", str(found.pk)))


SignIn = Callable[[str], Client]


def test_pages_open_for_the_office_and_not_for_others(judged: dict[str, str], cast_client: SignIn) -> None:
    office, bank = cast_client("ChainOffice"), cast_client("Bank")
    for path in (
        "/per-mu/?sort=-low",
        "/per-mu/what-if?above-tax=60",
        "/per-mu/edges?within=50&sort=place",
        "/per-mu/import",
    ):
        assert office.get(path).status_code == 200
        assert bank.get(path).status_code == 403
    assert office.get(f"/per-mu/of/{judged['甲']}").status_code == 200
    assert bank.get(f"/per-mu/of/{judged['甲']}").status_code == 404
    assert office.get("/per-mu/export/xlsx").status_code == 200
    assert office.get("/api/v1/per-mu").json()[0]["best"]
