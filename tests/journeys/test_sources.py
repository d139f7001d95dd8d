"""Loading files as people do it: send, look, decide, mend; in both languages, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.liandesk.source_files import HEADS, WRONG_CODE, input_row, write_csv

from liandesk.base.accounts.roles import system_viewer
from liandesk.know.sources.actions import load
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.readers import source_of

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
BY = system_viewer("test")


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    rows = [input_row(), input_row("临平乙药业有限公司", code=WRONG_CODE), input_row(item="培养基", stock="许多")]
    return write_csv(tmp_path / "关键物项.csv", rows, heads=HEADS)


def test_each_page_of_loads_is_readable(people: dict[str, Any], dirty: Path, look_at: LookAt) -> None:
    landing = load(source=source_of("workbook"), paths=[dirty], by=BY).landing
    assert landing is not None
    row = QuarantinedRow.objects.first()
    assert row is not None
    pages = {
        "loads": "/loads/",
        "load_new": "/loads/new",
        "load": f"/loads/{landing.pk}",
        "row": f"/loads/{landing.pk}/rows/{row.pk}",
        "withdraw": f"/loads/{landing.pk}/withdraw",
    }
    look_at(pages, "sources")


def test_a_file_is_sent_looked_into_loaded_and_mended(
    view: tuple[str, int], open_page: OpenPage, dirty: Path, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/loads/new", who="ChainOffice", language=language, width=width)
    page.set_input_files("input[type=file]", str(dirty))
    page.click("main .form-buttons .btn-primary")
    page.wait_for_url("**/loads/uploads/*")
    shot(page, f"upload-{language}-{width}")
    check_page(page)
    page.click("main .btn-primary")
    page.wait_for_url("**/loads/*")
    assert QuarantinedRow.objects.waiting().count() == 2
    page.click("main a[href*='/rows/'] >> nth=0")
    page.fill("input[name=uscc]", "")
    page.click("main .btn-primary")
    page.wait_for_url("**/loads/*")
    assert QuarantinedRow.objects.waiting().count() == 1
