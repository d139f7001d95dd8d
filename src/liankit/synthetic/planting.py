"""Three things put into every district so that the desk can be tried on them; only ``District.planted`` tells them.

A maker abroad that alone supplies an item several large enterprises need; one enterprise written down twice; one
that misses a grade by a single clause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liankit.errors import UserError
from liankit.synthetic.draws import Bools, Ints
from liankit.synthetic.population import Population
from liankit.synthetic.vocabulary import Vocabulary

MOST_BUYERS = 6
FEWEST_BUYERS = 3
_MOSTLY_ABROAD = 0.6
_WIDE = 0.85


@dataclass(frozen=True)
class Planted:
    """What is planted, by the names in the tables: the answers against which lists are tried."""

    critical_supplier: str
    critical_item: str
    critical_buyers: tuple[str, ...]
    duplicate: tuple[str, str]
    near_miss: str
    near_miss_clause: str


@dataclass(frozen=True)
class Plan:
    """What will be planted, by place in the population and in the vocabulary's items."""

    item: int
    buyers: Ints
    duplicate: int
    near_miss: int


def plan_planted(vocabulary: Vocabulary, population: Population, can_use: Bools, rng: np.random.Generator) -> Plan:
    """Choose the item, its buyers, the enterprise written twice and the one just below a grade."""
    near_miss, duplicate = _middling(population, rng)
    item, buyers = _critical(vocabulary, population, can_use, [near_miss, duplicate], rng)
    return Plan(item, buyers, duplicate, near_miss)


def with_near_miss(
    vocabulary: Vocabulary, population: Population, plan: Plan, rng: np.random.Generator
) -> tuple[Population, dict[str, float]]:
    """Return the population in which the chosen enterprise has the figures of a near miss, and the figures."""
    figures = {
        key: low + (high - low) * float(rng.random()) for key, (low, high) in vocabulary.near_miss.values.items()
    }
    output, age, employees = (values.copy() for values in (population.output, population.age, population.employees))
    output[plan.near_miss] = round(figures["revenue_cny"] / 10_000) * 10_000
    age[plan.near_miss] = max(age[plan.near_miss], figures["market_years"] + 2)
    employees[plan.near_miss] = round(output[plan.near_miss] / vocabulary.calibration.output_per_employee_cny)
    return replace(population, output=output, age=age, employees=employees), figures


def _middling(population: Population, rng: np.random.Generator) -> tuple[int, int]:
    """Return two enterprises that are neither small nor among the largest."""
    known = population.enterprises[~np.isnan(population.output[population.enterprises])]
    ordered = known[np.argsort(population.output[known], kind="stable")]
    middle = ordered[int(len(ordered) * 0.45) : int(len(ordered) * 0.75)]
    first, second = rng.permutation(middle)[:2].tolist()
    return first, second


def _critical(
    vocabulary: Vocabulary,
    population: Population,
    can_use: Bools,
    taken: list[int],
    rng: np.random.Generator,
) -> tuple[int, Ints]:
    """Return an item bought mostly abroad and its largest users.

    It is drawn among the items of widest reach: the sum of the roots of its users' outputs, so that several large
    users count for more than a single giant.
    """
    free = ~np.isnan(population.output)
    free[taken] = False
    users = {at: _largest(population, can_use[:, at] & free) for at in _candidates(vocabulary)}
    reach = {at: np.sqrt(population.output[rows]).sum() for at, rows in users.items() if len(rows) >= FEWEST_BUYERS}
    if not reach:
        raise UserError(
            f"No item of the kinds {', '.join(vocabulary.critical_kinds)} that is mostly imported has "
            f"{FEWEST_BUYERS} users. Add items or uses to the vocabulary, or ask for more enterprises."
        )
    most = max(reach.values())
    wide = [at for at, value in reach.items() if value >= _WIDE * most]
    item = wide[int(rng.random() * len(wide))]
    return item, users[item]


def _candidates(vocabulary: Vocabulary) -> list[int]:
    return [
        at
        for at, item in enumerate(vocabulary.items)
        if item.imported >= _MOSTLY_ABROAD and item.kind in vocabulary.critical_kinds
    ]


def _largest(population: Population, users: Bools) -> Ints:
    """Return the largest of the users, at most a quarter of them, largest first."""
    rows = np.flatnonzero(users)
    ordered = rows[np.argsort(-population.output[rows], kind="stable")]
    return ordered[: min(MOST_BUYERS, max(FEWEST_BUYERS, len(rows) // 4))]
