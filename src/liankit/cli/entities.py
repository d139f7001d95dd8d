"""``liankit entities``: who is who."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.files import read_table, write_table
from liankit.entities import Settings, candidates

entities = typer.Typer(no_args_is_help=True, help="Who is who: names that may be one organisation's.")


@entities.callback()
def _keep_the_command_name() -> None:
    """A group of one command would otherwise lose the command's name."""


@entities.command("match")
def match_command(
    records: Annotated[Path, typer.Argument(help="record, name; and country, if known")],
    out: Annotated[Path, typer.Option(help="File for the pairs: .csv or .parquet.")],
    home: Annotated[str, typer.Option(help="Country whose register the names come from, as us; empty if mixed.")] = "",
) -> None:
    """Pair the records that may be one organisation, with the probability, a decision and the reasons.

    The file is CSV (UTF-8) or Parquet. "same" may be joined, "review" is for a person to judge; the rest is left out.

    Example: liankit entities match suppliers.csv --out pairs.csv
    """
    table = read_table(records)
    found = candidates(table, settings=Settings.for_many(home=home))
    write_table(found, out)
    same = (found["decision"] == "same").sum()
    typer.echo(f"Read {table.height:,} records\nFound {same:,} pairs taken for one, {found.height - same:,} for review")
    typer.echo(f"Written to {out}")
