"""The risk list as a table on the page, and which exported columns each shown column stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.db.models import Case, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.lists import levels, wording
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.templatetags.lists import agreement, level_or_unknown, possible_level, staleness
from liandesk.base.clock import today
from liandesk.base.ui import levels as ui_levels
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, interval, level, number, unknown, weekday

SHOWN: Mapping[str, tuple[Promise, tuple[str, ...]]] = {
    "rank": (_("Rank"), ("rank", "rank_low", "rank_high")),
    "item_name": (_("Item and enterprise"), ("item_name", "organisation_name")),
    "item_kind": (_("Link of the chain"), ("item_kind",)),
    "town": (_("Town"), ("town",)),
    "impact": (_("Impact if lost"), ("impact_measure", "impact_low", "impact_high", "impact_basis")),
    "direct": (_("Direct loss"), ("impact_measure", "direct_low", "direct_high")),
    "coverage": (_("Purchases known"), ("coverage_low", "coverage_high")),
    "hit": (_("Reached by the cascade"), ("hit_products", "hit_enterprises")),
    "likelihood": (_("Likelihood"), ("likelihood_low", "likelihood_high")),
    "sole_source": (_("Sole source"), ("sole_source",)),
    "suppliers": (_("Suppliers"), ("suppliers",)),
    "reach": (_("Reach"), ("reach_products", "reach_buyers")),
    "question": (_("What would settle it"), ("question", "question_to")),
    "impact_share": (_("Share of output"), ("impact_share_low", "impact_share_high")),
    "first_stop": (_("First stop after"), ("first_stop_low", "first_stop_high")),
    "unknowns": (_("Unknowns"), ("unknowns",)),
    "facts": (_("Facts"), ("facts_on", "staleness")),
    "level": (_("Level"), ("shown_level", "computed_level")),
    "computed_level": (_("Computed level"), ("computed_level", "computed_level_most")),
    "set_level": (_("Level set by an officer"), ("level",)),
    "agreed": (_("Agreed"), ("agreed_from", "evidence_kind", "evidenced_on")),
    "owner_office": (_("Responsible office"), ("owner_office",)),
    "with_offices": (_("Co-operating offices"), ("with_offices",)),
    "due_date": (_("Due"), ("due_date",)),
    "measure": (_("Measure"), ("measure",)),
    "state": (_("State"), ("state",)),
    "age": (_("Age"), ("listed_on", "updated_on")),
}
"""Columns of the page: title, and the columns of an export that say the same."""

FIRST = ("rank", "item_name", "level", "impact", "first_stop", "likelihood", "sole_source", "question")
FIRST_ADMITTED = ("rank", "item_name", "level", "impact", "likelihood", "facts", "owner_office", "due_date")
"""What is shown until somebody chooses: what helps to judge, and of judged entries who does what by when."""

NUMERIC = {"td": {"class": "num"}, "th": {"class": "num"}}
_UNITS = {"output_cny": "cny", "products": "products"}


def offered_columns(hidden: Collection[str]) -> tuple[str, ...]:
    """Return the columns that can be shown to whoever is kept from the hidden ones."""
    return tuple(name for name, (_title, codes) in SHOWN.items() if not set(codes) & set(hidden))


def chosen_columns(asked: Collection[str], tab: str, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """Return the asked columns in the list's order; the item always, the first ones of the tab when none is asked."""
    offered = offered_columns(hidden)
    known = set(asked) & set(offered)
    if not known:
        first = FIRST_ADMITTED if tab == EntryState.ADMITTED else FIRST
        return tuple(name if name in offered else _INSTEAD[name] for name in first)
    return tuple(name for name in offered if name in known | {"item_name"})


_INSTEAD = {"impact": "direct", "level": "set_level"}
"""What is shown first to whoever does not see a column."""


def export_codes(shown: Sequence[str], kind: str) -> tuple[str, ...]:
    """Return the columns of an export that says what the page shows; Word has intervals as one text, others as ends."""
    if kind == "docx":
        return ("number", *(code for name in shown for code in _ON_PAPER.get(name, SHOWN[name][1])))
    return ("number", *(code for name in shown for code in SHOWN[name][1]), "key")


_ON_PAPER = {
    "impact_share": ("impact_share_text",),
    "first_stop": ("first_stop_text",),
    "rank": ("rank_text",),
    "impact": ("impact_text", "impact_basis"),
    "direct": ("direct_text",),
    "coverage": ("coverage_text",),
    "likelihood": ("likelihood_text",),
}


