"""``liankit cascade coverage``: how much of the trade the data holds, so how much a cascade over it can say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.cascade import cascade
from liankit.cli.files import check_ending, read_table, write_table
from liankit.errors import UserError
from liankit.risk.cascade.coverage import THRESHOLD, cover_all, cover_markets, cover_purchases


@cascade.command("coverage")
def coverage_command(
    firms: Annotated[Path, typer.Option(help="firm_id, sector and the named columns")],
    out: Annotated[Path, typer.Option(help="Table to write, .csv or .parquet: one row a firm, or a market.")],
    links: Annotated[Path | None, typer.Option(help="supplier_id, buyer_id, value (empty: unknown)")] = None,
    purchases: Annotated[str, typer.Option(help="Column of the firms: all that a firm buys.")] = "purchases",
    markets: Annotated[
        Path | None, typer.Option(help="market, total: the sales of everybody, to judge markets.")
    ] = None,
    market: Annotated[str, typer.Option(help="Column of the firms: who can stand in for whom.")] = "sector",
    sales: Annotated[str, typer.Option(help="Column of the firms: what a firm sells in its market.")] = "sales",
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="Inside share that is little.")] = THRESHOLD,
) -> None:
    """Say what share of purchases the known links cover (--links), or what share of markets is in the data (--markets).

    Example: liankit cascade coverage --firms firms.csv --links links.csv --purchases bought --out covered.csv
    """
    if bool(links) == bool(markets):
        raise UserError("Give --links to judge purchases, or --markets to judge markets.")
    check_ending(out)
    table = read_table(firms)
    if markets:
        found = cover_markets(table, read_table(markets), market=market, sales=sales, threshold=threshold)
        outside, unknown = found["is_mostly_outside"].sum(), found["is_mostly_outside"].null_count()
        said = f"{outside:,} of {found.height:,} markets lie mostly outside the data, {unknown:,} are unknown"
    elif links:
        found = cover_purchases(table, read_table(links), purchases)
        share, known = cover_all(found), found["covered"].count()
        said = f"Known links cover {'an unknown share' if share is None else f'at least {share:.0%}'} of the purchases"
        said += f" of {known:,} firms; of {found.height - known:,} it is unknown"
    write_table(found, out)
    typer.echo(f"{said}: {out}")
