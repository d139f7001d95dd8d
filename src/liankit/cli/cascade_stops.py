"""``liankit cascade stops``: who stops making what, and from which day, when suppliers stop; no amounts are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.cascade import cascade
from liankit.cli.files import check_ending, read_table, write_table
from liankit.errors import UserError
from liankit.risk.cascade.stops import Verdict, find_stops, sum_stops, uses_of


@cascade.command("stops")
def stops_command(
    links: Annotated[Path, typer.Option(help="supplier_id, buyer_id, item[, share_low, share_high, essential, ...]")],
    out: Annotated[Path, typer.Option(help="Table to write, .csv or .parquet: one row a buyer.")],
    uses: Annotated[
        Path | None, typer.Option(help="buyer_id, item[, essential, complete, stock_days_low, stock_days_high]")
    ] = None,
    supplier: Annotated[list[str], typer.Option(help="Id of a supplier that stops; may be repeated.")] = [],  # noqa: B006 - Typer copies it
    item: Annotated[list[str], typer.Option(help="Item that nobody delivers any more; may be repeated.")] = [],  # noqa: B006
) -> None:
    """Say which buyers stop, may stop or lose a part of an essential input; whoever is not in OUT does not stop.

    A link without buyer_id sells the item to anybody who names no supplier. Without --uses the needs are those of the
    links. Only what is known to have no other source stops for sure: `complete` is yes, or the shares say so.

    Example: liankit cascade stops --links links.csv --uses uses.csv --item HEPARIN --out stops.csv
    """
    if not supplier and not item:
        raise UserError("Nobody stops. Name a --supplier or an --item.")
    check_ending(out)
    table = read_table(links)
    found = sum_stops(find_stops(read_table(uses) if uses else uses_of(table), table, suppliers=supplier, items=item))
    write_table(found.with_columns(pl.col("items").list.join("; ")), out)
    counts = ", ".join(f"{(found['verdict'] == verdict).sum():,} {word}" for verdict, word in _WORDS.items())
    typer.echo(f"{counts}: {out}")


_WORDS = {Verdict.STOPS: "stop", Verdict.MAY_STOP: "may stop", Verdict.LOSES_PART: "lose a part"}
