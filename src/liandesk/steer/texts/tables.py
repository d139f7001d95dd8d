"""The list of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.numbers import plain
from liandesk.base.ui.templatetags.ui import data, moment
from liandesk.steer.texts.models import PlanText, TextState


class TextTable(django_tables2.Table):
    """One row a file."""

    name = django_tables2.Column(verbose_name=_("File"))
    title = django_tables2.Column(verbose_name=_c("text", "Plan"))
    state = django_tables2.Column(verbose_name=_("State"))
    undecided = django_tables2.Column(
        verbose_name=_c("text", "To be decided"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    sent_at = django_tables2.Column(verbose_name=_("Sent"))
    sent_by = django_tables2.Column(verbose_name=_c("text", "Sent by"))

    class Meta:
        caption = _("Texts of plans")
        empty_text = _("No text was sent yet.")

    def __init__(self, rows: Any, *, names: Mapping[str, str]) -> None:
        super().__init__(rows)
        self.names = names

    def render_name(self, record: PlanText) -> SafeString:
        return format_html('<a href="{}" translate="no">{}</a>', reverse("plan_text", args=[record.pk]), record.name)

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_state(self, record: PlanText) -> str:
        return str(record.get_state_display())

    def render_undecided(self, record: PlanText, value: int) -> str:
        return plain(value) if record.state == TextState.READ else ""

    def render_sent_at(self, value: Any) -> str:
        return moment(value)

    def render_sent_by(self, value: str) -> SafeString | str:
        return data(self.names.get(value, value))
