"""The register of interventions as a sheet that goes out filled in and comes back: one row an intervention."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.portfolio import actions, queries
from liandesk.assess.portfolio.models import Intervention
from liandesk.assess.portfolio.plans import Network, Said
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.sheets import Cells, Outcome, Taken, take_rows
from liandesk.know.sources.contracts.common import choice, figure, said, share, text
from liankit.tables import Choice, Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook

_KINDS = (
    Choice("second_source", "第二来源验证", "Qualify a second source", ("第二供应商", "第二来源")),
    Choice("stock", "储备库存", "Stock", ("储备", "备货")),
    Choice("domestic", "国产化研发", "Domestic development", ("国产替代", "国产化")),
    Choice("acquisition", "并购", "Acquisition", ("收购",)),
    Choice("joint_venture", "合资", "Joint venture"),
    Choice("licence", "许可引进", "Licence", ("许可", "授权")),
    Choice("plant", "建厂", "Plant", ("新建产线",)),
)
_WAN = 10_000.0
_NAMED = ("item", "supplier", "buyer", "new_supplier")
"""Columns whose cell is a name: ``<column>_name`` of an intervention."""


@cache
def intervention_table() -> Table:
    """Return the contract of the sheet."""
    return Table(
        "interventions",
        (
            choice("kind", "干预方式", "Intervention", _KINDS, "措施类型", required=True),
            text("item", "针对的风险物项", "Against which risk", "风险物项", "物项", required=True),
            text("title", "名称", "Title", "干预名称"),
            text("supplier", "覆盖的供应商", "Supplier covered", "供应商"),
            text("buyer", "覆盖的企业", "Enterprise that is covered", "企业"),
            text("new_supplier", "新供应商", "New supplier"),
            share("covers", "覆盖比例", "Covers", "覆盖率"),
            figure("cost_low_cny", "费用下限", "Cost, at least", "CNY", "费用", scale=_WAN),
            figure("cost_high_cny", "费用上限", "Cost, at most", "CNY", scale=_WAN),
            text("cost_source", "费用来源", "Source of the cost"),
            figure("months_low", "最早见效月数", "Takes effect after, at least", "months", "见效月数"),
            figure("months_high", "最迟见效月数", "Takes effect after, at most", "months"),
            text("months_source", "时间来源", "Source of the time"),
        ),
        title=said("干预措施", "Interventions"),
        note=said(
            "一行一项。供应商空：该物项的关键供应商；月数空：按链库假定。",
            "One row one intervention. No supplier: the critical one of the item; no months: what the pack assumes.",
        ),
    )


def write_sheet(path: Path, found: Iterable[Intervention]) -> None:
    """Write the workbook to fill in, with the register as it stands."""
    table = intervention_table()
    schema = {column.name: column.dtype for column in table.columns}
    frame = pl.DataFrame([_cells(one) for one in found], schema=schema)
    guide = tuple((column.head(language()), describe(column, language())) for column in table.columns)
    cover = Cover(_("How to fill in"), table.titled(language()), guide)
    write_workbook(path, [Sheet(table.sheet_name(language()), frame, table)], cover=cover, language=language())


def _cells(found: Intervention) -> dict[str, Any]:
    """Return an intervention as the contract wants it; empty texts are null."""
    cells = {
        column.name: getattr(found, f"{column.name}_name" if column.name in _NAMED else column.name)
        for column in intervention_table().columns
    }
    return {name: None if value == "" else value for name, value in cells.items()}


def import_interventions(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Write the rows of a sheet that mean something in the network; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, PORTFOLIO, "ask")
    network = Network(queries.asked_of())

    def write(cells: Cells) -> Taken:
        plan = network.plan(_said(cells))
        return Taken(cells["row"], plan.title, plan.supplier_name, actions.put_plan(plan, by=by))

    def log(outcome: Outcome) -> None:
        record("intervention.import", "intervention", "sheet", by=by, rows=outcome.written, file=file_digest(path))

    return take_rows(path, intervention_table(), write, is_sure=is_sure, log=log)


def _said(cells: Cells) -> Said:
    """Return what a row says; UserError where the share or the cost is missing or a span runs backwards."""
    texts = {name: cells.get(name, "") for name in (*_NAMED, "kind", "title", "cost_source", "months_source")}
    cost, months = _span(cells, "cost_low_cny", "cost_high_cny"), _span(cells, "months_low", "months_high")
    if not cells.get("covers") or cost is None:
        raise UserError(_("Say how much of the deliveries it covers, and what it costs."))
    return Said(**texts, covers=cells["covers"], cost_cny=(round(cost[0]), round(cost[1])), months=months)


def _span(cells: Cells, low: str, high: str) -> tuple[float, float] | None:
    """Return the two ends; one that is left out is the other, both left out: None."""
    ends = [cells[name] for name in (low, high) if name in cells]
    if not ends:
        return None
    if ends[0] > ends[-1]:
        raise UserError(_("The first number is above the second."))
    return ends[0], ends[-1]
