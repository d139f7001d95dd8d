"""A draft of policies on today's enterprises: who gains, who loses, what it costs, and where a small step loses money.

The facts are those of the panel; the law is that of another day, so that next year's draft meets what is known today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from liankit.definitions import Difference, differences
from liankit.rules.benefits import Policy, Tiered
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import FACTS, Panel, build_panel
from liankit.rules.policies import Entitled, Money, entitle
from liankit.rules.policy_check import needed_by
from liankit.rules.vocabulary import Vocabulary

VERDICTS = ("gains", "loses", "same", "open")
"""What a draft does to an enterprise; ``open``: what is unknown decides it."""
CLIFFS = {
    "enterprise": pl.String,
    "policy": pl.String,
    "clause": pl.String,
    "input": pl.String,
    "percent": pl.Float64,  # by how much the input moves
    "before_fen": pl.Int64,  # of all clauses together, before the move and after it
    "after_fen": pl.Int64,
}


@dataclass(frozen=True)
class Simulation:
    """What enterprises are owed under the law in force and under a draft, on the same facts."""

    before: Entitled
    after: Entitled

    def moves(self) -> pl.DataFrame:
        """Return an enterprise a row: fen before and after as intervals, and whether it gains, loses, or is open.

        Quotas and budgets stand aside: who comes first, and what others take, is no matter of the enterprise.
        """
        before, after = self.before.total("stacking"), self.after.total("stacking")
        same = (before.low == before.high) & (after.low == after.high) & (before.low == after.low)
        sure = [after.low > before.high, after.high < before.low, same]
        amounts = {
            f"{name}_{side}_fen": values
            for name, money in (("before", before), ("after", after))
            for side, values in money._asdict().items()
        }
        verdict = np.select(sure, VERDICTS[:3], VERDICTS[3])
        return pl.DataFrame({"enterprise": self.before.panel.enterprises, **amounts, "verdict": verdict})


def simulate(before: Sequence[Policy], after: Sequence[Policy], panel: Panel, law: date) -> Simulation:
    """Return what enterprises get by the policies of the panel's day, and by a draft as the law of the day ``law``."""
    return Simulation(entitle(before, panel), entitle(after, under_law_of(panel, law)))


def under_law_of(panel: Panel, law: date) -> Panel:
    """Return the same facts as judged by the law of another day; windows and titles are then read on that day."""
    return replace(panel, on=law, computed={})


def clause_changes(before: Policy, after: Policy) -> list[Difference]:
    """Return what a version changed of another, clause by clause; the place names the clause by its key."""
    return differences(*(one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in (before, after)))


