"""The lines of the library as a list: what is computed, and what officers keep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import F, Model, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.listing.models import Merger, Prospect, Stage
from liandesk.assess.listing.wording import board_titles, cell_said, year_said
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


class SpanColumn(ListColumn):
    """The year of a forecast with its interval: never a bare year."""

    def value(self, row: Model) -> Any:
        found: Prospect = row  # type: ignore[assignment]
        return year_said(vars(found)) if found.median else None


class BestColumn(BoardColumn):
    """The board that is met first; where it is not met by the last year drawn, the nearest one with that said."""

    def value(self, row: Model) -> Any:
        found: Prospect = row  # type: ignore[assignment]
        return None if found.is_open or not found.board else found

    def said(self, value: Any) -> Any:
        title = super().said(value.board)
        return title if value.median else _("%(board)s, not by %(year)s") % {"board": title, "year": value.until}


class CellColumn(ListColumn):
    """One board of every enterprise: met, or the year with its interval, or how far it is; unknown stays unknown."""

    @property
    def path(self) -> str:
        return f"boards__{self.name}__failed"

    def value(self, row: Model) -> Any:
        cell = row.boards.get(self.name)  # type: ignore[attr-defined]
        return None if cell is None or (cell["holds"] is None and not cell["failed"]) else cell

    def said(self, value: Any) -> Any:
        return cell_said(value)


_COLUMNS = (
    ListColumn("name", _("Enterprise"), link=lambda row: reverse("listing", args=[row.pk])),
    ListColumn("town", _("Town"), "term", group="towns", is_filter=True),
    BoardColumn("met", _("Standards met today"), may_be_empty=True),
    BestColumn("board", _("Met first")),
    SpanColumn("median", _("Forecast year (10th to 90th percentile)"), may_be_empty=True),
    YearColumn("low", _("Year, at 10 %"), may_be_empty=True, is_first=False),
    YearColumn("high", _("Year, at 90 %"), may_be_empty=True, is_first=False),
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
    (F("median").asc(nulls_last=True), F("probability").desc(nulls_last=True), "name"),
    _("Refresh the lists, then forecast on the page of the number of listed enterprises."),
)


def listings(hidden: Collection[str]) -> Listing:
    """Return the list without columns that its reader is not shown."""
    return replace(LISTINGS, columns=tuple(one for one in LISTINGS.columns if one.name not in hidden))


def boards() -> Listing:
    """Return the list of enterprises with a column a board."""
    kept = {one.name: one for one in LISTINGS.columns}
    cells = [CellColumn(grants, title) for grants, title in board_titles().items()]
    columns = (kept["name"], kept["town"], *cells, replace(kept["stage"], is_first=False), kept["is_synthetic"])
    return replace(LISTINGS, code="listing_boards", title=_("Enterprises by board"), columns=columns)


def questions() -> list[Question]:
    """Return what is asked beside the columns: who meets which board today, and who is near it."""
    titles = list(board_titles().items())
    return [
        Question("met", _c("listing", "Standards met today"), titles, _meets, is_data=True),
        Question("near", _("One or two clauses short of"), titles, _is_near, is_data=True),
        Question("open", _("Left open by unknown answers"), titles, _is_open, is_data=True),
    ]


def _meets(grants: str) -> Q:
    return Q(met__contains=f"|{grants}|")


def _is_near(grants: str) -> Q:
    return Q(**{f"boards__{grants}__failed__gte": 1, f"boards__{grants}__failed__lte": 2}) & ~_meets(grants)


def _is_open(grants: str) -> Q:
    return Q(**{f"boards__{grants}__failed": 0, f"boards__{grants}__unknown__gt": 0}) & ~_meets(grants)
