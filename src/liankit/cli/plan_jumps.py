"""``liankit plan jumps``: which units add much at the ends of quarters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.files import check_ending, write_table
from liankit.cli.plan import plan
from liankit.cli.plan_values import read_values
from liankit.plan.jumps import MIN_QUARTERS, added_of, quarter_end_jumps

_SHOWN = 20


@plan.command("jumps")
def jumps_command(
    file: Annotated[Path, typer.Argument(help="unit, on, value[, indicator]: what was added in a month or on a day.")],
    running: Annotated[bool, typer.Option("--running", help="The values are running totals.")] = False,
    fdr: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share of false ones among those flagged.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Of the drawn permutations.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Table to write, .csv or .parquet.")] = None,
) -> None:
    """Test each unit for jumps at quarters' ends, beside the season of all units.

    A flag is a question to a unit, never a finding. Docs: docs/explanation/lights.md.

    Example: liankit plan jumps added.csv --out jumps.csv
    """
    if out:
        check_ending(out)
    values = read_values(file, "unit", "indicator")
    found = quarter_end_jumps(added_of(values) if running else values, fdr=fdr, seed=seed)
    if out:
        write_table(found, out)
    flagged, untested = found.filter("is_flagged"), found["p"].null_count()
    typer.echo(f"Flagged {flagged.height:,} of {found.height:,} at a false discovery rate of {fdr:.0%}")
    if untested:
        typer.echo(f"Not tested, fewer than {MIN_QUARTERS} whole quarters: {untested:,}")
    for row in flagged.head(_SHOWN).iter_rows(named=True):
        name = " ".join(str(row[key]) for key in ("unit", "indicator") if key in row)
        typer.echo(f"  {name:<30}{row['jump']:+.0%} of a usual month, q {row['q']:.3f}, {row['quarters']} quarters")
