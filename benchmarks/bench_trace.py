"""A trace over 100,000 lines as an incident room asks it: tables read, network built, what is hit followed and named.

``python -m benchmarks.bench_trace [LINES]``. One link a line, as the demo's district has, and ten, where what fails
comes to nearly every line. Cold reads the Parquet files and builds the network, as each request does; warm follows
only. The bar is five seconds from the event to the traced list.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from benchmarks.bench_whatif import LINKS_A_LINE, made_tables
from liankit.risk.strikes import Strike, find_struck
from liankit.risk.trace import Traced, trace
from liankit.risk.ways import Ways, build_ways

ASKED = 3
COUNTRIES = ("US", "DE", "JP", "CN", "SE")


def main(size: int = 100_000) -> None:
    """Print the seconds of traces from single suppliers, items and a country, sparse and dense."""
    for links_a_line in LINKS_A_LINE:
        lines, links = made_tables(size, links_a_line)
        print(f"{size:,} lines, {links.height:,} links")
        with tempfile.TemporaryDirectory() as folder:
            lines.write_parquet(Path(folder) / "lines.parquet")
            links.write_parquet(Path(folder) / "links.parquet")
            for name, strike in _strikes(lines).items():
                _ask(name, Path(folder), strike, _countries(lines))


def _strikes(lines: pl.DataFrame) -> dict[str, list[Strike]]:
    rng = np.random.default_rng(1)
    owners = rng.choice(lines["owner"].to_numpy(), ASKED, replace=False)
    items = rng.choice(lines["item"].unique().sort().to_numpy(), ASKED, replace=False)
    return {
        "a supplier": [Strike(makers=frozenset({owner})) for owner in owners],
        "an item": [Strike(items=frozenset({item})) for item in items],
        "a country": [Strike(countries=frozenset({COUNTRIES[0]}))],
    }


def _countries(lines: pl.DataFrame) -> pl.DataFrame:
    drawn = np.random.default_rng(2).choice(COUNTRIES, lines.height)
    return pl.DataFrame({"owner": lines["owner"], "country": drawn})


def _ask(name: str, folder: Path, strikes: list[Strike], countries: pl.DataFrame) -> None:
    spent = Spent([], [], [], [])
    for strike in strikes:
        begun, busy = time.perf_counter(), time.process_time()
        lines, links = (pl.read_parquet(folder / f"{table}.parquet") for table in ("lines", "links"))
        ways = build_ways(lines, links)
        built, built_busy = time.perf_counter(), time.process_time()
        found = _traced(lines, ways, strike, countries)
        spent.warm.append(time.perf_counter() - built)
        spent.warm_busy.append(time.process_time() - built_busy)
        spent.cold.append(time.perf_counter() - begun)
        spent.cold_busy.append(time.process_time() - busy)
    told = "; ".join(
        f"{which.replace('_busy', ', of processors')} {max(s):.2f} s" for which, s in spent._asdict().items()
    )
    print(f"  {name:<10} at most: {told}; the last reached {found.lines.height:,}", flush=True)


class Spent(NamedTuple):
    """Seconds of each trace, on the clock and of processors."""

    cold: list[float]
    cold_busy: list[float]
    warm: list[float]
    warm_busy: list[float]


def _traced(lines: pl.DataFrame, ways: Ways, strike: Strike, countries: pl.DataFrame) -> Traced:
    struck = find_struck(lines, [strike], countries)
    return trace(ways, struck.lines, struck.items)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
