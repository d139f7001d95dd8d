"""Tables of loads, of the rows of a load, of its report and of its waiting rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.facts.models import Landing
from liandesk.base.ui.columns import DataColumn
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, number
from liandesk.know.sources.contracts.links import NODE_KINDS
from liandesk.know.sources.models import ColumnMapping
from liandesk.know.sources.readers import sources
from liandesk.know.sources.reports import column_title, line_of

_RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}
WEIGHTS = {"error": _("kept out"), "warning": _("warning"), "note": _("note")}
KINDS = {
    "seen": _("Rows"),
    "good": _("Good"),
    "bad": _("Kept out"),
    "blank": _("Blank"),
    "notes": _("Notes"),
    "repeated": _("Said twice"),
}


def total(landing: Landing, kind: str) -> int:
    """Return the rows of one kind over all tables of a load."""
    return sum(counts.get(kind, 0) for counts in landing.counts.values() if isinstance(counts, dict))


class FigureColumn(tables.Column):
    """A number, right-aligned, with thousands separators."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=_RIGHT, **kwargs)

    def render(self, value: int) -> object:
        return number(value)


class LoadTable(tables.Table):
    """The loads, newest first."""

    title = DataColumn(linkify=("load", [tables.A("pk")]), verbose_name=_("Load"), orderable=False)
    source = tables.Column(verbose_name=_("Source"))
    good = tables.Column(verbose_name=_("Good"), empty_values=(), attrs=_RIGHT, orderable=False)
    bad = tables.Column(verbose_name=_("Kept out"), empty_values=(), attrs=_RIGHT, orderable=False)
    waiting = FigureColumn(verbose_name=_("Waiting"))
    recorded_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Loaded at"))
    recorded_by = DataColumn(verbose_name=_("By"))
    state = tables.Column(verbose_name=_("State"), empty_values=(), orderable=False)

    class Meta:
        model = Landing
        fields = ("title", "source", "good", "bad", "waiting", "recorded_at", "recorded_by", "state")
        order_by = ("-recorded_at",)
        caption = _("Loads")

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def render_source(self, value: str, record: Landing) -> str:
        source = sources().get(value)
        name = source.title[language()] if source else value
        if not record.is_synthetic:
            return name
        return format_html('{} <span class="badge synthetic">{}</span>', name, _now("synthetic"))

    def render_good(self, record: Landing) -> object:
        return number(total(record, "good"))

    def render_bad(self, record: Landing) -> object:
        return number(total(record, "bad"))

    def render_recorded_by(self, value: str) -> str:
        return self.names.get(value, value)

    def render_state(self, record: Landing) -> str:
        if record.withdrawn_at is None:
            return _now("in force")
        return _now("withdrawn on %(day)s") % {"day": f"{record.withdrawn_at:%Y-%m-%d}"}


class CountsTable(tables.Table):
    """Where every row went, a line a table."""

    table = tables.Column(verbose_name=_("Table"))
    seen = FigureColumn(verbose_name=KINDS["seen"])
    good = FigureColumn(verbose_name=KINDS["good"])
    bad = FigureColumn(verbose_name=KINDS["bad"])
    blank = FigureColumn(verbose_name=KINDS["blank"])
    notes = FigureColumn(verbose_name=KINDS["notes"])
    repeated = FigureColumn(verbose_name=KINDS["repeated"])

    class Meta:
        orderable = False
        caption = _("Where every row went")

    def __init__(self, source: str, counts: Mapping[str, Any]) -> None:
        rows = [
            {"table": _table_title(source, name), **dict.fromkeys(KINDS, 0), **found}
            for name, found in counts.items()
            if isinstance(found, dict)
        ]
        super().__init__(rows, prefix="counts-")


def _table_title(source: str, name: str) -> str:
    found = sources().get(source)
    table = next((one for one in found.tables if one.name == name), None) if found else None
    return table.titled(language()) if table else name


class ReportTable(tables.Table):
    """The report: file, row, column, what is wrong, why, what to do."""

    place = tables.Column(verbose_name=_("Where"), empty_values=())
    column = DataColumn(verbose_name=_("Column"), default="")
    value = DataColumn(verbose_name=_("What stood there"), default="")
    severity = tables.Column(verbose_name=_("Weight"))
    what = DataColumn(verbose_name=_("What is wrong"))
    why = DataColumn(verbose_name=_("Why"))
    todo = DataColumn(verbose_name=_("What to do"))

    class Meta:
        orderable = False

    def render_place(self, record: Any) -> str:
        return place(record.file, record.sheet, record.row)

    def render_severity(self, value: str) -> object:
        return WEIGHTS[value]


