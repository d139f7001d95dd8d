"""What boards ask of figures: three years of revenue and profit, cash flow, net assets, here and there a market value.

Growth and margins are assumptions: the margin of a year lies around that of the last one, cash flow around profit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liankit.synthetic.draws import Bools, Floats, Ints

_HAS_ACCOUNTS = 0.6  # of those that hand in figures
_HAS_VALUE = 0.08  # the market value is mostly unknown
_PER_REVENUE = (2.0, 9.0)  # market value over revenue


@dataclass(frozen=True)
class ListingFigure:
    """A figure of some enterprises, ``back`` years before the last one; ``values`` are texts as a sheet has them."""

    attribute: str
    owners: Ints
    values: list[str]
    unit: str
    back: int = 0


def draw_listing(
    owners: Ints, revenue: Floats, growth: Floats, margin: Floats, rng: np.random.Generator
) -> Iterator[ListingFigure]:
    """Yield the figures; ``revenue`` and ``margin`` are last year's, ``growth`` that of last year, by owner."""
    size = len(owners)
    has = rng.random(size) < _HAS_ACCOUNTS
    before = revenue / (1 + growth)
    years = (revenue, before, before / (1 + growth * (0.5 + rng.random(size))))
    noise = [0.0 * growth, *((rng.random(size) - 0.5) * 0.06 for _ in range(2))]
    profits = [year * (margin + part) for year, part in zip(years, noise, strict=True)]
    yield _money("revenue_cny", owners, years[2], has, 2)
    for back in (1, 2):
        yield _money("net_profit_cny", owners, profits[back], has, back)
    for back, (year, profit) in enumerate(zip(years, profits, strict=True)):
        yield _money("operating_cash_flow_cny", owners, profit + year * (rng.random(size) - 0.4) * 0.1, has, back)
    yield _money("net_assets_cny", owners, revenue * (0.4 + 0.8 * rng.random(size)), has, 0)
    low, high = _PER_REVENUE
    value = revenue * (low + (high - low) * rng.random(size))
    yield _money("expected_market_cap_cny", owners, value, has & (rng.random(size) < _HAS_VALUE), 0)


def _money(attribute: str, owners: Ints, values: Floats, has: Bools, back: int) -> ListingFigure:
    texts = [f"{value:.0f}" for value in np.round(values[has] / 1000) * 1000 + 0.0]
    return ListingFigure(attribute, owners[has], texts, "CNY", back)
