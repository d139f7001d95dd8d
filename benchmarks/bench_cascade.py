"""The cascade against a plain sweep and a batched SciPy, in one process a size: ms a scenario, ratios, how they grow.

``python -m benchmarks.bench_cascade [FIRMS ...]``; by default 1,000, 10,000 and 100,000. The networks are made so that
a cascade takes as many steps as in the published measurements (5 to 8 of 1,000 firms, 3.5 of more): suppliers and heavy
buyers with Pareto tails, 616 sectors of which 17 % of the pairs are essential. Single firms fail; ``eps`` is 0.01.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numba import njit

from benchmarks.cascade_scipy import score_all
from benchmarks.cascade_sweep import sweep_all
from liankit.risk.cascade import rooms, sweeping
from liankit.risk.cascade.arrays import Arrays, build_arrays
from liankit.risk.cascade.lanes import LANES
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.run import EPS, run_scenarios
from liankit.risk.cascade.scenarios import Scenarios

SIZES = (1_000, 10_000, 100_000)
LINKS_A_FIRM = 10
SECTORS = 616
OWN_SCENARIOS = {1_000: 1_000, 10_000: 10_000, 100_000: 2_048}
BASELINE_SCENARIOS = {1_000: 1_000, 10_000: 256, 100_000: 64}
ROW = 8 * LANES
"""Bytes of one number of each lane."""


def made_network(firms: int, seed: int = 7, links_a_firm: float = LINKS_A_FIRM) -> SupplyNetwork:
    """Return a network with heavy tails, the same for the same seed."""
    return build_network(*made_tables(firms, seed, links_a_firm))


def made_tables(firms: int, seed: int, links_a_firm: float) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the tables of firms, links and essentiality of a made network."""
    rng = np.random.default_rng(seed)
    codes = [f"{number:04d}" for number in range(SECTORS)]
    ends = []
    for tail in (2.5, 1.1):
        attraction = rng.pareto(tail, firms) + 1
        ends.append(rng.choice(firms, int(firms * links_a_firm), p=attraction / attraction.sum()).astype(str))
    links = pl.DataFrame({"supplier_id": ends[0], "buyer_id": ends[1], "value": rng.lognormal(10, 1, len(ends[0]))})
    table = pl.DataFrame({"firm_id": np.arange(firms).astype(str), "sector": rng.choice(codes, firms)})
    levels = rng.choice([0, 1, 2], (SECTORS, SECTORS), p=[0.71, 0.12, 0.17])
    return table, links, pl.DataFrame({"sector": codes, **{code: levels[:, at] for at, code in enumerate(codes)}})


