"""Which unknown quantities of one enterprise can still change what it is owed: tried out, not guessed.

Clauses that share an unknown quantity or a group hang together. Of each such bundle every combination of the values
that its bounds tell apart is tried: a quantity is decisive if two combinations differ in it alone and in what is owed.
Quantities that follow from the same input are tried as if each could change by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import prod

import numpy as np

from liankit.rules.benefits import Fixed, Interest, Policy, PolicyClause, Rate, Term, Tiered
from liankit.rules.edges import STEP
from liankit.rules.panel import Panel
from liankit.rules.policies import Entitled, entitle, stack_of
from liankit.rules.policy_check import needed_by
from liankit.rules.quantities import series_of
from liankit.rules.scheme import Compare, nodes_under

MOST_TRIALS = 50_000
_OTHER = "\0other"
Values = tuple[float | str, ...]


def decisive(entitled: Entitled, row: int, candidates: Mapping[int, frozenset[str]]) -> set[str]:
    """Return which of the unknown quantities by clause (its column) can change what the enterprise is owed.

    Stacking counts, quotas and budgets stand aside; no veto holds. A bundle with more than ``MOST_TRIALS``
    combinations is not tried: all of its quantities are returned.
    """
    found: set[str] = set()
    for columns in _bundles(entitled, candidates):
        terms = [entitled.terms[at] for at in columns]
        values = _values(terms, sorted(frozenset[str]().union(*(candidates.get(at, frozenset()) for at in columns))))
        if prod(map(len, values.values())) > MOST_TRIALS:
            found |= values.keys()
        elif values:
            found |= set(_tried(entitled.panel.take(np.array([row], dtype=np.int32)), terms, values))
    return found


def _bundles(entitled: Entitled, candidates: Mapping[int, frozenset[str]]) -> list[list[int]]:
    """Return the columns that hang together by a quantity or a group."""
    bundles: list[tuple[set[int], set[str]]] = []
    for column, names in candidates.items():
        stack = stack_of(entitled.terms, column)
        columns, marks = {column, *(stack.columns if stack else ())}, set(names)
        for one in [one for one in bundles if one[0] & columns or one[1] & marks]:
            bundles.remove(one)
            columns, marks = columns | one[0], marks | one[1]
        bundles.append((columns, marks))
    return [sorted(columns) for columns, _ in bundles]


def _tried(one: Panel, terms: Sequence[Term], values: Mapping[str, Values]) -> Iterator[str]:
    shape = tuple(map(len, values.values()))
    settled = _settled(one, terms)
    many = settled.take(np.zeros(prod(shape), dtype=np.int32))
    places = np.unravel_index(np.arange(len(many)), shape)
    computed, coded = dict(many.computed), dict(many.coded)
    for (name, options), at in zip(values.items(), places, strict=True):
        if name in coded:
            coded[name] = (at.astype(np.int32), tuple(map(str, options)))
        else:
            computed[name] = np.array(options, dtype=np.float64)[at]
    owed = entitle(_without_vetoes(terms), replace(many, computed=computed, coded=coded)).stages["stacking"]
    table = np.concatenate([owed.low, owed.high], axis=1).reshape(*shape, -1)
    for axis, name in enumerate(values):
        if (table != table.take([0], axis=axis)).any():
            yield name


def _settled(one: Panel, terms: Sequence[Term]) -> Panel:
    for key in chain.from_iterable(needed_by(term.policy, term.clause) for term in terms):
        if key not in one.coded:
            series_of(one, key)
    return one


def _without_vetoes(terms: Sequence[Term]) -> list[Policy]:
    """Return the policies of some clauses with these alone, so that their columns stand in the same order."""
    policies = {term.policy.key: term.policy for term in terms}
    clauses = {key: tuple(term.clause for term in terms if term.policy.key == key) for key in policies}
    return [one.model_copy(update={"clauses": clauses[key], "vetoes": ()}) for key, one in policies.items()]


def _values(terms: Sequence[Term], names: Sequence[str]) -> dict[str, Values]:
    """Return the values of each quantity that the bounds and the benefits of clauses tell apart."""
    told = {name: set(chain.from_iterable(_of_term(term, name) for term in terms)) for name in names}
    return {name: tuple(sorted(values, key=lambda one: (str(type(one)), one))) for name, values in told.items()}


def _of_term(term: Term, name: str) -> Iterator[float | str]:
    for node in nodes_under(term.clause.when):
        if isinstance(node, Compare) and node.quantity == name:
            if node.one_of is not None:
                yield from (*node.one_of, _OTHER)
            elif node.is_ is not None:
                yield from (0.0, 1.0)
            for bound in (node.at_least, node.more_than, node.at_most, node.less_than):
                if bound is not None:
                    yield from _around(term.policy.number(bound, term.on))
    yield from _of_benefit(term, term.clause, name)


def _around(bound: float) -> Iterator[float]:
    step = max(abs(bound), 1.0) * STEP
    yield from (bound - step, bound, bound + step)


def _of_benefit(term: Term, clause: PolicyClause, name: str) -> Iterator[float]:
    """Yield nothing, half of what reaches the limit, and twice; for bands both sides of each."""
    benefit = clause.benefit
    if isinstance(benefit, Tiered) and benefit.quantity == name:
        for band in benefit.bands:
            yield from _around(term.policy.number(band.at_least, term.on))
    elif isinstance(benefit, Rate | Interest) and name in _quantities(benefit):
        most, percent = (term.policy.number(one, term.on) for one in (benefit.most_cny, benefit.percent))
        full = most / max(percent, STEP) * 100
        days = isinstance(benefit, Interest) and name == benefit.days
        yield from (0.0, 180.0, 360.0) if days else (0.0, full / 2, 2 * full)


def _quantities(benefit: Rate | Interest | Fixed) -> tuple[str, ...]:
    if isinstance(benefit, Interest):
        return (benefit.principal, benefit.days)
    return (benefit.quantity,) if isinstance(benefit, Rate) else ()
