"""The backup list as a declared list: its columns, filters, table and copies. Lines are computed, not queried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData

from liandesk.assess.backups import wording
from liandesk.assess.backups.lines import Line
from liandesk.assess.backups.models import Alert, BackupType, ChangeClass, DrillResult, TechnologyKind, TechnologyStatus
from liandesk.base.countries import country_name
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import UNKNOWN, YES_NO, Choices, ListColumn, Listing
from liandesk.base.ui.listing_filter import ListFilter
from liandesk.base.ui.listing_table import RowColumn
from liandesk.base.ui.templatetags.ui import icon, interval


def _choices(named: Any) -> Choices:
    return dict(named.choices)


@dataclass(frozen=True)
class OfBackup(ListColumn):
    """A column of the backup; where there is none the cell is empty, for nothing is unknown of it."""

    def value(self, row: Any) -> Any:
        if row.backup is None:
            return "" if self.kind not in ("number", "date", "flag") else None
        return super().value(row.backup)

    def render(self, row: Any) -> SafeString | str:
        return "" if row.backup is None else super().render(row)


@dataclass(frozen=True)
class OfTechnology(ListColumn):
    """A column of the row itself."""

    def value(self, row: Any) -> Any:
        return super().value(row.technology)


@dataclass(frozen=True)
class Span(ListColumn):
    """An interval of the line: its two ends in a unit; ``is_own``: it is the backup's and empty without one."""

    of: str = ""
    is_own: bool = True

    def value(self, row: Any) -> Any:
        if self.is_own and row.backup is None:
            return ""
        ends = getattr(row, self.name)
        return None if ends == (None, None) else ends

    def said(self, value: Any) -> Any:
        return value if value == "" else numbers.span(value[0], value[1], self.of, language())

    def render(self, row: Any) -> SafeString | str:
        value = self.value(row)
        return "" if value == "" else interval(value, self.of)


@dataclass(frozen=True)
class Steps(OfBackup):
    """How many steps of the path are done: "2/7"."""

    def said(self, value: Any) -> Any:
        return value

    def value(self, row: Any) -> Any:
        if row.backup is None:
            return ""
        done = row.backup.steps_done
        return None if done is None else f"{len(done)}/{len(row.opened.rules.path_of(row.backup.type).steps)}"


@dataclass(frozen=True)
class InTime(OfBackup):
    """Whether the backup takes over before stock runs out."""

    def value(self, row: Any) -> Any:
        return "" if row.backup is None else _ANSWERS[row.in_time]


_ANSWERS = {True: "yes", False: "no", None: None}


@dataclass(frozen=True)
class NextDrill(OfBackup):
    """When a backup is tried next; what is overdue says so."""

    def render(self, row: Any) -> SafeString | str:
        shown = super().render(row)
        if row.drill != "overdue":
            return shown
        mark = '{} <span class="badge level level-orange">{}{}</span>'
        return format_html(mark, shown, icon("calendar-due"), wording.DRILL_STATES["overdue"])


@dataclass(frozen=True)
class LevelOf(OfBackup):
    """A technology readiness level with its name."""

    def said(self, value: Any) -> Any:
        return value

    def value(self, row: Any) -> Any:
        level = super().value(row)
        return f"{level} {row.opened.rules.level_name(level, language())}" if level else level


@dataclass(frozen=True)
class Country(OfTechnology):
    """The country of the present source."""

    def said(self, value: Any) -> Any:
        return country_name(value, language())


def _row(line: Any) -> str:
    return reverse("backup_row", args=[line.pk])


