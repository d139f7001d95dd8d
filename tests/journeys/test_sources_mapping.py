"""Sheets in somebody's own words: asked about once, then read; free texts put on nodes; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.liandesk.messy_workbooks import write_messy
from tests.liandesk.source_files import write_csv

from liandesk.base.accounts.roles import system_viewer
from liandesk.know.chain.models import Node
from liandesk.know.sources.actions import load
from liandesk.know.sources.free_texts import free_texts
from liandesk.know.sources.models import ColumnMapping
from liandesk.know.sources.readers import source_of

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
BY = system_viewer("test")


def test_a_messy_sheet_is_sent_explained_once_and_loaded(
    view: tuple[str, int], open_page: OpenPage, tmp_path: Path, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/loads/new", who="ChainOffice", language=language, width=width)
    page.fill("input[name=sender]", "商务局")
    page.set_input_files("input[type=file]", str(write_messy(tmp_path)["leads"]))
    page.click("main .form-buttons .btn-primary")
    page.wait_for_url("**/columns")
    shot(page, f"columns-{language}-{width}")
    check_page(page)
    page.click("main .form-buttons .btn-primary")
    page.wait_for_url("**/loads/uploads/*")
    page.click("main .btn-primary")
    page.wait_for_url("**/loads/*")
    assert ColumnMapping.objects.get().sender == "商务局"
    page.goto(page.url.split("/loads/")[0] + "/loads/senders")
    shot(page, f"senders-{language}-{width}")
    check_page(page)


def test_the_pages_of_free_texts_are_readable(people: dict[str, Any], tmp_path: Path, look_at: LookAt) -> None:
    Node.objects.create(id="I1", position=1, name="细胞与基因治疗", node_kind="segment", basis="asserted", is_open=True)
    path = write_csv(tmp_path / "a.csv", [["甲有限公司", "细胞和基因治疗(CGT)"]], heads=("企业名称", "细分领域"))
    load(source=source_of("workbook"), paths=[path], by=BY)
    (text,) = free_texts(BY, waiting=True)
    look_at({"free_texts": "/free-texts/", "free_text": f"/free-texts/{text.key}"}, "sources")