def failing(arrays: Arrays, count: int) -> Scenarios:
    """Return scenarios of single firms drawn without regard to their size."""
    firms = np.random.default_rng(1).permutation(len(arrays.order))[:count].astype(np.int32)
    whole = np.ones(len(firms))
    return Scenarios(pl.Series(firms), np.arange(len(firms) + 1, dtype=np.int64), firms, whole, whole)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long the work took, and what it gave."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def compile_seconds() -> float:
    """Return how long a first run takes longer than a second one, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        script = (
            "from benchmarks.bench_cascade import *\n"
            "a = build_arrays(made_network(300)); run_scenarios(a, failing(a, 50)); run_scenarios(a, failing(a, 2))"
        )
        command = [sys.executable, "-c", script]
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        first, again = (seconds(lambda: subprocess.run(command, env=environment, check=True))[0] for _ in range(2))
    return first - again


@njit(fastmath=True)
def _add_up(numbers: Any) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def bandwidth() -> float:
    """Return GB read in a second by one thread, in order, from memory."""
    numbers = np.ones(40_000_000)
    _add_up(numbers)
    return numbers.nbytes / min(seconds(lambda: _add_up(numbers))[0] for _ in range(3)) / 1e9


def compare(size: int) -> None:
    """Print one line: own time, both baselines, all in this process; then what a sweep consists of."""
    building, network = seconds(lambda: made_network(size))
    arrays = build_arrays(network)
    chosen = failing(arrays, OWN_SCENARIOS.get(size, 1_000))
    run_scenarios(arrays, failing(arrays, 20))
    spent, (scores, steps) = seconds(lambda: run_scenarios(arrays, chosen))
    own = spent / len(chosen)
    count = BASELINE_SCENARIOS.get(size, 64)
    inner = np.argsort(arrays.order)[chosen.firms[:count]]
    plain, plain_steps = np.empty(count), np.empty(count, np.int32)
    sweep_all(arrays, inner[:1], EPS, plain, plain_steps)
    sweep_s, _ = seconds(lambda: sweep_all(arrays, inner, EPS, plain, plain_steps))
    scipy_s, (batched, batched_steps) = seconds(lambda: score_all(arrays, inner, EPS))
    for found, number in ((plain, plain_steps), (batched, batched_steps)):
        np.testing.assert_allclose(found, scores[:count, 0], atol=1e-9)
        assert (number == steps[:count]).all(), "a baseline took other steps"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sweep_s, scipy_s = sweep_s / count, scipy_s / count
    print(
        f"{size:<9,}{len(network.supplier):<11,}{steps.mean():<7.2f}{building:<9.1f}{own * 1e3:<14.3f}"
        f"{sweep_s * 1e3:>7.2f} ({sweep_s / own:>3.0f}x) {scipy_s * 1e3:>8.2f} ({scipy_s / own:>3.0f}x) {peak:>9,.0f}"
    )
    _print_sweep(arrays)
    _print_dense(arrays)


def _print_sweep(a: Arrays) -> None:
    """Say what one sweep of all lanes spends its time on, and how many bytes it moves against the memory's speed."""
    side = rooms.room_side(a)
    side.down[:] = side.up[0] = np.random.default_rng(0).random(side.down.shape) * 0.01
    links, firms = len(a.sweep_down.shares) + len(a.sweep_up.shares), len(a.sales)
    parts = {
        "markets": lambda: sweeping._weigh(a, side),
        "whole sweep": lambda: sweeping.sweep(a, side, 0),
        "sums": lambda: sweeping.close(a, side, 1),
    }
    spent = {}
    for name, work in parts.items():
        work()
        spent[name] = min(seconds(work)[0] for _ in range(5))
    moved = links * (ROW + 12) + firms * 9 * ROW
    reached, most = moved / spent["whole sweep"] / 1e9, bandwidth()
    said = ", ".join(f"{name} {value * 1e3:.2f} ms" for name, value in spent.items())
    print(f"  {LANES} lanes: {said}; {spent['whole sweep'] / links / LANES * 1e9:.2f} ns a link and scenario;")
    print(
        f"  {moved / 1e6:,.0f} MB asked for in a sweep: {reached:.1f} GB/s, {reached / most:.0%} of {most:.1f} in order"
    )


def _print_dense(arrays: Arrays) -> None:
    """Say what shocks to every firm at once cost, where nothing is sparse."""
    rng, count, firms = np.random.default_rng(2), 2 * LANES, len(arrays.sales)
    losses = rng.random(count * firms) * 0.3
    every = np.tile(np.arange(firms, dtype=np.int32), count)
    dense = Scenarios(pl.Series(np.arange(count)), np.arange(count + 1) * firms, every, losses, losses)
    spent, (_, steps) = seconds(lambda: run_scenarios(arrays, dense))
    one = dense.part(0, 1)
    alone, _ = seconds(lambda: run_scenarios(arrays, one))
    said = f"{spent / count * 1e3:.2f} ms a scenario of {steps.mean():.1f} steps, one alone {alone * 1e3:.1f} ms"
    print(f"  shocks to every firm: {said}")


def interactive(size: int = 100_000) -> None:
    """Print how long one scenario takes by itself: firms drawn at random, and the fifty with most sales."""
    arrays = build_arrays(made_network(size))
    ids = [str(place) for place in arrays.order]
    largest = np.argsort(-arrays.sales)[:50]
    drawn = np.random.default_rng(3).choice(size, 300, replace=False)
    for name, firms in (("drawn at random", drawn), ("with most sales", largest)):
        spent = []
        for firm in firms:
            one = Scenarios(pl.Series([ids[firm]]), np.array([0, 1]), arrays.order[[firm]].astype(np.int32), *_WHOLE)
            spent.append(seconds(lambda one=one: run_scenarios(arrays, one))[0] * 1e3)
        low, high, worst = np.quantile(spent, [0.5, 0.95, 1.0])
        print(
            f"one scenario, {size:,} firms {name}: median {low:.1f} ms, 95th percentile {high:.0f}, worst {worst:.0f}"
        )


_WHOLE = (np.ones(1), np.ones(1))


def main() -> None:
    """Print the compile time, one line a size with its sweep, and what one scenario takes by itself."""
    print(f"compiled, once a machine, in {compile_seconds():.1f} s")
    print("firms    links      steps  build s  ms/scenario   plain sweep    SciPy x32          peak MB", flush=True)
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.bench_cascade", str(size)], check=True)
    interactive()


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        compare(int(asked))
    if len(sys.argv) == 1:
        main()
