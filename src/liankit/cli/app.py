"""The command ``liankit`` and how its errors read: a ``UserError`` prints one line and no traceback."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from liankit.cli import (  # noqa: F401 - they add their commands to `cascade`, `plan`, `risk`, `rules`
    cascade_bounds,
    cascade_coverage,
    cascade_interventions,
    cascade_stops,
    plan_forecast,
    plan_jumps,
    plan_lint,
    plan_sample,
    risk_backtest,
    risk_candidates,
    risk_disruptions,
    risk_notices,
    risk_portfolio,
    rules_coach,
    rules_per_mu,
)
from liankit.cli.cascade import cascade
from liankit.cli.entities import entities
from liankit.cli.plan import plan
from liankit.cli.process import process
from liankit.cli.risk import risk
from liankit.cli.rules import rules
from liankit.errors import UserError
from liankit.synthetic.cli import app as synthetic


class _Commands(TyperGroup):
    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except UserError as error:
            typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(error.exit_code) from error


main = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compute on files what Liandesk computes: the library of liankit on the command line.",
)
main.add_typer(cascade, name="cascade")
main.add_typer(entities, name="entities")
main.add_typer(plan, name="plan")
main.add_typer(process, name="process")
main.add_typer(risk, name="risk")
main.add_typer(rules, name="rules")
main.add_typer(synthetic, name="synthetic")
