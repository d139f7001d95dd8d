"""Lists of the survey as declarations: all forms, and the coverage as a copy."""

from __future__ import annotations

from dataclasses import make_dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.know.survey.models import Invitation

FORMS = Listing(
    "survey_forms",
    _("Survey forms"),
    (
        ListColumn("name", _("Enterprise"), link=lambda row: reverse("survey_form", args=[row.pk])),
        ListColumn("town", _("Town"), "term", group="towns", is_filter=True),
        ListColumn("round_title", _("Round")),
        ListColumn("round_deadline", _("Deadline"), "date"),
        ListColumn("state", _("State"), "choice", choices=dict(Invitation.State.choices), is_filter=True),
        ListColumn("is_on_behalf", _("Entered by an officer, to be confirmed"), "flag", is_filter=True),
        ListColumn("declined_why", _("Why declined"), may_be_empty=True, is_first=False),
    ),
    ("name",),
    _("Enterprise"),
    ("-round_deadline", "town", "name"),
    _("Forms appear here when the chain office opens a survey round."),
)

COVERAGE = (
    ListColumn("organisation_name", _("Enterprise")),
    ListColumn("town", _("Town"), "term", group="towns"),
    ListColumn("item_name", _("Input")),
    ListColumn("item_kind", _("Kind of item"), "term", group="item_kinds"),
    ListColumn("confirmed_on", _("Confirmed on"), "date", may_be_empty=True),  # empty: never
    ListColumn("is_current", _("Confirmed in time"), "flag"),
    ListColumn("is_on_behalf", _("Entered by an officer, to be confirmed"), "flag"),
)
COVERED = Listing("survey_coverage", _("Coverage of the survey"), COVERAGE, (), "", (), "")
CoveredRow = make_dataclass("CoveredRow", [*(column.name for column in COVERAGE), "is_synthetic"], frozen=True)
"""One row of the copy."""
