"""A copy of the list: the rows in order, marked, safe to open, and only what its taker may see."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document as open_docx
from python_calamine import CalamineWorkbook
from tests.liandesk.lists_world import (
    CHIEF,
    ENTERPRISE,
    MARKET_OFFICER,
    OFFICE,
    ONE_RESIN,
    ONE_VALVE,
    TOWN,
    TWO_MEDIUM,
    english,  # noqa: F401
    publish_world,
)

from liandesk.assess.lists import actions, edition_actions, queries
from liandesk.assess.lists.columns import COLUMNS, FULL, LEADER
from liandesk.assess.lists.export_actions import export_edition, export_list
from liandesk.assess.lists.models import Edition, ListEntry
from liandesk.base.accounts.roles import NOBODY, Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, UserError

pytestmark = pytest.mark.django_db


def _take(
    folder: Path, kind: str = "csv", by: Viewer = OFFICE, codes: tuple[str, ...] = FULL, language: str = "en"
) -> Path:
    path = folder / f"copy.{kind}"
    export_list(queries.entries(by), codes, path, by=by, kind=kind, language=language)  # type: ignore[arg-type]
    return path


def _csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def _sheet(path: Path, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def test_a_csv_has_the_entries_in_the_lists_own_order(tmp_path: Path) -> None:
    publish_world()
    rows = _csv(_take(tmp_path))
    assert [row["Key of the entry"] for row in rows] == list(queries.entries(OFFICE).values_list("key", flat=True))
    assert [row["No."] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]


def test_what_is_unknown_is_said_and_what_is_not_set_stays_empty(tmp_path: Path) -> None:
    publish_world()
    valve = next(row for row in _csv(_take(tmp_path)) if row["Key of the entry"] == ONE_VALVE)
    assert valve["Bought a year (CNY)"] == valve["Likelihood, from"] == valve["Kind of control"] == "unknown"
    assert valve["Due"] == valve["Level set by an officer"] == valve["Request of the enterprise"] == ""
    assert valve["Level"] == valve["Computed level"] == "unknown"
    assert valve["Impact is measured in"] == "annual output, CNY"


def test_the_words_follow_the_language_and_the_data_does_not(tmp_path: Path) -> None:
    publish_world()
    row = next(row for row in _csv(_take(tmp_path)) if row["Key of the entry"] == ONE_RESIN)
    assert row["Enterprise"] == "临安生物一号有限公司" and row["Countries or regions of supply"] == "Sweden"
    assert row["Link of the chain"] == "High-end excipients" and row["Sole source"] == "yes"
    chinese = (_take(tmp_path, language="zh")).read_text(encoding="utf-8-sig")
    assert "高端药用辅料" in chinese and "瑞典" in chinese and "不清楚" in chinese


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_no_text_becomes_a_formula(tmp_path: Path, kind: str) -> None:
    publish_world()
    path = _take(tmp_path, kind, codes=LEADER)
    if kind == "csv":
        assert "'=隔膜阀" in [row["Item that may fail"] for row in _csv(path)]
    elif kind == "xlsx":
        assert "=隔膜阀" in [row[1] for row in _sheet(path, "Entries")]
        import zipfile

        assert all(b"<f>" not in zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist())
    else:
        assert "=隔膜阀" in [row.cells[1].text for row in open_docx(str(path)).tables[0].rows]


def test_a_workbook_opens_again_with_its_rows_its_cover_and_numbers_as_numbers(tmp_path: Path) -> None:
    publish_world()
    path = _take(tmp_path, "xlsx")
    head, *rows = _sheet(path, "Entries")
    assert head == [str(COLUMNS[code].title) for code in FULL]
    keys = [row[FULL.index("key")] for row in rows]
    assert keys == list(queries.entries(OFFICE).values_list("key", flat=True))
    assert rows[0][FULL.index("amount_cny")] == 1_200_000.0
    cover = dict(row[:2] for row in _sheet(path, "About this copy") if len(row) > 1)
    assert cover["Entries"] == str(len(rows)) and "Classification" in cover
    assert "unknown" in cover and "Likelihood" in cover


def test_a_word_form_has_ten_columns_the_mark_above_and_the_taker_below(tmp_path: Path) -> None:
    publish_world()
    document = open_docx(str(_take(tmp_path, "docx", codes=LEADER)))
    table = document.tables[0]
    assert len(table.columns) == 10
    items = [row.cells[1].text for row in table.rows[1:]]
    assert items == list(queries.entries(OFFICE).values_list("item_name", flat=True))
    section = document.sections[0]
    assert "Classification: Work-sensitive" in section.header.paragraphs[0].text
    assert timezone.localtime().strftime("%Y-%m-%d") in section.footer.paragraphs[0].text
    assert section.page_width.mm == pytest.approx(297, abs=1)


def test_a_word_form_is_refused_for_more_rows_than_anybody_reads(tmp_path: Path) -> None:
    day = date(2024, 9, 30)
    ListEntry.objects.bulk_create(
        ListEntry(key=f"item:{n}", scope="item", item=str(n), item_name=str(n), listed_on=day, recomputed_on=day)
        for n in range(501)
    )
    with pytest.raises(UserError, match="at most 500"):
        _take(tmp_path, "docx", codes=LEADER)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_synthetic_data_is_said_in_the_file_and_in_its_name(tmp_path: Path, kind: str) -> None:
    publish_world(is_synthetic=True)
    path = tmp_path / f"copy.{kind}"
    name = export_list(queries.entries(OFFICE), LEADER, path, by=OFFICE, kind=kind, language="en")
    assert name == f"risk-list_2024-09-30-synthetic.{kind}"
    if kind == "csv":
        assert {row["Synthetic data"] for row in _csv(path)} == {"yes"}
    elif kind == "xlsx":
        assert "Synthetic data" in [row[0] for row in _sheet(path, "About this copy") if row]
    else:
        assert "SYNTHETIC" in open_docx(str(path)).sections[0].header.paragraphs[0].text


def test_a_town_and_an_enterprise_take_only_their_own_and_nothing_hidden(tmp_path: Path) -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0, with_offices=())
    actions.report(ONE_RESIN, by=OFFICE, version=1, note="内部意见", level="red", level_reason="内部理由")
    codes = (*FULL, "note")
    town = _csv(_take(tmp_path, by=TOWN, codes=codes))
    assert {row["Key of the entry"] for row in town} == {ONE_RESIN, ONE_VALVE}
    assert "Note" not in town[0] and "Reason for the level" in town[0]
    enterprise = (_take(tmp_path, by=ENTERPRISE, codes=codes)).read_text(encoding="utf-8-sig")
    assert "内部意见" not in enterprise and "内部理由" not in enterprise
    assert {row["Key of the entry"] for row in _csv(tmp_path / "copy.csv")} == {ONE_RESIN, ONE_VALVE}
    assert _csv(_take(tmp_path, by=MARKET_OFFICER)) == []


def test_who_may_see_no_entry_takes_no_copy(tmp_path: Path) -> None:
    publish_world()
    with pytest.raises(NotAllowed):
        _take(tmp_path, by=NOBODY)
    assert not list(tmp_path.glob("copy*"))


def test_each_copy_leaves_a_trace_with_the_hash_of_the_file(tmp_path: Path) -> None:
    publish_world()
    from liandesk.base.snapshots.store import file_digest

    path = _take(tmp_path)
    event = AuditEvent.objects.get(action="list.export")
    assert event.actor == OFFICE.actor and event.details["file"] == file_digest(path)


def _edition(*, sign: bool = True) -> Edition:
    publish_world(is_synthetic=True)
    for key in (ONE_RESIN, TWO_MEDIUM):
        actions.admit(key, by=OFFICE, version=0, due_date=date(2024, 12, 20))
    draft = edition_actions.prepare_edition(by=OFFICE, title="断链断供风险清单", classification="internal")
    return edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason="x") if sign else draft


@pytest.mark.parametrize(("kind", "form"), [("docx", "leader"), ("xlsx", "leader"), ("xlsx", "full"), ("csv", "full")])
def test_an_edition_leaves_as_it_was_frozen(tmp_path: Path, kind: str, form: str) -> None:
    edition = _edition()
    actions.decline(ONE_RESIN, by=OFFICE, version=1, reason="x")
    path = tmp_path / f"edition.{kind}"
    name = export_edition(edition, path, by=CHIEF, kind=kind, form=form, language="en")
    assert name == f"risk-list-edition-1_2024-09-30-synthetic.{kind}"
    if kind == "docx":
        document = open_docx(str(path))
        assert [row.cells[1].text for row in document.tables[0].rows[1:]] == ["层析填料", "培养基"]
        assert "Internal" in document.sections[0].header.paragraphs[0].text
        assert any("Signed" in paragraph.text for paragraph in document.paragraphs)
    elif kind == "xlsx":
        codes = {"leader": LEADER, "full": FULL}[form]
        assert [row[codes.index("item_name")] for row in _sheet(path, "Entries")][1:] == ["层析填料", "培养基"]
        reasons = _sheet(path, "Reasons")
        assert {row[0] for row in reasons[1:]} == {1.0, 2.0} and "There is only one source" in str(reasons[1][1])
    else:
        assert [row["Classification"] for row in _csv(path)] == ["Internal", "Internal"]


def test_an_edition_is_not_taken_by_whoever_may_not_read_it(tmp_path: Path) -> None:
    edition = _edition()
    for by in (MARKET_OFFICER, TOWN, ENTERPRISE):
        with pytest.raises(NotAllowed):
            export_edition(edition, tmp_path / "x.csv", by=by, kind="csv", form="full", language="en")
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("wrong", [{"kind": "pdf", "form": "full"}, {"kind": "csv", "form": "ful"}], ids=str)
def test_a_wrong_kind_or_form_names_the_valid_ones(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(UserError, match="none of"):
        export_edition(_edition(), tmp_path / "x", by=CHIEF, language="en", **wrong)


def test_an_empty_list_makes_an_empty_copy(tmp_path: Path) -> None:
    assert _csv(_take(tmp_path)) == []
    assert len(_sheet(_take(tmp_path, "xlsx"), "Entries")) == 1
