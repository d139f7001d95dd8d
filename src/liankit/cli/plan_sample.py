"""``liankit plan sample``: draw a sample by weight again, as somebody else drew it."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import read_table
from liankit.cli.plan import plan
from liankit.errors import UserError
from liankit.plan.sampling import Piece, draw


@plan.command("sample")
def sample_command(
    file: Annotated[Path, typer.Argument(help="All pieces that are drawn of; its first columns: case, entry, weight.")],
    seed: Annotated[str, typer.Option(help="Any text; the same text draws the same pieces.")],
    size: Annotated[int, typer.Option(min=1, help="How many pieces are drawn.")],
) -> None:
    """Draw pieces with chances in proportion to their weights, and say the chance of each.

    The same file, seed and size give the same pieces on every machine. Docs: docs/how-to/work-together.md.

    Example: liankit plan sample sample_frame.csv --seed "dice 4 2 6" --size 10
    """
    for (case, number), chance in draw(seed, _weights(file), size).items():
        typer.echo(f"{case}.{number}  {float(chance):.4f}")


def _weights(path: Path) -> dict[Piece, float]:
    table = read_table(path)
    if table.width < 3:
        raise UserError(f"{path}: three columns are read: case, entry, weight; there are {', '.join(table.columns)}.")
    found = {}
    for row, cells in enumerate(table[:, :3].cast(pl.String).iter_rows(), start=2):
        try:
            case, number, weight = (float(cell or "") for cell in cells)
        except ValueError:
            raise UserError(f"{path}: row {row}: {', '.join(map(str, cells))} are not three numbers.") from None
        if not (isfinite(weight) and weight > 0):
            raise UserError(f"{path}: row {row}: the weight {weight:g} is not above 0.")
        found[int(case), int(number)] = weight
    return found
