"""The sheet of dates: one row a trial at a site, one column a milestone; it goes out filled and comes back in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import override

from liandesk.act.trials import queries
from liandesk.act.trials.milestones import MILESTONES, PROCESS
from liandesk.act.trials.models import Place, Startup, Variant
from liandesk.act.trials.policies import STARTUP
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liandesk.base.ui.display import language
from liandesk.base.work.queries import process_of
from liandesk.know.sources.contracts.common import choice, day, said, text
from liankit.process import Process
from liankit.process.definition import Coded
from liankit.tables import Choice, Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook

MILESTONE_HEADS = {
    "accepted_on": ("机构受理立项日期", "Accepted by the institution on"),
    "institution_on": ("机构同意立项日期", "Agreed by the institution on"),
    "ethics_accepted_on": ("伦理受理日期", "Accepted by ethics on"),
    "ethics_on": ("伦理同意日期", "Agreed by ethics on"),
    "contract_on": ("合同签署日期", "Contract signed on"),
    "genetic_asked_on": ("人类遗传资源许可受理日期", "Permit for genetic resources asked for on"),
    "genetic_on": ("人类遗传资源手续办结日期", "Genetic resources settled on"),
    "submitted_on": ("监管受理日期", "Accepted by the authority on"),
    "authority_on": ("监管许可或备案日期", "Cleared or filed on"),
    "initiated_on": ("启动会日期", "Site initiated on"),
    "first_patient_on": ("首例入组日期", "First patient in on"),
}
GENETIC = (
    Choice("not_needed", "无需办理", "Nothing is needed"),
    Choice("filed", "已备案", "Filed"),
    Choice("permitted", "已获许可", "Permitted"),
)


def process() -> Process:
    """Return the process in force; UserError where nobody has put it into force."""
    definition = in_force("process", PROCESS)
    if definition is None:
        raise UserError(_("No process '%(key)s' is in force. `Definitions` shows those that are.") % {"key": PROCESS})
    return process_of(definition)


def _choices(found: type[Variant] | type[Place]) -> tuple[Choice, ...]:
    """Return the members of an enumeration in both languages."""
    spelled = {}
    for tongue in ("zh", "en"):
        with override(tongue):
            spelled[tongue] = {one.value: str(one.label) for one in found}
    return tuple(Choice(one.value, spelled["zh"][one.value], spelled["en"][one.value]) for one in found)


def _reasons(version: Process) -> tuple[Choice, ...]:
    outcome = version.stage("not_started").outcome
    found: tuple[Coded, ...] = outcome.reasons if outcome else ()
    return tuple(Choice(one.key, one.title.zh, one.title.en) for one in found)


def trial_table() -> Table:
    """Return the contract of the sheet; why a trial ended is asked in the words of the process in force."""
    variants, places = _choices(Variant), _choices(Place)
    return Table(
        "trials",
        (
            text("protocol", "方案编号", "Protocol number", "编号", required=True),
            text("title", "试验题目", "Title of the trial", "题目", required=True),
            text("sponsor", "申办者", "Sponsor", "申办方", required=True),
            choice("sponsor_place", "申办者所在地", "Where the sponsor is", places, required=True),
            text("site", "试验机构", "Site", "机构", required=True),
            choice("site_place", "试验机构所在地", "Where the site is", places, required=True),
            choice("variant", "试验类型", "Variant", variants, "类型", required=True),
            day("contacted_on", "首次沟通日期", "First contact on"),
            *(day(name, *heads) for name, heads in MILESTONE_HEADS.items()),
            choice("genetic_way", "人类遗传资源手续方式", "Way of genetic resources", GENETIC),
            day("ended_on", "终止日期", "Ended without a patient on"),
            choice("end_reason", "终止原因", "Why it ended", _reasons(process())),
        ),
        key=("protocol", "site"),
        title=said("临床试验启动日期", "Dates of trial start-up"),
        note=said(
            "一行一项试验。按方案编号和试验机构认出已登记的试验，补填后来的日期再发回；空格不改动任何内容。",
            "One row a trial. A trial is known by protocol number and site: add later dates and send it back. "
            "An empty cell changes nothing.",
        ),
    )


def write_sheet(path: Path, viewer: Viewer) -> None:
    """Write the workbook to fill in: the trials still under way that the viewer sees, with the dates known so far."""
    check(viewer, STARTUP, "enter")
    table = trial_table()
    rows = [_cells(one) for one in queries.startups(viewer).filter(case__ended_at=None).order_by("pk")]
    schema = {column.name: column.dtype for column in table.columns}
    guide = tuple((column.head(language()), describe(column, language())) for column in table.columns)
    cover = Cover(_("How to fill in"), table.titled(language()), guide)
    frame = pl.DataFrame(rows, schema=schema)
    write_workbook(path, [Sheet(table.sheet_name(language()), frame, table)], cover=cover, language=language())


def _cells(one: Startup) -> dict[str, Any]:
    own = ("protocol", "title", "sponsor_place", "site_place", "variant", "contacted_on")
    dates = {milestone.name: getattr(one, milestone.name) for milestone in MILESTONES}
    named = {"sponsor": one.sponsor_name, "site": one.site_name}
    empty = {"genetic_way": None, "ended_on": None, "end_reason": None}
    return {name: getattr(one, name) for name in own} | named | dates | empty
