"""Files become facts: through the whole path, from dirty bytes to what is known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.apps import apps
from tests.liandesk.source_files import GOOD_CODE, HEADS, WRONG_CODE, input_row, write_csv, write_xlsx

from liandesk.base.accounts.roles import NOBODY, system_viewer
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.facts.actions import withdraw
from liandesk.base.facts.models import Landing
from liandesk.base.facts.queries import as_known
from liandesk.know.sources.actions import load, preview, resend, set_aside
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.readers import source_of, sources
from liandesk.know.sources.reports import write_report
from liankit.tables import UnreadableFile

BY = system_viewer("test")
WORKBOOK = source_of("workbook")


def _load(*paths: Path):
    return load(source=WORKBOOK, paths=paths, by=BY)


def _known(kind: str, attribute: str) -> dict[str, object]:
    facts = as_known(None, BY, kinds=[kind]).facts.filter(attribute=attribute)
    return {
        record: text if text is not None else number
        for record, text, number in facts.select("record", "text", "number").iter_rows()
    }


def _row_counts() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_sources_are_found_by_looking_into_the_folder() -> None:
    assert {"synthetic", "us_pharma", "workbook"} <= set(sources())
    with pytest.raises(UserError, match="Did you mean 'workbook'"):
        source_of("workbok")


@pytest.mark.django_db
def test_a_gbk_file_with_semicolons_becomes_facts(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(code=GOOD_CODE)], delimiter=";", encoding="gbk")
    loaded = _load(path)
    assert loaded.status == "loaded" and loaded.reading.counts["critical_inputs"]["good"] == 1
    record = f"workbook:organisation:{GOOD_CODE}"
    assert _known("organisation", "name") == {record: "临平甲医药有限公司"}
    assert _known("organisation", "uscc") == {record: GOOD_CODE}
    assert set(_known("critical_input", "organisation").values()) == {record}
    assert list(_known("critical_input", "supplier_country").values()) == ["US"]
    assert list(_known("critical_input", "another_source").values()) == ["no"]
    assert _known("item", "name") == {"workbook:item:蛋白a填料": "蛋白A填料"}


@pytest.mark.django_db
def test_full_width_digits_units_in_heads_and_shares_are_read_as_they_are_meant(tmp_path: Path) -> None:
    heads = (*HEADS, "年采购额（元）", "占该物项采购比重（%）", "下游产品年产值（万元）")
    path = write_csv(tmp_path / "a.csv", [[*input_row(stock="４５"), "１２００００", "60", "0.07"]], heads=heads)
    _load(path)
    assert list(_known("critical_input", "stock_days").values()) == [45.0]
    assert list(_known("critical_input", "amount_cny").values()) == [120_000.0]
    assert list(_known("critical_input", "share").values()) == [0.6]
    assert list(_known("critical_input", "output_cny").values()) == [700.0]


@pytest.mark.django_db
def test_what_is_not_known_is_no_fact(tmp_path: Path) -> None:
    row = input_row(country="不清楚", another="不清楚", stock="不清楚")
    _load(write_csv(tmp_path / "a.csv", [row]))
    attributes = set(as_known(None, BY, kinds=["critical_input"]).facts["attribute"])
    assert attributes == {"organisation", "item", "used_for"}


@pytest.mark.django_db
def test_the_day_an_input_was_stated_dates_its_facts_and_what_is_no_day_keeps_the_row_out(tmp_path: Path) -> None:
    dated = [[*input_row(), "2023年5月4日"], [*input_row("乙药业"), "去年春天"], [*input_row("丙药业"), ""]]
    loaded = _load(write_csv(tmp_path / "a.csv", dated, heads=(*HEADS, "填报日期")))
    facts = as_known(None, BY, kinds=["critical_input"]).facts
    assert set(facts["valid_from"]) == {date(2023, 5, 4), None}
    assert "as_of" not in facts["attribute"]
    row = QuarantinedRow.objects.get()
    assert (row.row, row.problems[0]["column"], loaded.reading.lost) == (3, "as_of", {row.problems[0]["code"]: 1})


@pytest.mark.django_db
def test_a_wrong_check_digit_waits_and_the_other_rows_load(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row("乙药业", code=WRONG_CODE)])
    loaded = _load(path)
    assert loaded.reading.counts["critical_inputs"] | {"good": 1, "bad": 1} == loaded.reading.counts["critical_inputs"]
    assert loaded.reading.lost == {"uscc_check_digit": 1}
    row = QuarantinedRow.objects.get()
    assert (row.row, row.cells["uscc"], row.problems[0]["code"]) == (3, WRONG_CODE, "uscc_check_digit")
    assert loaded.landing.receipt.lost == {"uscc_check_digit": 1}


@pytest.mark.django_db
def test_merged_heads_above_the_table_do_not_hide_it(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.merge_range(0, 0, 0, 6, "临平区关键物项填报表")
        sheet.merge_range(1, 0, 1, 1, "单位")
        sheet.merge_range(1, 2, 1, 6, "物项")
        sheet.write_row(2, 0, HEADS)
        sheet.write_row(3, 0, input_row(stock=30))
        sheet.write_row(4, 0, ["合计"])
    loaded = _load(tmp_path / "a.xlsx")
    counts = loaded.reading.counts["critical_inputs"]
    assert (counts["good"], counts["bad"], counts["notes"]) == (1, 0, 1)


@pytest.mark.django_db
def test_one_workbook_may_hold_any_of_the_sheets_and_they_speak_of_the_same_enterprise(tmp_path: Path) -> None:
    enterprises = [["企业名称", "统一社会信用代码", "所属镇街", "年产值（万元）"]]
    enterprises += [["临平甲医药有限公司", GOOD_CODE, "塘栖镇", 1200]]
    inputs = [list(HEADS), input_row("临平 甲医药有限公司", stock=3)]
    dated = [["企业名称", "指标", "数值或内容", "单位", "截至日期"], [GOOD_CODE, "年产值", 0.5, "亿元", "2023-12-31"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": enterprises, "关键物项": inputs, "指标": dated})
    loaded = _load(path)
    assert {name: counts["good"] for name, counts in loaded.reading.counts.items()} == {
        "enterprises": 1,
        "critical_inputs": 1,
        "facts": 1,
    }
    record = f"workbook:organisation:{GOOD_CODE}"
    facts = as_known(None, BY, kinds=["organisation"]).facts
    assert set(facts["record"]) == {record}
    dated = facts.filter(attribute="output_cny").sort("valid_from", nulls_last=False)
    assert dated["number"].to_list() == [12_000_000.0, 50_000_000.0]
    assert set(_known("critical_input", "organisation").values()) == {record}
    assert _known("organisation", "town") == {record: "330113100"}


@pytest.mark.django_db
def test_a_value_that_its_attribute_cannot_have_waits(tmp_path: Path) -> None:
    heads = ("企业名称", "指标", "数值或内容", "单位")
    rows = [
        ["甲", "从业人数", "很多", ""],
        ["甲", "年产值", "5", "吨"],
        ["甲", "研发费用", "3", "万元"],
        ["甲", "主营领域", "抗体", ""],
    ]
    loaded = _load(write_csv(tmp_path / "a.csv", rows, heads=heads))
    assert loaded.reading.lost == {"invalid_number": 1, "unit_of_value": 1}
    assert _known("organisation", "研发费用") == {"workbook:organisation:甲": 30_000.0}
    assert _known("organisation", "主营领域") == {"workbook:organisation:甲": "抗体"}


@pytest.mark.django_db
def test_a_csv_named_xlsx_is_read_and_says_so(tmp_path: Path) -> None:
    loaded = _load(write_csv(tmp_path / "a.xlsx", [input_row()]))
    assert loaded.status == "loaded"
    assert "renamed_format" in loaded.reading.problems["code"].to_list()


@pytest.mark.django_db
def test_a_zip_bomb_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    before = _row_counts()
    with pytest.raises(UnreadableFile) as raised:
        _load(path)
    assert raised.value.problem.code == "unpacks_too_large" and _row_counts() == before


@pytest.mark.django_db
def test_a_formula_in_a_cell_is_kept_as_text_and_never_run(tmp_path: Path) -> None:
    link = '=HYPERLINK("http://example.test";"x")'
    _load(write_csv(tmp_path / "a.csv", [input_row(item=link)], delimiter="\t"))
    assert list(_known("item", "name").values()) == [link]


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row(item="另一个", stock="许多")])
    first = _load(path)
    before = _row_counts()
    second = load(source=WORKBOOK, paths=[path.rename(tmp_path / "renamed.csv")], by=BY)
    assert second.status == "already_loaded" and second.landing == first.landing and second.reading is None
    assert _row_counts() == before


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    before = _row_counts()
    reading = preview(
        source=WORKBOOK, paths=[write_csv(tmp_path / "a.csv", [input_row(), input_row(stock="x")])], by=BY
    )
    assert (reading.good, reading.bad) == (1, 1) and _row_counts() == before


@pytest.mark.django_db
def test_a_file_without_a_good_row_leaves_nothing_behind(tmp_path: Path) -> None:
    before = _row_counts()
    loaded = _load(write_csv(tmp_path / "a.csv", [input_row(stock="x")]))
    assert loaded.status == "nothing_good" and loaded.landing is None and _row_counts() == before


@pytest.mark.django_db
def test_a_withdrawn_load_is_forgotten_now_and_remembered_as_of_then(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row(stock="x")])
    landing = _load(path).landing
    withdraw(landing.key, why="wrong file", by=BY)
    landing.refresh_from_db()
    assert as_known(None, BY).facts.is_empty()
    then = as_known(landing.withdrawn_at - timedelta(microseconds=1), BY).facts
    assert "critical_input" in then["kind"].to_list()
    assert not QuarantinedRow.objects.waiting().exists()
    assert _load(path).status == "loaded"


@pytest.mark.django_db
def test_a_waiting_row_is_mended_by_the_next_file_that_has_it_right(tmp_path: Path) -> None:
    first = _load(
        write_csv(tmp_path / "a.csv", [input_row(), input_row("乙药业", stock="x"), input_row("丙", stock="y")])
    )
    second = _load(write_csv(tmp_path / "b.csv", [input_row("乙药业", stock="12"), input_row("丙", stock="z")]))
    rows = {row.cells["enterprise"]: row for row in first.landing.quarantined.all()}
    assert rows["乙药业"].settled_by_landing == second.landing and rows["乙药业"].is_mended
    assert rows["丙"].settled_by_landing == second.landing and not rows["丙"].is_mended
    assert [row.cells["enterprise"] for row in QuarantinedRow.objects.waiting()] == ["丙"]
    withdraw(second.landing.key, why="test", by=BY)
    assert QuarantinedRow.objects.waiting().count() == 2


@pytest.mark.django_db
def test_a_waiting_row_is_known_by_its_number_when_what_identified_it_was_wrong(tmp_path: Path) -> None:
    _load(write_csv(tmp_path / "a.csv", [input_row(), input_row(item="")]))
    row = QuarantinedRow.objects.get()
    heads = (*HEADS, "quarantine_id")
    _load(write_csv(tmp_path / "b.csv", [[*input_row(item="培养基"), row.pk]], heads=heads))
    assert not QuarantinedRow.objects.waiting().exists()


@pytest.mark.django_db
def test_mending_one_of_two_rows_that_look_alike_leaves_the_other_waiting(tmp_path: Path) -> None:
    twins = [input_row(country=country, stock="x") for country in ("美国", "德国")]
    _load(write_csv(tmp_path / "a.csv", [input_row("乙"), *twins]))
    first, second = QuarantinedRow.objects.order_by("row")
    assert first.identity == second.identity
    resend(row=first.pk, cells={"stock_days": "10"}, by=BY)
    assert list(QuarantinedRow.objects.waiting()) == [second]


@pytest.mark.django_db
def test_a_report_holds_formulas_as_text(tmp_path: Path) -> None:
    reading = WORKBOOK.read([write_csv(tmp_path / "a.csv", [input_row(), input_row(stock="=1+1")])])
    write_report(reading.problems, WORKBOOK, tmp_path / "r.csv", "zh")
    assert ",'=1+1," in (tmp_path / "r.csv").read_text("utf-8-sig")


@pytest.mark.django_db
def test_a_row_mended_on_the_screen_is_a_load_of_its_own(tmp_path: Path) -> None:
    heads = (*HEADS, "年采购额（元）")
    _load(write_csv(tmp_path / "a.csv", [[*input_row(), 1], [*input_row("乙药业", stock="x"), 5000]], heads=heads))
    row = QuarantinedRow.objects.get()
    still = resend(row=row.pk, cells={"stock_days": "十天"}, by=BY)
    assert still.status == "nothing_good" and QuarantinedRow.objects.waiting().exists()
    mended = resend(row=row.pk, cells={"stock_days": "10"}, by=BY)
    row.refresh_from_db()
    assert mended.status == "loaded" and row.settled_by_landing == mended.landing and row.is_mended
    assert 5000.0 in _known("critical_input", "amount_cny").values()
    with pytest.raises(Conflict, match="no longer waits"):
        resend(row=row.pk, cells={"stock_days": "11"}, by=BY)


@pytest.mark.django_db
def test_a_row_that_is_not_needed_is_set_aside_with_a_reason(tmp_path: Path) -> None:
    _load(write_csv(tmp_path / "a.csv", [input_row(), input_row(stock="x")]))
    row = QuarantinedRow.objects.get()
    with pytest.raises(UserError, match="Say in a few words"):
        set_aside(row=row.pk, why=" ", by=BY)
    set_aside(row=row.pk, why="a test row of the enterprise", by=BY)
    assert not QuarantinedRow.objects.waiting().exists()


@pytest.mark.django_db
def test_who_may_not_load_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    for action in (load, preview):
        with pytest.raises(NotAllowed):
            action(source=WORKBOOK, paths=[tmp_path / "absent.csv"], by=NOBODY)


@pytest.mark.django_db
def test_a_file_without_a_required_column_says_so_once_and_makes_nobody_mend_rows(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {
            "企业": [["企业名称"], ["甲"]],
            "关键物项": [list(HEADS[:-1]), *[input_row(item=f"物项{i}")[:-1] for i in range(5)]],
        },
    )
    loaded = _load(path)
    assert loaded.reading.lost == {"missing_column": 5} and not QuarantinedRow.objects.exists()


@pytest.mark.django_db
def test_an_empty_sheet_of_the_template_does_not_keep_the_others_out(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"企业": [], "关键物项": [list(HEADS), input_row(stock=1)], "其他": [["企业名称"], ["…"]]}
    )
    loaded = _load(path)
    assert loaded.status == "loaded"
    unread = loaded.reading.problems.filter(code="sheet_not_read")
    assert set(unread["sheet"]) == {"企业", "其他"}


@pytest.mark.django_db
def test_rejected_rows_beyond_those_a_person_can_mend_are_kept_as_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liandesk.base.snapshots import store
    from liandesk.know.sources import quarantine

    monkeypatch.setattr(quarantine, "KEPT", 3)
    rows = [input_row(), *[input_row(item=f"物项{i}", stock="x") for i in range(5)]]
    landing = _load(write_csv(tmp_path / "a.csv", rows)).landing
    assert QuarantinedRow.objects.count() == 3 and landing.receipt.rows_beyond == 2
    text = store.get_bytes(landing.receipt.beyond).decode("utf-8-sig")
    assert "物项3" in text and "物项4" in text and text.startswith("企业名称")


@pytest.mark.django_db
def test_the_real_set_loads_whole_and_every_row_is_accounted_for(real_data: Path) -> None:
    source = source_of("us_pharma")
    files = sorted((real_data / "us_pharma_chain_2023").glob("*.csv"))
    loaded = load(source=source, paths=files, by=BY)
    counts = loaded.reading.counts
    assert {name: count["good"] for name, count in counts.items()} == {
        "enterprises": 3009,
        "drugs": 2134,
        "makes": 10_566,
        "input_of": 2619,
        "sells": 9974,
    }
    assert all(count["seen"] == count["good"] for count in counts.values()) and loaded.reading.bad == 0
    facts = as_known(None, BY).facts
    kinds = dict(facts.group_by("kind").agg(pl.col("record").n_unique()).iter_rows())
    assert kinds["organisation"] == 3009 and kinds["makes"] + kinds["input_of"] + kinds["sells"] == 23_159
    guessed = facts.filter(attribute="country_basis")
    assert guessed.height == 365 and set(guessed["text"]) == {"guessed from name"}
    complete = facts.filter(attribute="listing_complete")
    assert complete.height == 1416 and set(complete["text"]) == {"yes"}


@pytest.mark.django_db
def test_a_row_of_the_real_set_that_points_nowhere_is_reported(real_data: Path, tmp_path: Path) -> None:
    for path in (real_data / "us_pharma_chain_2023").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "edges_maker_makes_api.csv").open("a") as file:
        file.write("Nobody Inc.,ABACAVIR,1,20200101,BULK INGREDIENT\n")
    loaded = load(source=source_of("us_pharma"), paths=sorted(tmp_path.glob("*.csv")), by=BY)
    assert loaded.reading.lost == {"dangling_reference": 1}
    assert QuarantinedRow.objects.get().cells["maker"] == "Nobody Inc."


@pytest.mark.django_db
def test_an_invented_district_passes_the_contracts_of_the_workbook_and_is_marked(tmp_path: Path) -> None:
    source = source_of("synthetic")
    files = source.make(tmp_path, {"enterprises": 60, "seed": 3})
    loaded = load(source=source, paths=files, by=BY)
    assert loaded.landing.is_synthetic and loaded.reading.bad == 0
    assert Landing.objects.get().source == "synthetic"
    again = load(source=source, paths=source.make(tmp_path, {"enterprises": 60, "seed": 3}), by=BY)
    assert again.status == "already_loaded"
