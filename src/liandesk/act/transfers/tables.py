"""Transfers as a list: who, how far, by what, and whether it counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.act.transfers.effects import PROCESS
from liandesk.act.transfers.models import ContractKind, Mode, Origin, Proof, Stage, Verdict
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.of_cases import reason_column, title_column


class CountedByColumn(ListColumn):
    """The number of the case by which an achievement counts already."""

    @property
    def path(self) -> str:
        return "counted_by__case_id"

    def value(self, row: Model) -> Any:
        other = row.counted_by  # type: ignore[attr-defined]
        return f"#{other.case_id}" if other else None


def transfers(viewer: Viewer) -> Listing:
    """Return the list of transfers as this viewer reads it."""
    return Listing(
        "transfers",
        _("Transfers of results"),
        (title_column(viewer, PROCESS, _("Transfer")), *_COLUMNS, reason_column(PROCESS, is_first=False)),
        ("title", "achievement_title", "achievement_number", "supply_name", "demand_name", "registration_number"),
        _("Title, result, side or number"),
        ("-case_id",),
        _("A need or a result is recorded by an enterprise, an institute or the office."),
    )


_COLUMNS = (
    ListColumn("stage", _("Stage"), "choice", choices=dict(Stage.choices), is_filter=True),
    ListColumn("supply_name", _("Supply side"), may_be_empty=True),
    ListColumn("demand_name", _("Demand side"), may_be_empty=True),
    ListColumn("town", _("Town"), "term", group="towns", is_filter=True),
    ListColumn("mode", _c("transfer", "Mode"), "choice", choices=dict(Mode.choices), is_filter=True, may_be_empty=True),
    ListColumn("verdict", _("Counting"), "choice", choices=dict(Verdict.choices), is_filter=True),
    CountedByColumn("counted_by", _("Counts by case"), may_be_empty=True),
    ListColumn("counted_on", _("Counted on"), "date", may_be_empty=True),
    ListColumn("origin", _("Began with"), "choice", choices=dict(Origin.choices), is_filter=True, is_first=False),
    ListColumn(
        "contract_kind",
        _("Kind of contract"),
        "choice",
        choices=dict(ContractKind.choices),
        is_filter=True,
        may_be_empty=True,
        is_first=False,
    ),
    ListColumn("proof", _("Proof"), "choice", choices=dict(Proof.choices), may_be_empty=True, is_first=False),
    ListColumn("achievement_title", _c("transfer", "Result"), may_be_empty=True, is_first=False),
    ListColumn("achievement_number", _("Number of the result"), may_be_empty=True, is_first=False),
    ListColumn("registration_number", _c("transfer", "Registration number"), may_be_empty=True, is_first=False),
    ListColumn("landed_at", _("GB code of the place"), may_be_empty=True, is_first=False),
    ListColumn("opened_on", _("Recorded on"), "date", is_first=False),
)
