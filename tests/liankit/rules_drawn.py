"""Random facts over the whole vocabulary that is shipped, for any number of enterprises."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from liankit.rules.packs import Rules
from liankit.rules.panel import FACTS
from liankit.rules.vocabulary import Input

ON = date(2024, 9, 30)
KNOWN = 0.9
"""The share of inputs that is known of an enterprise."""


def draw(rules: Rules, enterprises: int) -> pl.DataFrame:
    """Return random facts with ``FACTS``: three years of what is yearly, two events of each kind."""
    random = np.random.default_rng(7)
    names = pl.Series([f"E{at}" for at in range(enterprises)])
    parts = []
    for one in rules.vocabulary.inputs:
        times = {"yearly": 3, "events": 2}.get(one.kind, 1)
        parts += [_drawn(one, names, back, random) for back in range(times)]
    return pl.concat(parts)


def _drawn(one: Input, names: pl.Series, back: int, random: np.random.Generator) -> pl.DataFrame:
    rows = np.flatnonzero(random.random(len(names)) < KNOWN)
    codes = [code.code for code in one.codes] or ["a", "b", "c"]
    words = {"flag": ["yes", "no"], "events": codes, "category": codes}.get(one.kind)
    days = pl.Series(np.full(len(rows), np.datetime64(date(ON.year - 1 - back, 12, 31))))
    if one.kind in ("date", "events"):
        days = pl.Series(np.datetime64(ON) - random.integers(1, 3000, len(rows)))
    scale = 1e8 if one.unit == "CNY" else 50
    return pl.DataFrame(
        {
            "enterprise": names.gather(rows),
            "input": one.key,
            "date": days.cast(pl.Date),
            "until": None if one.kind != "events" else days.cast(pl.Date) + timedelta(days=1500),
            "number": None if one.kind in ("flag", "category", "date") else scale * random.lognormal(0, 1, len(rows)),
            "text": random.choice(words, len(rows)) if words else None,
        },
        schema=FACTS,
    )
