"""``liankit cascade``: what a failing firm brings down, by the cascade of Diem et al. (2022)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from liankit.cli.files import check_ending, read_table, read_text, stream_table
from liankit.errors import UserError, nearest
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.lines import Lines, fail_owners, read_lines
from liankit.risk.cascade.mappers import in_processes, on_cluster
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.report import write_report
from liankit.risk.cascade.run import EPS, Mapper, Shard, collect, collect_impacts, finish, start_run
from liankit.risk.cascade.scenarios import Scenarios, each_firm, from_table, read_only
from liankit.risk.cascade.tables import UNKNOWN_SECTOR, Floats, clean_amounts, clean_firms, need

cascade = typer.Typer(no_args_is_help=True, help="What a failing firm brings down: the Economic Systemic Risk Index.")

Firms = Annotated[Path, typer.Option(help="firm_id, sector[, market, ...]")]
Links = Annotated[Path, typer.Option(help="supplier_id, buyer_id, value[, item]")]
Essential = Annotated[Path, typer.Option(help="Wide: supplier sectors down, buyer sectors across; 0, 1 or 2.")]
Market = Annotated[str, typer.Option(help="Column of the firms: who can stand in for whom.")]
Alone = Annotated[bool, typer.Option("--no-replaceability", help="Nobody stands in for anybody.")]
Eps = Annotated[float, typer.Option(min=0.0, help="Change below which a cascade has settled.")]
Weights = Annotated[
    list[str], typer.Option(help="Column of the firms that says what counts; may be repeated. Sales without it.")
]
Only = Annotated[Path | None, typer.Option(help="Only these firms fail: ids, one a line.")]
Shocks = Annotated[Path | None, typer.Option(help="scenario_id, firm_id, loss_down[, loss_up]")]
Revenue = Annotated[str, typer.Option(help="Column of the firms in place of their sales.")]
Costs = Annotated[str, typer.Option(help="Column of the firms in place of their purchases.")]


@cascade.command("run")
def run_command(
    firms: Firms,
    links: Links,
    essential: Essential,
    out: Annotated[Path, typer.Option(help="Table to write, .csv or .parquet.")],
    market: Market = "sector",
    no_replaceability: Alone = False,
    eps: Eps = EPS,
    only: Only = None,
    shocks: Shocks = None,
    weights: Weights = [],  # noqa: B006 - Typer copies it
    revenue: Revenue = "",
    costs: Costs = "",
    sectors: Annotated[str, typer.Option(help="Column of the firms: the sectors of --sector-out.")] = "",
    sector_out: Annotated[
        Path | None, typer.Option(help="Also write what each scenario costs each sector, .csv or .parquet.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that compute side by side.")] = 1,
    dask: Annotated[
        str, typer.Option(help="Scheduler of a Dask cluster, as tcp://host:8786; it shares our disk.")
    ] = "",
) -> None:
    """Compute esri, esri_down, esri_up and steps of each failing firm, or of each scenario of --shocks.

    Stop it with Ctrl-C, or let it be killed: the same command goes on where it stopped, from the folder OUT.parts.

    Rows of a firms file with the column owner are lines, what one firm makes of one product: a firm fails with all.

    The first of --weights gives esri, each further one esri_COLUMN, esri_down_COLUMN and esri_up_COLUMN.

    --sectors and --sector-out go together; sectors that lose nothing beyond the shock are left out.

    Example: liankit cascade run --firms firms.csv --links links.csv --essential essential.csv --out esri.parquet
    """
    _check_options(sectors, sector_out, workers, dask)
    for path in filter(None, (out, sector_out)):
        check_ending(path)
    table = read_table(firms)
    network = read_network(table, links, essential, None if no_replaceability else market, revenue, costs)
    scenarios = read_scenarios(network, table, only, shocks)
    shards = start_run(
        build_arrays(network, read_weights(table, weights)),
        scenarios,
        out.absolute().with_name(f"{out.name}.parts"),  # a cluster's workers stand elsewhere
        eps,
        id_name="scenario_id" if shocks else "firm_id",
        columns=["", *(f"_{name}" for name in weights[1:])],
        sectors=_sectors(table, sectors) if sectors else None,
    )
    _follow(shards, on_cluster(dask) if dask else in_processes(workers) if workers > 1 else map)
    stream_table(collect(shards), out)
    if sector_out:
        stream_table(collect_impacts(shards), sector_out)
    shutil.rmtree(shards[0].folder)
    typer.echo(f"{network.size:,} firms, {len(network.supplier):,} links, {len(scenarios):,} scenarios")
    typer.echo(f"Written to {out}{f' and {sector_out}' if sector_out else ''}")


@cascade.command("report")
def report_command(
    found: Annotated[Path, typer.Argument(help="What `run` wrote for firms that fail alone.")],
    firms: Firms,
    links: Links,
    essential: Essential,
    out: Annotated[Path | None, typer.Option(help="Page to write; beside FOUND, ending in .html, without it.")] = None,
    market: Market = "sector",
    no_replaceability: Alone = False,
    eps: Eps = EPS,
    weights: Weights = [],  # noqa: B006 - Typer copies it
    revenue: Revenue = "",
    costs: Costs = "",
) -> None:
    """Write one self-contained page: ranking, profile, concentration, and the ways of the ten worst.

    Give the tables and options of the run: the scores of the ten worst are computed again and must be those of FOUND.

    Example: liankit cascade report esri.parquet --firms firms.csv --links links.csv --essential essential.csv
    """
    table = read_table(firms)
    network = read_network(table, links, essential, None if no_replaceability else market, revenue, costs)
    page = out or found.with_suffix(".html")
    scenarios = read_scenarios(network, table, None, None)
    scores, counted = _as_numbers(read_table(found)), read_weights(table, weights[:1])
    text = write_report(scores, network, eps, weights=counted, scenarios=scenarios)
    page.write_text(text, encoding="utf-8")
    typer.echo(f"Written to {page}")


def read_network(
    table: pl.DataFrame, links: Path, essential: Path, market: str | None, revenue: str, costs: str
) -> SupplyNetwork:
    """Return the network of the firms' table and the files given."""
    options = {"revenue": revenue or None, "costs": costs or None}
    return build_network(table, read_table(links), read_table(essential), market=market, **options)


