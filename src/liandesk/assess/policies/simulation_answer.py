"""What a draft changes for the enterprises of a day. Pure: the same facts and policies, the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import polars as pl

from liankit.rules.benefits import Policy
from liankit.rules.edges import EDGES, edges_of, near_edge
from liankit.rules.panel import build_panel
from liankit.rules.policies import Entitled
from liankit.rules.simulate import Cost, Simulation, drawn_costs, simulate
from liankit.rules.vocabulary import Vocabulary

DRAWS, SEED = 40, 20240930
NEAR_PERCENT = 5.0
COSTS = {"side": pl.String, "low_fen": pl.Int64, "high_fen": pl.Int64}
Beat = Callable[[str, int, int], None]
"""Says phase, done and total; raises where the work is to stop."""


@dataclass(frozen=True)
class Asked:
    """What is compared: the policies in force on ``today``, and those with the draft in place as the law of ``law``."""

    before: tuple[Policy, ...]
    after: tuple[Policy, ...]
    key: str  # of the policy that is drafted
    words: Vocabulary
    today: date
    law: date


def answer(asked: Asked, facts: pl.DataFrame, enterprises: pl.Series, beat: Beat) -> dict[str, pl.DataFrame]:
    """Return the tables of an answer: moves, clauses, costs, draws, edges."""
    beat("entitlements", 0, 0)
    of_these = facts.filter(pl.col("enterprise").is_in(enterprises.implode()))
    found = simulate(asked.before, asked.after, build_panel(of_these, asked.words, asked.today, enterprises), asked.law)
    tables = {"moves": found.moves().rename({"enterprise": "organisation"}), "clauses": _clauses(found, asked.key)}
    costs = [(side, *one.cost_of(asked.key)) for side, one in (("before", found.before), ("after", found.after))]
    tables["costs"] = pl.DataFrame(costs, schema=COSTS, orient="row")
    tables["draws"] = _draws(found, of_these, asked.key, beat)
    tables["edges"] = _edges(asked, found, beat).rename({"enterprise": "organisation"})
    return tables


def _draws(found: Simulation, facts: pl.DataFrame, key: str, beat: Beat) -> pl.DataFrame:
    costs = []
    for one in islice(drawn_costs(found, facts, [key], seed=SEED), DRAWS):
        costs.append(one)
        beat("draws", len(costs), DRAWS)
    return pl.DataFrame(costs, schema={f"{name}_fen": pl.Int64 for name in Cost._fields}, orient="row")


def _edges(asked: Asked, found: Simulation, beat: Beat) -> pl.DataFrame:
    """Return who stands near a bound of the draft."""
    bounds = [edge for edge in edges_of(asked.after, asked.law) if edge.policy == asked.key]
    tables = [pl.DataFrame(schema=EDGES)]
    for at, edge in enumerate(bounds):
        beat("edges", at, len(bounds))
        tables.append(near_edge(asked.after, found.after.panel, edge, percent=NEAR_PERCENT))
    return pl.concat(tables)


def _clauses(found: Simulation, key: str) -> pl.DataFrame:
    """Return each clause that the draft has or changes: how many are entitled and what it costs; null: not there."""
    rows = {side: dict(_costs(one)) for side, one in (("before", found.before), ("after", found.after))}
    cells = dict.fromkeys([*rows["after"], *rows["before"]])
    kept = [cell for cell in cells if cell[0] == key or rows["before"].get(cell) != rows["after"].get(cell)]
    names = ("entitled", "open", "low_fen", "high_fen")
    table = [(*cell, *(rows[side].get(cell, (None,) * 4)[at] for side in rows for at in range(4))) for cell in kept]
    schema = {f"{side}_{name}": pl.Int64 for side in rows for name in names}
    return pl.DataFrame(table, schema={"policy": pl.String, "clause": pl.String, **schema}, orient="row")


def _costs(found: Entitled) -> Iterator[tuple[tuple[str, str], tuple[int, int, int, int]]]:
    cost = found.cost()
    for at, term in enumerate(found.terms):
        entitled, is_open = (int((found.outcome[:, at] == holds).sum()) for holds in (1, -1))
        yield term.key, (entitled, is_open, int(cost.low[at]), int(cost.high[at]))


def with_draft(policies: Sequence[Policy], draft: Policy) -> tuple[Policy, ...]:
    """Return policies with a draft in the place of the one of its key, or after them where there is none."""
    kept = tuple(draft if one.key == draft.key else one for one in policies)
    return kept if draft in kept else (*kept, draft)
