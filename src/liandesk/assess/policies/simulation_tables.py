"""The tables of the pages of simulations, and what a copy of one holds."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import Any

import django_tables2 as tables
import polars as pl
from django.http import FileResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.simulation_wording import size_titles
from liandesk.assess.policies.wording import SIMULATION_STATES, VERDICTS
from liandesk.assess.rules.wording import value_said
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.ui.templatetags.ui import data, interval, moment, pack_term, unknown

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
_NO_WRAP = {"td": {"class": "text-nowrap"}}


class SimulationTable(tables.Table):
    """What was asked."""

    title = tables.Column(verbose_name=_("Title"), linkify=("policy_simulation", [tables.A("pk")]))
    law = tables.Column(verbose_name=_("Day of the law"), attrs=_NO_WRAP)
    asked_at = tables.Column(verbose_name=_("Asked"), attrs=_NO_WRAP)
    state = tables.Column(verbose_name=_("State"), accessor="job__state")
    today = tables.Column(verbose_name=_("Data of"), attrs=_NO_WRAP)

    class Meta:
        model = Simulation
        fields = ("title", "law", "asked_at", "state", "today")
        order_by = ("-asked_at",)
        caption = _("Simulations of drafts")

    def render_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_asked_at(self, value: Any) -> str:
        return moment(value)

    def render_state(self, record: Simulation) -> str:
        return str(SIMULATION_STATES[record.job.state])

    def render_law(self, value: Any) -> str:
        return value.isoformat()

    render_today = render_law


class MoveTable(tables.Table):
    """Who gains, who loses and whom the unknown decides. Rows are mappings."""

    name = tables.Column(verbose_name=_("Enterprise"))
    verdict = tables.Column(verbose_name=_("What it does to them"))
    town = tables.Column(verbose_name=_("Town"), empty_values=())
    size = tables.Column(verbose_name=_("Size"), empty_values=())
    before_high = tables.Column(verbose_name=_("Owed today"), attrs=_NUM)
    after_high = tables.Column(verbose_name=_("By the draft"), attrs=_NUM)
    move_high = tables.Column(verbose_name=_("More or less"), attrs=_NUM)

    class Meta:
        caption = _("Who gains and who loses")
        order_by = ("verdict", "-move_high", "name")

    def render_name(self, record: dict[str, Any]) -> SafeString | str:
        return format_html('<a href="{}">{}</a>', reverse("policy_money", args=[record["organisation"]]), _name(record))

    def render_verdict(self, value: str) -> str:
        return str(VERDICTS[value])

    def render_town(self, value: str | None) -> SafeString | str:
        return pack_term("towns", value) if value else unknown()

    def render_size(self, value: str | None) -> SafeString | str:
        return data(size_titles().get(value, value)) if value else unknown()

    def render_before_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["before_low"], record["before_high"]), "CNY")

    def render_after_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["after_low"], record["after_high"]), "CNY")

    def render_move_high(self, record: dict[str, Any]) -> SafeString | str:
        return change((record["move_low"], record["move_high"]))


class EdgeTable(tables.Table):
    """Who stands near a bound of the draft, and what a step over it changes. Rows are mappings."""

    name = tables.Column(verbose_name=_("Enterprise"))
    clause_title = tables.Column(verbose_name=_("Clause"))
    bound = tables.Column(verbose_name=_("Bound"))
    value = tables.Column(verbose_name=_("It has"), attrs=_NUM)
    short_high = tables.Column(verbose_name=_("Just short of it"), attrs=_NUM)
    past_high = tables.Column(verbose_name=_("Just past it"), attrs=_NUM)

    class Meta:
        caption = _("Who stands within 5 percent of a bound")
        order_by = ("clause_title", "bound", "name")

    render_name = MoveTable.render_name

    def render_clause_title(self, value: str) -> SafeString | str:
        return data(value)

    def render_bound(self, record: dict[str, Any]) -> SafeString | str:
        return data(f"{record['quantity_title']} {value_said(record['bound'], record['unit'])}")

    def render_value(self, record: dict[str, Any]) -> str:
        return value_said(record["value"], record["unit"])

    def render_short_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["short_low"], record["short_high"]), "CNY")

    def render_past_high(self, record: dict[str, Any]) -> SafeString | str:
        return interval((record["past_low"], record["past_high"]), "CNY")


def _name(record: dict[str, Any]) -> SafeString | str:
    return data(record["name"] or record["organisation"])


def change(ends: tuple[float, float]) -> SafeString | str:
    """Return by how much an amount moves: with its sign, of what is open from what to what."""
    low, high = ends
    if low == high:
        return interval((low, low), "CNY") if low <= 0 else format_html("+{}", interval((low, low), "CNY"))
    return format_html(_now("{least} to {most}"), least=change((low, low)), most=change((high, high)))


COLUMNS = (
    ListColumn("name", _("Enterprise")),
    ListColumn("verdict", _("What it does to them"), "choice", choices=VERDICTS),
    ListColumn("town", _("Town"), "term", group="towns"),
    ListColumn("size", _("Size")),
    ListColumn("before_low", _("Owed today, at least"), "cny"),
    ListColumn("before_high", _("Owed today, at most"), "cny"),
    ListColumn("after_low", _("By the draft, at least"), "cny"),
    ListColumn("after_high", _("By the draft, at most"), "cny"),
    ListColumn("move_low", _("More or less, at least"), "cny"),
    ListColumn("move_high", _("More or less, at most"), "cny"),
)
_Row = make_dataclass("_Row", [*(column.name for column in COLUMNS), "is_synthetic"], frozen=True)


def send_moves(title: str, moves: pl.DataFrame, kind: str, *, by: Viewer, seen_as: str) -> FileResponse:
    """Send enterprises of an answer as a file: what its page shows."""
    listing = Listing("policy_simulation", title, COLUMNS, (), "", (), "")
    sizes = pl.col("size").replace_strict(size_titles(), default=pl.col("size"), return_dtype=pl.String)
    kept = moves.with_columns(sizes).select(*(column.name for column in COLUMNS), "is_synthetic")
    rows = [_Row(**row) for row in kept.iter_rows(named=True)]
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=by, kind=kind, seen_as=seen_as))
