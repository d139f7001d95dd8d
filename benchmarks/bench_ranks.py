"""Whether sets of ranks hold the true ranks (the cases of the tests, in full), how wide they are, what they cost."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
from tests.liankit.rank_cases import CASES, coverage

from liankit.risk.ranks import LEVEL, rank_sets
from liankit.risk.resampling import draw_scores


def measure(entries: int) -> float:
    """Return the seconds of resampling and ranking a list: three parts an entry, 200 draws."""
    random = np.random.default_rng(7)
    rows = 3 * entries
    parts = pl.DataFrame(
        {
            "entry": random.integers(0, entries, rows),
            "unit": random.integers(0, 3000, rows),
            "amount": random.lognormal(0, 1.5, rows),
        }
    ).unique(["entry", "unit"])
    scores = parts.group_by("entry").agg(low=pl.col("amount").sum()).with_columns(high=pl.col("low") * 1.3)
    start = time.perf_counter()
    low, high = (scores[name].to_numpy() for name in ("low", "high"))
    rank_sets(low, high, *draw_scores(parts, scores))
    return time.perf_counter() - start


def main() -> None:
    """Print coverage and width of each case, then the seconds for 5,000 and 50,000 entries."""
    print(f"all true ranks of 40 entries held, level {LEVEL:.0%}, 400 runs; mean width in ranks")
    print(f"{'':28}{'joint sets':>20}{'percentiles':>20}")
    for name, case in CASES.items():
        print(
            f"{name:28}"
            + "".join(f"{one.covered:>12.1%}{one.width:>8.1f}" for one in coverage(case, runs=400, entries=40))
        )
    for entries in (5_000, 50_000):
        print(f"{entries:>7,} entries x 200 draws: {measure(entries):.2f} s")


if __name__ == "__main__":
    main()
