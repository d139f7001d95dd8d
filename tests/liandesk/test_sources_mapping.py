"""Sheets as offices make them: their columns are guessed, said once, remembered by sender, and then simply loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.liandesk.messy_workbooks import write_messy
from tests.liandesk.source_files import HEADS, WRONG_CODE, input_row, write_csv, write_xlsx

from liandesk.base.accounts.roles import NOBODY, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.facts.models import Landing
from liandesk.base.facts.queries import as_known
from liandesk.base.facts.schema import records_from_facts
from liandesk.know.sources.actions import Loaded, load, resend
from liandesk.know.sources.mappings import forget, looks_of, remember, remembered, to_ask
from liandesk.know.sources.models import ColumnMapping, QuarantinedRow, Upload, UploadState
from liandesk.know.sources.readers import source_of
from liankit.tables.guess import Mapped, SheetLook

BY = system_viewer("test")
WORKBOOK = source_of("workbook")
Signed = Callable[[str], Client]
CORRECTIONS = {"厂房或地块名": "name"}
"""What the guess leaves open and a person adds on the page."""


def _confirmed(look: SheetLook, corrections: dict[str, str]) -> Mapped:
    pairs = zip(look.titles, look.keys, look.guesses, strict=True)
    heads = {key: corrections.get(title, guess.column if guess else "") for title, key, guess in pairs}
    return Mapped(look.table, heads)


def _say(path: Path, sender: str = "商务局", corrections: dict[str, str] = CORRECTIONS) -> None:
    """Confirm the guesses for a file as a person does on the page."""
    looks = looks_of(WORKBOOK, [path])
    for look in to_ask(looks, remembered(looks, sender=sender, by=BY)):
        remember(look, _confirmed(look, corrections), source=WORKBOOK, sender=sender, by=BY)


def _load(path: Path, sender: str = "商务局") -> Loaded:
    mapped = remembered(looks_of(WORKBOOK, [path]), sender=sender, by=BY)
    return load(source=WORKBOOK, paths=[path], by=BY, mapped=mapped)


def _known(kind: str, **columns: Any) -> list[dict[str, Any]]:
    return records_from_facts(as_known(None, BY, kinds=[kind]).facts, kind, columns).to_dicts()


@pytest.mark.django_db
def test_five_messy_workbooks_are_mapped_once_and_loaded_with_every_row_accounted_for(tmp_path: Path) -> None:
    found = {}
    for key, path in write_messy(tmp_path).items():
        _say(path)
        reading = _load(path).reading
        assert reading is not None
        found[key] = {name: (counts["good"], counts["bad"], counts["notes"]) for name, counts in reading.counts.items()}
        for counts in reading.counts.values():
            assert counts["seen"] == sum(count for name, count in counts.items() if name != "seen")
    assert found == {
        "leads": {"leads": (5, 0, 2)},
        "supply": {"supply_links": (3, 0, 1)},
        "titles": {"titles": (2, 1, 0)},
        "several": {"technologies": (2, 0, 0), "space": (2, 0, 0)},
        "headless": {"enterprises": (3, 0, 0)},
    }


@pytest.mark.django_db
def test_amounts_dates_and_names_of_a_messy_sheet_mean_what_the_office_meant(tmp_path: Path) -> None:
    files = write_messy(tmp_path)
    for key in ("leads", "supply", "several"):
        _say(files[key])
        _load(files[key])
    leads = _known("lead", amount_cny=pl.Float64, received_on=pl.String, town=pl.String)
    assert sorted((lead["received_on"], lead["amount_cny"]) for lead in leads) == [
        ("2024-01-05", 3_000_000.0),
        ("2024-02-06", 120_000_000.0),
        ("2024-03-07", 6_000_000.0),
        ("2024-04-08", 80_000_000.0),
        ("2024-05-09", None),
    ]
    links = _known("supply", amount_cny=pl.Float64, share=pl.Float64, sole_source=pl.Boolean, lead_time_days=pl.Float64)
    assert {tuple(link.values())[1:] for link in links} == {
        (1_200_000.0, 0.6, False, 4.0),
        (3_000_000.0, 1.0, True, 90.0),
        (455_000.0, None, None, 14.0),
    }
    areas = {place["name"]: place["area_m2"] for place in _known("space", name=pl.String, area_m2=pl.Float64)}
    assert areas["生物谷3号厂房"] == pytest.approx(10_000)


@pytest.mark.django_db
def test_what_one_sender_said_is_used_for_the_next_file_and_for_nobody_elses(tmp_path: Path) -> None:
    path = write_messy(tmp_path)["supply"]
    _say(path, "临平乙医药")
    heads = [
        "供货厂家",
        "我方（采购单位）",
        "采购的物料名称",
        "一年采购金额（万元）",
        "所占比例",
        "独家供应吗",
        "到货周期",
        "原产国",
    ]
    rows = [["甲有限公司", "乙有限公司", "填料", "7", "", "", "", ""]]
    later = write_xlsx(tmp_path / "十月.xlsx", {"十月": [["十月份"], heads, *rows]})
    looks = looks_of(WORKBOOK, [later])
    assert not to_ask(looks, remembered(looks, sender="临平乙医药", by=BY))
    assert to_ask(looks, remembered(looks, sender="商务局", by=BY))
    assert _load(later, "临平乙医药").reading.counts["supply_links"]["good"] == 1


@pytest.mark.django_db
def test_a_row_of_a_mapped_sheet_is_mended_in_the_unit_of_its_sheet(tmp_path: Path) -> None:
    heads = ["供货厂家", "我方（采购单位）", "采购的物料名称", "一年采购金额（元）"]
    rows = [
        ["甲有限公司", "乙有限公司", item, amount]
        for item, amount in (("填料", "7"), ("膜", "8"), ("袋", "9"), ("滤芯", "许多"))
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [heads, *rows]})
    _say(path)
    _load(path)
    row = QuarantinedRow.objects.waiting().get()
    assert resend(row=row.pk, cells={"amount_cny": "500"}, by=BY).status == "loaded"
    assert sorted(link["amount_cny"] for link in _known("supply", amount_cny=pl.Float64)) == [7.0, 8.0, 9.0, 500.0]


@pytest.mark.django_db
def test_the_same_file_said_otherwise_is_another_load(tmp_path: Path) -> None:
    path = write_messy(tmp_path)["headless"]
    _say(path)
    first = _load(path)
    assert _load(path).status == "already_loaded"
    _say(path, corrections={}, sender="经科局")
    (look,) = looks_of(WORKBOOK, [path])
    said = Mapped("enterprises", {**_confirmed(look, {}).heads, "@4": "segment"})
    remember(look, said, source=WORKBOOK, sender="经科局", by=BY)
    second = _load(path, "经科局")
    assert second.status == "loaded" and second.landing != first.landing
    assert {item["name"] for item in _known("item", name=pl.String)} == {"生物药", "高端器械", "细胞与基因治疗"}


@pytest.mark.django_db
def test_what_is_said_is_checked_logged_once_and_only_by_who_may_load(tmp_path: Path) -> None:
    (look,) = looks_of(WORKBOOK, [write_messy(tmp_path)["supply"]])
    said = _confirmed(look, {})
    twice = Mapped(said.table, {**said.heads, "供货厂家": "buyer"})
    for wrong in (
        Mapped("supply_link", said.heads),
        twice,
        Mapped(said.table, {}),
        Mapped("leads", dict.fromkeys(said.heads, "")),
    ):
        with pytest.raises(UserError):
            remember(look, wrong, source=WORKBOOK, sender="甲", by=BY)
    with pytest.raises(NotAllowed):
        remember(look, said, source=WORKBOOK, sender="甲", by=NOBODY)
    before = AuditEvent.objects.count()
    kept = remember(look, said, source=WORKBOOK, sender="甲", by=BY)
    assert AuditEvent.objects.count() == before + 1
    forget(kept.pk, by=BY)
    assert AuditEvent.objects.count() == before + 2 and not ColumnMapping.objects.exists()


def _send(client: Client, path: Path, sender: str = "") -> Upload:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post(reverse("load_new"), {"source": "workbook", "files": [file], "sender": sender})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=answer.url.rsplit("/", 1)[1])


def _page(client: Client, upload: Upload) -> tuple[str, dict[str, str]]:
    """Return the page of an upload's columns and what its form would send as it stands."""
    page = client.get(reverse("upload", args=[upload.pk]), follow=True)
    data = {}
    for form in page.context["forms"]:
        data |= {bound.html_name: str(bound.value() or "") for bound in form}
    return page.content.decode(), data


