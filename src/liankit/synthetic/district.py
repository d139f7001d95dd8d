"""A synthetic district: made from a vocabulary, a number of organisations and a seed, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from liankit.errors import UserError
from liankit.synthetic.draws import Ints, stream
from liankit.synthetic.figures import draw_facts
from liankit.synthetic.figures_ladder import draw_titles, with_ladder_titles
from liankit.synthetic.figures_per_mu import with_plots
from liankit.synthetic.listed import draw_listed
from liankit.synthetic.names import coin
from liankit.synthetic.needs import draw_makers, draw_needs, draw_statement_days, inputs_frame
from liankit.synthetic.planting import Plan, Planted, plan_planted, with_near_miss
from liankit.synthetic.population import draw_population
from liankit.synthetic.records import RECORD_SCHEMA, draw_names, records_frame
from liankit.synthetic.suppliers import Suppliers, draw_suppliers, makers_at_home
from liankit.synthetic.trade import draw_purchases, with_sellers
from liankit.synthetic.uses import check_uses, usable_items
from liankit.synthetic.vocabulary import Vocabulary, read_vocabulary

FEWEST, MOST = 30, 200_000
"""Smallest and largest number of organisations that can be asked for."""

ENTERPRISE_COLUMNS = (*RECORD_SCHEMA, "purchases_cny")
INPUT_COLUMNS = (
    "enterprise",
    "uscc",
    "item",
    "item_kind",
    "used_for",
    "supplier",
    "supplier_country",
    "share_percent",
    "another_source",
    "stock_days",
    "lead_time_days",
    "switch_months",
    "amount_cny",
    "output_cny",
    "code",
    "control",
    "substitute",
    "request",
    "as_of",
)
FACT_COLUMNS = ("enterprise", "attribute", "value", "unit", "as_of", "note")


@dataclass(frozen=True)
class District:
    """The tables of an invented district, what is planted in them, and the ranges they are checked against.

    ``enterprises``: one row a record, keyed by ``name``. ``critical_inputs``: one row an enterprise, item and
    supplier. ``facts``: one row an enterprise, attribute and day. ``listed``: what is simply listed, by sheet.
    ``references``: see ``marginals``.
    """

    enterprises: pl.DataFrame
    critical_inputs: pl.DataFrame
    facts: pl.DataFrame
    listed: Mapping[str, pl.DataFrame]
    planted: Planted
    references: tuple[Mapping[str, Any], ...]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return every table by its name."""
        surveyed = {name: getattr(self, name) for name in ("enterprises", "critical_inputs", "facts")}
        return {**surveyed, **self.listed}


def generate(vocabulary: Mapping[str, Any], *, enterprises: int, seed: int) -> District:
    """Return the district of a vocabulary, a number of records and a seed; equal arguments give equal tables.

    ``vocabulary`` is the body of a vocabulary file (see ``load_vocabulary``); ``enterprises`` counts the rows of
    the table of enterprises, 30 to 200,000; ``seed`` is zero or more. Every name is coined and every code lies in
    an area that is never issued, so that no real organisation is meant.

    Raises ``UserError`` for a number out of range or a vocabulary that does not fit.

    >>> from liankit.synthetic import generate, load_vocabulary
    >>> generate(load_vocabulary("linping_biomed"), enterprises=30, seed=1).enterprises.height
    30
    """
    _check_arguments(enterprises, seed)
    words = read_vocabulary(vocabulary)
    check_uses(words)
    size = enterprises - 1  # one organisation has two records
    population = draw_population(words, size, stream(seed, 0))
    can_use = usable_items(words, population)
    plan = plan_planted(words, population, can_use, stream(seed, 1))
    population, near_miss = with_near_miss(words, population, plan, stream(seed, 2))
    middles = coin(words.names, size + makers_at_home(words, size), stream(seed, 3))
    names = draw_names(words, population, middles, plan, stream(seed, 4))
    suppliers = draw_suppliers(words, size, middles.after(size), plan.item, stream(seed, 6))
    needs = draw_needs(words, population, can_use, plan, stream(seed, 7))
    makers = draw_makers(words, population, suppliers, needs, stream(seed, 8))
    population = with_sellers(words, population, needs, makers, plan)
    records = records_frame(words, population, names, plan, stream(seed, 5))
    inputs = inputs_frame(words, population, suppliers, names.zh, needs, makers, stream(seed, 9))
    purchases = draw_purchases(words, inputs, stream(seed, 13))
    facts, who = draw_facts(words, population, plan, near_miss, stream(seed, 10))
    facts = with_plots(facts, names.zh, stream(seed, 16))
    others = coin(words.names, max(words.listed.counts.values()), stream(seed, 11))
    listed = draw_listed(words, others, records, stream(seed, 12))
    listed = with_ladder_titles(listed, draw_titles(words, who, stream(seed, 15)), records, plan.near_miss)
    stated = draw_statement_days(words, population, needs, stream(seed, 14))
    owned = inputs.with_columns(stated, owner=_shared_with_twin(needs.owner, plan, size))
    return District(
        enterprises=records.join(purchases, on="owner", how="left", maintain_order="left").select(ENTERPRISE_COLUMNS),
        critical_inputs=_named(records, owned).select(*INPUT_COLUMNS),
        facts=_named(records, facts).select(*FACT_COLUMNS),
        listed=listed,
        planted=_planted(words, names.zh, records, suppliers, plan),
        references=words.references,
    )


def write_files(district: District, folder: Path) -> list[Path]:
    """Write each table as a CSV file of its name (UTF-8): ``enterprises.csv``, ``critical_inputs.csv`` …

    The folder is made where it is missing, and files of these names are replaced. Returns the paths.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in district.tables().items():
        table.write_csv(folder / f"{name}.csv")
    return [folder / f"{name}.csv" for name in district.tables()]


def _check_arguments(enterprises: int, seed: int) -> None:
    if not FEWEST <= enterprises <= MOST:
        raise UserError(f"A district has {FEWEST} to {MOST:,} enterprises; {enterprises:,} were asked for.")
    if seed < 0:
        raise UserError(f"A seed is zero or more; {seed} was given.")


def _shared_with_twin(owner: Ints, plan: Plan, twin: int) -> pl.Series:
    """Return the owners with the last input of the enterprise written twice under its other spelling."""
    shared = owner.copy()
    shared[np.flatnonzero(owner == plan.duplicate)[-1]] = twin
    return pl.Series(shared)


def _named(records: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with name and code of their owner, in the order of the records."""
    owners = records.select("owner", "uscc", enterprise="name").with_row_index("place")
    return rows.join(owners, on="owner", how="left", maintain_order="left").sort("place", maintain_order=True)


def _planted(words: Vocabulary, names: list[str], records: pl.DataFrame, suppliers: Suppliers, plan: Plan) -> Planted:
    twin = records.filter(owner=len(names))["name"].item()
    return Planted(
        critical_supplier=suppliers.names[suppliers.critical],
        critical_item=words.items[plan.item].name,
        critical_buyers=tuple(names[at] for at in plan.buyers.tolist()),
        duplicate=(names[plan.duplicate], twin),
        near_miss=names[plan.near_miss],
        near_miss_clause=words.near_miss.clause,
    )