class EntryTable(tables.Table):
    """One page of the list; every number leads to its reasons. Each ``render_`` takes the record."""

    select = tables.Column(verbose_name=_("Select"), accessor="key", orderable=False)
    rank = tables.Column(order_by=("position",), attrs=NUMERIC)
    item_name = tables.Column(order_by=("item_name", "organisation_name"))
    item_kind = tables.Column()
    town = tables.Column()
    impact = tables.Column(accessor="impact_low", orderable=False, attrs=NUMERIC)  # rank is its order
    direct = tables.Column(accessor="direct_low", orderable=False, attrs=NUMERIC)
    coverage = tables.Column(accessor="coverage_low", attrs=NUMERIC)
    hit = tables.Column(accessor="hit_products", order_by=("hit_products", "hit_enterprises"))  # words: they may wrap
    likelihood = tables.Column(accessor="likelihood_low", orderable=False)
    sole_source = tables.Column()
    suppliers = tables.Column(attrs=NUMERIC)
    reach = tables.Column(accessor="reach_products", order_by=("reach_products", "reach_buyers"), attrs=NUMERIC)
    question = tables.Column(accessor="question_code", orderable=False)
    impact_share = tables.Column(accessor="impact_share_low", attrs=NUMERIC)
    first_stop = tables.Column(accessor="first_stop_high", order_by=("first_stop_high", "first_stop_low"))
    unknowns = tables.Column(attrs=NUMERIC)
    facts = tables.Column(accessor="facts_on")
    level = tables.Column(accessor="shown_level")
    computed_level = tables.Column()
    set_level = tables.Column(accessor="level")
    agreed = tables.Column(accessor="agreed_from", order_by=("agreed_from", "evidenced_on"))
    owner_office = tables.Column()
    with_offices = tables.Column(orderable=False)
    due_date = tables.Column()
    measure = tables.Column()
    state = tables.Column()
    age = tables.Column(accessor="listed_on", order_by=("listed_on", "recomputed_on"))

    class Meta:
        caption = _("The risk list")
        order_by = ("rank",)
        template_name = "lists/table.html"

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
        self._unknown = unknown()
        self._scheme = levels.scheme()
        super().__init__(data, exclude=left_out, sequence=(*first, *shown), **kwargs)
        for name in shown:
            self.columns[name].column.verbose_name = SHOWN[name][0]

    def order_level(self, rows: QuerySet[ListEntry], is_descending: bool) -> tuple[QuerySet[ListEntry], bool]:
        return _by_gravity(rows, levels.shown_gravity(), is_descending)

    def order_computed_level(self, rows: QuerySet[ListEntry], is_descending: bool) -> tuple[QuerySet[ListEntry], bool]:
        return _by_gravity(rows, levels.gravity("computed_level"), is_descending)

    def order_set_level(self, rows: QuerySet[ListEntry], is_descending: bool) -> tuple[QuerySet[ListEntry], bool]:
        return _by_gravity(rows, levels.gravity("level"), is_descending)

    def body(self) -> SafeString:
        """Return the rows of this page; made cell by cell in the template they take three times as long."""
        columns = [(_opening(column), getattr(self, f"render_{column.name}")) for column in self.columns]
        rows = (
            format_html_join("", "{}{}</td>", ((opening, render(row.record)) for opening, render in columns))
            for row in self.paginated_rows
        )
        return format_html_join("", "<tr>{}</tr>\n", ((row,) for row in rows))

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
            wording.rank(record.rank, record.rank_low, record.rank_high) or self._unknown,
        )

    def render_item_name(self, record: ListEntry) -> SafeString:
        gone = (
            format_html(' <span class="badge">{}</span>', _now("no longer computed")) if not record.is_current else ""
        )
        who = data(record.organisation_name) if record.organisation_name else _now("all enterprises")
        return format_html(
            '<div><a href="{}" translate="no">{}</a>{}<br><span class="text-secondary">{}</span></div>',
            reverse("risk", args=[record.key]),
            record.item_name,
            gone,
            who,
        )

    def render_impact(self, record: ListEntry) -> SafeString | str:
        unit = _UNITS.get(record.impact_measure)
        return interval((record.impact_low, record.impact_high), unit) if unit else self._unknown

    def render_direct(self, record: ListEntry) -> SafeString | str:
        unit = _UNITS.get(record.impact_measure)
        return interval((record.direct_low, record.direct_high), unit) if unit else self._unknown

    def render_coverage(self, record: ListEntry) -> SafeString | str:
        return interval((record.coverage_low, record.coverage_high), "share")

    def render_hit(self, record: ListEntry) -> SafeString | str:
        if record.hit_products is None:
            return _now("not computed")
        return _products_of(record.hit_products, record.hit_enterprises)

    def render_likelihood(self, record: ListEntry) -> SafeString | str:
        if record.likelihood_low is None:
            return self._unknown
        return interval((record.likelihood_low, record.likelihood_high), "share")

    def render_sole_source(self, record: ListEntry) -> SafeString | str:
        return self._unknown if record.sole_source is None else str(wording.YES_NO[record.sole_source])

    def render_suppliers(self, record: ListEntry) -> SafeString | str:
        return number(record.suppliers)

    def render_reach(self, record: ListEntry) -> SafeString | str:
        if record.reach_products is None:
            return self._unknown
        return _products_of(record.reach_products, record.reach_buyers)

    def render_question(self, record: ListEntry) -> SafeString | str:
        return data(wording.question(record.question_code, record.question_params, language()))

    def render_item_kind(self, record: ListEntry) -> SafeString | str:
        return data(wording.term("item_kinds", record.item_kind, language()))

    def render_town(self, record: ListEntry) -> SafeString | str:
        return data(wording.term("towns", record.town, language()))

    def render_owner_office(self, record: ListEntry) -> SafeString | str:
        return data(wording.office(record.owner_office, language())) or _now("not assigned")

    def render_measure(self, record: ListEntry) -> SafeString | str:
        return data(record.measure)

    def render_impact_share(self, record: ListEntry) -> SafeString | str:
        return interval((record.impact_share_low, record.impact_share_high), "share")

    def render_first_stop(self, record: ListEntry) -> SafeString | str:
        return interval((record.first_stop_low, record.first_stop_high), "days")

    def render_unknowns(self, record: ListEntry) -> SafeString | str:
        return number(record.unknowns)

    def render_facts(self, record: ListEntry) -> SafeString | str:
        state = levels.staleness(record.facts_on, self._scheme)
        return staleness(state, record.facts_on)

    def render_level(self, record: Any) -> SafeString:
        """Show the level that counts (``levels.with_shown_level``), and the computed one where it is another."""
        said = [agreement(record.agreed_from, record.evidence_kind, record.evidenced_on)]
        if record.shown_level != record.computed_level and "computed_level" not in record.get_deferred_fields():
            said.insert(0, _computed(record))
        details = format_html_join("", '<div class="desk-detail">{}</div>', ((text,) for text in said if text))
        return format_html("{}{}", level_or_unknown(record.shown_level), details)

    def render_computed_level(self, record: ListEntry) -> SafeString:
        return possible_level(record.computed_level, record.computed_level_most)

    def render_set_level(self, record: ListEntry) -> SafeString:
        return level(record.level)

    def render_agreed(self, record: ListEntry) -> SafeString | str:
        return agreement(record.agreed_from, record.evidence_kind, record.evidenced_on)

    def render_with_offices(self, record: ListEntry) -> SafeString | str:
        return data(wording.offices(record.with_offices, language()))

    def render_due_date(self, record: ListEntry) -> SafeString | str:
        if record.due_date is None:
            return _now("no date")
        late = " is-late" if record.state == EntryState.ADMITTED and record.due_date < today() else ""
        return format_html('<span class="desk-when text-nowrap{}">{}</span>', late, weekday(record.due_date))

    def render_state(self, record: ListEntry) -> str:
        return str(wording.STATES[record.state])

    def render_age(self, record: ListEntry) -> SafeString:
        title = _now("first listed %(listed)s, last changed %(changed)s") % {
            "listed": record.listed_on.isoformat(),
            "changed": max(record.recomputed_on, record.changed_on or record.recomputed_on).isoformat(),
        }
        age = _now("%(days)s days") % {"days": number((today() - record.listed_on).days)}
        return format_html('<span class="text-nowrap" title="{}">{}</span>', title, age)


def _by_gravity(rows: QuerySet[ListEntry], gravity: Case, is_descending: bool) -> tuple[QuerySet[ListEntry], bool]:
    """Order by a level, the gravest first; entries of one level stay in the list's own order."""
    return rows.order_by(gravity.desc() if is_descending else gravity.asc(), "position", "key"), True


def _computed(record: ListEntry) -> str:
    found = ui_levels.level(record.computed_level).title if record.computed_level else _now("unknown")
    return _now("computed: %(level)s") % {"level": found}


def _products_of(products: int | None, buyers: int | None) -> str:
    said = {"products": number(products), "buyers": number(buyers)}
    return _now("%(products)s products of %(buyers)s enterprises") % said


def _opening(column: Any) -> SafeString:
    """Return how each cell of a column opens; its label stands beside it where a row is a card."""
    return format_html('<td {} data-label="{}">', column.attrs["td"].as_html(), column.header)
