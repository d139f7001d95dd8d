"""The tables of the pages of portfolios."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.portfolio.models import Intervention, Kind, Objective, Portfolio
from liandesk.assess.whatif.wording import STATES
from liandesk.base.ui.templatetags.ui import cny, data, interval, moment, number, percent

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
_DAY = {"td": {"class": "text-nowrap"}}


class PortfolioTable(tables.Table):
    """What was asked."""

    title = tables.Column(verbose_name=_("Title"), linkify=("portfolio", [tables.A("pk")]))
    budget_cny = tables.Column(verbose_name=_("Budget"), attrs=_NUM)
    objective = tables.Column(verbose_name=_("What it lowers"))
    asked_at = tables.Column(verbose_name=_("Asked"), attrs=_DAY)
    state = tables.Column(verbose_name=_("State"), accessor="job__state")

    class Meta:
        model = Portfolio
        fields = ("title", "budget_cny", "objective", "asked_at", "state")
        order_by = ("-asked_at",)
        caption = _("Portfolios")

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_budget_cny(self, value: int) -> SafeString:
        return cny(value)

    def render_objective(self, record: Portfolio) -> str:
        return str(Objective(record.objective).label)

    def render_asked_at(self, value: Any) -> str:
        return moment(value)

    def render_state(self, record: Portfolio) -> str:
        return str(STATES[record.job.state])


class InterventionTable(tables.Table):
    """The register of interventions."""

    title = tables.Column(verbose_name=_("Title"), linkify=("intervention", [tables.A("pk")]))
    kind = tables.Column(verbose_name=_("Kind"))
    item_name = tables.Column(verbose_name=_("Risk"))
    supplier_name = tables.Column(verbose_name=_("Supplier covered"))
    covers = tables.Column(verbose_name=_("Covers"), attrs=_NUM)
    cost_high_cny = tables.Column(verbose_name=_("Cost"), attrs=_NUM)
    months_high = tables.Column(verbose_name=_("Takes effect after"), attrs=_NUM, empty_values=())

    class Meta:
        model = Intervention
        fields = ("title", "kind", "item_name", "supplier_name", "covers", "cost_high_cny", "months_high")
        caption = _("Interventions")

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_kind(self, record: Intervention) -> str:
        return str(Kind(record.kind).label)

    def render_item_name(self, record: Intervention) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("risk", args=[f"item:{record.item}"]), data(record.item_name))

    def render_supplier_name(self, value: str) -> SafeString | str:
        return data(value)

    def render_covers(self, value: float) -> SafeString | str:
        return percent(value)

    def render_cost_high_cny(self, record: Intervention) -> SafeString | str:
        return interval((record.cost_low_cny, record.cost_high_cny), "cny")

    def render_months_high(self, record: Intervention) -> SafeString | str:
        return interval((record.months_low, record.months_high), "months")


class FrontierTable(tables.Table):
    """What each budget buys. Rows are mappings."""

    cost_cny = tables.Column(verbose_name=_("Cost"), attrs=_NUM)
    saved = tables.Column(verbose_name=_("Loss avoided a year, at least"), attrs=_NUM)
    together = tables.Column(verbose_name=_("Computed as a whole"), attrs=_NUM)
    gap = tables.Column(verbose_name=_("Below the best by"), attrs=_NUM)
    count = tables.Column(verbose_name=_("Number of interventions"), attrs=_NUM)

    class Meta:
        caption = _("What each budget buys")
        order_by = ("cost_cny",)

    def render_cost_cny(self, record: dict[str, Any]) -> SafeString:
        return format_html('<a href="?at={}">{}</a>', record["cost_cny"], cny(record["cost_cny"]))

    def render_saved(self, value: float) -> SafeString:
        return cny(value)

    def render_together(self, value: float) -> SafeString:
        return cny(value)

    def render_gap(self, value: float) -> SafeString | str:
        return _now("proven best") if value == 0 else format_html("≤ {}", percent(value))

    def render_count(self, value: int) -> SafeString | str:
        return number(value)


class LoweredTable(tables.Table):
    """What each risk comes to with a choice made. Rows are mappings."""

    item_name = tables.Column(verbose_name=_("Risk"))
    before_low = tables.Column(verbose_name=_("Loss without it"), attrs=_NUM)
    after_low = tables.Column(verbose_name=_("Loss with it"), attrs=_NUM)
    likelihood_low = tables.Column(verbose_name=_("Likelihood within 12 months"), attrs=_NUM, empty_values=())
    by = tables.Column(verbose_name=_("Lowered by"), orderable=False)

    class Meta:
        caption = _("Which risk each intervention closes")
        order_by = ("-before_low",)

    def render_item_name(self, record: dict[str, Any]) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("risk", args=[record["entry"]]), data(record["item_name"]))

    def render_before_low(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["before_low"], record["before_high"]), "cny")

    def render_after_low(self, record: dict[str, Any]) -> SafeString | str:
        if record["after_high"] == 0:
            return _now("closed")
        return interval((record["after_low"], record["after_high"]), "cny")

    def render_likelihood_low(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["likelihood_low"], record["likelihood_high"]), "share")

    def render_by(self, value: str) -> SafeString | str:
        return data(value)
