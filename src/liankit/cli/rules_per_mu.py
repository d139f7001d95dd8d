"""``liankit rules per-mu``: score and class enterprises by the yield of their land, and try other weights."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, read_text, write_table
from liankit.cli.rules import rules, shipped
from liankit.cli.rules_facts import read_facts
from liankit.errors import UserError, nearest
from liankit.rules.panel import build_panel
from liankit.rules.per_mu import Assessment, prepare
from liankit.rules.per_mu_method import Method, base_year, build_method
from liankit.rules.per_mu_moves import cliffs, moves
from liankit.rules.per_mu_table import table_of
from liankit.yaml_text import read_yaml

_DAY = ["%Y-%m-%d"]


@rules.command("per-mu")
def per_mu_command(
    method: Annotated[str, typer.Argument(help="The key of a shipped method, or a file that defines one.")],
    table: Annotated[Path, typer.Argument(help="What is known of enterprises; .csv, .xlsx or .parquet.")],
    on: Annotated[datetime, typer.Option(formats=_DAY, help="The day; the year before it is judged.")],
    weight: Annotated[
        list[str] | None, typer.Option(help="Another weight, as group.indicator=30; may be given again.")
    ] = None,
    within: Annotated[float, typer.Option(help="Tell who stands within so many points of a line.")] = 0.0,
    out: Annotated[Path | None, typer.Option(help="Write the scores there; .csv or .parquet.")] = None,
) -> None:
    """Score enterprises by a per-mu method, class them by share, and say who moves under other weights.

    Docs: docs/how-to/per-mu.md.

    Example: liankit rules per-mu zhejiang_usual facts.csv --on 2023-06-30 --weight above.tax=40
    """
    if out:
        check_ending(out)
    asked, vocabulary = _method(method), shipped()[1]
    panel = build_panel(read_facts(table, vocabulary), vocabulary, on.date())
    ready = prepare(asked, table_of(asked, panel), base_year(on.date()))
    found = ready.scored()
    _tell(found)
    if weight:
        for row in moves(found, ready.scored(_weights(weight))).iter_rows(named=True):
            typer.echo(f"{row['enterprise']}: {row['before']} -> {row['after']}")
    if within:
        for line in cliffs(found, within).iter_rows(named=True):
            alone = "out of reach" if line["amount"] is None else f"{line['amount']:+.4g}"
            typer.echo(f"{line['enterprise']}: {line['points']:+.4f} to {line['next']}; {line['indicator']} {alone}")
    if out:
        write_table(found.table, out)


def _tell(found: Assessment) -> None:
    """Print a line an enterprise: group, score, class; and why it has none."""
    for row in found.table.sort(pl.col("high").fill_null(-1), descending=True).iter_rows(named=True):
        if row["state"] == "assessed":
            score = f"{row['low']:.4f}" if row["low"] == row["high"] else f"{row['low']:.4f} to {row['high']:.4f}"
            place = row["best"] if row["best"] == row["worst"] else f"{row['best']} to {row['worst']}"
            typer.echo(f"{row['enterprise']}: {row['group']}, {score}, class {place or 'none'}")
        else:
            typer.echo(f"{row['enterprise']}: {row['state']} {row['why'] or ''}".rstrip())


def _method(name: str) -> Method:
    """Return a method by the key of a shipped one, or from a file."""
    if name.endswith((".yaml", ".yml")):
        return build_method(read_yaml(read_text(Path(name))), name)
    packs = files("liandesk.packs")
    folders = [pack.joinpath("per_mu") for pack in packs.iterdir() if pack.joinpath("per_mu").is_dir()]
    found = {file.name.removesuffix(".yaml"): file for folder in folders for file in folder.iterdir()}
    if name not in found:
        hint = nearest(name, found) or f" There are: {', '.join(sorted(found))}."
        raise UserError(f"There is no per-mu method '{name}'.{hint}")
    return build_method(read_yaml(found[name].read_text(encoding="utf-8")), name)


def _weights(told: list[str]) -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for one in told:
        name, _, value = one.partition("=")
        group, _, indicator = name.partition(".")
        try:
            weights.setdefault(group, {})[indicator] = float(value)
        except ValueError:
            raise UserError(f"--weight {one}: this is no weight. Write group.indicator=30.") from None
    return weights
