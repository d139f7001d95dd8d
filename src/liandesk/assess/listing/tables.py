"""The lines of the library as a list: what is computed, and what officers keep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.listing.models import Merger, Stage
from liandesk.assess.listing.wording import board_titles
from liandesk.base.accounts.access import unbarred
from liandesk.base.ui.listing import ListColumn, Listing, Question


class BoardColumn(ListColumn):
    """A board, or several, by the titles of the schemes."""

    def said(self, value: Any) -> Any:
        titles = board_titles()
        return "、".join(titles.get(key, key) for key in (unbarred(value) or (value,)))


class YearColumn(ListColumn):
    """A calendar year, which is no amount: without separators."""

    def value(self, row: Model) -> Any:
        year = getattr(row, self.name)
        return None if year is None else str(year)


class BestColumn(BoardColumn):
    """The board that is met first; where something unknown leaves it open, nothing is forecast."""

    def value(self, row: Model) -> Any:
        return row.board if row.median else None  # type: ignore[attr-defined]


_COLUMNS = (
    ListColumn("name", _("Enterprise"), link=lambda row: reverse("listing", args=[row.pk])),
    ListColumn("town", _("Town"), "term", group="towns", is_filter=True),
    BoardColumn("met", _("Standards met today"), may_be_empty=True),
    BestColumn("board", _("Met first")),
    YearColumn("low", _("Year, at 10 %"), is_first=False),
    YearColumn("median", _("Year, at 50 %")),
    YearColumn("high", _("Year, at 90 %"), is_first=False),
    ListColumn("probability", _("Met by the target's year"), "share"),
    ListColumn("missing", _("Answers missing"), "number"),
    ListColumn("stage", _("State of the coaching"), "choice", choices=dict(Stage.choices), is_filter=True),
    ListColumn("stage_on", _("In this state since"), "date", may_be_empty=True, is_first=False),
    ListColumn("merger", _("In a merger"), "choice", choices=dict(Merger.choices), is_filter=True, is_first=False),
    ListColumn("merger_reason", _("Why in a merger"), may_be_empty=True, is_first=False),
    ListColumn("is_relocated", _("Moved here after it was listed"), "flag", is_first=False),
    ListColumn("is_subsidiary", _("Of a listed group"), "flag", is_first=False),
    ListColumn("is_synthetic", _("Synthetic"), "flag", is_first=False),
)
LISTINGS = Listing(
    "listings",
    _("Listing library"),
    _COLUMNS,
    ("name",),
    _("Name"),
    ("median", "-probability", "name"),
    _("Refresh the lists, then forecast on the page of the number of listed enterprises."),
)


def listings(hidden: Collection[str]) -> Listing:
    """Return the list without columns that its reader is not shown."""
    return replace(LISTINGS, columns=tuple(one for one in LISTINGS.columns if one.name not in hidden))


def questions() -> list[Question]:
    """Return what is asked beside the columns: who meets which board today."""
    return [Question("met", _c("listing", "Standards met today"), list(board_titles().items()), _meets, is_data=True)]


def _meets(grants: str) -> Q:
    return Q(met__contains=f"|{grants}|")
