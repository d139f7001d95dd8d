"""Loads on the pages and through the API: the same as the command, with the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.liandesk.source_files import HEADS, WRONG_CODE, input_row, write_csv

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.facts.models import Landing
from liandesk.base.home import home
from liandesk.base.jobs.actions import claim
from liandesk.base.jobs.models import Job
from liandesk.know.sources import uploads
from liandesk.know.sources.actions import load
from liandesk.know.sources.models import QuarantinedRow, Upload, UploadState
from liandesk.know.sources.readers import source_of
from liankit.tables import read_table

BY = system_viewer("test")
Signed = Callable[[str], Client]


def _file(*rows: list[object], name: str = "inputs.csv") -> SimpleUploadedFile:
    lines = [",".join(map(str, row)) for row in [list(HEADS), *rows]]
    return SimpleUploadedFile(name, ("\n".join(lines) + "\n").encode())


def _send(client: Client, *files: SimpleUploadedFile, source: str = "workbook") -> Upload:
    answer = client.post(reverse("load_new"), {"source": source, "files": list(files)})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=answer.url.rsplit("/", 1)[1])


def _landing(tmp_path: Path) -> Landing:
    path = write_csv(tmp_path / "a.csv", [input_row(), input_row("乙药业", code=WRONG_CODE)])
    return load(source=source_of("workbook"), paths=[path], by=BY).landing


def test_files_are_looked_into_first_and_loaded_when_the_sender_says_so(cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    sent = _send(client, _file(input_row(), input_row("乙药业", stock="许多")))
    page = client.get(reverse("upload", args=[sent.pk])).content.decode()
    assert "许多" in page and not Landing.objects.exists()
    answer = client.post(reverse("upload_confirm", args=[sent.pk]), follow=True)
    landing = Landing.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("load", args=[landing.pk])
    assert landing.title == "inputs.csv" and QuarantinedRow.objects.waiting().count() == 1
    assert not (home() / "uploads" / sent.pk).exists()


def test_confirming_twice_loads_once_and_says_so(cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    sent = _send(client, _file(input_row()))
    client.post(reverse("upload_confirm", args=[sent.pk]))
    assert client.post(reverse("upload_confirm", args=[sent.pk])).status_code == 409
    assert Landing.objects.count() == 1


def test_discarded_files_are_gone_and_nothing_is_loaded(cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    sent = _send(client, _file(input_row()))
    client.post(reverse("upload_discard", args=[sent.pk]))
    assert not (home() / "uploads" / sent.pk).exists() and not Landing.objects.exists()
    assert client.get(reverse("upload", args=[sent.pk])).status_code == 200


def test_nobody_sees_what_another_sent(cast_client: Signed) -> None:
    sent = _send(cast_client("ChainOffice"), _file(input_row()))
    for name in ("Operator", "Officer", "Auditor"):
        answer = cast_client(name).get(reverse("upload", args=[sent.pk]))
        assert answer.status_code in (403, 404)


@pytest.mark.parametrize("name", ["Officer", "TownOfficer", "Enterprise", "Bank", "Expert", "Auditor", "Outsider"])
def test_who_may_not_load_cannot_send_files(cast_client: Signed, name: str) -> None:
    answer = cast_client(name).post(reverse("load_new"), {"source": "workbook", "files": _file(input_row())})
    assert answer.status_code == 403 and not Upload.objects.exists()


def test_an_unreadable_file_is_explained_beside_the_field_and_not_kept(cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    page = client.post(reverse("load_new"), {"source": "workbook", "files": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert page.status_code == 400 and "PDF" in page.content.decode()
    assert not any((home() / "uploads").iterdir())


def test_a_name_that_climbs_out_of_its_folder_stays_in_it(cast_client: Signed) -> None:
    sent = _send(cast_client("ChainOffice"), _file(input_row(), name="..\\..\\" + "长" * 90 + ".csv"))
    name = sent.files[0]["name"]
    assert "/" not in name and "\\" not in name and len(name.encode()) <= 125 and name.endswith(".csv")


def test_more_than_may_be_sent_at_once_is_refused(cast_client: Signed, settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    answer = cast_client("ChainOffice").post(reverse("load_new"), {"source": "workbook", "files": _file(input_row())})
    assert answer.status_code == 400 and not Upload.objects.exists()


def test_a_large_upload_is_read_and_loaded_by_the_worker(cast_client: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES", 10)
    client = cast_client("ChainOffice")
    sent = _send(client, _file(input_row()))
    assert sent.state == UploadState.READING and sent.job
    assert "hx-trigger" in client.get(reverse("upload", args=[sent.pk])).content.decode()
    _work()
    sent.refresh_from_db()
    assert sent.state == UploadState.READY and sent.preview["good"] == 1
    client.post(reverse("upload_confirm", args=[sent.pk]))
    assert not Landing.objects.exists()
    _work()
    sent.refresh_from_db()
    assert sent.state == UploadState.LOADED and sent.landing == Landing.objects.get()


def test_a_worker_killed_after_the_landing_loads_nothing_twice(
    cast_client: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES", 10)
    client = cast_client("ChainOffice")
    sent = _send(client, _file(input_row()))
    _work()
    client.post(reverse("upload_confirm", args=[sent.pk]))
    load(source=source_of("workbook"), paths=[home() / "uploads" / sent.pk / "inputs.csv"], by=BY)
    _work()
    sent.refresh_from_db()
    assert Landing.objects.count() == 1 and sent.landing == Landing.objects.get()


def _work() -> None:
    job = claim("test")
    assert job is not None
    uploads.run(job)
    Job.objects.filter(pk=job.pk).update(state="done")


def test_the_list_and_a_load_are_shown_in_both_languages(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    client = cast_client("ChainOffice")
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        for url in (reverse("loads"), reverse("load", args=[landing.pk])):
            assert client.get(url).status_code == 200
    page = client.get(reverse("load", args=[landing.pk])).content.decode()
    assert WRONG_CODE in page and "a.csv" in page


def test_the_report_comes_as_csv_in_the_readers_language(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    client = cast_client("Auditor")
    client.cookies["django_language"] = "en"
    text = b"".join(client.get(reverse("load_report", args=[landing.pk])).streaming_content).decode("utf-8-sig")
    head, first, *_rest = text.splitlines()
    assert head.startswith("File,Sheet,Row,Column") and first.startswith("a.csv,,3,Unified social credit code")


def test_a_row_is_mended_on_the_page(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    waiting = QuarantinedRow.objects.get()
    client = cast_client("ChainOffice")
    url = reverse("row", args=[landing.pk, waiting.pk])
    assert "乙药业" in client.get(url).content.decode()
    cells = {**waiting.cells, "uscc": "123"}
    assert client.post(url, cells).status_code == 400
    assert client.post(url, {**cells, "uscc": ""}).status_code == 302
    assert not QuarantinedRow.objects.waiting().exists() and Landing.objects.count() == 2
    assert client.get(url).status_code == 404


def test_waiting_rows_go_out_as_excel_and_come_back_mended(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    client = cast_client("ChainOffice")
    content = b"".join(client.get(reverse("load_waiting", args=[landing.pk])).streaming_content)
    path = tmp_path / "waiting.xlsx"
    path.write_bytes(content)
    row = read_table(path, source_of("workbook").table("critical_inputs")).rejected.row(0, named=True)
    assert row["enterprise"] == "乙药业" and row["quarantine_id"] == str(QuarantinedRow.objects.get().pk)
    mended = _file([*input_row("乙药业（新名）"), row["quarantine_id"]])
    text = mended.read().decode().replace("库存可用天数", "库存可用天数,quarantine_id")
    sent = _send(client, SimpleUploadedFile("b.csv", text.encode()))
    client.post(reverse("upload_confirm", args=[sent.pk]))
    assert not QuarantinedRow.objects.waiting().exists()


def test_a_row_is_set_aside_on_the_page(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    waiting = QuarantinedRow.objects.get()
    client = cast_client("Operator")
    url = reverse("row_aside", args=[landing.pk, waiting.pk])
    client.post(url, {"why": ""})
    assert QuarantinedRow.objects.waiting().exists()
    client.post(url, {"why": "a test row"})
    assert not QuarantinedRow.objects.waiting().exists()


def test_a_load_is_withdrawn_with_a_reason(cast_client: Signed, tmp_path: Path) -> None:
    landing = _landing(tmp_path)
    client = cast_client("ChainOffice")
    url = reverse("load_withdraw", args=[landing.pk])
    client.post(url, {"why": ""})
    landing.refresh_from_db()
    assert landing.withdrawn_at is None
    client.post(url, {"why": "last year's file"})
    landing.refresh_from_db()
    assert landing.withdrawn_why == "last year's file"
    assert cast_client("Auditor").post(url, {"why": "x"}).status_code == 403


def test_the_inbox_says_what_waits_to_be_mended(cast_client: Signed, tmp_path: Path) -> None:
    _landing(tmp_path)
    client = cast_client("ChainOffice")
    client.cookies["django_language"] = "en"
    assert "1 row waits to be mended" in client.get("/").content.decode()
    assert "waits to be mended" not in cast_client("Officer").get("/").content.decode()


@pytest.mark.parametrize("name", ["workbook", "enterprises", "facts", "critical_inputs"])
def test_a_template_downloads_and_reads_back(cast_client: Signed, tmp_path: Path, name: str) -> None:
    answer = cast_client("Enterprise").get(reverse("template", args=[name]))
    path = tmp_path / "template.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    reading = source_of("workbook").read([path])
    assert reading.bad == reading.good == 0
    assert len(reading.parts) == (3 if name == "workbook" else 1)
    assert not reading.problems.filter(severity="error").height
    assert cast_client("Enterprise").get(reverse("template", args=["nothing"])).status_code == 404


def test_a_load_that_came_another_way_is_shown_too(cast_client: Signed) -> None:
    import polars as pl

    from liandesk.base.facts.actions import NewLanding, land
    from liandesk.base.facts.schema import empty_facts

    report = pl.DataFrame({"code": ["of an older reader"]})
    landing = land(NewLanding("elsewhere", "MarkLanding", "x" * 64, empty_facts(), report, {"t": {"good": 1}}), by=BY)
    QuarantinedRow.objects.create(landing=landing, table="t", file="f", row=1, cells={"a": "b"}, problems=[])
    client = cast_client("ChainOffice")
    assert client.get(reverse("load", args=[landing.pk])).status_code == 200
    assert client.get(reverse("loads")).status_code == 200
    row = QuarantinedRow.objects.get()
    assert client.get(reverse("row", args=[landing.pk, row.pk])).status_code == 404


def test_the_api_sends_looks_loads_and_withdraws(cast_client: Signed) -> None:
    client = cast_client("ChainOffice")
    looked = client.post("/api/v1/loads", {"source": "workbook", "dry_run": "true", "files": _file(input_row())})
    assert looked.status_code == 200 and looked.json()["state"] == "ready", looked.content
    assert looked.json()["preview"]["good"] == 1 and not Landing.objects.exists()
    key = looked.json()["key"]
    assert client.post(f"/api/v1/uploads/{key}/load").json()["state"] == "loaded"
    loaded = client.get("/api/v1/loads").json()["items"][0]
    assert loaded["facts"] > 0 and loaded["waiting"] == 0
    again = client.post("/api/v1/loads", {"source": "workbook", "files": _file(input_row())}).json()
    assert again["load"] == loaded["key"] and Landing.objects.count() == 1
    answer = client.post(f"/api/v1/loads/{loaded['key']}/withdraw", {"why": "a trial"}, content_type="application/json")
    assert answer.json()["withdrawn_why"] == "a trial"


def test_the_api_refuses_what_the_pages_refuse(cast_client: Signed) -> None:
    client = cast_client("Enterprise")
    assert client.get("/api/v1/loads").status_code == 403
    assert client.get("/api/v1/loads/nothing").status_code == 404
    assert client.post("/api/v1/loads", {"source": "workbook", "files": _file(input_row())}).status_code == 403
    unreadable = {"source": "workbook", "files": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}
    assert cast_client("ChainOffice").post("/api/v1/loads", unreadable).status_code == 400
