"""What judging land by its yield asks: land, tax, value added, energy, emissions, electricity and heads of a year.

Medians stand near the base values that a county of the province published for 2022; all else is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liankit.synthetic.draws import Floats, Ints, skewed, stratified


@dataclass(frozen=True)
class PerMuFigure:
    """A figure of some enterprises: ``owners`` are places, ``values`` texts as a sheet has them."""

    attribute: str
    owners: Ints
    values: list[str]
    unit: str


_MISSING = {"emissions_t": 0.12, "energy_tce": 0.02, "value_added_cny": 0.02, "digital_level": 0.03}
"""Share of enterprises of which a figure is not known; of emissions most."""
_LEASTS = {"land_mu": 0.4, "employees": 1.0}
_TENANTS, _NEW_LAND = 0.18, 0.04


def draw_per_mu(owners: Ints, revenue: Floats, year: int, rng: np.random.Generator) -> list[PerMuFigure]:
    """Return the figures of enterprises by their revenue of ``year``, the last closed one."""
    size = len(owners)
    land = skewed(stratified(rng, size), 1.0, 2.4, 12) * revenue / 4_600_000  # half yield over 4.6 million a mu
    added = revenue * (0.08 + 0.42 * stratified(rng, size))
    added[rng.random(size) < 0.03] *= -0.2  # some destroy value
    figures = {
        "land_mu": (land, 1, "mu"),
        "value_added_cny": (added, 0, "CNY"),
        "tax_paid_cny": (revenue * skewed(stratified(rng, size), 0.045, 2.6, 0.2), 0, "CNY"),
        "energy_tce": (revenue / 10_000 / skewed(stratified(rng, size), 11.0, 2.2, 200), 1, "tce"),
        "emissions_t": (revenue / 10_000 / skewed(stratified(rng, size), 20_000, 1.8, 400_000), 3, "t"),
        "electricity_kwh": (revenue / skewed(stratified(rng, size), 16.0, 2.4, 300), 0, "kWh"),
        "main_business_revenue_cny": (revenue * (0.86 + 0.14 * rng.random(size)), 0, "CNY"),
        "employees": (revenue / skewed(stratified(rng, size), 950_000, 3.0, 6_000_000), 0, "people"),
        "digital_level": (1 + np.floor(4 * rng.random(size) ** 1.4), 0, "level"),
    }
    drawn = [_figure(name, owners, *figure, rng) for name, figure in figures.items()]
    return [*drawn, *_land_and_tenure(owners, year, rng)]


def _figure(name: str, owners: Ints, values: Floats, decimals: int, unit: str, rng: np.random.Generator) -> PerMuFigure:
    is_known = rng.random(len(owners)) >= _MISSING.get(name, 0.0)
    kept = np.maximum(values, _LEASTS.get(name, -np.inf))[is_known]
    return PerMuFigure(name, owners[is_known], [f"{value:.{decimals}f}" for value in kept], unit)


def _land_and_tenure(owners: Ints, year: int, rng: np.random.Generator) -> Iterator[PerMuFigure]:
    rents = rng.random(len(owners)) < _TENANTS
    yield PerMuFigure("is_tenant", owners, ["yes" if one else "no" for one in rents], "")
    is_new = ~rents & (rng.random(len(owners)) < _NEW_LAND)
    yield PerMuFigure("land_supplied", owners[is_new], [f"{year - 1}-06-30"] * int(is_new.sum()), "")