def needed_inputs(policies: Sequence[Policy], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the inputs that entitlements and amounts under policies rest on."""
    formulas = {one.key: one.formula for one in vocabulary.quantities}
    quantities = {key for policy in policies for clause in policy.clauses for key in needed_by(policy, clause)}
    return frozenset[str]().union(*(inputs_of(key, formulas) for key in quantities))


def resampled_cost(
    policies: Sequence[Policy],
    facts: pl.DataFrame,
    vocabulary: Vocabulary,
    on: date,
    *,
    law: date | None = None,
    draws: int = 40,
    seed: int = 0,
) -> np.ndarray:
    """Return the cost in fen of each draw, int64[draws], in which every unknown input is that of somebody else.

    An enterprise of which nothing is known in an input takes all lines of a random one that said something (hot deck;
    R. Andridge and R. Little, "A review of hot deck imputation for survey non-response", 2010). Who comes first is
    drawn as well. The same seed gives the same draws.
    """
    rng = np.random.default_rng(seed)
    enterprises = facts["enterprise"].unique(maintain_order=True)
    needed = facts.filter(pl.col("input").is_in(sorted(needed_inputs(policies, vocabulary))))
    return np.array(
        [_drawn_cost(policies, needed, vocabulary, (on, law or on), enterprises, rng) for _ in range(draws)]
    )


def _drawn_cost(
    policies: Sequence[Policy],
    facts: pl.DataFrame,
    vocabulary: Vocabulary,
    days: tuple[date, date],
    enterprises: pl.Series,
    rng: np.random.Generator,
) -> int:
    panel = build_panel(filled(facts, enterprises, rng), vocabulary, days[0], enterprises)
    order = rng.permutation(len(enterprises))
    came = {(policy.key, clause.key): order for policy in policies for clause in policy.clauses}
    return int(entitle(policies, under_law_of(panel, days[1]), came).cost().low.sum())


def filled(facts: pl.DataFrame, enterprises: pl.Series, rng: np.random.Generator) -> pl.DataFrame:
    """Return facts in which an enterprise without any line of an input has those of a random donor."""
    return pl.concat([facts, *_borrowed(facts, enterprises, rng)])


def _borrowed(facts: pl.DataFrame, enterprises: pl.Series, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    for (_name,), lines in facts.partition_by("input", as_dict=True, maintain_order=True).items():
        donors = lines["enterprise"].unique(maintain_order=True)
        takers = enterprises.filter(~enterprises.is_in(donors.implode()))
        chosen = donors.gather(rng.integers(len(donors), size=len(takers)))
        pairs = pl.DataFrame({"enterprise": chosen, "taker": takers})
        taken = pairs.join(lines, on="enterprise", maintain_order="left")
        yield taken.with_columns(enterprise=pl.col("taker")).select(*FACTS)


def cliffs(
    policies: Sequence[Policy], facts: pl.DataFrame, vocabulary: Vocabulary, on: date, *, percent: float = 5.0
) -> pl.DataFrame:
    """Return whom a small change of one input brings less money, because a clause or a band is lost; with ``CLIFFS``.

    Each number is moved up and down by ``percent``, of yearly ones that of the last year; quota and budget stand aside,
    as they depend on others.
    """
    enterprises = facts["enterprise"].unique(maintain_order=True)
    needed = needed_inputs(policies, vocabulary)
    numbers = {one.key for one in vocabulary.inputs if one.key in needed and one.kind in ("yearly", "standing")}
    lines = facts.filter(pl.col("input").is_in(sorted(needed)))

    def entitled(moved: pl.DataFrame) -> Entitled:
        return entitle(policies, build_panel(moved, vocabulary, on, enterprises))

    standing = entitled(lines)
    found = [
        _lost(standing, entitled(_moved(lines, name, by, on)), name, by)
        for name in sorted(numbers)
        for by in (-percent, percent)
    ]
    return pl.concat([pl.DataFrame(schema=CLIFFS), *found])


def _moved(facts: pl.DataFrame, name: str, percent: float, on: date) -> pl.DataFrame:
    is_last = pl.col("date").is_null() | (pl.col("date").dt.year() >= on.year - 1)
    moves = (pl.col("input") == name) & is_last
    number = pl.col("number")
    return facts.with_columns(number=pl.when(moves).then(number + number.abs() * percent / 100).otherwise(number))


def _lost(before: Entitled, after: Entitled, name: str, percent: float) -> pl.DataFrame:
    """Return the clauses that are lost, or of which a band is, of whom has surely less than before in all."""
    was, now = (_sure_total(one.stages["stacking"]) for one in (before, after))
    is_lost = (before.outcome == 1) & (after.outcome == 0)
    for column, term in enumerate(before.terms):
        if isinstance(term.clause.benefit, Tiered):
            fell = after.stages["worth"].high[:, column] < before.stages["worth"].low[:, column]
            is_lost[:, column] |= fell
    rows, columns = np.nonzero(is_lost & (now.high < was.low)[:, None])
    keys = np.array([term.key for term in before.terms], dtype=object).reshape(-1, 2)
    return pl.DataFrame(
        {
            "enterprise": before.panel.enterprises.gather(rows),
            "policy": keys[columns, 0].tolist(),
            "clause": keys[columns, 1].tolist(),
            "input": [name] * len(rows),
            "percent": [percent] * len(rows),
            "before_fen": was.low[rows],
            "after_fen": now.high[rows],
        },
        schema=CLIFFS,
    )


def _sure_total(money: Money) -> Money:
    return Money(money.low.sum(axis=1), money.high.sum(axis=1))
