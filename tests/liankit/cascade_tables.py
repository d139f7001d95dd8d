"""Made tables of a cascade, as frames and as files, for the tests of runs, paths, interventions and the commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from liankit.risk.cascade.network import SupplyNetwork, build_network

CODES = ("0111", "0112", "2110", "2120")


def made_tables(firms: int, links: int, seed: int = 3) -> dict[str, pl.DataFrame]:
    """Return firms (with staff and a branch), links and essentiality, the same for the same seed."""
    rng = np.random.default_rng(seed)
    supplier, buyer = (rng.integers(0, firms, links) for _ in range(2))
    levels = rng.choice([0, 1, 2], (len(CODES), len(CODES)), p=[0.2, 0.5, 0.3])
    return {
        "firms": pl.DataFrame(
            {
                "firm_id": [f"f{place}" for place in range(firms)],
                "sector": rng.choice(CODES, firms),
                "staff": rng.integers(0, 500, firms),
                "branch": rng.choice(["north", "south"], firms),
            }
        ),
        "links": pl.DataFrame(
            {
                "supplier_id": [f"f{place}" for place in supplier],
                "buyer_id": [f"f{place}" for place in buyer],
                "value": rng.exponential(1e5, links),
            }
        ),
        "essential": pl.DataFrame({"sector": CODES, **{code: levels[:, at] for at, code in enumerate(CODES)}}),
    }


def made_network(firms: int, links: int, seed: int = 3) -> SupplyNetwork:
    """Return the network of made tables."""
    return build_network(*made_tables(firms, links, seed).values())


def made_shocks(firms: int, scenarios: int, seed: int = 5) -> pl.DataFrame:
    """Return scenarios in which two firms lose some of their output."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, firms - 1, scenarios)
    return pl.DataFrame(
        {
            "scenario_id": np.repeat([f"s{place}" for place in range(scenarios)], 2),
            "firm_id": [f"f{place}" for place in np.column_stack([first, first + 1]).ravel()],
            "loss_down": rng.uniform(0.1, 1, 2 * scenarios),
        }
    )


def write_tables(folder: Path, tables: dict[str, pl.DataFrame]) -> list[str]:
    """Write the tables as CSV; return the options that name them."""
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    return [part for name in tables for part in (f"--{name}", str(folder / f"{name}.csv"))]
