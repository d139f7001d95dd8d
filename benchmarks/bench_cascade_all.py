"""All firms of made networks on every core, as the command runs them, and what a million firms take to load.

``python -m benchmarks.bench_cascade_all [FIRMS ...]``; by default 10,000, 100,000 and 243,000 wholly, and a sample of
1,000,000 firms with ten million links. The bars: 3 s, 2 min with 1 GB, 4 min; 60 s and 6 GB to load the million.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.bench_cascade import failing, made_tables, seconds
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.mappers import in_processes
from liankit.risk.cascade.network import build_network
from liankit.risk.cascade.run import collect, finish, run_scenarios, start_run
from liankit.risk.cascade.scenarios import each_firm

LINKS_A_FIRM = {10_000: 10.0, 100_000: 10.3, 243_000: 5.0, 1_000_000: 12.7}
SAMPLE_FROM = 1_000_000
SAMPLE = 500


def run_all(size: int) -> None:
    """Print one line: seconds to build, to compute all firms (or a sample of a very large network), peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("firms", "links", "essential")
        made = [sys.executable, "-m", "benchmarks.bench_cascade_all", "make", folder, str(size)]
        subprocess.run(made, check=True)  # a process of its own: what making takes is not what loading takes
        tables = [pl.read_parquet(Path(folder) / f"{name}.parquet") for name in names]
        building, network = seconds(lambda: build_network(*tables))
        arranging, arrays = seconds(lambda: build_arrays(network))
        run_scenarios(arrays, failing(arrays, 20))
        if size >= SAMPLE_FROM:
            spent, (_, steps) = seconds(lambda: run_scenarios(arrays, failing(arrays, SAMPLE)))
            what, count = f"{SAMPLE} drawn", SAMPLE
        else:
            shards = start_run(arrays, each_firm(network), Path(folder) / "run")
            spent, _ = seconds(lambda: list(finish(shards, in_processes(os.cpu_count() or 1))))
            steps = collect(shards).select("steps").collect().to_series().to_numpy()
            what, count = "all", size
        peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(
            f"{size:<11,}{len(network.supplier):<12,}{building + arranging:<9.1f}{what:<11}{spent:<9.1f}"
            f"{spent / count * 1e3:<13.2f}{np.mean(steps):<7.2f}{peaks[0]:>7,.0f} and {peaks[1]:>5,.0f} a worker",
            flush=True,
        )


def make(folder: Path, size: int) -> None:
    """Write the tables of a made network."""
    made = made_tables(size, 7, LINKS_A_FIRM.get(size, 10.0))
    for name, table in zip(("firms", "links", "essential"), made, strict=True):
        table.write_parquet(folder / f"{name}.parquet")


def main() -> None:
    """Print one line a size, each in a process of its own."""
    print("firms      links       load s   scenarios  seconds  ms/scenario  steps   peak MB", flush=True)
    for size in LINKS_A_FIRM:
        subprocess.run([sys.executable, "-m", "benchmarks.bench_cascade_all", str(size)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    for asked in sys.argv[1:] if sys.argv[1:2] != ["make"] else []:
        run_all(int(asked))
    if len(sys.argv) == 1:
        main()
