"""What enterprises are owed under policies on a day: entitled, worth, stacking, quota, budget, in this order.

1. Entitlement in three values, by the rules of each clause.
2. What the benefit is worth to who is entitled, with its own upper limit (``benefits.worth``).
3. Stacking within one enterprise: a group takes the highest, the first in order, or all up to a cap.
4. The quota of a clause, first come first served: who lost a clause in its group takes no place. Nobody falls back.
5. The budget of a clause, then that of its policy: cut by the same share, or paid in the order of coming until used up.

Amounts are whole fen, as an interval [low, high] while something is unknown: an input, or who comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.reasons import Reason
from liankit.rules.benefits import Budget, Fen, Group, Policy, Term, fen_of, quantities_of, take, terms, worth
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import Panel
from liankit.rules.quantities import value_of

Truths = npt.NDArray[np.int8]
"""1 yes, 0 no, -1 unknown."""
Places = npt.NDArray[np.int64]
"""In which order enterprises came for a clause, from 0; -1: did not come."""
CNY = 100
SCHEMA = {
    "enterprise": pl.String,
    "policy": pl.String,
    "clause": pl.String,
    "outcome": pl.Boolean,  # entitled; null: unknown
    "low_fen": pl.Int64,
    "high_fen": pl.Int64,
}
"""Columns of a table of entitlements."""


class Stack(NamedTuple):
    """Clauses that are not simply added up: the group, the policy that says so, and their columns in its order."""

    group: Group
    policy: Policy
    columns: list[int]


class Money(NamedTuple):
    """The least and the most, each int64[enterprises, clauses] in fen."""

    low: Fen
    high: Fen


@dataclass(frozen=True)
class Entitled:
    """What each enterprise is owed under each clause in force.

    ``outcome`` is int8[enterprises, clauses]; ``stages`` are the amounts after each stage by its name, in order: worth,
    stacking, quota, clause_budget, policy_budget. ``grades`` are the judgements behind, one a clause.
    """

    panel: Panel
    terms: tuple[Term, ...]
    grades: tuple[Grades, ...]
    outcome: Truths
    stages: Mapping[str, Money]

    @property
    def owed(self) -> Money:
        """Return what is owed after all stages."""
        return self.stages["policy_budget"]

    def place(self, policy: str, clause: str) -> int:
        """Return the column of a clause; raise ValueError where it is not in force."""
        return [term.key for term in self.terms].index((policy, clause))

    def total(self, stage: str = "policy_budget", columns: Collection[int] | None = None) -> Money:
        """Return what each enterprise is owed in all, int64[enterprises]: no wider than the stacking allows.

        Of some columns only, a group is taken whole or not at all. With the stage ``stacking`` quotas and budgets,
        which depend on others, stand aside. Of a group of which one clause counts, one does, whichever that is; where
        quota or budget may cut it, nobody knows.
        """
        money = self.stages[stage]
        asked = sorted(range(len(self.terms)) if columns is None else columns)
        low, high = (side[:, asked].sum(axis=1) for side in money)
        for stack in stacks(self.terms):
            of = stack.columns
            is_whole = stage == "stacking" or not any(map(self._may_be_cut, of))
            if stack.group.rule != "cap" and is_whole and of[0] in asked:
                high += money.high[:, of].max(axis=1) - money.high[:, of].sum(axis=1)
                low += self._least_of(stack) - money.low[:, of].sum(axis=1)
        return Money(low, high)

    def _may_be_cut(self, column: int) -> bool:
        """Say whether a quota or a budget can be short for a clause, whatever is still unknown."""
        term, stages = self.terms[column], self.stages
        beside = [at for at, one in enumerate(self.terms) if one.policy is term.policy]
        asked = (
            (term.clause.budget, stages["quota"].high[:, column]),
            (term.policy.budget, stages["clause_budget"].high[:, beside]),
        )
        is_short = any(budget and high.sum() > term.fen(budget.amount_cny) for budget, high in asked)
        quota = term.clause.quota
        return is_short or (quota is not None and int((stages["stacking"].high[:, column] > 0).sum()) > quota)

    def _least_of(self, stack: Stack) -> Fen:
        """Return the least that a group of which one clause counts gives, whichever that is."""
        worths, outcome = self.stages["worth"].low[:, stack.columns], self.outcome[:, stack.columns]
        sure = np.where(outcome == 1, worths, 0)
        if stack.group.rule == "highest":
            return np.asarray(sure.max(axis=1))
        is_candidate = (outcome != 0) & _none_sure_before(outcome)
        least = np.where(is_candidate, worths, np.iinfo(np.int64).max).min(axis=1)
        return np.where((outcome == 1).any(axis=1), least, 0)

    def cost(self) -> Money:
        """Return what each clause costs in all, int64[clauses], no wider than quota and budget allow."""
        low, high = self.owed.low.sum(axis=0), self.owed.high.sum(axis=0)
        for column, term in enumerate(self.terms):
            bounds = [_quota_cost(self, column, term)] if term.clause.quota else []
            budgets = (term.clause.budget, term.policy.budget)
            bounds += [(0, term.fen(budget.amount_cny)) for budget in budgets if budget]
            for least, most in bounds:
                low[column], high[column] = max(low[column], least), min(high[column], most)
        return Money(low, np.maximum(low, high))

    def cost_of(self, policy: str) -> tuple[int, int]:
        """Return what a policy costs in all, at least and at most, no wider than its budget allows; 0 out of force."""
        cost, columns = self.cost(), [at for at, term in enumerate(self.terms) if term.policy.key == policy]
        low, high = (int(side[columns].sum()) for side in cost)
        budget = self.terms[columns[0]].policy.budget if columns else None
        return low, min(high, self.terms[columns[0]].fen(budget.amount_cny)) if budget else high

    def town_part(self) -> Money:
        """Return the part of each amount that the enterprise's town pays; the district pays the rest."""
        shares = [term.share(term.clause.town_percent) for term in self.terms]
        low, high = (
            np.stack([take(side[:, column], share) for column, share in enumerate(shares)], axis=1)
            for side in self.owed
        )
        return Money(low, high)

    @cached_property
    def table(self) -> pl.DataFrame:
        """Return the entitlements as a long table with ``SCHEMA``: without the lines of who is not entitled."""
        rows, columns = np.nonzero(self.outcome)
        outcome = self.outcome[rows, columns]
        keys = [term.key for term in self.terms]
        return pl.DataFrame(
            {
                "enterprise": self.panel.enterprises.gather(rows),
                "policy": pl.Series([policy for policy, _ in keys], dtype=pl.String).gather(columns),
                "clause": pl.Series([clause for _, clause in keys], dtype=pl.String).gather(columns),
                "outcome": [None if one < 0 else True for one in outcome.tolist()],
                "low_fen": self.owed.low[rows, columns],
                "high_fen": self.owed.high[rows, columns],
            },
            schema=SCHEMA,
        )

    def reasons(self, row: int, column: int) -> tuple[Reason, ...]:
        """Return why an enterprise is owed what it is under a clause: entitlement first, then each stage that cut."""
        return (*self.grades[column].reasons(row), *self.amount_reasons(row, column))

    def amount_reasons(self, row: int, column: int) -> tuple[Reason, ...]:
        """Return what the amount of an enterprise under a clause follows from; nothing where it is not entitled."""
        return tuple(_amount_reasons(self, row, column)) if self.outcome[row, column] else ()


