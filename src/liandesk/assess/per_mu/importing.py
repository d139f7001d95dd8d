"""The published table as a sheet with dirty heads: looked into, then landed; wrong rows are named and left out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.per_mu.actions import Published, put
from liandesk.assess.per_mu.definitions import method_of
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.sheets import Cells, Outcome, Taken, take_rows
from liandesk.know.registry.queries import find_organisation
from liandesk.know.sources.contracts.common import day, said, text
from liankit.errors import nearest
from liankit.rules.per_mu_method import Method
from liankit.tables import Column, Table


@cache
def result_table() -> Table:
    """Return the contract of the sheet."""
    return Table(
        "per_mu_results",
        (
            text("organisation", "企业名称", "Enterprise", "企业", "单位名称", "统一社会信用代码", required=True),
            Column("year", pl.Int64, said("评价年度", "Year judged"), synonyms=("年度", "评价年份"), required=True),
            text("result", "评价等级", "Class", "类别", "等级", "评价结果", "分类", required=True),
            Column("score", pl.Float64, said("综合得分", "Score"), synonyms=("得分", "总分"), nullable_unknown=True),
            text("publisher", "公布单位", "Published by", "发布单位", required=True),
            day("published_on", "公布日期", "Published on", "公布时间", "发布日期"),
        ),
        title=said("亩均评价结果", "Results of the per-mu office"),
        note=said("一行一家企业。等级填 A、B、C、D。", "One row one enterprise. The class is A, B, C or D."),
    )


def import_results(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Land the results of a sheet; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, PER_MU, "land")
    method, digest = method_of(), file_digest(path)
    stood: dict[tuple[str, int], int] = {}  # the row that said it first: a name and a code may be one enterprise

    def write(cells: Cells) -> Taken:
        if "published_on" not in cells:
            raise UserError(_("The day of publishing is missing."))
        organisation = find_organisation(by, cells["organisation"])
        first = stood.setdefault((organisation.pk, cells["year"]), cells["row"])
        if first != cells["row"]:
            said_ = {"name": organisation.name, "year": cells["year"], "row": first}
            raise UserError(_("%(name)s of %(year)s stands in row %(row)s already. Keep one of the two.") % said_)
        told = Published(
            organisation=organisation,
            year=cells["year"],
            result=_class(method, cells["result"]),
            score=cells.get("score"),
            publisher=cells["publisher"],
            published_on=cells["published_on"],
        )
        detail = f"{told.year} {told.result.upper()}"
        return Taken(cells["row"], organisation.name, detail, put(told, method, digest, by=by))

    def log(outcome: Outcome) -> None:
        record("per_mu.import", "per_mu_result", "sheet", by=by, rows=outcome.written, file=digest)

    return take_rows(path, result_table(), write, is_sure=is_sure, log=log)


def _class(method: Method, word: str) -> str:
    """Return the class that a cell names: its letter, with or without 类, or its title."""
    named = {name: one.key for one in method.classes for name in (one.key, one.title.zh, one.title.en.lower())}
    asked = word.strip().lower().removesuffix("类").removesuffix("级").strip()
    if asked not in named:
        raise UserError(_("There is no class '%(name)s'.") % {"name": word} + nearest(asked, named))
    return named[asked]
