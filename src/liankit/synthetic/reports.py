"""Invented monthly reports of offices, some of which make the ends of quarters look better than they were.

To see what a test of quarter-end jumps finds and what it invents: who games is drawn by the seed and told apart from
the table, which the test never reads. All is synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reports:
    """``table``: unit, on (the month's end), value (what was added in it); ``planted``: the units that game."""

    table: pl.DataFrame
    planted: frozenset[str]


def generate_reports(units: int = 200, months: int = 60, planted: int = 20, *, seed: int) -> Reports:
    """Return what offices reported monthly up to the end of 2024, from a seed.

    Each has a size, a trend, noise that lasts, and the season of all, in which the last months of quarters are busier
    in earnest. Who games pulls a fifth to a half of the month after a quarter's end into it.
    """
    random = np.random.default_rng(seed)
    added = _honest(units, months, random)
    ends = pl.date_range(pl.date(2025, 1, 1).dt.offset_by(f"-{months}mo"), date(2024, 12, 1), "1mo", eager=True)
    days = ends.dt.month_end()
    who = np.sort(random.choice(units, planted, replace=False))
    added[who] = _pulled(added[who], days.dt.month().to_numpy(), random)
    names = [f"office-{place + 1:03}" for place in range(units)]
    table = pl.DataFrame(
        {"unit": np.repeat(names, months), "on": pl.concat([days] * units), "value": added.ravel().round(2)}
    )
    return Reports(table, frozenset(names[place] for place in who))


def _honest(units: int, months: int, random: np.random.Generator) -> Floats:
    """Return what is added, (units, months): size x trend x season x lasting noise."""
    size = random.lognormal(3, 1, (units, 1))
    trend = np.exp(random.normal(0.05, 0.08, (units, 1)) * np.arange(months) / 12)
    season = 1 + 0.15 * (np.arange(months) % 3 == (months - 1) % 3) + 0.1 * np.sin(np.arange(months) / 6 * np.pi)
    noise = random.normal(0, 1, (units, months))
    for month in range(1, months):
        noise[:, month] = 0.4 * noise[:, month - 1] + np.sqrt(1 - 0.4**2) * noise[:, month]
    return size * trend * season * np.exp(random.uniform(0.15, 0.35, (units, 1)) * noise)


def _pulled(added: Floats, months: npt.NDArray[np.int8], random: np.random.Generator) -> Floats:
    """Move a share of the month after each quarter's end into the last month of the quarter."""
    share = random.uniform(0.2, 0.5, (len(added), 1))
    ends = np.flatnonzero(months[:-1] % 3 == 0)
    moved = added.copy()
    moved[:, ends] += share * added[:, ends + 1]
    moved[:, ends + 1] -= share * added[:, ends + 1]
    return moved
