"""Edges of policies: bounds of clauses and bands, who stands near one, and what a yuan more changes there.

At each bound the quantity of whoever stands near it is put just short of the bound, then just past it, all else as it
is; the two amounts differ by what the edge is worth. Quotas and budgets stand aside, as they depend on others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.rules.benefits import Policy, Term, Tiered, terms
from liankit.rules.panel import Floats, Panel
from liankit.rules.policies import Money, entitle
from liankit.rules.policy_check import needed_by
from liankit.rules.quantities import series_of, value_of
from liankit.rules.scheme import Bound, Compare, nodes_under

EDGES = {
    "enterprise": pl.String,
    "policy": pl.String,
    "clause": pl.String,
    "quantity": pl.String,
    "bound": pl.Float64,
    "value": pl.Float64,  # what the enterprise has
    "short_low_fen": pl.Int64,  # of all clauses together, just short of the bound
    "short_high_fen": pl.Int64,
    "past_low_fen": pl.Int64,  # and just past it
    "past_high_fen": pl.Int64,
}
"""Columns of a table of edges: one row an enterprise that stands near a bound which changes what it is owed."""

STEP = 1e-9
"""Of a bound, how far on its two sides lie apart: more than rules forgive in rounding, a yuan in a billion."""


class Edge(NamedTuple):
    """A bound of a clause; ``belongs_above``: the bound itself lies past it (at least, less than)."""

    policy: str
    clause: str
    quantity: str
    bound: float
    belongs_above: bool

    @property
    def sides(self) -> tuple[float, float]:
        """The last number short of the bound, and the first past it."""
        step = abs(self.bound) * STEP
        return (self.bound - step, self.bound) if self.belongs_above else (self.bound, self.bound + step)


def edges_of(policies: Sequence[Policy], on: date) -> list[Edge]:
    """Return the bounds of conditions and bands in force on a day, without those at 0, near which nothing stands."""
    found = (edge for term in terms(tuple(policies), on) for edge in _of_term(term))
    return [edge for edge in dict.fromkeys(found) if edge.bound != 0]


def _of_term(term: Term) -> Iterator[Edge]:
    benefit = term.clause.benefit
    bounds: list[tuple[str, Bound, bool]] = []
    for node in nodes_under(term.clause.when):
        if isinstance(node, Compare):
            above, below = (node.at_least, node.less_than), (node.more_than, node.at_most)
            bounds += [(node.quantity, bound, True) for bound in above if bound is not None]
            bounds += [(node.quantity, bound, False) for bound in below if bound is not None]
    if isinstance(benefit, Tiered):
        bounds += [(benefit.quantity, band.at_least, True) for band in benefit.bands]
    for quantity, bound, belongs_above in bounds:
        yield Edge(*term.key, quantity, term.policy.number(bound, term.on), belongs_above)


def near_edge(policies: Sequence[Policy], panel: Panel, edge: Edge, *, percent: float = 5.0) -> pl.DataFrame:
    """Return who stands within ``percent`` of a bound that changes what it is owed, with the columns of ``EDGES``."""
    values = value_of(panel, edge.quantity)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(np.abs(values - edge.bound) <= abs(edge.bound) * percent / 100).astype(np.int32)
    near = panel.take(rows)
    _settle(policies, near)
    short, past = (_owed(policies, near, edge.quantity, side) for side in edge.sides)
    table = {
        "enterprise": near.enterprises,
        **{name: [value] * len(rows) for name, value in edge._asdict().items() if name in EDGES},
        "value": values[rows],
        "short_low_fen": short.low,
        "short_high_fen": short.high,
        "past_low_fen": past.low,
        "past_high_fen": past.high,
    }
    is_changed = (pl.col("short_low_fen") != pl.col("past_low_fen")) | (
        pl.col("short_high_fen") != pl.col("past_high_fen")
    )
    return pl.DataFrame(table, schema=EDGES).filter(is_changed)


def _settle(policies: Sequence[Policy], panel: Panel) -> None:
    """Compute what clauses rest on, so that moving one quantity leaves those that follow from it as they are."""
    for key in {key for one in policies for clause in one.clauses for key in needed_by(one, clause)}:
        if key not in panel.coded:
            series_of(panel, key)


def _owed(policies: Sequence[Policy], panel: Panel, quantity: str, value: float) -> Money:
    moved: Floats = np.full(len(panel), value)
    return entitle(policies, replace(panel, computed={**panel.computed, quantity: moved})).total("stacking")
