"""The tables of the pages of reports."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.templatetags.ui import data, day, unknown
from liandesk.steer.reports.contents.gather import office_name
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.wording import STATES
from liandesk.steer.reports.writing.paper import expressed
from liankit.plan.report.bundle import Record

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class ReportTable(tables.Table):
    """What was made."""

    title = tables.Column(verbose_name=_("Title"), linkify=("report", [tables.A("pk")]), empty_values=())
    kind = tables.Column(verbose_name=_c("document", "Report"))
    office = tables.Column(verbose_name=_("Office"), empty_values=())
    day = tables.Column(verbose_name=_("Day"), attrs={"td": {"class": "text-nowrap"}})
    state = tables.Column(verbose_name=_("State"), accessor="job__state")

    class Meta:
        model = Report
        fields = ("title", "kind", "office", "day", "state")
        caption = _("Reports")

    def render_title(self, record: Report) -> SafeString | str:
        return data(record.title) if record.title else str(Kind(record.kind).label)

    def render_kind(self, record: Report) -> str:
        return str(Kind(record.kind).label)

    def render_office(self, record: Report) -> str:
        return office_name(record.office) if record.office else ""

    def render_day(self, value: Any) -> str:
        return day(value)

    def render_state(self, record: Report) -> str:
        return str(STATES[record.job.state])


class NumberTable(tables.Table):
    """The numbers of a report. Rows are records of its bundle."""

    id = tables.Column(verbose_name=_("Id"))
    label = tables.Column(verbose_name=_c("report", "Number"))
    value = tables.Column(verbose_name=_("Value"), attrs=_NUM, empty_values=())
    how = tables.Column(verbose_name=_("How it follows, or its source"), empty_values=(), orderable=False)

    class Meta:
        caption = _("Numbers of this report")
        row_attrs = {"id": lambda record: record["id"]}

    def render_label(self, value: str) -> SafeString | str:
        return data(value)

    def render_value(self, record: Record) -> SafeString | str:
        return unknown() if record["value"] is None else format_html("{} {}", record["value"], data(record["unit"]))

    def render_how(self, record: Record) -> SafeString | str:
        return data(expressed(record["how"], record["source"]))
