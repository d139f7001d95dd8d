"""Seconds for 1,000 interventions at 10,000 firms on one core, each against every cascade it touches; bar: 5 minutes.

Second sources, removed links and stocks on links drawn at random; each firm fails alone, ``eps`` 0.01. Some are held
against all 10,000 cascades run with the intervention built in: what was left out must not change.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import polars as pl

from benchmarks.bench_cascade import made_network
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.interventions import KINDS, find_effects, prepare_changes
from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.run import run_scenarios
from liankit.risk.cascade.scenarios import each_firm

FIRMS, CANDIDATES, CHECKED = 10_000, 1_000, 3


def made_interventions(network: SupplyNetwork, count: int, seed: int = 11) -> pl.DataFrame:
    """Return interventions of every kind on links drawn at random, the same for the same seed."""
    rng = np.random.default_rng(seed)
    link, new = rng.integers(0, len(network.supplier), count), rng.integers(0, network.size, count)
    new = np.where(new == network.supplier[link], (new + 1) % network.size, new)
    ids = network.ids.to_numpy()
    ends = {"supplier_id": network.supplier[link], "buyer_id": network.buyer[link], "new_supplier_id": new}
    kinds = [KINDS[place % len(KINDS)] for place in range(count)]
    table = pl.DataFrame(
        {"intervention": np.arange(count).astype(str), "kind": kinds, "share": rng.uniform(0, 1, count)}
    )
    return table.with_columns(**{name: pl.Series(ids[places]) for name, places in ends.items()})


def _check(network: SupplyNetwork, table: pl.DataFrame, found: pl.DataFrame) -> float:
    """Return the largest difference of what is saved from that over all scenarios, of the widest interventions."""
    every, worst = each_firm(network), 0.0
    grown, changes = prepare_changes(network, table)
    before = run_scenarios(build_arrays(grown), every)[0][:, 0].sum()
    for place in found["scenarios"].arg_sort(descending=True)[:CHECKED]:
        change, shares = changes.filter(pl.col("number") == place), grown.share_down.copy()
        shares[change["link"].to_numpy()] = change["after"].to_numpy()
        after = run_scenarios(build_arrays(replace(grown, share_down=shares)), every)[0][:, 0].sum()
        worst = max(worst, abs(before - after - found["saved"][place]))
    return worst


def main() -> None:
    """Print the seconds, how many cascades are touched, and the check."""
    network = made_network(FIRMS)
    table, every = made_interventions(network, CANDIDATES), each_firm(network)
    find_effects(network, table[:3], every.part(0, 50))  # compiled, or read from the cache
    begun = time.perf_counter()
    found = find_effects(network, table, every)
    spent, touched = time.perf_counter() - begun, found["scenarios"]
    print(f"{CANDIDATES:,} interventions, {FIRMS:,} firms, {len(network.supplier):,} links: {spent:.1f} s on one core")
    print(f"cascades touched: {touched.mean():.0f} an intervention, {touched.max():,} at most, of {FIRMS:,}")
    print(f"largest difference of {CHECKED} from running all: {_check(network, table, found):.1e}")


if __name__ == "__main__":
    main()
