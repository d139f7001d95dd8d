"""The list of events and what it is asked by."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.events.models import Cause, EventHit, EventSource, HitKind
from liandesk.assess.events.wording import STATES
from liandesk.base.ui.listing import ListColumn, Listing, Question


class HitsColumn(ListColumn):
    """What is hit, as it was called."""

    def value(self, row: Model) -> Any:
        return "、".join(hit.name for hit in row.hits.all()) or None  # type: ignore[attr-defined]


class StateColumn(ListColumn):
    """Whether it counts and goes on; asked as conditions, for the database has no such column."""

    def where(self, asked: str) -> Q:
        return STATE_IS[asked]


STATE_IS = {
    "waiting": Q(confirmed_at=None, withdrawn_at=None),
    "open": Q(confirmed_at__isnull=False, withdrawn_at=None, ended_on=None),
    "ended": Q(confirmed_at__isnull=False, withdrawn_at=None, ended_on__isnull=False),
    "withdrawn": Q(withdrawn_at__isnull=False),
}

_CAUSES = dict(Cause.choices)
EVENTS = Listing(
    "events",
    _("Disruptions"),
    (
        ListColumn("title", _("Disruption"), link=lambda row: reverse("event", args=[row.pk])),
        HitsColumn("hits", _("What is hit")),
        ListColumn("cause", _c("event", "Cause"), "choice", choices=_CAUSES, is_filter=True, may_be_empty=True),
        ListColumn("began_on", _("Began on"), "date"),
        ListColumn("ended_on", _c("event", "Ended on"), "date"),
        ListColumn("expected_until", _("Recovery announced for"), "date", may_be_empty=True, is_first=False),
        StateColumn("state", _("State"), "choice", choices=STATES, is_filter=True, may_be_empty=True),
        ListColumn(
            "source",
            _("Source"),
            "choice",
            choices=dict(EventSource.choices),
            is_filter=True,
            may_be_empty=True,
        ),
        ListColumn("source_name", _("Title of the source"), may_be_empty=True, is_first=False),
        ListColumn("sentence", _("The sentence that says so"), may_be_empty=True, is_first=False),
        ListColumn("licence", _("Licence number"), may_be_empty=True, is_first=False),
        ListColumn("office", _("Entered by"), "term", group="offices", may_be_empty=True, is_first=False),
        ListColumn("is_synthetic", _("Synthetic"), "flag", may_be_empty=True, is_first=False),
    ),
    ("title", "licence", "source_name"),
    _("Title, licence number or source"),
    ("-began_on", "-pk"),
    _("Enter a disruption, load a file of them, or let notices be read."),
)


def _has_unmatched(asked: str) -> Q:
    unmatched = Exists(EventHit.objects.filter(event=OuterRef("pk"), object_id=""))
    return Q(unmatched) if asked == "yes" else ~Q(unmatched)


def _has_kind(kind: str) -> Q:
    return Q(Exists(EventHit.objects.filter(event=OuterRef("pk"), kind=kind)))


def questions() -> list[Question]:
    """Return what is asked beside the columns."""
    unmatched = [("yes", str(_("something is not matched yet"))), ("no", str(_("everything is matched")))]
    kinds = [(code, str(title)) for code, title in HitKind.choices]
    return [
        Question("kind", _("Kind of what is hit"), kinds, _has_kind),
        Question("unmatched", _("Matching"), unmatched, _has_unmatched),
    ]
