"""The list of enterprises on the ladder: its columns, and what is asked beside them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.ladder.definitions import ladder
from liandesk.assess.ladder.queries import title_names
from liandesk.base.clock import today
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing, Question

DIFFERENCES = {
    "same": _c("rung", "as computed"),
    "held_above": _c("rung", "awarded is higher"),
    "computed_above": _c("rung", "computed is higher"),
}


def rungs_listing() -> Listing:
    """Return the list in the words of the titles in force."""
    names = {code: getattr(text, language()) for code, text in title_names().items()}
    rungs = {code: names.get(code, code) for code in ladder().rungs}
    return Listing(
        "rungs",
        _("Enterprises on the ladder"),
        (
            ListColumn("name", _("Enterprise"), link=lambda row: reverse("rung", args=[row.pk])),
            ListColumn("held", _c("ladder", "Awarded"), "choice", choices=rungs, is_filter=True, may_be_empty=True),
            ListColumn("held_since", _c("rung", "Since"), "date", may_be_empty=True, is_first=False),
            ListColumn("held_until", _c("rung", "Until"), "date", may_be_empty=True),
            ListColumn(
                "computed", _c("ladder", "Computed"), "choice", choices=rungs, is_filter=True, may_be_empty=True
            ),
            ListColumn("difference", _("Difference"), "choice", choices=DIFFERENCES, is_filter=True, may_be_empty=True),
            ListColumn("next", _("Next rung"), "choice", choices=rungs, is_filter=True, may_be_empty=True),
            ListColumn("failed", _("Clauses short"), "number", may_be_empty=True),
            ListColumn("unknown", _("Clauses unknown"), "number", may_be_empty=True),
            ListColumn("is_near", _("One clause short"), "flag", is_filter=True, is_first=False),
            ListColumn("town", _("Town"), "term", group="towns", is_filter=True, may_be_empty=True),
            ListColumn("zone", _("Zone"), "term", group="zones", is_filter=True, may_be_empty=True, is_first=False),
        ),
        ("name",),
        _("Name"),
        ("name", "id"),
        _("Load titles and figures of enterprises, and refresh the lists."),
    )


def questions() -> tuple[Question, ...]:
    """Return what is asked beside the columns: whose title ends soon."""
    until = today() + timedelta(days=ladder().remind_days)
    offered = [("soon", str(_("Ends soon or has ended")))]
    return (Question("ends", _("Title ends"), offered, lambda _asked: Q(held_until__lte=until)),)