def entitle(policies: Sequence[Policy], panel: Panel, came: Mapping[tuple[str, str], Places] | None = None) -> Entitled:
    """Return what the enterprises of a panel are owed under the clauses in force on its day.

    ``came`` says for each (policy, clause) in which order enterprises came, int64[enterprises]; a clause that it leaves
    out: nobody came yet, and who will come first is unknown.
    """
    found = terms(tuple(policies), panel.on)
    grades = tuple(grade([term.policy.scheme(term.clause) for term in found], panel))
    size = len(panel)
    outcome: Truths = np.array([one.outcome for one in grades], dtype=np.int8).reshape(len(found), size).T
    worths = [worth(term, partial(value_of, panel), size) for term in found]
    shape = (len(found), size)
    low, high = (np.array([one[side] for one in worths], dtype=np.int64).reshape(shape).T for side in (0, 1))
    places = [(came or {}).get(term.key, np.full(size, -1)) for term in found]
    stages = {"worth": Money(np.where(outcome == 1, low, 0), np.where(outcome == 0, 0, high))}
    stages["stacking"] = _stacked(found, outcome, stages["worth"])
    stages["quota"] = _each(found, stages["stacking"], lambda at, money: _within_quota(found[at], money, places[at]))
    stages["clause_budget"] = _each(
        found, stages["quota"], lambda at, money: _within(found[at], found[at].clause.budget, money, places[at])
    )
    stages["policy_budget"] = _within_policies(found, stages["clause_budget"], places)
    return Entitled(panel, found, grades, outcome, stages)


