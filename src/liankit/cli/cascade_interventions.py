"""``liankit cascade interventions``: what second sources, removed links and stocks save, by running the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.cascade import (
    Alone,
    Costs,
    Eps,
    Essential,
    Firms,
    Links,
    Market,
    Only,
    Revenue,
    Shocks,
    Weights,
    cascade,
    read_network,
    read_scenarios,
    read_weights,
)
from liankit.cli.files import check_ending, read_table, write_table
from liankit.risk.cascade.interventions import find_effects
from liankit.risk.cascade.run import EPS


@cascade.command("interventions")
def interventions_command(
    candidates: Annotated[
        Path,
        typer.Argument(
            help="intervention, kind (second_source, removed_link, stock), supplier_id, buyer_id, share, "
            "new_supplier_id (of a second source)"
        ),
    ],
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
) -> None:
    """Compute what each intervention saves: the sum of esri without it minus with it, over the scenarios it touches.

    The scenarios are each firm failing alone, those of --only, or those of --shocks. The effect is the direct one: what
    the buyer loses with its suppliers changes; sales, markets and the upstream side stay as they are.

    Example: liankit cascade interventions plans.csv --firms firms.csv --links links.csv --essential essential.csv
    --out saved.csv
    """
    check_ending(out)
    table = read_table(firms)
    network = read_network(table, links, essential, None if no_replaceability else market, revenue, costs)
    scenarios = read_scenarios(network, table, only, shocks)
    weighed = read_weights(table, weights[:1])
    found = find_effects(network, read_table(candidates), scenarios, eps, weights=weighed)
    write_table(found, out)
    touching = (found["scenarios"] > 0).sum()
    typer.echo(f"{found.height:,} interventions over {len(scenarios):,} scenarios: {touching:,} change something")
    typer.echo(f"Written to {out}")
