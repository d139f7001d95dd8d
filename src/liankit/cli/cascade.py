"""``liankit cascade``: what a failing firm brings down, by the cascade of Diem et al. (2022)."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import read_table, write_table
from liankit.errors import UserError
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.report import write_report
from liankit.risk.cascade.run import EPS, Mapper, Shard, collect, finish, start_run
from liankit.risk.cascade.scenarios import Scenarios, each_firm, from_table, read_only
from liankit.risk.cascade.tables import clean_amounts, clean_firms, need

cascade = typer.Typer(no_args_is_help=True, help="What a failing firm brings down: the Economic Systemic Risk Index.")


@cascade.command("run")
def run_command(
    firms: Annotated[Path, typer.Option(help="firm_id, sector[, market, ...]")],
    links: Annotated[Path, typer.Option(help="supplier_id, buyer_id, value[, item]")],
    essential: Annotated[Path, typer.Option(help="Wide: supplier sectors down, buyer sectors across; 0, 1 or 2.")],
    out: Annotated[Path, typer.Option(help="Table to write, .csv or .parquet.")],
    market: Annotated[str, typer.Option(help="Column of the firms: who can stand in for whom.")] = "sector",
    no_replaceability: Annotated[bool, typer.Option(help="Nobody stands in for anybody.")] = False,
    eps: Annotated[float, typer.Option(min=0.0, help="Change below which a cascade has settled.")] = EPS,
    only: Annotated[Path | None, typer.Option(help="Only these firms fail: ids, one a line.")] = None,
    shocks: Annotated[Path | None, typer.Option(help="scenario_id, firm_id, loss_down[, loss_up]")] = None,
    weights: Annotated[str, typer.Option(help="Column of the firms that says what counts; sales without it.")] = "",
    revenue: Annotated[str, typer.Option(help="Column of the firms in place of their sales.")] = "",
    costs: Annotated[str, typer.Option(help="Column of the firms in place of their purchases.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Processes that compute side by side.")] = 1,
) -> None:
    """Compute esri, esri_down, esri_up and steps of each failing firm, or of each scenario of --shocks.

    Stop it with Ctrl-C, or let it be killed: the same command goes on where it stopped.

    Example: liankit cascade run --firms firms.csv --links links.csv --essential essential.csv --out esri.parquet
    """
    if only and shocks:
        raise UserError("Give --only or --shocks, not both.")
    table = read_table(firms)
    network = build_network(
        table,
        read_table(links),
        read_table(essential),
        market=None if no_replaceability else market,
        revenue=revenue or None,
        costs=costs or None,
    )
    scenarios = _scenarios(network, only, shocks)
    arrays = build_arrays(network, clean_amounts(clean_firms(table, [weights]), weights) if weights else None)
    folder = out.with_name(f"{out.name}.parts")
    shards = start_run(arrays, scenarios, folder, eps)
    _follow(shards, len(scenarios), workers)
    write_table(collect(scenarios, shards, "scenario_id" if shocks else "firm_id"), out)
    shutil.rmtree(folder)
    typer.echo(
        f"{network.size:,} firms, {len(network.supplier):,} links, {len(scenarios):,} scenarios: written to {out}"
    )


@cascade.command("report")
def report_command(
    found: Annotated[Path, typer.Argument(help="What `run` wrote for firms that fail alone.")],
    firms: Annotated[Path, typer.Option(help="As of the run.")],
    links: Annotated[Path, typer.Option(help="As of the run.")],
    essential: Annotated[Path, typer.Option(help="As of the run.")],
    out: Annotated[Path | None, typer.Option(help="Page to write; beside FOUND, ending in .html, without it.")] = None,
) -> None:
    """Write one self-contained page: ranking, profile, concentration, and the ways of the ten worst.

    Example: liankit cascade report esri.parquet --firms firms.csv --links links.csv --essential essential.csv
    """
    network = build_network(read_table(firms), read_table(links), read_table(essential))
    page = out or found.with_suffix(".html")
    page.write_text(write_report(_as_numbers(read_table(found)), network), encoding="utf-8")
    typer.echo(f"Written to {page}")


def _as_numbers(found: pl.DataFrame) -> pl.DataFrame:
    need(found, "found", ["firm_id", "esri", "esri_down", "esri_up", "steps"])
    return found.with_columns(
        pl.col("firm_id").cast(pl.String), pl.col("^esri.*$").cast(pl.Float64), pl.col("steps").cast(pl.Int32)
    )


def _scenarios(network: SupplyNetwork, only: Path | None, shocks: Path | None) -> Scenarios:
    if shocks:
        return from_table(network, read_table(shocks))
    return each_firm(network, read_only(only.read_text(encoding="utf-8").splitlines()) if only else None)


def _follow(shards: list[Shard], size: int, workers: int) -> None:
    """Compute the shards and say how far it is, and about how long it will still take."""
    begun, before = time.monotonic(), sum(s.stop - s.start for s in shards if s.path.exists())
    done = 0
    for shard in _mapped(shards, workers):
        done += shard.stop - shard.start
        spent, new = time.monotonic() - begun, done - before
        left = f", about {spent / new * (size - done):.0f} s left" if new > 0 else ""
        typer.echo(f"\r{done:,} of {size:,} scenarios{left}   ", nl=done == size, err=True)


def _mapped(shards: list[Shard], workers: int) -> Iterable[Shard]:
    if workers == 1:
        yield from finish(shards, map)
        return
    # Polars must not be forked: workers start anew
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        mapper: Mapper = pool.map
        yield from finish(shards, mapper)
