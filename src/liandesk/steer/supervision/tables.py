"""The tables of the pages of supervision. Rows are ``RowState``."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.templatetags.ui import data, day, number, pack_term, unknown
from liandesk.steer.supervision.models import TaskSheet
from liandesk.steer.supervision.queries import RowState
from liandesk.steer.supervision.templatetags.supervision import standing

_DAY = {"td": {"class": "text-nowrap"}}


class SheetTable(tables.Table):
    """The task sheets."""

    year = tables.Column(verbose_name=_("Year"), linkify=("task_sheet", [tables.A("pk")]))
    stage = tables.Column(verbose_name=_("Stage"), empty_values=(), orderable=False)
    frozen_at = tables.Column(verbose_name=_("Frozen on"), attrs=_DAY, default="")

    class Meta:
        model = TaskSheet
        fields = ("year", "stage", "frozen_at")
        caption = _("Task sheets")

    def render_year(self, record: TaskSheet) -> str:
        return str(record.year)

    def render_stage(self, record: TaskSheet) -> str:
        from liandesk.base.work.tables import stage_titles

        return "、".join(stage_titles(record.case))

    def render_frozen_at(self, value: Any) -> str:
        return day(value)


class RowTable(tables.Table):
    """The rows of a sheet, each with how it stands."""

    number = tables.Column(verbose_name=_("No."), accessor="row__number", attrs={"td": {"class": "num"}})
    task = tables.Column(verbose_name=_("Task"), accessor="row__task")
    goal = tables.Column(verbose_name=_("Goal of the year"), accessor="row__goal", empty_values=(), orderable=False)
    lead = tables.Column(verbose_name=_("Leading office"), accessor="row__lead", empty_values=())
    partners = tables.Column(verbose_name=_("Co-operating"), accessor="row", orderable=False)
    due = tables.Column(verbose_name=_("To be done by"), accessor="row__due", attrs=_DAY)
    standing = tables.Column(verbose_name=_("Standing"))
    milestones = tables.Column(verbose_name=_("Milestones"), orderable=False, empty_values=())
    last_report = tables.Column(verbose_name=_("Last report"), orderable=False, empty_values=())

    class Meta:
        caption = _("Tasks")
        order_by = ("number",)

    def render_task(self, record: RowState) -> SafeString:
        url = reverse("task_row", args=[record.row.pk])
        return format_html('<a href="{}">{}</a>', url, data(record.row.task))

    def render_goal(self, record: RowState) -> SafeString | str:
        row = record.row
        if row.goal_value is not None:
            return format_html("<span>{} {}</span>", number(row.goal_value), data(row.unit))
        return "" if row.goal == row.task else data(row.goal)

    def render_lead(self, record: RowState) -> SafeString | str:
        return pack_term("offices", record.row.lead) if record.row.lead else unknown()

    def render_partners(self, record: RowState) -> SafeString:
        return format_html(
            "<span>{}</span>",  # one part of the cell, which a phone lays out in a row
            format_html_join("、", "{}", ((pack_term("offices", one),) for one in record.row.partner_offices)),
        )

    def render_due(self, value: Any) -> str:
        return day(value)

    def render_standing(self, record: RowState) -> SafeString | str:
        return standing(record.standing) if record.row.case_id else ""

    def render_milestones(self, record: RowState) -> str:
        return f"{record.milestones_done} / {len(record.milestones)}" if record.milestones else ""

    def render_last_report(self, record: RowState) -> SafeString | str:
        last = record.last_report
        return format_html("{} · {}", last.period, day(last.at)) if last else ""
