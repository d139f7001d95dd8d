"""Tables of the frame's own pages."""

from __future__ import annotations

import json
from typing import Any

import django_tables2
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.templatetags.ui import data, moment


class LogTable(django_tables2.Table):
    """The log: ids and digests only."""

    id = django_tables2.Column(verbose_name=_("No."), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    at = django_tables2.Column(verbose_name=_("Time"), attrs={"td": {"class": "text-nowrap"}})
    actor = django_tables2.Column(verbose_name=_("Who"), orderable=False)
    action = django_tables2.Column(verbose_name=_("Action"), orderable=False)
    object = django_tables2.Column(verbose_name=_("Object"), accessor="object_kind", orderable=False, empty_values=())
    details = django_tables2.Column(verbose_name=_("Details"), orderable=False)
    link = django_tables2.Column(verbose_name=_("Sealed"), orderable=False, empty_values=())

    class Meta:
        caption = _("The log")
        empty_text = _("No event of this kind has been written.")

    def render_at(self, value: Any) -> str:
        return moment(value)

    def render_actor(self, value: str) -> str:
        return data(value)

    def render_action(self, value: str) -> str:
        return data(value)

    def render_object(self, record: Any) -> str:
        return data(f"{record.object_kind} {record.object_id}")

    def render_details(self, value: dict[str, Any]) -> str:
        return data(json.dumps(value, ensure_ascii=False))

    def render_link(self, record: Any) -> str:
        link = getattr(record, "link", None)
        return data(link.hash[:12]) if link else str(_("not yet"))
