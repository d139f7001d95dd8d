"""``liankit risk portfolio``: which interventions save most within a budget, their effects computed by the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import read_table, write_table
from liankit.cli.risk import risk
from liankit.errors import UserError
from liankit.risk import exposure
from liankit.risk.cascade.tables import need, number, refuse
from liankit.risk.effects import measure
from liankit.risk.inputs import read_inputs
from liankit.risk.lines import chain_of
from liankit.risk.portfolio import SECONDS, STEPS, build_problem, choose, frontier, frontier_table


@risk.command("portfolio")
def portfolio_command(
    interventions: Annotated[
        Path,
        typer.Argument(
            help="intervention, item, supplier, covers (share of the deliveries), cost_cny; and, where there, buyer "
            "(empty: all) and new_supplier"
        ),
    ],
    items: Annotated[Path, typer.Argument(help="As of `risk exposure`, like the next three.")],
    supplies: Annotated[Path, typer.Argument()],
    uses: Annotated[Path, typer.Argument()],
    listing: Annotated[Path, typer.Argument()],
    out: Annotated[Path, typer.Option(help="Folder for effects.csv, frontier.csv and chosen.csv; made if missing.")],
    home_country: Annotated[str, typer.Option(help="Country whose supplies are not imports, as CN.")],
    budget: Annotated[list[float], typer.Option(help="CNY; may be given several times.")] = [],  # noqa: B006 - copied
    likelihoods: Annotated[
        Path | None,
        typer.Option(help="unit (an item or an entry), likelihood: the expected loss is weighed, of these only."),
    ] = None,
    locked: Annotated[list[str], typer.Option(help="An intervention that is made in any case.")] = [],  # noqa: B006
    excluded: Annotated[list[str], typer.Option(help="An intervention that is not made.")] = [],  # noqa: B006
    steps: Annotated[
        int, typer.Option(min=0, help="Budgets get less by this part at least; 0: all that buy more.")
    ] = STEPS,
    seconds: Annotated[float, typer.Option(help="Time for one budget before the gap is stated.")] = SECONDS,
) -> None:
    """Choose the interventions that lower the loss most for each budget; the effect of each is computed, never typed.

    Example: liankit risk portfolio plans.csv items.csv supplies.csv uses.csv listing.csv --home-country CN
    --likelihoods likelihood.csv --budget 5000000 --out found
    """
    plans, costs = _plans(interventions)
    tables = [read_table(path) for path in (items, supplies, uses, listing)]
    chain = chain_of(exposure(*tables, home_country=home_country), read_inputs(*tables))
    effects = measure(chain, plans)
    weights = _weights(likelihoods, chain.entries)
    problem = build_problem(costs, effects, weights, locked=locked, excluded=excluded)
    found = frontier(problem, steps or None, seconds)
    chosen = [choose(problem, one, seconds) for one in sorted(budget)]
    told = {
        "effects": effects,
        "frontier": frontier_table(problem, found),
        "chosen": frontier_table(problem, chosen).insert_column(0, pl.Series("budget_cny", sorted(budget), pl.Float64)),
    }
    for name, table in told.items():
        write_table(table.with_columns(pl.col("interventions").list.join("; ")), out / f"{name}.csv")
    counted = sum(entry in weights for entry in effects["entry"].unique())
    typer.echo(f"{len(costs):,} interventions; {effects['entry'].n_unique():,} entries touched, {counted:,} weighed")
    for one, choice in zip(sorted(budget), chosen, strict=True):
        typer.echo(f"{one:,.0f} CNY buys {choice.value:,.0f} CNY a year for {choice.cost:,} CNY (gap {choice.gap:.2%})")
    typer.echo(f"Written to {out}: effects, frontier, chosen (.csv)")


def _plans(path: Path) -> tuple[pl.DataFrame, dict[str, float]]:
    """Return the changes and, of each intervention, what it costs: a row may be one of several deliveries it covers."""
    table = read_table(path)
    need(table, "interventions", ["intervention", "cost_cny"])
    table = table.with_columns(number(table, "interventions", "cost_cny"))
    refuse(table, pl.col("cost_cny").is_null(), "interventions", "has no cost_cny. Give one.", "intervention")
    several = pl.col("cost_cny").n_unique().over("intervention") > 1
    refuse(table, several, "interventions", "has several costs. Say the whole cost in each row.", "intervention")
    return table, dict(table.unique("intervention", maintain_order=True).select("intervention", "cost_cny").rows())


def _weights(path: Path | None, entries: pl.DataFrame) -> dict[str, float]:
    """Return how much the loss of each entry counts: 1, or its likelihood where a file of them is given."""
    if path is None:
        return dict.fromkeys(entries["entry"], 1.0)
    table = read_table(path)
    need(table, "likelihoods", ["unit", "likelihood"])
    table = table.with_columns(number(table, "likelihoods", "likelihood")).drop_nulls("likelihood")
    known = dict(table.select("unit", "likelihood").rows())
    if outside := [unit for unit, likelihood in known.items() if not 0 <= likelihood <= 1]:
        raise UserError(f"likelihoods: that of '{outside[0]}' is no share from 0 to 1.")
    pairs = ((entry, known.get(entry, known.get(item))) for entry, item in entries.select("entry", "item").rows())
    return {entry: likelihood for entry, likelihood in pairs if likelihood is not None}
