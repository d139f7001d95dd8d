"""What is fulfilled as a file: of each reader what their page shows; of the office that pays, its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import make_dataclass
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.policies.definitions import policies_on
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


def send_fulfilments(viewer: Viewer, kind: str) -> FileResponse:
    """Send what the viewer may see of fulfilments."""
    listing = Listing("policy_fulfilments", _now("Fulfilment of policies"), COLUMNS, (), "", (), "")
    rows = list(_rows(viewer))
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=viewer, kind=kind, seen_as=_now("none")))


def _rows(viewer: Viewer) -> Iterator[Any]:
    titles = {
        (policy.key, clause.key): (said(policy.title), said(clause.title))
        for policy in policies_on()
        for clause in policy.clauses
    }
    for one in fulfilments(viewer):
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
