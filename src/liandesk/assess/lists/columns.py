"""The columns of an exported list, their titles with units, and the two forms a list is asked for in.

A value is a number or a text; null reads as "unknown", an empty text as "not set" or "does not apply". Titles are made
in the active language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.assess.lists import values, wording
from liandesk.assess.lists.values import coded, filled, joined, of_row, plain, terms, words
from liankit.texts import Language


@dataclass(frozen=True)
class Column:
    """One exported column; ``unit`` gives a number its format, ``width`` its share of a printed page."""

    code: str
    title: Promise
    unit: str = ""  # CNY or share; others are in the title
    value: values.Value | None = None  # None: the row's own column of this code
    width: int = 10

    def expr(self, language: Language) -> pl.Expr:
        """Return the values in one language."""
        return (self.value or plain(self.code))(language).alias(self.code)


_RANK = of_row(values.rank, "rank", "rank_low", "rank_high")
_IMPACT = of_row(values.impact, "impact_measure", "impact_low", "impact_high")
_DIRECT = of_row(values.direct, "impact_measure", "direct_low", "direct_high")
_SHARE = of_row(values.impact_share, "impact_share_low", "impact_share_high")
_FIRST_STOP = of_row(values.first_stop, "first_stop_low", "first_stop_high")
_POSSIBLE = coded("computed_level_most", values.level_titles)
_COVERAGE = of_row(values.coverage, "coverage_low", "coverage_high")
_LIKELIHOOD = of_row(values.likelihood, "likelihood_low", "likelihood_high")
_WHO = of_row(values.who, "organisation_name", "reach_buyers")
_MEASURE = coded("impact_measure", words(wording.MEASURES), empty=None)
_SUPPLY = of_row(values.supply, "supplier_names", "countries")
_QUESTION = of_row(values.question, "question_code", "question_params")
_ASKED = of_row(values.asked, "question_to", "organisation_name", "owner_office")

COLUMNS: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column("number", _("No."), width=4),
        Column("key", _("Key of the entry")),
        Column("chain", _("Industrial chain")),
        Column("item_kind_code", _("Code of the link"), value=plain("item_kind")),
        Column("scope", _("Kind of entry"), value=coded("scope", words(wording.SCOPES))),
        Column("item_kind", _("Link of the chain"), value=coded("item_kind", terms("item_kinds"))),
        Column("organisation_name", _("Enterprise")),
        Column("who", _("Enterprise"), value=_WHO, width=20),
        Column("uscc", _("Unified social credit code")),
        Column("town", _("Town"), value=coded("town", terms("towns"))),
        Column("item_name", _("Item that may fail"), width=16),
        Column("item_code", _("HS code, model or CAS number"), value=filled("item_code")),
        Column("products", _("Use and products downstream"), value=joined("products")),
        Column("supplier_names", _("Present suppliers"), value=joined("supplier_names")),
        Column("countries", _("Countries or regions of supply"), value=values.countries),
        Column("supply", _("Suppliers (country or region)"), value=_SUPPLY, width=20),
        Column("sole_source", _("Sole source"), value=coded("sole_source", words(wording.YES_NO)), width=7),
        Column("suppliers", _("Suppliers known")),
        Column("amount_cny", _("Bought a year (CNY)"), "CNY"),
        Column("import_low", _("Share of imports, from"), "share"),
        Column("import_high", _("Share of imports, to"), "share"),
        Column("control", _("Kind of control"), value=joined("control")),
        Column("stock_days_low", _("Stock, from (days)")),
        Column("stock_days_high", _("Stock, to (days)")),
        Column("lead_time_days", _("Usual lead time (days)")),
        Column("reach_products", _("Products that would stop")),
        Column("reach_buyers", _("Enterprises reached")),
        Column("output_low_cny", _("Annual output that depends on it, from (CNY)"), "CNY"),
        Column("output_high_cny", _("Annual output that depends on it, to (CNY)"), "CNY"),
        Column("impact_measure", _("Impact is measured in"), value=_MEASURE),
        Column("impact_low", _("Impact if lost, from")),
        Column("impact_high", _("Impact if lost, to")),
        Column("impact_text", _("Impact if lost"), value=_IMPACT, width=14),
        Column("impact_basis", _("Impact follows from"), value=coded("impact_basis", words(wording.BASES), empty=None)),
        Column("direct_low", _("Direct loss, from")),
        Column("direct_high", _("Direct loss, to")),
        Column("direct_text", _("Direct loss"), value=_DIRECT, width=14),
        Column("coverage_low", _("Purchases known, from"), "share"),
        Column("coverage_high", _("Purchases known, to"), "share"),
        Column("coverage_text", _("Purchases known"), value=_COVERAGE),
        Column("hit_enterprises", _("Enterprises the cascade reaches, at most")),
        Column("hit_products", _("Products the cascade reaches, at most")),
        Column("impact_share_low", _("Share of all known output, from"), "share"),
        Column("impact_share_high", _("Share of all known output, to"), "share"),
        Column("impact_share_text", _("Share of all known output"), value=_SHARE),
        Column("employees", _("Employees of the enterprises that use it")),
        Column("first_stop_low", _("First stop after, from (days)")),
        Column("first_stop_high", _("First stop after, to (days)")),
        Column("first_stop_text", _("First stop after"), value=_FIRST_STOP),
        Column("likelihood_low", _("Likelihood, from"), "share"),
        Column("likelihood_high", _("Likelihood, to"), "share"),
        Column("likelihood_text", _("Likelihood"), value=_LIKELIHOOD),
        Column("rank", _("Rank")),
        Column("rank_low", _("Rank, best possible")),
        Column("rank_high", _("Rank, worst possible")),
        Column("rank_width", _("Width of the rank set")),
        Column("rank_text", _("Rank (from–to)"), value=_RANK),
        Column("unknowns", _("Unknowns")),
        Column("facts_on", _("Oldest fact of")),
        Column("staleness", _("Facts are"), value=coded("staleness", words(wording.STALENESS))),
        Column("substitute", _("Substitutes at home and abroad"), value=joined("substitute")),
        Column("switch_months_low", _("Time to switch, from (months)")),
        Column("switch_months_high", _("Time to switch, to (months)")),
        Column("shown_level", _("Level"), value=coded("shown_level", values.level_titles, empty=None), width=8),
        Column("computed_level", _("Computed level"), value=coded("computed_level", values.level_titles, empty=None)),
        Column("computed_level_most", _("Gravest level possible"), value=_POSSIBLE),
        Column("level", _("Level set by an officer"), value=coded("level", values.level_titles), width=8),
        Column("level_reason", _("Reason for the level")),
        Column("request", _("Request of the enterprise"), value=filled("request")),
        Column("owner_office", _("Responsible office"), value=coded("owner_office", terms("offices")), width=12),
        Column("with_offices", _("Co-operating offices"), value=values.offices, width=12),
        Column("chain_chief", _("Chain chief")),
        Column("measure", _("Measure"), width=24),
        Column("agreed_from", _("Agreed, effective from")),
        Column("evidence_kind", _("Switch proven by"), value=coded("evidence_kind", words(wording.EVIDENCE))),
        Column("evidenced_on", _("Proven on")),
        Column("note", _("Note")),
        Column("due_date", _("Due")),
        Column("state", _("State"), value=coded("state", words(wording.STATES))),
        Column("question", _("What would settle it"), value=_QUESTION),
        Column("question_to", _("Whom to ask"), value=_ASKED),
        Column("listed_on", _("First listed")),
        Column("updated_on", _("Updated"), value=values.updated),
        Column("is_synthetic", _("Synthetic data"), value=coded("is_synthetic", words(wording.YES_NO))),
        Column("classification", _("Classification"), value=coded("classification", terms("classifications"))),
    )
}  # fmt: skip
"""Every column there is, by code."""

LEADER = (
    "number", "item_name", "who", "supply", "sole_source", "impact_text", "shown_level", "measure",
    "owner_office", "due_date",
)  # fmt: skip
"""The ten columns that a leader reads."""

FULL = (
    "number", "chain", "item_kind", "item_kind_code", "organisation_name", "uscc", "town", "item_name", "item_code",
    "products", "supplier_names", "countries", "sole_source", "amount_cny", "import_low", "import_high", "control",
    "stock_days_low", "stock_days_high", "lead_time_days", "reach_products", "output_low_cny", "output_high_cny",
    "employees", "impact_measure", "impact_low", "impact_high", "impact_share_low", "impact_share_high", "impact_basis",
    "direct_low", "direct_high", "coverage_low", "coverage_high", "hit_enterprises", "hit_products", "first_stop_low",
    "first_stop_high", "likelihood_low", "likelihood_high", "rank", "rank_low", "rank_high", "rank_width", "unknowns",
    "facts_on", "staleness", "substitute", "switch_months_low", "switch_months_high", "shown_level", "computed_level",
    "computed_level_most", "level", "level_reason", "request", "owner_office", "with_offices", "chain_chief", "measure",
    "agreed_from", "evidence_kind", "evidenced_on", "due_date", "state", "question", "question_to", "updated_on",
    "is_synthetic", "classification", "key",
)  # fmt: skip
"""Every column that a district's risk list is asked for, the intervals with both ends."""


def choose(codes: Iterable[str], frame: pl.DataFrame) -> tuple[Column, ...]:
    """Return the columns with these codes that the frame can fill: what is hidden from a viewer is not in it."""
    columns = (COLUMNS[code] for code in codes)
    return tuple(column for column in columns if set(column.expr("zh").meta.root_names()) <= set(frame.columns))
