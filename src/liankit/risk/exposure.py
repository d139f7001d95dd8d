"""The exposure of items and inputs: what would stop if the largest supplier of each were lost, as proven intervals.

Invariant: unknown stays unknown. Every pair ``*_low``/``*_high`` contains the truth if the input tables are true:
both are null where nothing can be said, the upper one where no bound is known; 0 and 1 stand only as ends of an
interval, 1/n only as the proven least of the largest of n shares. How each number is made:
docs/explanation/risk-list.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liankit.risk.entries import build_entries
from liankit.risk.inputs import check_home_country, read_inputs
from liankit.risk.questions import add_first_question, ask_questions
from liankit.risk.ranking import rank_entries
from liankit.risk.reasons import give_reasons
from liankit.risk.supply_shares import supply_shares
from liankit.risk.thresholds import DEFAULT_THRESHOLDS, Thresholds

ENTRY_SCHEMA = {
    "entry": pl.String,  # "input:{buyer}:{item}" or "item:{item}"
    "scope": pl.String,  # input | item
    "item": pl.String,
    "item_name": pl.String,
    "item_kind": pl.String,
    "buyer": pl.String,  # null for an item
    "basis": pl.String,  # whose list of suppliers: declared | market | all; null: nobody is known
    "suppliers": pl.Int64,  # on that list
    "complete": pl.Boolean,  # whether nobody else supplies, as far as is known
    "sole_source": pl.Boolean,
    "largest_supplier": pl.String,  # whose loss stops most, proven; null where it is not
    "critical_supplier": pl.String,  # whose loss is proven to stop most; another may stop more
    "share_low": pl.Float64,  # of the largest share of the list that ``basis`` names
    "share_high": pl.Float64,
    "supplier_hhi_low": pl.Float64,
    "supplier_hhi_high": pl.Float64,
    "country_hhi_low": pl.Float64,
    "country_hhi_high": pl.Float64,
    "import_share_low": pl.Float64,
    "import_share_high": pl.Float64,
    "reach_products": pl.Int64,  # a product is a buyer's
    "reach_buyers": pl.Int64,
    "output_low_cny": pl.Float64,  # a year's output of the products reached
    "output_high_cny": pl.Float64,  # null: no upper bound is known
    "impact_measure": pl.String,  # output_cny | products (where no output at all is known)
    "impact_basis": pl.String,  # whose shares: declared | market | mixed (over buyers) | cascade; null: nobody's
    "impact_low": pl.Float64,
    "impact_high": pl.Float64,  # null: no upper bound is known
    "direct_low": pl.Float64,  # what the buyers themselves lose: the impact before it goes on
    "direct_high": pl.Float64,
    "coverage_low": pl.Float64,  # share of the buyers' purchases that known links cover; null: unknown
    "coverage_high": pl.Float64,
    "hit_enterprises": pl.Int64,  # reached by the cascade, at most; null: it is not computed
    "hit_products": pl.Int64,
    "impact_share_low": pl.Float64,  # of all known output
    "impact_share_high": pl.Float64,
    "first_stop_low": pl.Float64,  # days until the first stop if no more came
    "first_stop_high": pl.Float64,
    "likelihood_low": pl.Float64,
    "likelihood_high": pl.Float64,
    "stock_days_low": pl.Float64,
    "stock_days_high": pl.Float64,
    "switch_days_low": pl.Float64,
    "switch_days_high": pl.Float64,
    "switch_basis": pl.String,  # declared | assumed
    "gap_days_low": pl.Float64,
    "gap_days_high": pl.Float64,
    "rank": pl.Int64,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
    "rank_width": pl.Int64,  # ranks of the set beyond the first; null: nothing was resampled
    "unknowns": pl.Int64,  # claims that nobody can answer
    "facts_on": pl.Date,  # when the oldest statement it rests on was made or confirmed; null: not dated
    "computed_level": pl.String,  # red | orange | yellow | blue, proven; null: unknown
    "computed_level_most": pl.String,  # the gravest that is still possible
    "question_code": pl.String,
    "question_params": pl.String,  # JSON object
    "question_to": pl.String,  # "buyer:ID" or "office"
    "question_narrows": pl.Float64,  # by how much of the impact interval at most, in its measure; null: unbounded
}
"""Columns of ``Exposure.entries``, in order."""


@dataclass(frozen=True)
class Exposure:
    """The computed risk list: entries in order, the reasons of each, the questions that would settle it, the shares."""

    entries: pl.DataFrame  # ENTRY_SCHEMA, one row an entry
    reasons: pl.DataFrame  # REASON_SCHEMA
    questions: pl.DataFrame  # QUESTION_SCHEMA
    shares: pl.DataFrame  # SHARE_SCHEMA: what the losses of suppliers are made of


def exposure(
    items: pl.DataFrame,
    supplies: pl.DataFrame,
    uses: pl.DataFrame,
    listing: pl.DataFrame,
    *,
    home_country: str,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Exposure:
    """Compute concentration, dependence, reach, impact, rank and open questions of every input and item.

    The tables are those of ``inputs.INPUT_COLUMNS``; a null cell is unknown. An entry is each (buyer, item) of
    ``uses`` and each item with a use or a supplier. Likelihood is null: without dated events of its class nothing can
    be said of it. Time and memory grow with the rows of the four tables and of the result (n log n for the sorts),
    not with the product of suppliers and buyers: 50,000 entries take about a second.

    Raises ``UserError`` where a table does not keep its contract. Sources: CEPII GeoDep; EC SWD(2021)352.

    >>> items = pl.DataFrame({"item": ["heparin"], "name": ["Heparin"], "item_kind": ["active_ingredient"]})
    >>> supplies = pl.DataFrame({"item": ["heparin"], "supplier": ["S1"], "buyer": [None], "country": ["US"],
    ...                          "share": [None], "amount_cny": [None]})
    >>> uses = pl.DataFrame({"buyer": ["B1", "B1"], "item": ["heparin", "heparin"], "product": ["ampoule", "syringe"],
    ...     "output_cny": [None, None], "another_source": [False, False], "stock_days": [30, 30],
    ...     "switch_months_low": [6, 6], "switch_months_high": [9, 9], "switch_basis": ["declared", "declared"]})
    >>> listing = pl.DataFrame({"item": ["heparin"], "complete": [True]})
    >>> found = exposure(items, supplies, uses, listing, home_country="CN")
    >>> found.entries.select("entry", "sole_source", "impact_low", "impact_high", "impact_measure").rows()
    [('input:B1:heparin', True, 2.0, 2.0, 'products'), ('item:heparin', True, 2.0, 2.0, 'products')]
    """
    check_home_country(home_country)
    inputs = read_inputs(items, supplies, uses, listing)
    built, links = build_entries(inputs, home_country, thresholds.share_tolerance)
    entries = rank_entries(built)
    questions = ask_questions(entries)
    reasons = give_reasons(entries, thresholds)
    asked = add_first_question(entries, questions)
    ordered = asked.select(*ENTRY_SCHEMA).cast(pl.Schema(ENTRY_SCHEMA))
    return Exposure(ordered, reasons, questions, supply_shares(built, links))
