"""Projects, cohorts and dates as lists."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.act.pipeline.effects import PROCESS
from liandesk.act.pipeline.models import Kind, Site, Stage
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.of_cases import reason_column, title_column


def places() -> dict[str, str]:
    """Return the towns and zones by their codes, in the reader's language."""
    return {term.code: term.text[language()] for term in (*pack().towns, *pack().zones)}


def _title(viewer: Viewer) -> ListColumn:
    return title_column(viewer, PROCESS, _c("projects", "Project"))


def projects(viewer: Viewer) -> Listing:
    """Return the list of projects as this viewer reads it."""
    return Listing(
        "pipeline",
        _("Project pipeline"),
        (_title(viewer), _STAGE, _INVESTOR, _town(), *_FACTS, reason_column(PROCESS), *_MORE),
        _TEXT,
        _("Title, investor or credit code"),
        ("-case_id",),
        _("A lead is recorded by the town that was in contact with an investor."),
    )


def dates(viewer: Viewer) -> Listing:
    """Return the dates of the projects, a column each milestone."""
    return Listing(
        "pipeline_dates",
        _("Dates of projects"),
        (_title(viewer), _STAGE, _town(), *DAYS),
        _TEXT,
        _("Title, investor or credit code"),
        ("-case_id",),
        _("A lead is recorded by the town that was in contact with an investor."),
    )


def _town() -> ListColumn:
    return ListColumn("town", _("Town or zone"), "choice", choices=places(), is_filter=True)


_TEXT = ("title", "investor_name", "credit_code")
DAYS = (
    ListColumn("opened_on", _("Recorded on"), "date"),
    ListColumn("signed_on", _("Signed on"), "date", may_be_empty=True),
    ListColumn("registered_on", _("Registered on"), "date", may_be_empty=True),
    ListColumn("landed_on", _("Landed on"), "date", may_be_empty=True),
    ListColumn("started_on", _("Building started on"), "date", may_be_empty=True),
    ListColumn("completed_on", _("Completed on"), "date", may_be_empty=True),
    ListColumn("licensed_on", _("Licensed on"), "date", may_be_empty=True),
    ListColumn("produced_on", _("In production since"), "date", may_be_empty=True),
    ListColumn("capacity_on", _("At full capacity since"), "date", may_be_empty=True),
    ListColumn("ended_on", _("Ended on"), "date", may_be_empty=True),
)
_INVESTOR = ListColumn("investor_name", _("Investor"))
_STAGE = ListColumn("stage", _("Stage"), "choice", choices=dict(Stage.choices), is_filter=True)
_FACTS = (
    ListColumn("kind", _("Kind of project"), "choice", choices=dict(Kind.choices), is_filter=True),
    ListColumn("site", _c("project", "Site"), "choice", choices=dict(Site.choices), is_filter=True, may_be_empty=True),
    ListColumn("agreed_cny", _("Investment agreed"), "cny"),
    ListColumn("arrived_cny", _("Funds arrived"), "cny"),
)
_MORE = (
    ListColumn("is_fund_project", _("Paid by raised funds"), "flag", is_filter=True, is_first=False),
    ListColumn("credit_code", _("Credit code"), may_be_empty=True, is_first=False),
    ListColumn("progress_on", _("Last progress on"), "date", is_first=False),
    *(replace(one, is_first=one.name == "signed_on") for one in DAYS),  # the page of dates shows them all
)
COHORTS = (
    ListColumn("cohort", _c("projects", "Cohort")),
    ListColumn("measure", _("Measure")),
    ListColumn("numerator", _("Numerator"), "number"),
    ListColumn("denominator", _("Denominator"), "number"),
    ListColumn("value", _("Rate"), "share"),
    ListColumn("unknown", _("Not known of"), "number"),
)
