"""Files of disruptions and of notices: what their tables hold, and how a row becomes what somebody says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.events.matching import matched
from liandesk.assess.events.models import Cause, EventSource, HitKind
from liandesk.assess.events.said import Hit, Said
from liandesk.base.clock import today
from liankit.risk.notices import extract
from liankit.tables import Choice, Column, Problem, Table, read_table


def _column(name: str, zh: str, en: str, dtype: Any = pl.String, **more: Any) -> Column:
    return Column(name, dtype, {"zh": zh, "en": en}, **more)


_CAUSES = (
    Choice("raw_material", "原料或辅料", "raw material"),
    Choice("production", "生产环节问题", "trouble in production"),
    Choice("halt", "停止供应", "supply ended for good", ("停产",)),
    Choice("demand", "需求超过供应", "demand above supply"),
    Choice("quality", "质量", "quality"),
    Choice("logistics", "运输物流", "transport and logistics"),
    Choice("trade", "贸易限制", "trade restriction"),
    Choice("other", "其他或未说明", "other or not said", ("其他",)),
)

EVENTS_TABLE = Table(
    "disruptions",
    (
        _column("title", "事件", "What happened"),
        _column("cause", "原因", "Cause", choices=_CAUSES, required=True),
        _column("began_on", "开始日期", "Began on", pl.Date, required=True),
        _column("ended_on", "结束日期", "Ended on", pl.Date),
        _column("expected_until", "预计恢复日期", "Recovery announced for", pl.Date),
        _column("item", "受影响物项", "Item that is hit"),
        _column("supplier", "受影响供应商", "Supplier that is hit"),
        _column("organisation", "受影响企业", "Enterprise that is hit"),
        _column("country", "受影响国别", "Country that is hit"),
        _column("licence", "批准文号或许可证号", "Licence number"),
        _column("text", "原文或备注", "Source text or note"),
    ),
    {"zh": "断供事件", "en": "Disruptions"},
)
NOTICES_TABLE = Table(
    "notices",
    (
        _column("product", "产品名称", "Product", required=True, synonyms=("中文品名", "品名", "药品名称")),
        _column("licence", "批准文号或许可证号", "Licence number", synonyms=("許可證字號", "批准文号", "注册证号")),
        _column("told_on", "公告日期", "Date of the notice", pl.Date, required=True, synonyms=("公告更新時間",)),
        _column("text", "公告内容", "Text of the notice", required=True, synonyms=("供應狀態", "正文")),
    ),
    {"zh": "供应公告", "en": "Notices of supply"},
)
TABLES = {"events": EVENTS_TABLE, "notices": NOTICES_TABLE}


@dataclass(frozen=True)
class LeftOut:
    """A row that was not taken: where it stands and why, in the reader's language or as a problem of the file."""

    row: int | None
    why: str


@dataclass(frozen=True)
class Found:
    """What a file or a paste holds: what can be kept, and what was left out with the reason."""

    rows: list[Said]
    left_out: list[LeftOut]


def read_events(name: str, content: bytes, language: Any) -> Found:
    """Read a file of disruptions; raises UnreadableFile where nothing can be read."""
    table, problems = _read(name, content, EVENTS_TABLE, language)
    found = Found([], problems)
    for row in table.iter_rows(named=True):
        _keep(found, row["row"], lambda row=row: _event(row, name))  # type: ignore[misc]
    return found


def read_notices(name: str, content: bytes, language: Any) -> Found:
    """Read a file of notices and find the disruptions they tell of; raises UnreadableFile."""
    table, problems = _read(name, content, NOTICES_TABLE, language)
    found = find_in_notices(table.select("product", "licence", "told_on", "text"), name, table["row"].to_list())
    return Found(found.rows, problems + found.left_out)


def find_in_notices(notices: pl.DataFrame, source: str, places: list[int | None]) -> Found:
    """Return what notices (product, licence, told_on, text) say of disruptions, each with the sentence that says so."""
    found = Found([], [])
    texts = notices["text"].to_list()
    for place, text, row in zip(places, texts, extract(notices).iter_rows(named=True), strict=True):
        _keep(found, place, lambda row=row, text=text: _noticed(row, text, source))  # type: ignore[misc]
    return found


class _NotKeptError(Exception):
    """Why a row is left out."""


def _keep(found: Found, place: int | None, made: Callable[[], Said]) -> None:
    try:
        found.rows.append(made())
    except _NotKeptError as why:
        found.left_out.append(LeftOut(place, str(why)))


def _read(name: str, content: bytes, table: Table, language: Any) -> tuple[pl.DataFrame, list[LeftOut]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "file")
        path.write_bytes(content)
        read = read_table(path, table)
        problems = [_left_out(one, language) for one in read.problems if one.severity == "error"]
    return read.rows, problems


def _left_out(problem: Problem, language: Any) -> LeftOut:
    said = problem.text(language)
    return LeftOut(problem.row, f"{said.what}. {said.todo}." if language == "en" else f"{said.what}。{said.todo}。")


def _event(row: dict[str, Any], source: str) -> Said:
    hits: tuple[Hit, ...] = ()
    for kind in (HitKind.ITEM, HitKind.SUPPLIER, HitKind.ORGANISATION, HitKind.COUNTRY):
        hits += matched(kind, [row[kind] or ""])
    said = Said(
        cause=row["cause"],
        title=row["title"] or " · ".join(hit.name for hit in hits),
        began_on=_begun(row["began_on"]),
        hits=hits,
        expected_until=row["expected_until"],
        ended_on=row["ended_on"],
        text=row["text"] or "",
        licence=row["licence"] or "",
        source=EventSource.FILE,
        source_name=source,
    )
    if not hits:
        raise _NotKeptError(_("It says nothing that is hit: no item, supplier, enterprise or country."))
    if said.ended_on and said.ended_on < said.began_on:
        raise _NotKeptError(_("It ends before it begins. Check the two dates."))
    return said


def _noticed(row: dict[str, Any], text: str, source: str) -> Said:
    if row["status"] == "recovered":
        raise _NotKeptError(_("It tells that supply is back, not that it was disrupted."))
    if row["status"] != "disrupted" or row["began_on"] is None:
        raise _NotKeptError(_("No sentence of it says that supply is disrupted."))
    product = " ".join(row["product"].split())
    makers = matched(HitKind.SUPPLIER, [row["maker"]]) if row["maker"] else ()
    return Said(
        cause=Cause(row["cause"]),
        title=product,
        began_on=_begun(row["began_on"]),
        hits=(*matched(HitKind.ITEM, [product]), *makers),
        expected_until=row["expected_until"],
        text=text,
        span=(row["span_start"], row["span_end"]),
        licence=row["licence"] or "",
        alternatives=tuple(row["alternatives"]),
        source=EventSource.NOTICE,
        source_name=source,
    )


def _begun(day: date) -> date:
    if day > today():
        raise _NotKeptError(_("It begins on %(day)s, which is still to come.") % {"day": day})
    return day