def read_weights(firms: pl.DataFrame, columns: list[str]) -> Floats | None:
    """Return the columns as weights (firms, columns); None, for sales, where no column is named."""
    if not columns:
        return None
    firms = clean_firms(firms, columns)
    return np.column_stack([clean_amounts(firms, name) for name in columns])


def read_scenarios(network: SupplyNetwork, firms: pl.DataFrame, only: Path | None, shocks: Path | None) -> Scenarios:
    """Return each firm failing alone, or those of --only, or the scenarios of --shocks.

    Where the firms' table has the column owner its rows are lines, and an owner fails with all its lines.
    """
    if only and shocks:
        raise UserError("Give --only or --shocks, not both.")
    if "owner" in firms.columns:
        return _scenarios_of_owners(network, read_lines(firms), only, shocks)
    if shocks:
        return from_table(network, read_table(shocks))
    return each_firm(network, read_only(read_text(only).splitlines()) if only else None)


def _scenarios_of_owners(network: SupplyNetwork, lines: Lines, only: Path | None, shocks: Path | None) -> Scenarios:
    if shocks:
        return from_table(network, fail_owners(lines, network.ids, read_table(shocks)))
    failing = _named(network, lines, only) if only else lines.owners
    whole = pl.DataFrame({"scenario_id": failing, "firm_id": failing}).with_columns(loss_down=1.0)
    return from_table(network, fail_owners(lines, network.ids, whole))


def _named(network: SupplyNetwork, lines: Lines, only: Path) -> pl.Series:
    ids = read_only(read_text(only).splitlines())
    known = pl.concat([lines.owners, network.ids])
    if strange := ids.filter(~ids.is_in(known.implode())).to_list():
        raise UserError(f"{only}: '{strange[0]}' is neither an owner nor a line.{nearest(strange[0], known)}")
    return ids


def _check_options(sectors: str, sector_out: Path | None, workers: int, dask: str) -> None:
    if bool(sectors) != bool(sector_out):
        raise UserError("--sectors and --sector-out go together. Give both or neither.")
    if dask and workers > 1:
        raise UserError("Give --workers or --dask, not both.")


def _sectors(firms: pl.DataFrame, column: str) -> pl.Series:
    return clean_firms(firms, [column])[column].cast(pl.String).fill_null(UNKNOWN_SECTOR)


def _as_numbers(found: pl.DataFrame) -> pl.DataFrame:
    need(found, "found", ["firm_id", "esri", "esri_down", "esri_up", "steps"])
    return found.with_columns(
        pl.col("firm_id").cast(pl.String), pl.col("^esri.*$").cast(pl.Float64), pl.col("steps").cast(pl.Int32)
    )


def _follow(shards: list[Shard], mapper: Mapper) -> None:
    """Compute the shards and say how far it is, and about how long it will still take."""
    waiting = [shard for shard in shards if not shard.path.exists()]
    left = _size(waiting)
    before = shards[-1].stop - left
    label = f"Scenarios ({before:,} done before)" if before else "Scenarios"
    try:
        with typer.progressbar(length=left, label=label, show_pos=True, file=sys.stderr) as bar:
            for shard in finish(waiting, mapper):
                bar.update(_size([shard]))
    except KeyboardInterrupt:
        done = _size([shard for shard in shards if shard.path.exists()])
        typer.echo(
            f"\nStopped: {done:,} of {shards[-1].stop:,} scenarios are done. The same command goes on.", err=True
        )
        raise typer.Exit(130) from None


def _size(shards: list[Shard]) -> int:
    return sum(shard.stop - shard.start for shard in shards)
