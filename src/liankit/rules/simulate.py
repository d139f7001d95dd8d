"""A draft of policies on today's enterprises: who gains, who loses, and what it costs.

The facts are those of the panel; the law is that of another day, so that next year's draft meets what is known today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.rules.benefits import Policy, bounds_of
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import FACTS, Panel, build_panel
from liankit.rules.policies import Entitled, entitle, stack_of, stacks
from liankit.rules.policy_check import needed_by
from liankit.rules.vocabulary import Vocabulary

Cell = tuple[str, str]
"""The keys of a policy and a clause."""
VERDICTS = ("gains", "loses", "same", "open")
"""What a draft does to an enterprise; ``open``: what is unknown decides it."""


@dataclass(frozen=True)
class Simulation:
    """What enterprises are owed under the law in force and under a draft, on the same facts."""

    before: Entitled
    after: Entitled

    def moves(self) -> pl.DataFrame:
        """Return an enterprise a row: fen before and after, by how much it moves, and a verdict.

        Amounts are of all clauses; the move, an interval, and the verdict only of those that the draft touches. Quotas
        and budgets stand aside: who comes first, and what others take, is no matter of the enterprise.
        """
        sides = {"before": self.before, "after": self.after}
        owed = {
            f"{name}_{end}_fen": values
            for name, side in sides.items()
            for end, values in side.total("stacking")._asdict().items()
        }
        touched = self._touched()
        before, after = (side.total("stacking", _columns(side, touched)) for side in sides.values())
        low, high = after.low - before.high, after.high - before.low
        verdict = np.select([low > 0, high < 0, (low == 0) & (high == 0)], VERDICTS[:3], VERDICTS[3])
        move = {"move_low_fen": low, "move_high_fen": high, "verdict": verdict}
        return pl.DataFrame({"enterprise": self.before.panel.enterprises, **owed, **move})

    def _touched(self) -> set[Cell]:
        """Return the clauses that came, went, read otherwise or give anybody else, and those of their groups."""
        said = [{term.key: _told(side, at) for at, term in enumerate(side.terms)} for side in (self.before, self.after)]
        cells = {key for key in said[0].keys() | said[1].keys() if not _same(said[0].get(key), said[1].get(key))}
        for side in (self.before, self.after):
            for stack in stacks(side.terms):
                keys = {side.terms[at].key for at in stack.columns}
                cells |= keys if keys & cells else set()
        return cells


class _Told(NamedTuple):
    rules: object
    numbers: tuple[np.ndarray, ...]


def _told(side: Entitled, column: int) -> _Told:
    """Return what a clause says of its group, and what it comes to for everybody."""
    stack, worth = stack_of(side.terms, column), side.stages["worth"]
    group = (stack.group, tuple(side.terms[at].key for at in stack.columns)) if stack else None
    clause, policy = side.terms[column].clause, side.terms[column].policy
    numbers = tuple(policy.number(bound, side.panel.on) for bound in bounds_of(clause))
    rules = (group, clause.when, clause.benefit, policy.vetoes, numbers)
    return _Told(rules, (side.outcome[:, column], worth.low[:, column], worth.high[:, column]))


def _same(one: _Told | None, other: _Told | None) -> bool:
    if one is None or other is None:
        return False
    return one.rules == other.rules and all(map(np.array_equal, one.numbers, other.numbers))


def _columns(side: Entitled, cells: Collection[Cell]) -> list[int]:
    return [at for at, term in enumerate(side.terms) if term.key in cells]


def simulate(before: Sequence[Policy], after: Sequence[Policy], panel: Panel, law: date) -> Simulation:
    """Return what enterprises get by the policies of the panel's day, and by a draft as the law of the day ``law``."""
    return Simulation(entitle(before, panel), entitle(after, under_law_of(panel, law)))


def under_law_of(panel: Panel, law: date) -> Panel:
    """Return the same facts as judged by the law of another day; windows and titles are then read on that day."""
    return replace(panel, on=law, computed={})


def needed_inputs(policies: Sequence[Policy], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the inputs that entitlements and amounts under policies rest on."""
    formulas = {one.key: one.formula for one in vocabulary.quantities}
    quantities = {key for policy in policies for clause in policy.clauses for key in needed_by(policy, clause)}
    return frozenset[str]().union(*(inputs_of(key, formulas) for key in quantities))


class Cost(NamedTuple):
    """What policies cost in fen, all together, under the law in force and under a draft."""

    before: int
    after: int
    asked_before: int  # what it would cost without quotas and budgets
    asked_after: int


def drawn_costs(simulation: Simulation, facts: pl.DataFrame, of: Collection[str], *, seed: int = 0) -> Iterator[Cost]:
    """Yield, without end, the cost of the policies ``of`` when every unknown input is that of somebody else.

    An enterprise of which nothing is known in an input takes all lines of a random one that said something (hot deck;
    R. Andridge and R. Little, "A review of hot deck imputation for survey non-response", 2010). Who comes first is
    drawn as well. Before and after meet the same draw. The same seed gives the same draws.
    """
    rng = np.random.default_rng(seed)
    panel, sides = simulation.before.panel, (simulation.before, simulation.after)
    words, day = panel.vocabulary, panel.on
    policies = [tuple({term.policy.key: term.policy for term in side.terms}.values()) for side in sides]
    asked = sorted(needed_inputs([*policies[0], *policies[1]], words))
    needed = facts.filter(pl.col("input").is_in(asked))
    of_inputs = words.model_copy(update={"inputs": tuple(one for one in words.inputs if one.key in asked)})
    while True:
        drawn = build_panel(filled(needed, panel.enterprises, rng), of_inputs, day, panel.enterprises)
        order = rng.permutation(len(panel))
        panels = (drawn, under_law_of(drawn, simulation.after.panel.on))
        (before, asked_before), (after, asked_after) = (
            _cost(laws, one, order, of) for laws, one in zip(policies, panels, strict=True)
        )
        yield Cost(before, after, asked_before, asked_after)


def _cost(policies: Sequence[Policy], panel: Panel, order: np.ndarray, of: Collection[str]) -> tuple[int, int]:
    came = {(policy.key, clause.key): order for policy in policies for clause in policy.clauses}
    found = entitle(policies, panel, came)
    columns = [at for at, term in enumerate(found.terms) if term.policy.key in of]
    cost, asked = (int(found.stages[stage].low[:, columns].sum()) for stage in ("policy_budget", "stacking"))
    return cost, asked


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
