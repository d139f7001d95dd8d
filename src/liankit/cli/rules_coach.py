"""``liankit rules coach``: the least change by which an enterprise reaches a title."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.rules import facts_of_one, rules, shipped
from liankit.rules.coach import Goal, Step, Way, shortest_way

_DAY = ["%Y-%m-%d"]


@rules.command("coach")
def coach_command(
    grants: Annotated[str, typer.Argument(help="The title to be reached, e.g. specialised_sme.")],
    table: Annotated[Path, typer.Argument(help="What is known of enterprises; .csv, .xlsx or .parquet.")],
    enterprise: Annotated[str, typer.Argument(help="Which enterprise.")],
    on: Annotated[datetime, typer.Option(formats=_DAY, help="The day from which changes can be made.")],
    by: Annotated[datetime, typer.Option(formats=_DAY, help="The last day of the application.")],
    clause: Annotated[str, typer.Option(help="Only this clause of the scheme.")] = "",
) -> None:
    """Find the least change, by effort, after which an enterprise meets a scheme by a day.

    Docs: docs/explanation/coach.md.

    Example: liankit rules coach specialised_sme facts.csv E12 --on 2024-09-30 --by 2025-12-31
    """
    schemes, vocabulary = shipped()
    goal = Goal(grants, on.date(), by.date(), clause=clause)
    way = shortest_way(schemes, facts_of_one(table, vocabulary, enterprise), vocabulary, goal)
    if way.on is None:
        typer.echo(_none(way))
        raise typer.Exit(1)
    typer.echo(f"Apply on {way.on}, in {way.wait} days, under {way.scheme}; effort {way.effort:g}")
    if not way.is_proven:
        typer.echo("  the search for a cheaper way was given up; there may be one")
    for step in way.steps:
        typer.echo(f"  {_told(step)}")
    for question in way.questions:
        typer.echo(f"  supposes an answer: {question}")


def _told(step: Step) -> str:
    if step.before is None or step.after is None:
        return f"{step.input}: {step.steps} more (effort {step.effort:g})"
    return f"{step.input}: from {_number(step.before)} to {_number(step.after)} {step.unit} (effort {step.effort:g})"


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _none(way: Way) -> str:
    if not way.scheme:
        return f"No scheme for {way.goal.grants} takes applications by {way.goal.by}."
    if way.blocked:
        return f"Nothing that can be moved by {way.goal.by} makes these hold: {', '.join(way.blocked)}."
    return f"Each clause can be reached by {way.goal.by}, but not all together."