def test_the_page_asks_once_and_the_next_upload_of_the_sender_goes_straight_to_its_preview(
    cast_client: Signed, tmp_path: Path
) -> None:
    client, path = cast_client("ChainOffice"), write_messy(tmp_path)["leads"]
    upload = _send(client, path, "商务局")
    assert upload.state == UploadState.MAPPING
    html, data = _page(client, upload)
    assert "计划总投资" in html and "商务局" in html
    answer = client.post(reverse("upload_columns", args=[upload.pk]), data, follow=True)
    upload.refresh_from_db()
    assert upload.state == UploadState.READY and upload.preview["good"] == 5, answer.content.decode()
    client.post(reverse("upload_confirm", args=[upload.pk]))
    assert Landing.objects.count() == 1
    again = _send(client, path, "商务局")
    assert again.state == UploadState.READY
    page = client.get(reverse("mappings")).content.decode()
    assert "商务局" in page and "计划总投资" in page
    client.post(reverse("mapping_forget", args=[ColumnMapping.objects.get().pk]))
    assert _send(client, path, "商务局").state == UploadState.MAPPING


def test_another_table_is_shown_without_saving_and_wrong_columns_are_refused(
    cast_client: Signed, tmp_path: Path
) -> None:
    client = cast_client("ChainOffice")
    upload = _send(client, write_messy(tmp_path)["headless"])
    _html, data = _page(client, upload)
    url, prefix = reverse("upload_columns", args=[upload.pk]), next(iter(data)).rsplit("-", 1)[0]
    shown = client.post(url, {**data, f"{prefix}-table": "titles", "show": prefix})
    assert shown.status_code == 200 and not ColumnMapping.objects.exists()
    refused = client.post(url, {**data, f"{prefix}-c3": "name"})
    assert refused.status_code == 400 and not ColumnMapping.objects.exists()
    left_out = client.post(url, {f"{prefix}-table": ""}, follow=True)
    upload.refresh_from_db()
    assert ColumnMapping.objects.get().table == "" and upload.state == UploadState.FAILED
    assert left_out.status_code == 200 and not Landing.objects.exists()


