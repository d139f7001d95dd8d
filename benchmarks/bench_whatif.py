"""One what-if with the network loaded: the body of the worker's job over 100,000 lines, one core.

``python -m benchmarks.bench_whatif [LINES]``. One link a line, as the demo's district has, and ten. Lines of networks
with heavy tails fail wholly, one at a time, drawn without regard to their size; a third of the shares are known, the
others are intervals, so that in the dense network every failure may come to everybody.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import polars as pl

from liandesk.assess.whatif.answer import Loaded, answer, load

LINKS_A_LINE = {1: 100, 10: 6}  # and how many what-ifs are asked of each
ITEMS_A_LINE = 0.3
CRITICAL = 0.2  # of the links: an input that somebody said to be critical


def made_tables(size: int, links_a_line: int, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return lines and links as a snapshot has them, the same for the same seed."""
    rng = np.random.default_rng(seed)
    items = rng.integers(0, int(size * ITEMS_A_LINE), size).astype(str)
    names = np.arange(size).astype(str)
    lines = pl.DataFrame({"line": names, "owner": names, "organisation": names, "name": names, "item": items})
    lines = lines.with_columns(
        item_name="item",
        output_cny=rng.lognormal(16, 2, size),
        is_product=True,
        is_district=True,
        town=pl.lit("330113001"),
        coverage=rng.uniform(0.4, 1, size),
        is_synthetic=True,
    )
    return lines, _links(rng, lines, size * links_a_line)


def _links(rng: np.random.Generator, lines: pl.DataFrame, count: int) -> pl.DataFrame:
    attraction = [rng.pareto(1.5, lines.height) + 1 for _ in range(2)]
    ends = [rng.choice(lines.height, count, p=one / one.sum()) for one in attraction]
    links = pl.DataFrame({"supplier": lines["line"][ends[0]], "buyer": lines["line"][ends[1]]}).unique(
        maintain_order=True
    )
    item = lines.select("line", "item")
    links = links.join(item, left_on="supplier", right_on="line", how="left", maintain_order="left")
    sellers = pl.len().over("buyer", "item")
    known = pl.Series(rng.uniform(size=links.height) < 1 / 3)
    return links.with_columns(
        share_low=pl.when(known).then(1 / sellers).otherwise(0.0),
        share_high=pl.when(known).then(1 / sellers).otherwise(1.0),
        essential=pl.when(pl.Series(rng.uniform(size=links.height) < CRITICAL)).then(pl.lit(2, pl.Int8)),
        stock_days_low=pl.Series(rng.uniform(0, 60, links.height)),
        stock_days_high=pl.Series(rng.uniform(60, 120, links.height)),
    )


def main(size: int = 100_000) -> None:
    """Print how long loading and one answer take, sparse and dense."""
    for links_a_line, asked in LINKS_A_LINE.items():
        lines, links = made_tables(size, links_a_line)
        begun = time.perf_counter()
        loaded = load(lines, links)
        print(f"{size:,} lines, {links.height:,} links loaded in {time.perf_counter() - begun:.1f} s")
        _ask(loaded, asked)


def _ask(loaded: Loaded, count: int) -> None:
    spent, used, hits = [], [], []
    for line in np.random.default_rng(1).choice(loaded.lines.height, count, replace=False).astype(str):
        begun, busy = time.perf_counter(), time.process_time()
        found = answer(loaded, pl.DataFrame({"line": [line], "loss": [1.0]}), (), 0.5)
        spent.append(time.perf_counter() - begun)
        used.append(time.process_time() - busy)
        hits.append(found.hits.height)
    print(f"one what-if: {_told(spent)}; of processors: {_told(used)}")
    print(f"lines hit: median {np.median(hits):,.0f}, most {max(hits):,}")


def _told(seconds: list[float]) -> str:
    return ", ".join(f"{name} {np.quantile(seconds, share) * 1e3:,.0f} ms" for name, share in _QUANTILES.items())


_QUANTILES = {"median": 0.5, "p95": 0.95, "worst": 1.0}

if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
