"""The tables of the pages of incident rooms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.incidents.models import Incident
from liandesk.assess.incidents.queries import Hit
from liandesk.assess.incidents.wording import VERDICTS
from liandesk.base.ui.templatetags.ui import data, interval, level, number, unknown
from liandesk.base.work.tables import stage_titles

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
_DAY = {"td": {"class": "text-nowrap"}}


class RoomTable(tables.Table):
    """The rooms."""

    title = tables.Column(verbose_name=_("Room"), accessor="case__title", linkify=("incident", [tables.A("pk")]))
    began_on = tables.Column(verbose_name=_("Began on"), attrs=_DAY)
    stage = tables.Column(verbose_name=_("Stage"), accessor="case", orderable=False)
    reached = tables.Column(verbose_name=_("Entries reached"), attrs=_NUM)
    open_tasks = tables.Column(verbose_name=_("Open tasks"), attrs=_NUM)

    class Meta:
        model = Incident
        fields = ("title", "began_on", "stage", "reached", "open_tasks")
        caption = _("Incident rooms")

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_began_on(self, value: Any) -> str:
        return value.isoformat()

    def render_stage(self, value: Any) -> SafeString | str:
        return data("、".join(stage_titles(value)))


class HitTable(tables.Table):
    """What is hit, for a meeting. Rows are ``queries.Hit``."""

    level = tables.Column(verbose_name=_("Level"), empty_values=(), orderable=False)
    entry = tables.Column(verbose_name=_("Entry"), orderable=False)
    verdict = tables.Column(verbose_name=_("Finding"), accessor="one__verdict", orderable=False)
    lost = tables.Column(verbose_name=_("Of its purchases"), empty_values=(), attrs=_NUM, orderable=False)
    first_day = tables.Column(verbose_name=_("Stock until"), empty_values=(), attrs=_DAY, orderable=False)
    backups = tables.Column(verbose_name=_("Backups"), empty_values=(), orderable=False)
    settled = tables.Column(verbose_name=_("What is done"), empty_values=(), orderable=False)

    class Meta:
        caption = _("What is hit")

    def render_level(self, record: Hit) -> SafeString:
        return level(record.level)

    def render_entry(self, record: Hit) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("risk", args=[record.entry.key]), data(str(record.entry)))

    def render_verdict(self, value: str) -> str:
        return str(VERDICTS[value])

    def render_lost(self, record: Hit) -> SafeString | str:
        return interval((record.one.lost_low, record.one.lost_high), "share")

    def render_first_day(self, record: Hit) -> SafeString | str:
        if record.first_day is None and record.last_day is None:
            return unknown()
        if record.first_day is None:
            return _now("at the latest %(day)s") % {"day": record.last_day}
        if record.last_day is None:
            return _now("%(day)s at the earliest") % {"day": record.first_day}
        same = record.first_day == record.last_day
        return str(record.first_day) if same else f"{record.first_day} – {record.last_day}"

    def render_backups(self, record: Hit) -> SafeString | str:
        kept = number(len(record.backups))
        if record.candidates is None:
            return str(kept)
        said = _now("%(kept)s kept, %(found)s candidates") % {"kept": kept, "found": number(record.candidates)}
        url = f"{reverse('backup_candidates')}?{urlencode({'item': record.entry.item})}"
        return format_html('<a href="{}">{}</a>', url, said) if record.candidates else said

    def render_settled(self, record: Hit) -> SafeString | str:
        if record.one.reason:
            return format_html("{}: {}", _now("nothing, because"), data(record.one.reason))
        done = sum(1 for one in record.tasks if one.task.done_at)
        if record.tasks:
            return _now("%(done)s of %(all)s tasks done") % {"done": done, "all": len(record.tasks)}
        return _now("nothing yet") if record.must_settle else _now("not required at this level")


class ProductTable(tables.Table):
    """The district's products that are reached, with who brings it. Rows are mappings."""

    name = tables.Column(verbose_name=_("Enterprise"))
    item_name = tables.Column(verbose_name=_("Product"), empty_values=())
    verdict = tables.Column(verbose_name=_("Finding"))
    step = tables.Column(verbose_name=_("Links away"), attrs=_NUM)
    before_name = tables.Column(verbose_name=_("Comes by"), empty_values=())
    day_low = tables.Column(verbose_name=_("From day"), attrs=_NUM, empty_values=())
    output_cny = tables.Column(verbose_name=_("Output of a year"), attrs=_NUM, empty_values=())

    class Meta:
        caption = _("Enterprises and products that are reached")

    def render_name(self, record: dict[str, Any]) -> SafeString:
        url = reverse("organisation", args=[record["organisation"]])
        return format_html('<a href="{}">{}</a>', url, data(record["name"]))

    def render_item_name(self, value: str | None) -> SafeString | str:
        return data(value) if value else _now("a product that its maker did not name")

    def render_verdict(self, value: str) -> str:
        return str(VERDICTS[value])

    def render_before_name(self, record: dict[str, Any]) -> SafeString | str:
        if record["before"] is None:
            return _now("fails itself")
        market = _now("the market of %(item)s") % {"item": record["input_name"] or ""}
        origin = [data(record["origin_name"]), " → "] if record["step"] > 1 and record["origin_name"] else ["", ""]
        more = "… → " if record["step"] > 2 else ""
        brought = data(record["before_name"] or market)
        return format_html("<span>{}{}{}{} · {}</span>", *origin, more, brought, data(record["input_name"] or ""))

    def render_day_low(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["day_low"], record["day_high"]))

    def render_output_cny(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["output_cny"], record["output_cny"]), "cny")
