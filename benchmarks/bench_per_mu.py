"""Judging by yield per mu: everything of a table, and one what-if of weights, against a loop that does one by one."""

from __future__ import annotations

import time
from importlib.resources import files

import numpy as np
import polars as pl

from liankit.rules.per_mu import Prepared, prepare
from liankit.rules.per_mu_method import Method, build_method
from liankit.rules.per_mu_moves import moves
from liankit.yaml_text import read_yaml

_WEIGHTS = {"above": {"tax": 40.0, "value_added": 10.0}}


def method() -> Method:
    """Return the usual form of the province: six indicators, cap 1.5, four classes."""
    file = files("liandesk.packs").joinpath("zhejiang", "per_mu", "zhejiang_usual.yaml")
    return build_method(read_yaml(file.read_text(encoding="utf-8")), "zhejiang_usual")


def table(found: Method, size: int) -> pl.DataFrame:
    """Return enterprises above scale around the base values, one in a thousand without R&D."""
    random = np.random.default_rng(11)
    columns: dict[str, np.ndarray] = {name: np.ones(size) for name in found.quantities} | {
        "revenue_cny": np.full(size, 1e8)
    }
    for key, years in found.group("above").bases.items():
        columns[found.indicator(key).quantity] = years[2022] * random.lognormal(0, 0.8, size)
    columns["rd_intensity"] = np.where(random.random(size) < 0.001, np.nan, columns["rd_intensity"])
    return pl.DataFrame({"enterprise": [str(row) for row in range(size)], **columns})


def one_by_one(found: Method, rows: pl.DataFrame) -> list[float]:
    """Return the least score of each enterprise, one after the other: what the vectors are held against."""
    group = found.group("above")
    scores = []
    for row in rows.iter_rows(named=True):
        score = 0.0
        for key, weight in group.weights.items():
            value = row[found.indicator(key).quantity] / group.bases[key][2022]
            score += weight * (0.0 if np.isnan(value) else min(max(value, 0.0), group.cap or np.inf))
        scores.append(score)
    return scores


def _what_if(ready: Prepared) -> float:
    before = ready.scored()
    start = time.perf_counter()
    moves(before, ready.scored(_WEIGHTS))
    return time.perf_counter() - start


def main() -> None:
    """Print seconds for 1,000 to 1,000,000 enterprises, and the ratio to the loop at 10,000."""
    found = method()
    for size in (1_000, 10_000, 100_000, 1_000_000):
        rows = table(found, size)
        start = time.perf_counter()
        ready = prepare(found, rows, 2022)
        scored = ready.scored()
        whole = time.perf_counter() - start
        start = time.perf_counter()
        assert scored.points.height == 6 * size
        points = time.perf_counter() - start
        said = f"{size:>9,} enterprises: scores and classes {whole:.3f} s, points of each {points:.3f} s"
        print(f"{said}, one what-if with who moves {_what_if(ready):.3f} s")
        if size == 10_000:
            start = time.perf_counter()
            plain = one_by_one(found, rows)
            taken = time.perf_counter() - start
            assert np.allclose(plain, scored.low)
            print(f"{'':>9} one by one, scores alone: {taken:.3f} s, {taken / whole:.1f} times as long; equal scores")


if __name__ == "__main__":
    main()
