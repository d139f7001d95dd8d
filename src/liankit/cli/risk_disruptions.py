"""``liankit risk disruptions``: dated lists of what was short, as one row a disruption that a home can load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, read_table, write_table
from liankit.cli.risk import risk
from liankit.cli.risk_backtest import read_mapping
from liankit.errors import UserError
from liankit.risk.event_files import Events, read_events, read_units
from liankit.risk.history import spells_of


@risk.command("disruptions")
def disruptions_command(
    events: Annotated[Path, typer.Argument(help="Dated events: unit, start[, end], or unit, as_of, status; .csv[.gz]")],
    items: Annotated[
        Path, typer.Argument(help="The items that can be hit, one a row: their names as the home has them")
    ],
    out: Annotated[Path, typer.Option(help="File to load into a home: .csv or .parquet.")],
    column: Annotated[list[str], typer.Option(help="role=column of EVENTS, as start=posted; may be repeated.")] = [],  # noqa: B006 - Typer copies it
    status: Annotated[list[str], typer.Option(help="Status of an event that goes on; may be repeated.")] = [],  # noqa: B006
) -> None:
    """Write each time that an item was in an event as one disruption: item, began_on, ended_on, cause.

    A free name in EVENTS is an item of which it has every word; names of no item are told, never guessed. What the last
    list still has goes on. The cause is ``other``: lists give theirs in words of their own.

    Example: liankit risk disruptions shortages.csv.gz items.csv --out disruptions.csv
    """
    check_ending(out)
    names = read_table(items).select(pl.first().cast(pl.String).alias("unit")).drop_nulls().unique(maintain_order=True)
    known = read_events(read_table(events), read_units(names, items.name), read_mapping(column), tuple(status))
    last = known.last
    if last is None:
        raise UserError(f"{events}: no row of it has a date and names an item of {items}.")
    write_table(_as_disruptions(known, last), out)
    typer.echo(_summary(known, last))
    typer.echo(f"Written to {out}")


def _as_disruptions(known: Events, last: date) -> pl.DataFrame:
    """Return the columns of the template for disruptions that are known here."""
    return spells_of(known.table, last).select(
        pl.lit("other").alias("cause"), pl.col("start").alias("began_on"), pl.col("end").alias("ended_on"), item="unit"
    )


def _summary(known: Events, last: date) -> str:
    found = spells_of(known.table, last)
    lost = f": {'; '.join(known.unmatched[:5])}{' …' if len(known.unmatched) > 5 else ''}" if known.unmatched else ""
    return (
        f"{found.height:,} disruptions of {found['unit'].n_unique():,} items, {found['end'].null_count():,} going on "
        f"on {last}\nNames: {known.names:,}, of no item {len(known.unmatched):,}{lost}"
    )
