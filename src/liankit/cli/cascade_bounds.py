"""``liankit cascade bounds``: what a failing firm brings down where shares are intervals, or not known at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from liankit.cli.cascade import cascade, read_scenarios
from liankit.cli.files import check_ending, read_table, write_table
from liankit.risk.cascade.bounds import EPS_BOUNDS, Bounds, build_bounds
from liankit.risk.cascade.intervals import esri_row, find_losses, losses_table
from liankit.risk.cascade.lines import Lines, owner_weights, read_lines
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats


@cascade.command("bounds")
def bounds_command(
    firms: Annotated[Path, typer.Option(help="firm_id, sector[, owner, share_low, share_high, ...]")],
    links: Annotated[Path, typer.Option(help="supplier_id, buyer_id[, item, share_low, share_high, essential, ...]")],
    out: Annotated[Path, typer.Option(help="Table to write, .csv or .parquet: one row a firm that fails.")],
    essential: Annotated[Path | None, typer.Option(help="Wide, as of `run`: for links that do not say it.")] = None,
    market: Annotated[
        str, typer.Option(help="Column of the firms: who can stand in for whom. Nobody without it.")
    ] = "",
    sales: Annotated[str, typer.Option(help="Column of the firms: what a firm sells in its market.")] = "",
    weights: Annotated[
        str, typer.Option(help="Column of the firms that says what counts; each alike without it.")
    ] = "",
    only: Annotated[Path | None, typer.Option(help="Only these fail: ids of owners or lines, one a line.")] = None,
    shocks: Annotated[Path | None, typer.Option(help="scenario_id, firm_id, loss_down[, loss_up]")] = None,
    losses: Annotated[Path | None, typer.Option(help="Also write who loses how much, .csv or .parquet.")] = None,
    eps: Annotated[float, typer.Option(min=0.0, help="Change below which a cascade has settled.")] = EPS_BOUNDS,
) -> None:
    """Compute esri, esri_down and esri_up as intervals that contain the truth, whatever the unknown shares are.

    An empty share is unknown. A firms file with the column owner holds lines, what one owner makes of one product: an
    owner fails with all its lines, and its loss is theirs by their shares of its output.

    Example: liankit cascade bounds --firms lines.csv --links links.csv --out bounds.csv
    """
    for path in filter(None, (out, losses)):
        check_ending(path)
    table = read_table(firms)
    levels = read_table(essential) if essential else None
    bounds = build_bounds(table, read_table(links), levels, market=market or None, sales=sales or None)
    lines = read_lines(table)
    scenarios = read_scenarios(bounds.low, table, only, shocks)
    counted = owner_weights(lines, table, weights) if weights else np.ones(len(lines.owners))
    scores, hits = _computed(bounds, lines, scenarios, counted, eps, bool(losses))
    id_name = "scenario_id" if shocks else "firm_id"
    write_table(scores.rename({"scenario": id_name}), out)
    if losses:
        write_table(hits.rename({"scenario": id_name}), losses)
    typer.echo(f"{len(lines.owners):,} firms, {bounds.low.size:,} lines, {len(scenarios):,} scenarios: {out}")


def _computed(
    bounds: Bounds, lines: Lines, scenarios: Scenarios, weights: Floats, eps: float, with_losses: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row a scenario, and one row a scenario and owner hit."""
    has_up, rows, hits = bool(bounds.high.share_up.any()), [], []
    found = zip(scenarios.ids, find_losses(bounds, lines, scenarios, eps), strict=True)
    with typer.progressbar(found, length=len(scenarios), file=sys.stderr) as progress:
        for scenario, losses in progress:
            rows.append({"scenario": scenario, **esri_row(losses, weights, has_up)})
            if with_losses:
                hits.append(
                    losses_table(losses, lines.owners, has_up).insert_column(0, pl.lit(scenario).alias("scenario"))
                )
    return pl.DataFrame(rows, infer_schema_length=None), pl.concat(hits) if hits else pl.DataFrame()
