"""``liankit risk backtest``: how good a ranking by likelihood would have been, on events and features in files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, read_table, write_table
from liankit.cli.risk import risk
from liankit.errors import UserError
from liankit.risk.backtest import Forecast, Question, Result, forecast, outcomes, score
from liankit.risk.event_files import Events, Units, read_events, read_outcomes, read_units
from liankit.risk.scores import MIN_EVENTS, SCORES, Measured

_DAY = ["%Y-%m-%d"]
_SHOWN = 6  # features alone


@risk.command("backtest")
def backtest_command(
    events: Annotated[Path, typer.Argument(help="Dated events: unit, start[, end], or unit, as_of, status; .csv[.gz]")],
    features: Annotated[Path, typer.Argument(help="One row a unit: text columns name it, numbers are features.")],
    as_of: Annotated[datetime, typer.Option(formats=_DAY, help="Nothing known later is used.")],
    horizon_months: Annotated[int, typer.Option(min=1, help="Within how many months.")] = 12,
    onset: Annotated[bool, typer.Option("--onset", help="Only new events: of units that are in none.")] = False,
    outcomes_file: Annotated[
        Path | None, typer.Option("--outcomes", help="unit, outcome; or dated events. Default: later rows of EVENTS.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Table to write: unit, likelihood, its interval.")] = None,
    features_of: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="From when FEATURES were known; default: by their names.")
    ] = None,
    column: Annotated[list[str], typer.Option(help="role=column of EVENTS, as start=posted; may be repeated.")] = [],  # noqa: B006 - Typer copies it
    status: Annotated[list[str], typer.Option(help="Status of an event that goes on; may be repeated.")] = [],  # noqa: B006
    concentration: Annotated[str | None, typer.Option(help="The feature that is concentration alone.")] = None,
    seed: Annotated[int, typer.Option(help="Of the resampling.")] = 0,
) -> None:
    """Fit on what was known on a date, rank all units, and score the ranking beside honest baselines.

    Roles of columns: unit, seen (the day a list was taken), start, end, status, outcome. A feature is dropped where it
    became valid after the date (by a date in its name, else in the file's), and left out of the fit where it tells the
    units' past events; the history of events is derived anew. Docs: docs/explanation/forecasts.md.

    Example: liankit risk backtest shortages.csv.gz features_2023-04.csv --as-of 2023-04-06 --out likelihood.csv
    """
    if out:
        check_ending(out)
    question = Question(as_of.date(), horizon_months, onset, seed)
    mapped = read_mapping(column)
    units = read_units(read_table(features), features.name, features_of.date() if features_of else None)
    known = read_events(read_table(events), units, mapped, tuple(status))
    made = forecast(known, units, question)
    _tell_fit(made, known, units)
    if out:
        write_table(made.table.join(units.keys, on="unit", maintain_order="left"), out)
        typer.echo(f"Written to {out}: {made.table.height:,} units, the likeliest first")
    happened = _outcomes(outcomes_file, known, units, question, tuple(status))
    if happened is None:
        typer.echo(f"Not scored: no outcomes after {question.as_of} are known. Give them with --outcomes.")
        return
    _tell_scores(score(made, happened, concentration))


def read_mapping(column: list[str]) -> dict[str, str]:
    """Return the column of each role by options as ``start=posted``; UserError where one is written otherwise."""
    parts = [one.partition("=") for one in column]
    wrong = [role for role, sign, name in parts if not sign or not name]
    if wrong:
        raise UserError(f"--column {wrong[0]}: write role=column, as start=posted.")
    return {role: name for role, _sign, name in parts}


def _outcomes(
    file: Path | None, known: Events, units: Units, question: Question, status: tuple[str, ...]
) -> pl.Series | None:
    """Return what came of the units: told by a file, by dated events in it, or by later rows of the events."""
    if file is not None:
        table = read_table(file)
        told = read_outcomes(table, units)
        return told if told is not None else _from(read_events(table, units, None, status), units, question)
    is_later = known.last is not None and known.last > question.as_of
    return _from(known, units, question) if is_later else None


def _from(events: Events, units: Units, question: Question) -> pl.Series:
    if events.last is not None and events.last < question.until:
        typer.echo(
            f"Outcomes are known up to {events.last}, the horizon ends on {question.until}: later ones are missed"
        )
    return outcomes(events, units.numbers["unit"], question)


def _tell_fit(made: Forecast, known: Events, units: Units) -> None:
    question, model = made.question, made.model
    what = "a new event (of units in none)" if question.is_onset else "an event at any time"
    typer.echo(f"Forecast: {what} after {question.as_of} and up to {question.until}, {made.table.height:,} units")
    typer.echo(f"Events known up to {made.seen_on}; names {known.names:,}, of no unit {len(known.unmatched):,}")
    if known.unmatched:
        typer.echo(f"  of no unit: {'; '.join(known.unmatched[:5])}{' …' if len(known.unmatched) > 5 else ''}")
    if known.undated:
        typer.echo(f"  rows without a date: {known.undated:,}")
    for row in made.windows.iter_rows(named=True):
        typer.echo(f"Learned from {row['made_on']}: {row['events']:,} of {row['units']:,} ({row['base_rate']:.1%})")
    for names, why in ((made.later, "became valid later, dropped"), (made.telling, "tell history, not fitted")):
        if names:
            typer.echo(f"Features that {why}: {', '.join(names)}")
    typer.echo(
        f"Fitted on {model.rows:,} rows, {len(model.features)} features, strength C {model.strength:.4g}; adds most:"
    )
    size = abs(model.lines[0, 1 : 1 + len(model.features)])
    for place in size.argsort()[::-1][:_SHOWN]:
        typer.echo(f"  {model.features[place]:<28}{model.lines[0, 1 + place]:+.2f} a standard deviation")


def _tell_scores(result: Result) -> None:
    found = result.scores
    typer.echo(f"Scored: {found.events:,} of {found.n:,} units had an event; outcome not told: {result.unknown:,}")
    if found.brier is None:
        typer.echo(f"Too few to score: {MIN_EVENTS} units with an event and {MIN_EVENTS} without one are needed.")
        return
    for name in SCORES:
        typer.echo(f"  {name.replace('_', ' '):<20}{_ends(getattr(found, name))}")
    typer.echo("Beside baselines (behind: the model's less theirs, on the same resampled units; 90 % intervals)")
    typer.echo(f"  {'':<44}{'AUC':<25}{'behind':<26}{'average precision':<25}behind")
    for row in _shown(result.baselines).iter_rows(named=True):
        both = (f"{_of(row, name):<25}{_of(row, f'{name}_behind'):<26}" for name in ("auc", "average_precision"))
        typer.echo(f"  {row['name']:<44}{''.join(both)}".rstrip())
    typer.echo("Calibration: forecast, observed")
    for row in result.bins.iter_rows(named=True):
        ends = f"{row['observed_low']:.3f} to {row['observed_high']:.3f}"
        typer.echo(f"  {row['forecast']:.3f}  {row['observed']:.3f} ({ends}), {row['events']:,} of {row['n']:,}")


def _shown(baselines: pl.DataFrame) -> pl.DataFrame:
    """Keep the named baselines and the best features alone, by either measure."""
    named = baselines.filter(pl.col("name").str.contains(r"^model$|^chance$| \("))
    alone = baselines.join(named, on="name", how="anti")
    best = [alone.sort(name, descending=True).head(_SHOWN // 2) for name in ("auc", "average_precision")]
    singles = pl.concat(best).unique("name").sort("auc", descending=True)
    return pl.concat([named.head(-1), singles, named.tail(1)])


def _ends(one: Measured) -> str:
    return f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})"


def _of(row: dict[str, float], name: str) -> str:
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
