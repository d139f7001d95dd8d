"""What clauses of policies ask of last year: loans and their days, equipment, rent, premiums of insurance.

A share of the enterprises that hand in figures leaves each open; whoever answered and has none says 0. All shares and
sizes are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liankit.synthetic.draws import Floats, Ints, skewed, stratified

_OPEN = {
    "loan_principal_cny": 0.12,
    "loan_days": 0.08,
    "equipment_investment_cny": 0.1,
    "rent_paid_cny": 0.15,
    "trial_insurance_cny": 0.1,
    "product_insurance_cny": 0.2,
}
"""Share of enterprises that leave a figure open."""
_HAVE = {
    "loan_principal_cny": 0.65,
    "equipment_investment_cny": 0.7,
    "rent_paid_cny": 0.55,
    "trial_insurance_cny": 0.15,
    "product_insurance_cny": 0.3,
}
"""Share of enterprises that have any of it."""


@dataclass(frozen=True)
class PolicyFigure:
    """A figure of some enterprises: ``owners`` are places, ``values`` texts as a sheet has them."""

    attribute: str
    owners: Ints
    values: list[str]
    unit: str


def draw_policies(owners: Ints, revenue: Floats, rng: np.random.Generator) -> Iterator[PolicyFigure]:
    """Yield the figures of enterprises by their revenue of last year."""
    size = len(owners)
    figures = {
        "loan_principal_cny": revenue * skewed(stratified(rng, size), 0.12, 2.2, 1.0),
        "equipment_investment_cny": revenue * skewed(stratified(rng, size), 0.06, 1.8, 0.8),
        "rent_paid_cny": revenue * skewed(stratified(rng, size), 0.015, 2.4, 0.1),
        "trial_insurance_cny": skewed(stratified(rng, size), 220_000, 2.6, 2_000_000),
        "product_insurance_cny": revenue * skewed(stratified(rng, size), 0.002, 2.4, 0.02),
    }
    for name, values in figures.items():
        has = rng.random(size) < _HAVE[name]
        yield _answered(name, owners, np.where(has, np.round(values / 1000) * 1000, 0.0), "CNY", rng)
    days = np.where(rng.random(size) < 0.5, 365.0, np.floor(30 + 335 * rng.random(size)))
    yield _answered("loan_days", owners, days, "days", rng)


def _answered(name: str, owners: Ints, values: Floats, unit: str, rng: np.random.Generator) -> PolicyFigure:
    is_said = rng.random(len(owners)) >= _OPEN[name]
    return PolicyFigure(name, owners[is_said], [f"{value:.0f}" for value in values[is_said]], unit)
