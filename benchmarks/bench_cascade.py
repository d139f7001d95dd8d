"""The cascade against a plain sweep and a batched SciPy, in one process: ms a scenario, ratios, how they grow.

``python -m benchmarks.bench_cascade [FIRMS ...]``; by default 1,000, 10,000 and 100,000. The networks are made: degrees and
amounts with heavy tails, 400 sectors, a third of the pairs of sectors essential. Single firms fail; ``eps`` 0.01.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from benchmarks.cascade_scipy import score_all
from benchmarks.cascade_sweep import sweep_all
from liankit.risk.cascade.arrays import Arrays, build_arrays
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.run import EPS, run_scenarios
from liankit.risk.cascade.scenarios import Scenarios

SIZES = (1_000, 10_000, 100_000)
LINKS_A_FIRM = 10
SECTORS = 400
BASELINE_SCENARIOS = {1_000: 1_000, 10_000: 256, 100_000: 64}


def made_network(firms: int, seed: int = 7) -> SupplyNetwork:
    """Return a network with heavy tails, the same for the same seed."""
    rng = np.random.default_rng(seed)
    codes = [f"{number:04d}" for number in range(SECTORS)]
    attraction = [rng.pareto(1.5, firms) + 1 for _ in range(2)]
    supplier, buyer = (rng.choice(firms, firms * LINKS_A_FIRM, p=one / one.sum()).astype(str) for one in attraction)
    links = pl.DataFrame({"supplier_id": supplier, "buyer_id": buyer, "value": rng.lognormal(10, 2, len(supplier))})
    table = pl.DataFrame({"firm_id": np.arange(firms).astype(str), "sector": rng.choice(codes, firms)})
    levels = rng.choice([0, 1, 2], (SECTORS, SECTORS), p=[0.64, 0.12, 0.24])
    essential = pl.DataFrame({"sector": codes, **{code: levels[:, place] for place, code in enumerate(codes)}})
    return build_network(table, links, essential)


def failing(arrays: Arrays, count: int) -> Scenarios:
    """Return scenarios of single firms drawn without regard to their size."""
    firms = np.random.default_rng(1).permutation(len(arrays.order))[:count].astype(np.int32)
    whole = np.ones(len(firms))
    return Scenarios(pl.Series(firms), np.arange(len(firms) + 1, dtype=np.int64), firms, whole, whole)


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def _warm_up() -> float:
    arrays = build_arrays(made_network(200))
    scenarios = failing(arrays, 20)
    scores, steps = np.empty(20), np.empty(20, np.int32)
    return _seconds(
        lambda: (
            run_scenarios(arrays, scenarios),
            sweep_all(arrays, scenarios.firms.astype(np.int64), EPS, scores, steps),
        )
    )[0]


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print one line a size."""
    print(f"compiled in {_warm_up():.1f} s (from the cache where there is one)")
    print("firms      links      build s   ms/scenario   plain sweep      SciPy x32        all firms s   peak MB")
    for size in sizes:
        building, network = _seconds(lambda size=size: made_network(size))
        arrays = build_arrays(network)
        every = failing(arrays, size)
        spent, (scores, steps) = _seconds(lambda: run_scenarios(arrays, every))
        base = failing(arrays, BASELINE_SCENARIOS.get(size, 32))
        place = np.empty(size, np.int64)
        place[arrays.order] = np.arange(size)
        inner = place[base.firms]
        plain, counted = np.empty(len(inner)), np.empty(len(inner), np.int32)
        sweep_s = _seconds(lambda: sweep_all(arrays, inner, EPS, plain, counted))[0] / len(inner)  # noqa: B023
        scipy_s, (batched, batched_steps) = _seconds(lambda: score_all(arrays, inner, EPS))  # noqa: B023
        for found, number in ((plain, counted), (batched, batched_steps)):
            np.testing.assert_allclose(found, scores[: len(inner), 0], atol=1e-9)
            assert (number == steps[: len(inner)]).all(), "a baseline took other steps"
        own, scipy_s = spent / size, scipy_s / len(inner)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:<10,} {len(network.supplier):<10,} {building:<9.1f} {own * 1e3:<13.3f} "
            f"{sweep_s * 1e3:>7.2f} ({sweep_s / own:>4.0f}x)  {scipy_s * 1e3:>7.2f} ({scipy_s / own:>4.0f}x) "
            f"{spent:>10.1f} {peak:>10,.0f}"
        )


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
