"""What was paid, as a sheet: the list that went out comes back with amount and day of each payment."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT
from liandesk.assess.policies.queries import fulfilments
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.sheets import Cells, Outcome, Result, Taken, take_rows
from liandesk.base.work.actions import Step, act
from liandesk.know.sources.contracts.common import day, said
from liankit.rules.benefits import fen_of
from liankit.tables import Column, Table


@cache
def payment_table() -> Table:
    """Return the contract of the sheet: the copy of the list with what was paid; its other columns are not read."""
    return Table(
        "policy_payments",
        (
            Column("case", pl.Int64, said("事项", "Case"), synonyms=("事项编号", "办理编号"), required=True),
            Column(
                "paid", pl.Float64, said("已拨付", "Paid"), unit="CNY", minimum=0, synonyms=("实拨金额", "拨付金额")
            ),
            day("paid_on", "拨付日期", "Paid on", "拨付时间", "支付日期"),
        ),
        title=said("政策资金拨付情况", "Payments of policies"),
        key=("case",),
        note=said("一行一件事项；未拨付的留空。", "One row one case; what is not paid yet stays empty."),
    )


def import_payments(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Enter the payments of a sheet, each as a step of its case; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, FULFILMENT, "pay")
    digest = file_digest(path)

    def write(cells: Cells) -> Taken:
        found = fulfilments(by).filter(case_id=cells["case"]).first()
        if found is None:
            raise UserError(_("There is no case %(number)s for you.") % {"number": cells["case"]})
        return Taken(cells["row"], found.organisation_name, _told(cells), _enter(found, cells, by))

    def log(outcome: Outcome) -> None:
        record("policy.payments", "fulfilment", "sheet", by=by, rows=outcome.written, file=digest)

    return take_rows(path, payment_table(), write, is_sure=is_sure, log=log)


def _enter(found: Fulfilment, cells: Cells, by: Viewer) -> Result:
    """Enter one payment; what is not paid yet, or was entered before as it stands here, changes nothing."""
    if "paid" not in cells and "paid_on" not in cells:
        return "same"
    if "paid" not in cells or "paid_on" not in cells:
        raise UserError(_("A payment has an amount and a day. Fill in both."))
    paid = fen_of(cells["paid"])
    if found.stage == "paid" and (found.paid_fen, found.paid_on) == (paid, cells["paid_on"]):
        return "same"
    if found.stage != "listed":
        raise UserError(_("The case is not listed for payment: open it to see where it is."))
    reason = "paid_in_full" if paid >= (found.amount_fen or 0) else "paid_in_part"
    data = {"paid_cny": cells["paid"], "paid_on": cells["paid_on"].isoformat()}
    act(found.case_id, Step("do", found.case.events_count, "pay", data, reason), by=by)
    return "new"


def _told(cells: Cells) -> str:
    if "paid" not in cells or "paid_on" not in cells:
        return _("not paid yet")
    return f"{cells['paid']:,.2f} CNY · {cells['paid_on']}"
