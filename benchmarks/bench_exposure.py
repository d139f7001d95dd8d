"""Seconds of ``exposure`` at 5,000 and 50,000 entries, and how they grow; each entry has six suppliers to look at."""

from __future__ import annotations

import time

import numpy as np
import polars as pl

from liankit.risk import exposure

SIZES = (5_000, 50_000)
ROUNDS = 3
COUNTRIES = ("CN", "DE", "US", "JP", "IN", "CH")


def random_tables(entries: int, seed: int = 7) -> tuple[pl.DataFrame, ...]:
    """Return the four input tables of about ``entries`` entries: two inputs an item, half of them naming suppliers."""
    random = np.random.default_rng(seed)
    n_items, n_inputs = entries // 3, entries - entries // 3
    items = np.array([f"item{i}" for i in range(n_items)])
    buyers = np.array([f"buyer{i}" for i in range(max(1, n_inputs // 5))])
    inputs = pl.DataFrame({"buyer": random.choice(buyers, n_inputs), "item": items[np.arange(n_inputs) % n_items]})
    return (
        pl.DataFrame({"item": items, "name": items, "item_kind": "other"}),
        _supplies(random, items, inputs.sample(fraction=0.5, seed=seed)),
        _uses(random, pl.concat([inputs, inputs])),
        pl.DataFrame({"item": items, "complete": random.random(n_items) < 0.5}),
    )


def _supplies(random: np.random.Generator, items: np.ndarray, naming: pl.DataFrame) -> pl.DataFrame:
    market = pl.DataFrame({"item": items.repeat(6), "buyer": None}, schema={"item": pl.String, "buyer": pl.String})
    rows = pl.concat([market, naming.select("item", "buyer"), naming.select("item", "buyer")])
    country = random.choice(COUNTRIES, len(rows))
    return rows.with_columns(
        pl.Series("supplier", random.integers(0, len(items), len(rows))).cast(pl.String),
        pl.when(pl.Series(random.random(len(rows)) < 0.8)).then(pl.Series(country)).alias("country"),
        pl.when(pl.Series(random.random(len(rows)) < 0.3)).then(pl.Series(random.random(len(rows)) / 8)).alias("share"),
        pl.lit(None, pl.Float64).alias("amount_cny"),
    )


def _uses(random: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    n = len(rows)
    return rows.with_columns(
        pl.Series("product", random.integers(0, 4000, n)).cast(pl.String),
        pl.when(pl.Series(random.random(n) < 0.7))
        .then(pl.Series(random.integers(1, 900, n) * 1e5))
        .alias("output_cny"),
        pl.when(pl.Series(random.random(n) < 0.7)).then(pl.Series(random.random(n) < 0.5)).alias("another_source"),
        pl.when(pl.Series(random.random(n) < 0.7)).then(pl.Series(random.integers(5, 200, n))).alias("stock_days"),
        pl.lit(6.0).alias("switch_months_low"),
        pl.lit(15.0).alias("switch_months_high"),
        pl.lit("assumed").alias("switch_basis"),
    )


def measure(entries: int) -> tuple[int, float]:
    """Return the entries computed and the best of ``ROUNDS`` times in seconds."""
    tables = random_tables(entries)
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = exposure(*tables, home_country="CN")
        seconds.append(time.perf_counter() - start)
    return len(found.entries), min(seconds)


def main() -> None:
    """Print seconds at each size, and how many times longer ten times the entries take."""
    results = [measure(size) for size in SIZES]
    for entries, seconds in results:
        print(f"{entries:>7,} entries: {seconds:.3f} s")
    print(f"growth for {SIZES[-1] // SIZES[0]} times the entries: {results[-1][1] / results[0][1]:.1f}")


if __name__ == "__main__":
    main()
