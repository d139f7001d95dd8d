"""The table of indicators. Rows are ``IndicatorRow``."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.templatetags.ui import data, day, pack_term
from liandesk.steer.indicators.copies import SOURCES, IndicatorRow
from liandesk.steer.indicators.shown import with_unit
from liandesk.steer.plan.templatetags.plan import light

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class IndicatorTable(tables.Table):
    """Each indicator with its last value and the light of its target."""

    title = tables.Column(verbose_name=_("Indicator"))
    owner = tables.Column(verbose_name=_("Responsible office"))
    value = tables.Column(verbose_name=_("Last value"), attrs=_NUM, empty_values=(), orderable=False)
    on = tables.Column(verbose_name=_("Day"), attrs={"td": {"class": "text-nowrap"}}, empty_values=(), orderable=False)
    light = tables.Column(verbose_name=_("Computed light"), default="")
    source = tables.Column(verbose_name=_("Source"))

    class Meta:
        caption = _("Indicators")

    def render_title(self, record: IndicatorRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("indicator", args=[record.indicator.key]), data(record.title))

    def render_owner(self, value: str) -> SafeString | str:
        return pack_term("offices", value)

    def render_value(self, record: IndicatorRow) -> SafeString | str:
        return with_unit(record.last.value if record.last else None, record.indicator)

    def render_on(self, record: IndicatorRow) -> str:
        return day(record.on)

    def render_light(self, record: IndicatorRow) -> SafeString | str:
        if record.stands is None:
            return ""
        url = reverse("target_light", args=[record.stands.target])
        return format_html('<a href="{}">{}</a>', url, light(record.light))

    def render_source(self, record: IndicatorRow) -> SafeString:
        shown = format_html('<span class="badge">{}</span>', SOURCES[record.source])
        synthetic = format_html(' <span class="badge synthetic">{}</span>', _now("Synthetic data"))
        return shown + synthetic if record.is_synthetic else shown