def _each(found: Sequence[Term], money: Money, change: Callable[[int, Money], Money]) -> Money:
    """Return the amounts with each clause's column changed by itself."""
    low, high = money.low.copy(), money.high.copy()
    for at in range(len(found)):
        low[:, at], high[:, at] = change(at, Money(low[:, at], high[:, at]))
    return Money(low, high)


def stacks(found: Sequence[Term]) -> list[Stack]:
    """Return every group that clauses in force stand in, over all policies; a clause stands in one at most.

    Its own policy's group counts; else the first that joins it (``policy_check.check_together`` refuses several).
    """
    places = {term.key: at for at, term in enumerate(found)}
    own = {term.key for term in found if term.clause.group}
    policies = {term.policy.key: term.policy for term in found}.values()
    given = [Stack(group, policy, []) for policy in policies for group in policy.groups]
    taken: set[int] = set()
    for stack in given:
        at_home = [term.key for term in found if (term.policy, term.clause.group) == (stack.policy, stack.group.key)]
        joined = [key for key in map(_joined, stack.group.joins) if key not in own]
        columns = [places[key] for key in (*at_home, *joined) if key in places]
        stack.columns.extend(at for at in columns if at not in taken)
        taken.update(columns)
    return [stack for stack in given if stack.columns]


def _joined(name: str) -> tuple[str, str]:
    policy, _dot, clause = name.partition(".")
    return policy, clause


def stack_of(found: Sequence[Term], column: int) -> Stack | None:
    """Return the group that a clause stands in, its own policy's or that of another; None where it is added up."""
    return next((stack for stack in stacks(found) if column in stack.columns), None)


def _stacked(found: Sequence[Term], outcome: Truths, money: Money) -> Money:
    low, high = money.low.copy(), money.high.copy()
    for group, policy, columns in stacks(found):
        part = Money(low[:, columns], high[:, columns])
        if group.rule == "highest":
            given = _highest(part)
        elif group.rule == "exclude":
            given = _first(part, outcome[:, columns])
        else:
            assert group.most_cny is not None
            given = _up_to(part, fen_of(policy.number(group.most_cny, found[0].on)))
        low[:, columns], high[:, columns] = given
    return Money(low, high)


def _highest(money: Money) -> Money:
    """Keep the highest of each row; of equal ones the first. A clause is surely out where another is surely more."""
    low, high = money
    kept_low, kept_high = np.zeros_like(low), np.zeros_like(high)
    for at in range(low.shape[1]):
        before, after = np.arange(at), np.arange(at + 1, low.shape[1])
        sure = _all_below(low[:, at], high[:, before], strict=True) & _all_below(low[:, at], high[:, after])
        may = _all_below(high[:, at], low[:, before], strict=True) & _all_below(high[:, at], low[:, after])
        kept_low[:, at] = np.where(sure, low[:, at], 0)
        kept_high[:, at] = np.where(may, high[:, at], 0)
    return Money(kept_low, kept_high)


def _all_below(amount: Fen, others: Fen, *, strict: bool = False) -> npt.NDArray[np.bool_]:
    column = amount[:, None]
    return np.asarray((column > others if strict else column >= others).all(axis=1))


def _none_sure_before(outcome: Truths) -> npt.NDArray[np.bool_]:
    sure = (outcome == 1).cumsum(axis=1)
    return np.asarray(sure - (outcome == 1) == 0)


def _first(money: Money, outcome: Truths) -> Money:
    """Keep the first to which the enterprise is entitled."""
    possible = (outcome != 0).cumsum(axis=1) - (outcome != 0)
    return Money(np.where(possible == 0, money.low, 0), np.where(_none_sure_before(outcome), money.high, 0))


def _up_to(money: Money, most: int) -> Money:
    """Add up in order until the cap."""
    low_before, high_before = (side.cumsum(axis=1) - side for side in money)
    return Money(
        np.minimum(money.low, np.maximum(0, most - high_before)),
        np.minimum(money.high, np.maximum(0, most - low_before)),
    )


def _within_quota(term: Term, money: Money, places: Places) -> Money:
    """Give the first who came a place each; of those who did not come yet nobody knows who will be first."""
    quota = term.clause.quota
    if quota is None:
        return money
    takes_surely, may_take = money.low > 0, money.high > 0
    surely_before = _before(takes_surely.astype(np.int64), places, least=True)
    perhaps_before = _before(may_take.astype(np.int64), places, least=False)
    return Money(np.where(perhaps_before < quota, money.low, 0), np.where(surely_before < quota, money.high, 0))


