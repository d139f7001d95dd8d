"""The tables of the pages of what-ifs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.whatif.models import WhatIf
from liandesk.assess.whatif.wording import STATES, VERDICTS
from liandesk.base.ui.templatetags.ui import data, interval, moment, number, percent, unknown

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class WhatIfTable(tables.Table):
    """What was asked."""

    title = tables.Column(verbose_name=_("Title"), linkify=("what_if", [tables.A("pk")]))
    asked_at = tables.Column(verbose_name=_("Asked"), attrs={"td": {"class": "text-nowrap"}})
    state = tables.Column(verbose_name=_("State"), accessor="job__state")
    today = tables.Column(verbose_name=_("Data of"), accessor="snapshot__today", attrs={"td": {"class": "text-nowrap"}})

    class Meta:
        model = WhatIf
        fields = ("title", "asked_at", "state", "today")
        order_by = ("-asked_at",)
        caption = _("What-ifs")

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_asked_at(self, value: Any) -> str:
        return moment(value)

    def render_state(self, record: WhatIf) -> str:
        return str(STATES[record.job.state])

    def render_today(self, value: Any) -> str:
        return value.isoformat()


class HitTable(tables.Table):
    """The lines that are hit, as far as the reader may see them. Rows are mappings."""

    name = tables.Column(verbose_name=_("Enterprise"))
    item_name = tables.Column(verbose_name=_("Product"), empty_values=())
    loss_high = tables.Column(verbose_name=_("Loss of output"), attrs=_NUM, empty_values=())
    stake_high = tables.Column(verbose_name=_("Output at stake a year"), attrs=_NUM, empty_values=())
    step = tables.Column(verbose_name=_c("cascade", "Steps"), attrs=_NUM)
    before_name = tables.Column(verbose_name=_("Comes by"), empty_values=())
    day_low = tables.Column(verbose_name=_("From day"), attrs=_NUM, empty_values=())
    coverage = tables.Column(verbose_name=_("Purchases known"), attrs=_NUM, empty_values=())

    class Meta:
        caption = _("Who is hit, and how much")
        order_by = ("-stake_high",)

    def render_name(self, record: dict[str, Any]) -> SafeString | str:
        if record["organisation"] is None:
            return data(record["name"])
        return format_html(
            '<a href="{}">{}</a>', reverse("organisation", args=[record["organisation"]]), data(record["name"])
        )

    def render_item_name(self, record: dict[str, Any]) -> SafeString | str:
        if record["item"] is None:
            return _now("a product that its maker did not name")
        url = reverse("chain_node", args=[record["item"]])
        return format_html('<a href="{}">{}</a>', url, data(record["item_name"]))

    def render_loss_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["loss_low"], record["loss_high"]), "share")

    def render_stake_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["stake_low"], record["stake_high"]), "cny")

    def render_step(self, value: int) -> str:
        return str(number(value))

    def render_before_name(self, record: dict[str, Any]) -> SafeString | str:
        if record["step"] == 0:
            return _now("fails itself")
        way = format_html_join(" → ", "{}", ((one,) for one in _way(record)))
        return format_html("<span>{}</span>", way)  # one piece: a narrow cell lays its pieces out in columns

    def render_day_low(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["day_low"], record["day_high"]))

    def render_coverage(self, record: dict[str, Any]) -> SafeString | str:
        return unknown() if record["coverage"] is None else percent(record["coverage"])


def _way(record: dict[str, Any]) -> Iterator[SafeString | str]:
    """Yield where the loss set out, who brought it, and the item that is then lacking; empty for who may not know."""
    if record["input_name"] is None or record["before_line"] is None:
        return
    if record["step"] > 1:
        yield data(record["origin_name"])
    if record["step"] > _SHORT:
        yield "…"
    market = _now("the market of %(item)s") % {"item": record["input_name"]}
    yield format_html("{} · {}", data(record["before_name"] or market), data(record["input_name"]))


_SHORT = 2  # steps of a way that is told whole


class StopTable(tables.Table):
    """Who stops because a supplier of its own fails; no amounts are needed to know it."""

    name = tables.Column(verbose_name=_("Enterprise"))
    item_name = tables.Column(verbose_name=_("Product"), empty_values=())
    input_name = tables.Column(verbose_name=_("Lacks"))
    verdict = tables.Column(verbose_name=_("Finding"))
    day_low = tables.Column(verbose_name=_("From day"), attrs=_NUM, empty_values=())

    class Meta:
        caption = _("Direct stops")
        order_by = ("-verdict", "name")

    render_name = HitTable.render_name
    render_item_name = HitTable.render_item_name
    render_day_low = HitTable.render_day_low

    def render_input_name(self, value: str) -> SafeString | str:
        return data(value)

    def render_verdict(self, value: str) -> str:
        return str(VERDICTS[value])


class BesideTable(tables.Table):
    """The products that either of two answers reaches."""

    name = tables.Column(verbose_name=_("Enterprise"))
    item_name = tables.Column(verbose_name=_("Product"), empty_values=())
    loss_high = tables.Column(verbose_name=_("Loss in the first"), attrs=_NUM, empty_values=())
    loss_high_2 = tables.Column(verbose_name=_("Loss in the second"), attrs=_NUM, empty_values=())
    stake_high = tables.Column(verbose_name=_("Output at stake in the first"), attrs=_NUM, empty_values=())
    stake_high_2 = tables.Column(verbose_name=_("Output at stake in the second"), attrs=_NUM, empty_values=())

    class Meta:
        caption = _("Two what-ifs beside each other")
        order_by = ("-stake_high",)

    render_name = HitTable.render_name
    render_item_name = HitTable.render_item_name

    def render_loss_high(self, record: dict[str, Any]) -> SafeString | str:
        return _told(record, "", "loss", "share")

    def render_loss_high_2(self, record: dict[str, Any]) -> SafeString | str:
        return _told(record, "_2", "loss", "share")

    def render_stake_high(self, record: dict[str, Any]) -> SafeString | str:
        return _told(record, "", "stake", "cny")

    def render_stake_high_2(self, record: dict[str, Any]) -> SafeString | str:
        return _told(record, "_2", "stake", "cny")


def _told(record: dict[str, Any], which: str, name: str, unit: str) -> SafeString | str:
    """Return the interval of one of two answers, or that this one does not reach the product."""
    if record[f"step{which}"] is None:
        return _now("not reached")
    return interval((record[f"{name}_low{which}"], record[f"{name}_high{which}"]), unit)
