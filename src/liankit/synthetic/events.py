"""Invented disruptions of the items of an invented district: the more concentrated and the farther, the likelier.

A model can therefore learn from them. The strengths are assumptions, about nothing real.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from liankit.synthetic.draws import Floats, pick, skewed, stream

DISRUPTION_SCHEMA = {
    "item": pl.String,
    "item_name": pl.String,
    "supplier": pl.String,
    "supplier_name": pl.String,
    "country": pl.String,
    "cause": pl.String,
    "began_on": pl.Date,
    "ended_on": pl.Date,  # null: not known to have ended
}

_MONTHLY = 0.005  # of an item with many makers at home
_CONCENTRATED, _ABROAD, _FRAILTY = 1.4, 0.9, 0.8  # added to the logarithm of the monthly rate
_OPEN = 0.08  # share of disruptions of which no end was told
_CAUSES = {"raw_material": 3, "production": 3, "quality": 2, "demand": 1, "logistics": 1, "halt": 0.5}
_CAUSES_ABROAD = {**_CAUSES, "logistics": 4, "trade": 2}
_PART = 14  # of the generator's streams


def draw_disruptions(supplies: pl.DataFrame, *, home: str, first: date, last: date, seed: int) -> pl.DataFrame:
    """Return ``DISRUPTION_SCHEMA``, by day and item, of the months from ``first`` to ``last``.

    ``supplies``: item, item_name, supplier, supplier_name, country; the makers of each item. ``home`` is the country
    whose makers are not abroad. Equal arguments give equal tables.
    """
    items = supplies.unique("item").sort("item")
    makers = {key[0]: rows.sort("supplier") for key, rows in supplies.unique(["item", "supplier"]).group_by("item")}
    rng = stream(seed, _PART)
    months = _months(first, last)
    rows = []
    for item, name in items.select("item", "item_name").iter_rows():
        rate = _rate(makers[item], home, float(rng.random()))
        struck = np.flatnonzero(rng.random(len(months)) < rate)
        for at in struck:
            rows.append((item, name, *_one(makers[item], home, months[at], last, rng.random(5))))
    return pl.DataFrame(rows, schema=DISRUPTION_SCHEMA, orient="row").sort("began_on", "item")


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    return [date(first.year + (first.month - 1 + at) // 12, (first.month - 1 + at) % 12 + 1, 1) for at in range(count)]


def _rate(makers: pl.DataFrame, home: str, uniform: float) -> float:
    """Return the chance of a disruption in one month: by how few the makers are, how many are abroad, and by luck."""
    abroad = float((makers["country"] != home).fill_null(False).mean() or 0.0)  # type: ignore[arg-type]
    frailty = _FRAILTY * (2 * uniform - 1)
    return float(_MONTHLY * np.exp(_CONCENTRATED / makers.height + _ABROAD * abroad + frailty))


def _one(
    makers: pl.DataFrame, home: str, month: date, last: date, uniform: Floats
) -> tuple[str, str, str, str, date, date | None]:
    maker = makers.row(int(uniform[0] * makers.height), named=True)
    weights = _CAUSES if maker["country"] == home else _CAUSES_ABROAD
    cause = list(weights)[int(pick(uniform[1:2], list(weights.values()))[0])]
    began = month + timedelta(days=int(uniform[2] * 28))
    ended = began + timedelta(days=int(skewed(uniform[3:4], 60.0, 1.8, 540.0)[0]) + 5)
    is_open = uniform[4] < _OPEN or ended > last
    return maker["supplier"], maker["supplier_name"], maker["country"], cause, began, None if is_open else ended
