"""Trials as a list: what, where, how far, what is due, how long it took."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.act.trials import queries
from liandesk.act.trials.milestones import MILESTONES
from liandesk.act.trials.models import Place, Variant
from liandesk.act.trials.sheet import MILESTONE_HEADS
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing


class StageColumn(ListColumn):
    """The stages in which something goes on, or how it ended."""

    @property
    def path(self) -> str:
        return "case__entered_at"

    def value(self, row: Model) -> Any:
        return queries.standing(row)  # type: ignore[arg-type]


class DueColumn(ListColumn):
    """The day on which the clock of the case that is due first runs out."""

    @property
    def path(self) -> str:
        return "case__due"

    def value(self, row: Model) -> Any:
        return row.case.due  # type: ignore[attr-defined]


class LeftColumn(DueColumn):
    """The days left of that clock, in its unit; a negative number is overdue."""

    def value(self, row: Model) -> Any:
        return queries.days_left(row.case)  # type: ignore[attr-defined]


class DateColumn(ListColumn):
    """The day of one milestone, under the title that it has on the sheet."""

    @property
    def head(self) -> str:
        return MILESTONE_HEADS[self.name][0 if language() == "zh" else 1]


_DATES = tuple(
    DateColumn(one.name, MILESTONE_HEADS[one.name][1], "date", may_be_empty=True, is_first=False) for one in MILESTONES
)
STARTUPS = Listing(
    "startups",
    _("Start-up of trials"),
    (
        ListColumn("protocol", _("Protocol number"), link=lambda row: reverse("case", args=[row.case_id])),
        ListColumn("title", _("Trial")),
        ListColumn("variant", _("Variant"), "choice", choices=dict(Variant.choices), is_filter=True),
        ListColumn("site_name", _c("trial", "Site")),
        ListColumn("sponsor_name", _("Sponsor of the trial"), is_first=False),
        StageColumn("stage", _("Stage")),
        DueColumn("due", _("Due first"), "date", may_be_empty=True),
        LeftColumn("left", _("Days left (minus: overdue)"), "number", may_be_empty=True),
        ListColumn("days", _("Start-up days"), "number", may_be_empty=True),
        ListColumn(
            "site_place", _("Where the site is"), "choice", choices=dict(Place.choices), is_filter=True, is_first=False
        ),
        ListColumn(
            "sponsor_place",
            _("Where the sponsor is"),
            "choice",
            choices=dict(Place.choices),
            is_filter=True,
            is_first=False,
        ),
        *_DATES,
        ListColumn("ended_on", _("Ended without a patient on"), "date", may_be_empty=True, is_first=False),
    ),
    ("protocol", "title", "site_name", "sponsor_name"),
    _("Protocol number, trial, site or sponsor"),
    ("-case_id",),
    _("A hospital or a sponsor sends its sheet of dates, or opens one trial."),
)
