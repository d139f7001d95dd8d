"""What judging land by its yield asks: land, tax, value added, energy, emissions, electricity and heads of a year.

Medians stand near the base values that a county of the province published for 2022; all else is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

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
_OWNER_KNOWN, _ON_A_PLOT = 0.8, 3
"""Share of tenants of whom it is known whose plot they rent on, and the most that rent on one."""


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


def with_plots(facts: pl.DataFrame, names: Sequence[str], rng: np.random.Generator) -> pl.DataFrame:
    """Return the facts with the owner of the plot of most tenants, and with the owners' lettings, one day each.

    ``facts`` has the columns of ``figures.FACT_SCHEMA``; ``names`` are those of the places.
    """
    tenure = facts.filter(attribute="is_tenant").sort("owner")
    lands = facts.filter(attribute="land_mu")["owner"]
    owners = rng.permutation(tenure.filter(pl.col("value") == "no", pl.col("owner").is_in(lands.implode()))["owner"])
    tenants = rng.permutation(tenure.filter(value="yes")["owner"])
    tenants = tenants[rng.random(len(tenants)) < _OWNER_KNOWN]
    lines = []
    for at, tenant in enumerate(tenants if len(owners) else []):
        plot, place = divmod(at, _ON_A_PLOT)
        owner = owners[plot % len(owners)]
        line = tenure.filter(owner=tenant).row(0, named=True)
        day = line["as_of"] - timedelta(days=30 * place + 1)  # one letting a day, as a sheet of dated facts asks
        lines.append(line | {"attribute": "plot_owner", "value": names[owner]})
        lines.append(line | {"owner": owner, "attribute": "lettings", "value": names[tenant], "as_of": day})
    return pl.concat([facts, pl.DataFrame(lines, schema=facts.schema)])