def _before(amounts: Fen, places: Places, *, least: bool) -> Fen:
    """Return the sum of what those before each enterprise take: at least, or at most.

    Before who came are those who came earlier. Before who did not come yet are at least those who came, at most all
    others.
    """
    has_come = places >= 0
    order = np.argsort(np.where(has_come, places, np.iinfo(np.int64).max), kind="stable")
    running = np.empty_like(amounts)
    running[order] = amounts[order].cumsum() - amounts[order]
    later = amounts[has_come].sum() if least else amounts.sum() - amounts
    return np.where(has_come, running, later)


def _within(term: Term, budget: Budget | None, money: Money, places: Places) -> Money:
    if budget is None:
        return money
    limit = term.fen(budget.amount_cny)
    if budget.when_short == "proportional":
        return cut(money, limit)
    return Money(
        np.minimum(money.low, np.maximum(0, limit - _before(money.high, places, least=False))),
        np.minimum(money.high, np.maximum(0, limit - _before(money.low, places, least=True))),
    )


def cut(money: Money, limit: int) -> Money:
    """Cut amounts by the same share where they exceed a limit; exact amounts add up to the limit to the fen.

    Fen that are left after rounding down go to the largest remainders, of equal ones to the first (method of Hamilton).
    """
    low, high = (side.astype(object) for side in money)
    if high.sum() <= limit:
        return money
    if (money.low == money.high).all():
        exact = _hamilton(low, limit)
        return Money(exact, exact)
    all_low, all_high = low.sum(), high.sum()
    least_of_all = np.maximum(low + (all_high - high), 1)
    most_of_all = np.maximum(high + (all_low - low), 1)
    cut_low = np.where(least_of_all > limit, low * limit // least_of_all, low)
    cut_high = np.where(most_of_all > limit, -(-high * limit // most_of_all), high)
    return Money(cut_low.astype(np.int64), cut_high.astype(np.int64))


def _hamilton(amounts: npt.NDArray[np.object_], limit: int) -> Fen:
    whole = amounts.sum()
    given, rest = amounts * limit // whole, amounts * limit % whole
    left = int(limit - given.sum())
    first = sorted(range(len(amounts)), key=lambda at: -rest[at])[:left]
    given[first] += 1
    return np.asarray(given, dtype=np.int64)


def _within_policies(found: Sequence[Term], money: Money, places: Sequence[Places]) -> Money:
    """Hold each policy to its budget over all of its clauses; where it stops, clauses are paid in their order."""
    low, high = money.low.copy(), money.high.copy()
    for policy in {term.policy.key: term.policy for term in found}.values():
        columns = [at for at, term in enumerate(found) if term.policy is policy]
        part = Money(low[:, columns].T.ravel(), high[:, columns].T.ravel())
        order = np.concatenate([_later(places[at], by=at * len(low)) for at in columns])
        held = _within(found[columns[0]], policy.budget, part, order)
        low[:, columns], high[:, columns] = (side.reshape(len(columns), -1).T for side in held)
    return Money(low, high)


def _later(places: Places, *, by: int) -> Places:
    return np.where(places >= 0, places + by, -1)


def _quota_cost(entitled: Entitled, column: int, term: Term) -> tuple[int, int]:
    """Return what the cheapest, and the dearest, enterprises that can fill a quota cost."""
    quota, (low, high) = term.clause.quota, entitled.stages["stacking"]
    sure = np.sort(low[low[:, column] > 0, column])[:quota]
    least = 0 if term.clause.budget or term.policy.budget else int(sure.sum())
    return least, int(np.sort(high[:, column])[::-1][:quota].sum())


def _amount_reasons(entitled: Entitled, row: int, column: int) -> list[Reason]:
    term, panel = entitled.terms[column], entitled.panel
    told = [_told("worth", term, entitled.stages["worth"], (row, column))]
    for key in quantities_of(term.clause.benefit):
        value = float(value_of(panel, key)[row])
        known = None if np.isnan(value) else value
        told.append(
            Reason("policies.rests_on", None if known is None else True, known, known, params={"quantity": key})
        )
    for (_, before), (name, after) in pairwise(entitled.stages.items()):
        if any(before[side][row, column] != after[side][row, column] for side in (0, 1)):
            told.append(_told(name, term, after, (row, column)))
    return told


def _told(name: str, term: Term, money: Money, cell: tuple[int, int]) -> Reason:
    low, high = int(money.low[cell]), int(money.high[cell])
    params = {"policy": term.policy.key, "clause": term.clause.key, "group": term.clause.group or ""}
    return Reason(f"policies.{name}", True if low == high else None, low / CNY, high / CNY, "CNY", params=params)
