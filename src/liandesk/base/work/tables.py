"""The table of cases."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liandesk.base.ui.columns import DataColumn
from liandesk.base.ui.templatetags.ui import day, moment
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said, titles


def stage_titles(case: Case) -> list[str]:
    """Return the titles of the stages a case is in, or of how it ended."""
    process = process_of(case.definition)
    return [said(process.stage(key).title) for key in case.stages]


class CaseTable(tables.Table):
    """Cases with where each stands and when something of it is due."""

    title = DataColumn(linkify=("case", [tables.A("pk")]), verbose_name=_("Case"))
    process = tables.Column(verbose_name=pgettext_lazy("definition", "Process"))
    stages = tables.Column(verbose_name=_("Stage"), orderable=False)
    due = tables.Column(verbose_name=_("Due"))
    changed_at = tables.Column(verbose_name=_("Last changed"))

    class Meta:
        model = Case
        fields = ("title", "process", "stages", "due", "changed_at")
        order_by = ("due",)

    def render_process(self, record: Case) -> str:
        return said(process_of(record.definition).title)

    def render_stages(self, record: Case) -> SafeString:
        named = titles(process_of(record.definition))
        return format_html("{}", "、".join(named[stage] for stage in record.stages))

    def render_due(self, record: Case) -> str:
        return day(record.due)

    def render_changed_at(self, record: Case) -> str:
        return moment(record.changed_at)
