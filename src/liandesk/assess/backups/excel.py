"""The backup list as a sheet that goes out filled in and comes back: one row a backup, the columns governments ask for.

An empty cell says nothing and changes nothing. A technology without a backup has a row whose type is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.backups.lines import Line
from liandesk.assess.backups.rules import rules
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.know.sources.contracts.common import choice, countries, day, figure, said, terms, text
from liandesk.know.sources.contracts.listed import ALERTS, TECHNOLOGY_KINDS, TECHNOLOGY_STATUS
from liankit.errors import UserError, nearest
from liankit.risk.readiness import Path as StepsPath
from liankit.tables import Choice, Column, Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook

OF_TECHNOLOGY = (
    "name", "kind", "segment", "item_name", "status", "source_holder", "source_country", "barrier", "ip_warning",
    "owner_office",
)  # fmt: skip
OF_BACKUP = (
    "type", "holder_name", "country", "trl", "steps_done", "change_class", "stock_days", "project", "milestone",
    "verifier", "ready_on",
)  # fmt: skip
_BETWEEN = re.compile(r"[、，,;；\n]\s*")
_NONE = ("无", "none", "0")
"""What is written where no step is done."""

_KINDS = (*TECHNOLOGY_KINDS, Choice("item", "风险物项供应", "Supply of an item at risk", ("物项", "物项供应")))
_STATUS = (*TECHNOLOGY_STATUS, Choice("mixed", "部分自主", "Partly own"))
_TYPES = (
    Choice("second_supplier", "第二供应商", "Second supplier", ("备用供应商", "第二来源")),
    Choice("domestic_substitute", "国产替代", "Domestic substitute", ("国产备份", "国产")),
    Choice("second_site", "异地备份", "Second site", ("异地",)),
    Choice("stock", "库存储备", "Stock", ("储备", "备货")),
    Choice("technology_reserve", "技术储备", "Technology in reserve"),
    Choice("people", "人才储备", "People", ("人员储备",)),
    Choice("data", "数据备份", "Data"),
)
_CLASSES = (
    Choice("minor", "微小", "Minor", ("微小变更", "年报")),
    Choice("moderate", "中等", "Moderate", ("中等变更", "备案")),
    Choice("major", "重大", "Major", ("重大变更", "补充申请")),
)


@cache
def backup_table() -> Table:
    """Return the contract of the sheet."""
    return Table(
        "backups",
        (*_technology(), *_backup()),
        title=said("技术备份清单", "Backup list"),
        note=said("一行一个备份。空格不改变原有内容。", "One row one backup. An empty cell changes nothing."),
    )


def _technology() -> tuple[Column, ...]:
    return (
        text("name", "技术名称", "Technology or item", "关键核心技术", "核心技术名称", required=True),
        choice("kind", "技术类别", "Kind", _KINDS, "技术类型"),
        text("segment", "所属环节", "Segment", "产业环节", "产业链环节"),
        text("item_name", "对应风险物项", "Item at risk", "风险物项", "断供物项"),
        choice("status", "现状", "Status", _STATUS, "技术现状"),
        text("source_holder", "国外主体", "Present source", "当前来源", "技术持有方", "当前供应商"),
        choice("source_country", "来源国别", "Country of the present source", countries(), "国别"),
        text("barrier", "专利壁垒", "Patents in the way"),
        choice("ip_warning", "知识产权预警级别", "Alert of intellectual property", ALERTS, "预警级别"),
        choice("owner_office", "责任单位", "Responsible office", terms(pack().offices), "责任部门", "牵头单位"),
    )


def _backup() -> tuple[Column, ...]:
    level = said("GB/T 22900 级数，1 至 9", "The level of GB/T 22900, 1 to 9")
    steps = said("完成的步骤，用顿号分开；一步未做写“无”", "Steps done, with commas between; 'none' where none is")
    return (
        choice("type", "备份类型", "Type of backup", _TYPES, "备份方式"),
        text("holder_name", "备份单位", "Who holds the backup", "承担单位"),
        choice("country", "备份国别", "Country of the backup", countries()),
        Column(
            "trl",
            pl.Int64,
            said("技术成熟度", "Technology readiness level"),
            minimum=1,
            maximum=9,
            synonyms=("TRL", "成熟度"),
            note=level,
            nullable_unknown=True,
        ),
        text("steps_done", "已完成步骤", "Steps done", "验证进度", note=steps),
        choice("change_class", "变更类别", "Class of the change", _CLASSES, "变更分类"),
        figure("stock_days", "储备天数", "Stock held", "days", "库存天数"),
        text("project", "攻关项目", "Research project", "攻关项目名称"),
        text("milestone", "里程碑", "Milestone", "阶段目标"),
        text("verifier", "验证单位/首用户", "Verifier or first user", "验证单位", "首用户"),
        day("ready_on", "预计可切换日期", "Expected to be ready on", "可切换日期"),
    )


def write_sheet(path: Path, found: Iterable[Line]) -> None:
    """Write the workbook to fill in, with the lines as they stand."""
    table = backup_table()
    schema = {column.name: column.dtype for column in table.columns}
    frame = pl.DataFrame([_cells(line) for line in found], schema=schema)
    guide = tuple((column.head(language()), describe(column, language())) for column in table.columns)
    steps = tuple(
        (_("Steps: %(path)s") % {"path": _title(one)}, _comma(map(_title, one.steps))) for one in rules().paths
    )
    cover = Cover(_("How to fill in"), table.titled(language()), (*guide, *steps))
    write_workbook(path, [Sheet(table.sheet_name(language()), frame, table)], cover=cover, language=language())


def _cells(line: Line) -> dict[str, Any]:
    """Return a line as the contract wants it; empty texts are null."""
    cells = {name: getattr(line.technology, name) or None for name in OF_TECHNOLOGY}
    held = line.backup
    cells |= {name: getattr(held, name) for name in OF_BACKUP} if held else dict.fromkeys(OF_BACKUP)
    if held and held.steps_done is not None:
        titles = {step.key: _title(step) for step in rules().path_of(held.type).steps}
        cells["steps_done"] = _comma(titles.get(key, key) for key in held.steps_done) or _NONE[language() == "en"]
    return {name: None if value == "" else value for name, value in cells.items()}


def _title(part: Any) -> str:
    return str(part.title.zh if language() == "zh" else part.title.en)


def _comma(parts: Iterable[str]) -> str:
    return ("、" if language() == "zh" else "; ").join(parts)


def read_steps(written: str, path: StepsPath) -> list[str]:
    """Return the keys of the steps that a cell names by title or key; UserError names one that the path has not."""
    if written.strip().casefold() in _NONE:
        return []
    names: Mapping[str, str] = {
        name.casefold(): step.key for step in path.steps for name in (step.key, step.title.zh, step.title.en)
    }
    found = []
    for one in filter(None, map(str.strip, _BETWEEN.split(written))):
        if one.casefold() not in names:
            raise UserError(_("The path has no step '%(step)s'.") % {"step": one} + nearest(one, names))
        found.append(names[one.casefold()])
    return found
