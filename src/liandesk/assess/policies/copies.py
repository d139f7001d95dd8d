"""What is fulfilled as a file: of each reader what their page shows; of the office that pays, its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import make_dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.policies.definitions import policies_on
from liandesk.assess.policies.follow_up import REACHED, follow_up, why_dropped
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.queries import CNY, fulfilments
from liandesk.assess.policies.wording import STAGES
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.wording import said

COLUMNS = (
    ListColumn("case", _("Case"), "number"),
    ListColumn("enterprise", _("Enterprise")),
    ListColumn("town", _("Town"), "term", group="towns"),
    ListColumn("policy", _("Policy")),
    ListColumn("clause", _c("policy", "Clause")),
    ListColumn("year", _("Year"), "number"),
    ListColumn("stage", _("Stage")),
    ListColumn("amount", _("Checked amount"), "cny"),
    ListColumn("paid", _("Paid"), "cny"),
    ListColumn("paid_on", _("Paid on"), may_be_empty=True),
)
_Row = make_dataclass("_Row", [*(column.name for column in COLUMNS), "is_synthetic"], frozen=True)


def send_fulfilments(viewer: Viewer, kind: str, payment_list: int | None = None) -> FileResponse:
    """Send what the viewer may see of fulfilments, of all or of one payment list."""
    listing = Listing("policy_fulfilments", _now("Fulfilment of policies"), COLUMNS, (), "", (), "")
    found = fulfilments(viewer)
    rows = list(_rows(found if payment_list is None else found.filter(payment_list=payment_list)))
    seen_as = _now("none") if payment_list is None else _now("Payment list %(number)s") % {"number": payment_list}
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=viewer, kind=kind, seen_as=seen_as))


def _rows(found: QuerySet[Fulfilment]) -> Iterator[Any]:
    titles = {
        (policy.key, clause.key): (said(policy.title), said(clause.title))
        for policy in policies_on()
        for clause in policy.clauses
    }
    for one in found:
        policy, clause = titles.get((one.policy, one.clause), (one.policy, one.clause))
        amounts = [None if fen is None else fen / CNY for fen in (one.amount_fen, one.paid_fen)]
        day = one.paid_on.isoformat() if one.paid_on else ""
        stage = str(STAGES[one.stage])
        yield _Row(
            one.case_id,
            one.organisation_name,
            one.town,
            policy,
            clause,
            one.year,
            stage,
            *amounts,
            day,
            one.is_synthetic,
        )


_FOLLOW_UP = (
    ListColumn("policy", _("Policy")),
    ListColumn("clause", _c("policy", "Clause")),
    ListColumn("town", _("Town"), "term", group="towns"),
    *(ListColumn(stage, STAGES[stage], "number") for stage in REACHED),
    ListColumn("dropped", _("Dropped"), "number"),
    ListColumn("why", _("Where and why"), may_be_empty=True),
    ListColumn("amount", _("Checked amount"), "cny"),
    ListColumn("paid_cny", _("Amount paid"), "cny"),
)
_FollowUp = make_dataclass("_FollowUp", [*(column.name for column in _FOLLOW_UP), "is_synthetic"], frozen=True)


def send_follow_up(viewer: Viewer, year: int, kind: str) -> FileResponse:
    """Send how far the fulfilments of a year came, of the enterprises that the viewer may see."""
    listing = Listing("policy_follow_up", _now("Follow-up of policies"), _FOLLOW_UP, (), "", (), "")
    titles = {policy.key: said(policy.title) for policy in policies_on()}
    rows = [
        _FollowUp(
            titles.get(row.policy, row.policy),
            row.title,
            row.town,
            *(number for _stage, number in row.steps),
            row.dropped.total(),
            "; ".join(why_dropped(row)),
            row.amount_fen / CNY,
            row.paid_fen / CNY,
            row.is_synthetic,
        )
        for row in follow_up(viewer, year)
    ]
    return send(kind, lambda path: write_copy(listing, rows, _FOLLOW_UP, path, by=viewer, kind=kind, seen_as=str(year)))
