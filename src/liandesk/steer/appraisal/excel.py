"""The values of a year as a sheet that goes out with what stands and comes back filled in: one row a unit and item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.sheets import Cells, Outcome, Taken, take_rows
from liandesk.steer.appraisal import actions, queries, standing
from liandesk.steer.appraisal.models import Appraisal
from liandesk.steer.appraisal.policies import APPRAISAL
from liankit.plan.appraisal_scheme import Adjustment, Group, Item, Scheme
from liankit.tables import Choice, Column, Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook

_NUMBERS = ("value", "goal", "base")


def given_table(scheme: Scheme) -> Table:
    """Return the contract of the sheet for a formula."""
    groups = tuple(Choice(group.key, group.title.zh, group.title.en) for group in scheme.groups)
    parts = {part.key: part for group in scheme.groups for part in group.parts}
    items = tuple(Choice(key, part.title.zh, part.title.en) for key, part in parts.items())
    return Table(
        "appraisal_values",
        (
            Column("group", title=_said("组别", "Group"), choices=groups, required=True),
            Column("unit", title=_said("单位", "Unit"), choices=_units(scheme), required=True, synonyms=("考核单位",)),
            Column("item", title=_said("考核项", "Item"), choices=items, required=True, synonyms=("指标",)),
            _number("value", "实绩", "Value", "完成值", "加减分次数"),
            _number("goal", "目标", "Goal", "目标值"),
            _number("base", "基数", "Base", "上年数", "基期值"),
            Column("source", title=_said("依据", "Evidence"), synonyms=("数据来源", "佐证")),
        ),
        title=_said("考核数据", "Values of the appraisal"),
        note=_said(
            "一行一单位一项。空格为缺数：不计零分，权重分给其余各项，并予公示。",
            "One row a unit and item. Empty is unknown and no zero: other items carry the weight, and it is published.",
        ),
    )


def _said(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _number(name: str, zh: str, en: str, *synonyms: str) -> Column:
    return Column(name, pl.Float64, _said(zh, en), synonyms=synonyms, nullable_unknown=True)


def _units(scheme: Scheme) -> tuple[Choice, ...]:
    kinds = dict.fromkeys(group.of for group in scheme.groups)
    return tuple(
        Choice(term.code, term.text["zh"], term.text["en"]) for kind in kinds for term in getattr(pack(), kind)
    )


def write_sheet(path: Path, found: Appraisal) -> None:
    """Write the workbook to fill in: a row for every unit and item of the formula, with what stands."""
    scheme = standing.scheme_of(queries.formula_of(found))
    table, spoken = given_table(scheme), language()
    frame = pl.DataFrame(list(_rows(found, scheme)), {column.name: column.dtype for column in table.columns})
    guide = (*((column.head(spoken), describe(column, spoken)) for column in table.columns), *_needs(scheme))
    cover = Cover(_("How to fill in"), f"{table.titled(spoken)} · {found.year}", tuple(guide))
    write_workbook(path, [Sheet(table.sheet_name(spoken), frame, table)], cover=cover, language=spoken)


def _rows(found: Appraisal, scheme: Scheme) -> Iterator[dict[str, Any]]:
    rows = standing.standing_rows(found)
    for group in scheme.groups:
        for unit in standing.units_of(group):
            for part in group.parts:
                held = rows.get((group.key, unit, part.key))
                numbers = {name: getattr(held, name, None) for name in _NUMBERS}
                yield {"group": group.key, "unit": unit, "item": part.key, **numbers, "source": held and held.source}


def _needs(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Say of each item which numbers it takes, and in which unit."""
    titles = {column.name: column.titled(language()) for column in given_table(scheme).columns}
    for group in scheme.groups:
        for part in group.parts:
            needs = part.needs if isinstance(part, Item) else ("value",)
            unit = f" ({part.unit})" if part.unit else ""
            yield f"{_title(group)} · {_title(part)}{unit}", ", ".join(titles[name] for name in needs)


def _title(part: Group | Item | Adjustment) -> str:
    return str(getattr(part.title, language()))


def import_values(pk: int, path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Write the rows of a sheet that the formula asks for; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, APPRAISAL, "give")
    scheme = standing.scheme_of(queries.formula_of(queries.appraisal(by, pk)))
    file = file_digest(path)
    used: list[actions.Writing] = []  # opened with the first row: inside the transaction of the sheet

    def write(cells: Cells) -> Taken:
        if not used:
            used.append(actions.writing(pk, by=by, sheet=file))
        said = actions.Said(**{name: cells[name] for name in actions.Said._fields if name in cells})
        became = used[0].put(said)
        group = scheme.group(said.group)
        part = group.part(said.item) if group else None
        if group is None or part is None:
            raise UserError(_("The formula does not ask for this."))
        return Taken(cells["row"], standing.unit_name(group, said.unit), _title(part), became)

    return take_rows(
        path,
        given_table(scheme),
        write,
        is_sure=is_sure,
        log=lambda outcome: actions.end_writing(used[0], outcome.written),
    )
