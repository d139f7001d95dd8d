"""A list declared by its columns: what is shown, asked, sorted and copied follows from one declaration.

A column is a field of the rows' model, or a key of one of its JSON fields (``store``). Null is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import polars as pl
from django.db.models import F, Model, OrderBy, Q
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import cny, data, number, percent, unknown

ColumnKind = Literal["text", "number", "cny", "share", "date", "flag", "choice", "term"]
Dtype = type[pl.DataType]
Choices = Mapping[str, Promise | str]

DTYPES: Mapping[ColumnKind, Dtype] = {
    "text": pl.String,
    "choice": pl.String,
    "term": pl.String,
    "number": pl.Float64,
    "cny": pl.Float64,
    "share": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}
NUMERIC = ("number", "cny", "share")
YES_NO: Choices = {"yes": _("yes"), "no": _("no")}
UNKNOWN = "unknown"
"""What is asked for rows whose value is not known."""


@dataclass(frozen=True)
class Question:
    """One filter beside the text: what it offers (codes and titles) and which rows an answer lets through."""

    name: str
    title: Promise | str
    options: list[tuple[str, str]]
    where: Callable[[str], Q]
    is_data: bool = False  # whether the options are data, which no translator touches


@dataclass(frozen=True)
class ListColumn:
    """One column; ``path`` is where the database has it.

    ``choices`` name the codes of a choice and the spans "past" and "future" of a date that is asked by; ``group`` is
    the pack's group of a term. ``may_be_empty``: an empty cell says "none" or "not said", not "unknown".
    ``is_first``: shown until somebody chooses. ``link`` gives the address a cell leads to.
    """

    name: str
    title: Promise | str
    kind: ColumnKind = "text"
    store: str = ""
    unit: str = ""
    choices: Choices = field(default_factory=dict)
    group: str = ""
    is_first: bool = True
    is_filter: bool = False
    may_be_empty: bool = False
    link: Callable[[Any], str] | None = None

    @property
    def path(self) -> str:
        return f"{self.store}__{self.name}" if self.store else self.name

    @property
    def head(self) -> str:
        """Return the title with the unit."""
        return f"{self.title} ({self.unit})" if self.unit else str(self.title)

    def value(self, row: Model) -> Any:
        """Return the value of a row, None when it is not known."""
        held = getattr(row, self.store).get(self.name) if self.store else getattr(row, self.name)
        if held in (None, ""):
            return None
        return date.fromisoformat(held) if self.kind == "date" and isinstance(held, str) else held

    def said(self, value: Any) -> Any:
        """Return a value in the reader's words: codes by their names; numbers and dates as they are."""
        if self.kind == "choice":
            return str(self.choices.get(value, value))
        if self.kind == "term":
            return next((term.text[language()] for term in getattr(pack(), self.group) if term.code == value), value)
        return str(YES_NO["yes" if value else "no"]) if self.kind == "flag" else value

    def render(self, row: Model) -> SafeString | str:
        """Return the cell of a row."""
        value = self.value(row)
        if value is None:
            return "" if self.may_be_empty else unknown()
        shown = _FORMATS[self.kind](self.said(value))
        return format_html('<a href="{}">{}</a>', self.link(row), shown) if self.link else shown

    def options(self) -> list[tuple[str, str]]:
        """Return what the filter offers; the names of codes, the spans of a date."""
        if self.kind == "term":
            offered = [(term.code, term.text[language()]) for term in getattr(pack(), self.group)]
        else:
            named = YES_NO if self.kind == "flag" else self.choices
            offered = [(code, str(title)) for code, title in named.items()]
        return offered if self.may_be_empty else [*offered, (UNKNOWN, str(_("unknown")))]

    def question(self) -> Question:
        """Return the filter of this column."""
        return Question(self.name, self.title, self.options(), self.where)

    def where(self, asked: str) -> Q:
        """Return the condition of what the filter offers."""
        if asked == UNKNOWN:
            return self._is_unknown()
        if self.kind == "date":
            day: Any = today().isoformat() if self.store else today()
            return Q(**{f"{self.path}__lt" if asked == "past" else f"{self.path}__gte": day})
        return Q(**{self.path: asked == "yes" if self.kind == "flag" else asked})

    def _is_unknown(self) -> Q:
        if self.store:  # a key that is not known is not written
            return ~Q(**{f"{self.store}__has_key": self.name})
        return (
            Q(**{f"{self.path}__isnull": True}) if self.kind not in ("text", "choice", "term") else Q(**{self.path: ""})
        )

    def order(self, is_descending: bool) -> OrderBy:
        """Return the order by this column: unknown comes last both ways."""
        by = F(self.path)
        return by.desc(nulls_last=True) if is_descending else by.asc(nulls_last=True)


_FORMATS: Mapping[ColumnKind, Callable[[Any], SafeString | str]] = {
    "text": data,
    "choice": str,
    "term": data,
    "number": number,
    "cny": cny,
    "share": percent,
    "date": lambda value: value.isoformat(),
    "flag": str,
}


@dataclass(frozen=True)
class Listing:
    """A list: ``code`` is its route and the name of its copies; ``text`` the fields that the text filter looks into."""

    code: str
    title: Promise | str
    columns: tuple[ListColumn, ...]
    text: tuple[str, ...]
    text_label: Promise | str
    order: tuple[str | OrderBy, ...]
    empty_text: Promise | str

    def column(self, name: str) -> ListColumn:
        """Return the column with a name; KeyError when there is none."""
        return next(column for column in self.columns if column.name == name)

    def shown(self, asked: Collection[str]) -> tuple[ListColumn, ...]:
        """Return the asked columns in the list's order and always the first; without an asked one the first ones."""
        known = [column for column in self.columns if column.name in asked]
        if not known:
            return tuple(column for column in self.columns if column.is_first)
        return tuple(column for column in self.columns if column in known or column is self.columns[0])

    @property
    def export_route(self) -> str:
        """The name of the route of its copies."""
        return f"{self.code}_export"