_F = wording.FIELDS
COLUMNS = (
    OfTechnology("name", _F["name"], link=_row),
    OfTechnology("kind", _F["kind"], "choice", choices=_choices(TechnologyKind), is_filter=True),
    OfTechnology("segment", _F["segment"], is_first=False, may_be_empty=True),
    OfTechnology("item_name", _F["item_name"], is_first=False, may_be_empty=True),
    OfTechnology("status", _F["status"], "choice", choices=_choices(TechnologyStatus), is_filter=True, is_first=False),
    OfTechnology("source_holder", _F["source_holder"], is_first=False),
    Country("source_country", _F["source_country"], is_first=False),
    OfTechnology("barrier", _F["barrier"], is_first=False, may_be_empty=True),
    LevelOf("trl", _F["trl"], is_first=False),
    OfBackup("type", _F["type"], "choice", choices=_choices(BackupType), is_filter=True, may_be_empty=True),
    OfBackup("holder_name", _F["holder_name"]),
    Steps("steps_done", _F["steps_done"], is_first=False),
    OfBackup("change_class", _F["change_class"], "choice", choices=_choices(ChangeClass), is_first=False),
    Span("switch", _("Time to switch, left"), of="months"),
    Span("survive", _("Time to survive"), of="days", is_own=False),
    InTime("in_time", _("In time"), "choice", choices=YES_NO, is_filter=True),
    Span("readiness", _("Readiness"), of="share"),
    ListColumn(
        "drill", _("Drill"), "choice", choices=wording.DRILL_STATES, is_filter=True, is_first=False, may_be_empty=True
    ),
    OfBackup("last_drill", _F["last_drill"], "date", is_first=False, may_be_empty=True),
    OfBackup(
        "last_result", _F["last_result"], "choice", choices=_choices(DrillResult), is_first=False, may_be_empty=True
    ),
    NextDrill("next_drill", _F["next_drill"], "date", may_be_empty=True),
    OfTechnology("owner_office", _F["owner_office"], "term", group="offices", is_filter=True),
    OfBackup("project", _F["project"], is_first=False, may_be_empty=True),
    OfBackup("milestone", _F["milestone"], is_first=False, may_be_empty=True),
    OfBackup("verifier", _F["verifier"], is_first=False, may_be_empty=True),
    OfBackup("ready_on", _F["ready_on"], "date", is_first=False, may_be_empty=True),
    OfTechnology(
        "ip_warning",
        _F["ip_warning"],
        "choice",
        choices=_choices(Alert),
        is_filter=True,
        is_first=False,
        may_be_empty=True,
    ),
    OfTechnology("organisation_name", _F["organisation_name"], is_first=False, may_be_empty=True),
    OfBackup("confirmed_on", _F["confirmed_on"], "date", is_first=False, may_be_empty=True),
    ListColumn("is_backed", _("Has a backup"), "flag", is_filter=True, is_first=False),
)

BACKUPS = Listing(
    "backups",
    _("Backup list"),
    COLUMNS,
    text=("name", "item_name", "source_holder", "holder_name"),
    text_label=_("Technology, item or holder"),
    order=("name",),
    empty_text=_("Add a key technology, load a sheet, or take up what the risk list proposes."),
)


class LineFilter(ListFilter):
    """The filters of the list, over lines."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        super().__init__(BACKUPS, asked)

    def let_through(self, found: Iterable[Line]) -> list[Line]:
        """Return the lines that the filters let through."""
        return [line for line in found if all(_fits(line, *one) for one in self.chosen.items())]


def _fits(line: Any, name: str, asked: str) -> bool:
    if name == "text":
        texts = (str(BACKUPS.column(one).value(line) or "") for one in BACKUPS.text)
        return any(asked.casefold() in text.casefold() for text in texts)
    column = BACKUPS.column(name)
    held = column.value(line)
    if asked == UNKNOWN:
        return held is None
    return held is (asked == "yes") if column.kind == "flag" else bool(held == asked)


class LineData(TableListData):
    """Lines as the data of a table; what is not known is sorted last both ways."""

    data: list[Any]

    def order_by(self, aliases: Sequence[str]) -> None:
        for alias in reversed(aliases):
            column = BACKUPS.column(alias.lstrip("-"))
            keyed = [(column.value(line), line) for line in self.data]
            known = [pair for pair in keyed if pair[0] not in (None, "")]
            known.sort(key=lambda pair: _key(pair[0]), reverse=alias.startswith("-"))
            self.data = [line for _key_, line in (*known, *(pair for pair in keyed if pair[0] in (None, "")))]


def _key(value: Any) -> Any:
    """Return by what a value is sorted: an interval by its lower end, an open one as if it began at nothing."""
    return tuple(-1.0 if end is None else end for end in value) if isinstance(value, tuple) else value


class LineTable(tables.Table):
    """One page of the list."""

    def __init__(self, found: Iterable[Line], shown: Sequence[ListColumn]) -> None:
        self.caption = str(BACKUPS.title)
        columns = [(column.name, RowColumn(column)) for column in shown]
        super().__init__(LineData(list(found)), extra_columns=columns)
