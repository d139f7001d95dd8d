"""How enterprises stand board by board, as a table of the snapshot. Pure: a panel in, a table out."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from liandesk.base.facts.schema import Schema
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import Panel
from liankit.rules.scheme import AnyOf, Scheme
from liankit.rules.shortfall import shortfall
from liankit.rules.trajectory import spans
from liankit.rules.versions import in_force

SETS = "sets"
"""The clause of a scheme that has its sets of standards as parts."""
BOARDS: Schema = {
    "organisation": pl.String,
    "grants": pl.String,
    "holds": pl.Boolean,  # null: unknown
    "failed": pl.Int16,  # clauses that have to turn, at the least
    "unknown": pl.Int16,  # and unknown ones to be settled
    "sets": pl.List(pl.String),  # keys of the sets that are met
    "low": pl.Int32,  # the years by which it is met with 10, 50 and 90 percent; null: not by the last
    "median": pl.Int32,
    "high": pl.Int32,
    "until": pl.Int32,  # the last year that was drawn
    "probability": pl.Float64,  # that it is met by then: as far as known, and were everything unknown in its favour
    "possible": pl.Float64,
    "is_open": pl.Boolean,  # something unknown decides, so that there is no forecast
}


def boards_table(schemes: Sequence[Scheme], panel: Panel, years: pl.DataFrame) -> pl.DataFrame:
    """Return ``BOARDS`` of every enterprise of a panel by the law of its day; ``years`` is what is forecast."""
    stands = [_stands(found) for found in grade(in_force(schemes, "new", panel.on), panel)]
    told = spans(years).rename({"enterprise": "organisation"})
    if not stands:
        return pl.DataFrame(schema=BOARDS)
    found = pl.concat(stands).join(told, on=["organisation", "grants"], how="left")
    return found.select(pl.col(name).cast(kind) for name, kind in BOARDS.items())


def sets_of(found: Grades) -> tuple[str, ...]:
    """Return the keys of the sets of standards of a scheme; none where it has no sets."""
    node = next((one.node for one in found.clauses if one.node.key == SETS), None)
    return tuple(part.key for part in node.parts) if isinstance(node, AnyOf) else ()


def _stands(found: Grades) -> pl.DataFrame:
    failed, unknown = shortfall(found)
    outcome = pl.Series(found.outcome)
    return pl.DataFrame({"organisation": found.panel.enterprises}).with_columns(
        grants=pl.lit(found.scheme.grants),
        holds=(outcome == 1).set(outcome < 0, None),
        failed=pl.Series(failed),
        unknown=pl.Series(unknown),
        sets=_sets_met(found),
    )


def _sets_met(found: Grades) -> pl.Series:
    """Return of every enterprise the keys of the sets that it meets."""
    holds = {one.node.key: one.holds == 1 for one in found.clauses if one.node.key in sets_of(found)}
    met = [[key for key, rows in holds.items() if rows[row]] for row in range(len(found.panel))]
    return pl.Series(met, dtype=pl.List(pl.String))
