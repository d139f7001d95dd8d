"""A workbook of cases is looked into and written; the page in both languages, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from django.utils import translation

from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.queries import in_force
from liandesk.base.work.excel import new_table
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liankit.tables.write import Sheet, write_workbook


def test_a_workbook_is_looked_into_mended_rows_named_and_written(
    people: dict[str, Any], open_page: Callable[..., Any], check_page: Any, shot: Any, look_at: Any, tmp_path: Path
) -> None:
    take_over_packs(by=system_viewer("test"))
    look_at({"import": "/cases/import/instruction"}, "work")
    page = open_page("/cases/board/instruction", who="ChainOffice", language="zh-hans", width=390)
    page.click("text=表格批量办理")
    page.set_input_files("input[type=file]", _workbook(tmp_path / "a.xlsx", people))
    page.click("text=先行检查")
    page.wait_for_load_state()
    shot(page, "work-import-looked-zh-hans-390")
    check_page(page)
    page.click("text=确认办理")
    page.wait_for_load_state()
    assert Case.objects.get().title == "落实用地" and "此前" not in page.content()


def _workbook(path: Path, people: dict[str, Any]) -> Path:
    """One row that can be written and one without an office that is known."""
    definition = in_force("process", "instruction")
    assert definition is not None
    with translation.override("zh-hans"):
        table = new_table(process_of(definition), viewer_of(people["ChainOffice"]))
    told = {"task": "落实第二厂区用地指标", "due": "2024-12-31"}
    rows = [{"title": "落实用地", "lead_place": "market", **told}, {"title": "另一件", "lead_place": "某局", **told}]
    titles = {column.name: column.head("zh") for column in table.columns}
    write_workbook(path, [Sheet("新建事项", pl.DataFrame(rows), None, titles)])
    return path