def place(file: str, sheet: str, row: int | None) -> str:
    """Return where in a file something stands."""
    parts = [data(part) for part in (file, sheet) if part]
    if row:
        parts.append(_now("row %(row)s") % {"row": row})
    return format_html_join(" · ", "{}", ((part,) for part in parts))


class MappingTable(tables.Table):
    """What is remembered of the sheets of each sender."""

    sender = DataColumn(verbose_name=_("Sender"))
    table = tables.Column(verbose_name=_("Table"), empty_values=())
    titles = tables.Column(verbose_name=_("Heads"), orderable=False)
    confirmed_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Said at"))
    confirmed_by = DataColumn(verbose_name=_("By"))
    forget = tables.Column(verbose_name=_("Forget"), empty_values=(), orderable=False)

    class Meta:
        model = ColumnMapping
        fields = ("sender", "table", "titles", "confirmed_at", "confirmed_by")
        caption = _("Remembered sheets")

    def __init__(self, *args: Any, names: Mapping[str, str], request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.names = names

    def render_sender(self, value: str) -> object:
        return self.names.get(value, value)

    def render_table(self, value: str) -> object:
        return _table_title("workbook", value) if value else _now("not read")

    def render_titles(self, value: list[str]) -> object:
        return data(" · ".join(filter(None, value))[:200])

    def render_confirmed_by(self, value: str) -> str:
        return self.names.get(value, value)

    def render_forget(self, record: ColumnMapping) -> str:
        form = '<form method="post" action="{}">{}<button class="btn btn-sm">{}</button></form>'
        token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(self.request))
        return format_html(form, reverse("mapping_forget", args=[record.pk]), token, _now("Forget"))


class FreeTextTable(tables.Table):
    """Texts that sheets wrote for nodes of the chain."""

    text = DataColumn(verbose_name=_("Text"))
    node_kind = tables.Column(verbose_name=_("Kind"))
    uses = FigureColumn(verbose_name=_("Organisations on it"))
    meant = DataColumn(verbose_name=_("Node that is meant"), default="")
    key = tables.Column(verbose_name=_("Decide"), orderable=False)

    class Meta:
        caption = _("Free texts")

    def __init__(self, *args: Any, can_map: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_map:
            self.columns.hide("key")

    def render_node_kind(self, value: str) -> str:
        titles = {choice.code: choice.title(language()) for choice in NODE_KINDS}
        return titles.get(value, value)

    def render_key(self, value: str) -> str:
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', reverse("free_text", args=[value]), _now("Decide"))


class WaitingTable(tables.Table):
    """Rows that wait to be mended."""

    row = tables.Column(verbose_name=_("Where"))
    cells = tables.Column(verbose_name=_("What stood there"))
    problems = tables.Column(verbose_name=_("What is wrong"))
    mend = tables.Column(verbose_name=_("Mend"), empty_values=())

    class Meta:
        orderable = False
        caption = _("Rows that wait")

    def __init__(self, *args: Any, landing: Landing, can_mend: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="waiting-", **kwargs)
        self.landing = landing
        self.source = sources().get(landing.source)
        if not can_mend:
            self.columns.hide("mend")

    def render_row(self, record: Any) -> str:
        return place(record.file, record.sheet, record.row)

    def render_cells(self, record: Any) -> str:
        return data(" · ".join(str(text) for text in record.cells.values())[:200])

    def render_problems(self, record: Any) -> str:
        return data("; ".join(said(record, problem, self.source) for problem in record.problems))

    def render_mend(self, record: Any) -> str:
        url = reverse("row", args=[self.landing.pk, record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _now("Mend"))


def said(row: Any, problem: Mapping[str, Any], source: Any) -> str:
    """Return one problem of a waiting row in words, after the title of its column."""
    line = line_of({"file": row.file, "sheet": row.sheet, "row": row.row, **problem}, source, language())
    title = column_title(source, row.table, problem.get("column") or "", language())
    return f"{title}: {line.what}" if title else line.what
