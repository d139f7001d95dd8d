"""Values as a sheet that goes out to an office and comes back: one row a value; the sheet itself is the evidence.

A row that says what stands already changes nothing; one that says another value of the same day is a new claim that
corrects the one that is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.sheets import Cells, Outcome, Taken, take_rows
from liandesk.know.sources.contracts.common import day, figure, said, text
from liandesk.steer.indicators import actions, queries
from liandesk.steer.indicators.models import Claim, State
from liandesk.steer.indicators.policies import CLAIM
from liandesk.steer.indicators.shown import scope_name, title_of, unit_of
from liankit.errors import nearest
from liankit.plan.indicators import Indicator
from liankit.tables import Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook


@cache
def value_table() -> Table:
    """Return the contract of the sheet."""
    return Table(
        "indicator_values",
        (
            text("indicator", "指标", "Indicator", "指标名称", required=True),
            text("scope", "范围", "Of where", "镇街", "单位"),
            day("on", "日期", "Day", "截止日期"),
            figure("value", "数值", "Value", "", "完成值"),
            text("unit", "计量单位", "Unit"),
            text("note", "说明", "Note", "备注"),
        ),
        title=said("指标数据", "Values of indicators"),
        note=said(
            "一行一个数值。范围空：全区。比例填 0 到 100。本表即佐证，留存原件。",
            "One row one value. No place: the district. Shares from 0 to 100. The sheet itself is kept as evidence.",
        ),
    )


def write_sheet(path: Path, viewer: Viewer) -> None:
    """Write the workbook to fill in: the indicators this viewer enters, each with its last value."""
    check(viewer, CLAIM, "claim")
    table = value_table()
    schema = {column.name: column.dtype for column in table.columns}
    rows = [_cells(one, last) for one, last in _lines(viewer)]
    guide = tuple((column.head(language()), describe(column, language())) for column in table.columns)
    cover = Cover(_("How to fill in"), table.titled(language()), guide)
    frame = pl.DataFrame(rows, schema=schema)
    write_workbook(path, [Sheet(table.sheet_name(language()), frame, table)], cover=cover, language=language())


def _lines(viewer: Viewer) -> Iterable[tuple[Indicator, Claim | None]]:
    for one in entered_by(viewer):
        live = queries.claims(viewer).filter(indicator=one.key, scope="").exclude(state=State.REFUSED)
        yield one, live.order_by("-on", "-pk").first()


def entered_by(viewer: Viewer) -> list[Indicator]:
    """Return the indicators whose values this viewer may enter for the district."""
    found = (one for one in queries.indicators(viewer) if one.is_entered)
    return [one for one in found if can(viewer, CLAIM, "claim", _row(one))]


def _row(one: Indicator) -> dict[str, str]:
    return {"owner": one.owner, "offices": barred(one.offices)}


def _cells(one: Indicator, last: Claim | None) -> dict[str, Any]:
    value = None if last is None else last.value * 100 if one.unit == "share" else last.value
    unit = "%" if one.unit == "share" else unit_of(one)
    return {
        "indicator": title_of(one),
        "scope": None,
        "on": last.on if last else None,
        "value": value,
        "unit": unit,
        "note": (last.note or None) if last else None,
    }


def import_values(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Claim the values of a sheet; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, CLAIM, "claim")
    evidence = actions.Evidence(_("sheet of values") + ".xlsx", path.read_bytes())
    named = {name: one for one in queries.indicators(by) for name in (one.key, one.title.zh, one.title.en)}

    def write(cells: Cells) -> Taken:
        one = _named(cells["indicator"], named)
        if "value" not in cells or "on" not in cells:
            raise UserError(_("The value or its day is missing."))
        value = cells["value"] / 100 if one.unit == "share" else cells["value"]
        told = actions.Said(value, cells["on"], _scope(cells.get("scope", ""), one), one.owner, cells.get("note", ""))
        return Taken(cells["row"], title_of(one), f"{told.on} {scope_name(told.scope)}", _put(one, told, evidence, by))

    def log(outcome: Outcome) -> None:
        record("indicator.import", "indicator_claim", "sheet", by=by, rows=outcome.written, file=file_digest(path))

    return take_rows(path, value_table(), write, is_sure=is_sure, log=log)


def _put(one: Indicator, told: actions.Said, evidence: actions.Evidence, by: Viewer) -> Any:
    live = Claim.objects.filter(indicator=one.key, scope=told.scope, on=told.on, corrected_by=None)
    before = live.exclude(state=State.REFUSED).order_by("-pk").first()
    if before and before.value == told.value:
        return "same"
    corrects = before.pk if before else None
    actions.claim(one.key, told, evidence, by=by, corrects=corrects, is_logged=False)
    return "changed" if before else "new"


def _named(name: str, named: dict[str, Indicator]) -> Indicator:
    if name.strip() not in named:
        raise UserError(_("There is no indicator '%(key)s'.") % {"key": name} + nearest(name, named))
    return named[name.strip()]


def _scope(name: str, one: Indicator) -> str:
    """Return the scope that a cell names by its code or its name; the district for an empty one."""
    group = f"{one.disaggregation}s"
    terms = getattr(pack(), group) if one.disaggregation != "none" else ()
    named = {word: term.code for term in terms for word in (term.code, *term.text.values())}
    if not name.strip() or name.strip() in pack().district.text.values():
        return ""
    if name.strip() not in named:
        raise UserError(_("There is no place '%(name)s' here.") % {"name": name} + nearest(name, named))
    return f"{one.disaggregation}:{named[name.strip()]}"
