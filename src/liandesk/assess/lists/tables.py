"""The risk list as a table on the page, and which exported columns each shown column stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.lists import wording
from liandesk.assess.lists.models import ListEntry
from liandesk.base.clock import today
from liandesk.base.ui.columns import DataColumn, TermColumn
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, interval, level, number, unknown, weekday

SHOWN: Mapping[str, tuple[Promise, tuple[str, ...]]] = {
    "rank": (_("Rank"), ("rank", "rank_low", "rank_high")),
    "item_name": (_("Item"), ("item_name",)),
    "organisation_name": (_("Enterprise"), ("organisation_name",)),
    "item_kind": (_("Link of the chain"), ("item_kind",)),
    "town": (_("Town"), ("town",)),
    "impact": (_("Impact if lost"), ("impact_measure", "impact_low", "impact_high")),
    "likelihood": (_("Likelihood"), ("likelihood_low", "likelihood_high")),
    "sole_source": (_("Sole source"), ("sole_source",)),
    "suppliers": (_("Suppliers"), ("suppliers",)),
    "reach": (_("Reach"), ("reach_products", "reach_buyers")),
    "question": (_("What would settle it"), ("question", "question_to")),
    "level": (_("Level"), ("level",)),
    "owner_office": (_("Responsible office"), ("owner_office",)),
    "due_date": (_("Due"), ("due_date",)),
    "measure": (_("Measure"), ("measure",)),
    "state": (_("State"), ("state",)),
    "age": (_("Age"), ("listed_on", "updated_on")),
}
"""Columns of the page: title, and the columns of an export that say the same."""

FIRST = (
    "rank",
    "item_name",
    "organisation_name",
    "impact",
    "likelihood",
    "sole_source",
    "question",
    "owner_office",
    "age",
)
"""What is shown until somebody chooses."""

NUMERIC = {"td": {"class": "num"}, "th": {"class": "num"}}
_UNITS = {"output_cny": "cny", "products": "products"}


def chosen_columns(asked: Collection[str]) -> tuple[str, ...]:
    """Return the asked columns in the list's order; the item always, the first ones when none is asked."""
    known = set(asked) & set(SHOWN)
    return tuple(name for name in SHOWN if name in known | {"item_name"}) if known else FIRST


def export_codes(shown: Sequence[str], kind: str) -> tuple[str, ...]:
    """Return the columns of an export that says what the page shows; Word has intervals as one text, others as ends."""
    if kind == "docx":
        return ("number", *(code for name in shown for code in _ON_PAPER.get(name, SHOWN[name][1])))
    return ("number", *(code for name in shown for code in SHOWN[name][1]), "key")


_ON_PAPER = {"rank": ("rank_text",), "impact": ("impact_text",), "likelihood": ("likelihood_text",)}


class EntryTable(tables.Table):
    """One page of the list; every number leads to its reasons."""

    select = tables.Column(verbose_name=_("Select"), accessor="key", orderable=False)
    rank = tables.Column(order_by=("position",), attrs=NUMERIC, empty_values=())
    item_name = DataColumn()
    organisation_name = DataColumn()
    item_kind = TermColumn("item_kinds")
    town = TermColumn("towns")
    impact = tables.Column(accessor="impact_low", orderable=False, attrs=NUMERIC, empty_values=())  # rank is its order
    likelihood = tables.Column(accessor="likelihood_low", orderable=False, empty_values=())
    sole_source = tables.Column(empty_values=())
    suppliers = tables.Column(attrs=NUMERIC, empty_values=())
    reach = tables.Column(
        accessor="reach_products", order_by=("reach_products", "reach_buyers"), attrs=NUMERIC, empty_values=()
    )
    question = tables.Column(accessor="question_code", orderable=False)
    level = tables.Column(empty_values=())
    owner_office = TermColumn("offices")
    due_date = tables.Column()
    measure = DataColumn()
    state = tables.Column()
    age = tables.Column(accessor="listed_on", order_by=("listed_on", "recomputed_on"))

    class Meta:
        caption = _("The risk list")
        order_by = ("rank",)
        empty_text = _("No entry matches. Clear a filter, or look in another tab.")

    def __init__(
        self,
        data: Any,
        *,
        shown: Sequence[str],
        may_select: bool = False,
        selected: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        first = ("select",) if may_select else ()
        left_out = [name for name in self.base_columns if name not in (*first, *shown)]
        self.selected = selected
        super().__init__(data, exclude=left_out, sequence=(*first, *shown), **kwargs)
        for name in shown:
            self.columns[name].column.verbose_name = SHOWN[name][0]

    def render_select(self, record: ListEntry) -> SafeString:
        return format_html(
            '<input class="form-check-input" type="checkbox" name="entry" value="{}:{}" aria-label="{}" translate="no"'
            "{}>",
            record.version,
            record.key,
            _now("Select %(entry)s") % {"entry": record},
            SafeString(" checked") if record.key in self.selected else "",
        )

    def render_rank(self, record: ListEntry) -> SafeString | str:
        return format_html(
            '<a href="{0}" hx-get="{0}" hx-target="#drawer" hx-swap="innerHTML" title="{1}">{2}'
            '<span class="visually-hidden"> {1}</span></a>',
            reverse("risk_reasons", args=[record.key]),
            _now("Reasons"),
            wording.rank(record.rank, record.rank_low, record.rank_high) or unknown(),
        )

    def render_item_name(self, record: ListEntry) -> SafeString:
        gone = (
            format_html(' <span class="badge">{}</span>', _now("no longer computed")) if not record.is_current else ""
        )
        return format_html('<a href="{}">{}</a>{}', reverse("risk", args=[record.key]), record.item_name, gone)

    def render_impact(self, record: ListEntry) -> SafeString | str:
        return interval((record.impact_low, record.impact_high), _UNITS.get(record.impact_measure, ""))

    def render_likelihood(self, record: ListEntry) -> SafeString | str:
        return interval((record.likelihood_low, record.likelihood_high), "share")

    def render_sole_source(self, value: bool | None) -> SafeString | str:
        return unknown() if value is None else str(wording.YES_NO[value])

    def render_suppliers(self, value: int | None) -> SafeString | str:
        return number(value)

    def render_reach(self, record: ListEntry) -> SafeString | str:
        if record.reach_products is None:
            return unknown()
        return _now("%(products)s products of %(buyers)s enterprises") % {
            "products": number(record.reach_products),
            "buyers": number(record.reach_buyers),
        }

    def render_question(self, record: ListEntry) -> SafeString | str:
        said = wording.question(record.question_code, record.question_params, language())
        return data(said)

    def render_level(self, value: str) -> SafeString:
        return level(value)

    def render_due_date(self, value: Any, record: ListEntry) -> SafeString:
        late = " is-late" if record.state == "admitted" and value < today() else ""
        return format_html('<span class="desk-when{}">{}</span>', late, weekday(value))

    def render_state(self, value: str, record: ListEntry) -> str:
        return str(wording.STATES[record.state])

    def render_age(self, record: ListEntry) -> SafeString:
        days = (today() - record.listed_on).days
        title = _now("first listed %(listed)s, last changed %(changed)s") % {
            "listed": record.listed_on.isoformat(),
            "changed": max(record.recomputed_on, record.changed_on or record.recomputed_on).isoformat(),
        }
        return format_html('<span title="{}">{}</span>', title, _now("%(days)s days") % {"days": number(days)})
