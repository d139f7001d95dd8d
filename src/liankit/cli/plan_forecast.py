"""``liankit plan forecast``: what dated values will come to, and whether a goal is reached."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, write_table
from liankit.cli.plan import plan
from liankit.cli.plan_values import read_values
from liankit.errors import UserError
from liankit.plan.outlook import LEVEL, forecast_all
from liankit.plan.paces import MIN_POINTS

_DAY = ["%Y-%m-%d"]


class Counted(StrEnum):
    CUMULATIVE = "cumulative"
    WITHIN = "within"
    LEVEL = "level"
    RATE = "rate"
    GROWTH = "growth"


class Sign(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    EQUAL = "="


@plan.command("forecast")
def forecast_command(
    file: Annotated[Path, typer.Argument(help="row, on, value; .csv[.gz] or .parquet. A row is one series.")],
    until: Annotated[datetime, typer.Option(formats=_DAY, help="The day that is forecast.")],
    counting: Annotated[Counted, typer.Option(help="How the values are counted.")] = Counted.CUMULATIVE,
    goal: Annotated[float | None, typer.Option(help="What is to be reached.")] = None,
    comparator: Annotated[Sign, typer.Option(help="How the goal is met.")] = Sign.AT_LEAST,
    start: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="When counting within a period began, at nothing.")
    ] = None,
    whole: Annotated[float, typer.Option(min=0, help="All of a rate: 100 of percentages.")] = 1.0,
    level: Annotated[float, typer.Option(min=0.01, max=0.99, help="Of the interval.")] = LEVEL,
    out: Annotated[Path | None, typer.Option(help="Table to write, .csv or .parquet.")] = None,
) -> None:
    """Forecast each series of a file, with an interval and the probability of the goal.

    What adds up is given as running totals. Docs: docs/explanation/lights.md.

    Example: liankit plan forecast listed.csv --until 2025-12-31 --goal 5
    """
    if out:
        check_ending(out)
    if counting is Counted.WITHIN and start is None:
        raise UserError("Counting within a period begins at nothing on a day: give it by --start.")
    values = read_values(file, "row", "")
    asked = values.select("row").unique(maintain_order=True).with_columns(
        counting=pl.lit(counting.value),
        start=pl.lit(start.date() if start else None, pl.Date),
        until=pl.lit(until.date()),
        whole=pl.lit(whole),
        goal=pl.lit(goal, pl.Float64),
        comparator=pl.lit(comparator.value),
    )  # fmt: skip
    found = forecast_all(values, asked, level=level)
    if out:
        write_table(found, out)
    for row in found.iter_rows(named=True):
        typer.echo(_told(row, level))


def _told(row: dict[str, float | str | None], level: float) -> str:
    if row["median"] is None:
        return f"{row['row']}: unknown, {row['points']} values; {MIN_POINTS} are needed"
    ends = f"{row['low']:.4g} to {row['high']:.4g}"
    told = f"{row['row']}: {row['median']:.4g} ({level:.0%}: {ends}), {row['model']} from {row['points']} values"
    if row["probability"] is None:
        return told
    odds = f"{row['probability']:.0%} ({row['probability_low']:.0%} to {row['probability_high']:.0%})"
    return f"{told}; {row['comparator']} {row['goal']:g} with {odds}"