def test_a_sheet_in_our_words_asks_nothing(cast_client: Signed, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row("乙药业", code=WRONG_CODE)], heads=HEADS)
    upload = _send(cast_client("ChainOffice"), path)
    assert upload.state == UploadState.READY and upload.looks == []


def test_the_api_tells_the_looks_and_takes_the_answer(cast_client: Signed, tmp_path: Path) -> None:
    client, path = cast_client("ChainOffice"), write_messy(tmp_path)["titles"]
    body = {
        "source": "workbook",
        "files": [SimpleUploadedFile(path.name, path.read_bytes())],
        "dry_run": True,
        "sender": "市监局",
    }
    sent = client.post("/api/v1/loads", body).json()
    assert sent["state"] == "mapping"
    look = sent["looks"][0]
    heads = {key: (guess or {"column": ""})["column"] for key, guess in zip(look["keys"], look["guesses"], strict=True)}
    said = {"sheets": [{"signature": look["signature"], "table": look["table"], "heads": heads}]}
    url = f"/api/v1/uploads/{sent['key']}/columns"
    answer = client.post(url, said, content_type="application/json").json()
    assert answer["state"] == "ready" and answer["preview"]["good"] == 2
    assert cast_client("OtherTown").post(url, said, content_type="application/json").status_code in (403, 404)


@pytest.mark.django_db
def test_the_command_reads_a_senders_sheet_as_was_said(tmp_path: Path) -> None:
    path = write_messy(tmp_path)["leads"]
    _say(path, "商务局")
    call_command("load", "workbook", str(path), sender="商务局")
    assert len(_known("lead", name=pl.String)) == 5
