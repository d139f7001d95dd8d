"""``liankit risk``: what can break."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.files import read_table, write_table
from liankit.risk import Exposure, exposure

risk = typer.Typer(no_args_is_help=True, help="What can break: exposure of items and of the inputs of enterprises.")


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"


@risk.callback()
def _keep_the_command_name() -> None:
    """A group of one command would otherwise lose the command's name."""


@risk.command("exposure")
def exposure_command(
    items: Annotated[Path, typer.Argument(help="item, name, item_kind")],
    supplies: Annotated[Path, typer.Argument(help="item, supplier, buyer, country, share, amount_cny")],
    uses: Annotated[
        Path,
        typer.Argument(
            help="buyer, item, product, output_cny, another_source, stock_days, switch_months_low, "
            "switch_months_high, switch_basis"
        ),
    ],
    listing: Annotated[Path, typer.Argument(help="item, complete")],
    out: Annotated[Path, typer.Option(help="Folder for entries, reasons and questions; made if missing.")],
    home_country: Annotated[str, typer.Option(help="Country whose supplies are not imports, as CN.")],
    file_format: Annotated[Format, typer.Option("--format", help="Of the files written.")] = Format.CSV,
) -> None:
    """Compute the exposure of every input and item: concentration, reach, impact, rank, open questions.

    The four files are CSV (UTF-8) or Parquet with the columns named; an empty cell is unknown.

    Example: liankit risk exposure items.csv supplies.csv uses.csv listing.csv --home-country CN --out found
    """
    tables = [read_table(path) for path in (items, supplies, uses, listing)]
    found = exposure(*tables, home_country=home_country)
    for name, table in (("entries", found.entries), ("reasons", found.reasons), ("questions", found.questions)):
        write_table(table, out / f"{name}.{file_format}")
    typer.echo(_summary(found, [table.height for table in tables]))
    typer.echo(f"Written to {out}: entries, reasons, questions (.{file_format})")


def _summary(found: Exposure, rows: list[int]) -> str:
    ranked = found.entries["rank"].count()
    measures = found.entries["impact_measure"].value_counts()
    counts = {row["impact_measure"]: row["count"] for row in measures.to_dicts()}
    read = ", ".join(f"{n:,} {name}" for n, name in zip(rows, ("items", "supplies", "uses", "listing"), strict=True))
    return (
        f"Read {read}\n"
        f"Found {found.entries.height:,} entries: {counts.get('output_cny', 0):,} measured in output, "
        f"{counts.get('products', 0):,} in products, {found.entries.height - ranked:,} of unknown impact\n"
        f"Sole source: {found.entries['sole_source'].sum():,}; open questions: {found.questions.height:,}"
    )
