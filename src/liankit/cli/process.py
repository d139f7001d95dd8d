"""``liankit process``: check a definition, draw it, replay the log of a case."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from liankit.cli.files import read_text
from liankit.errors import UserError
from liankit.process import Process, Reading, State, next_actions, read_clocks, read_process, replay
from liankit.process.diagram import draw
from liankit.process.log import read_log
from liankit.texts import LANGUAGES, Language, render

process = typer.Typer(no_args_is_help=True, help="Processes as data: check, draw, replay.")

Definition = Annotated[Path, typer.Argument(help="The definition, YAML.")]
Speech = Annotated[str, typer.Option("--language", help="zh or en.")]


@process.command("check")
def check_command(file: Definition) -> None:
    """Check a definition; every mistake is named with its place and the nearest valid name.

    Example: liankit process check instruction.yaml
    """
    found = _read(file)
    parts = f"{len(found.stages)} stages, {len(found.transitions)} steps, {len(found.clocks)} clocks"
    typer.echo(f"{file}: right. {found.key}: {parts}, {len(found.roles)} roles")
    for clock in found.clocks:
        if clock.days is None and not clock.until:
            typer.echo(f"clocks.{clock.key}: no period is laid down (待核定)")


@process.command("diagram")
def diagram_command(
    file: Definition,
    out: Annotated[Path, typer.Option(help="The file to write, SVG.")],
    language: Speech = "zh",
) -> None:
    """Draw a definition as a flow chart.

    Example: liankit process diagram instruction.yaml --out instruction.svg --language en
    """
    picture = draw(_read(file), _language(language))
    try:
        out.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{out}: cannot be written ({error.strerror}). Choose another --out.") from error
    typer.echo(f"Written to {out}")


@process.command("replay")
def replay_command(
    file: Definition,
    events: Annotated[Path, typer.Argument(help="The log: one event a line, JSON.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the clocks; today.")] = None,
    zone: Annotated[str, typer.Option(help="The time zone in which days are counted.")] = "Asia/Shanghai",
    language: Speech = "zh",
) -> None:
    """Replay the log of a case: where it stands, its clocks, who holds what, what can be done next.

    Example: liankit process replay instruction.yaml case.jsonl --on 2024-09-30
    """
    found, speech = _read(file), _language(language)
    state = replay(found, read_log(read_text(events), str(events)))
    today = on.date() if on else datetime.now(ZoneInfo(zone)).date()
    for line in (*_standing(state), *_clocks(found, state, today, zone), *_next(found, state, speech)):
        typer.echo(line)


def _read(file: Path) -> Process:
    return read_process(read_text(file), str(file))


def _language(said: str) -> Language:
    if said not in LANGUAGES:
        raise UserError(f"--language {said}: there are {' and '.join(LANGUAGES)}.")
    return said


def _standing(state: State) -> list[str]:
    ended = [f"ended: {state.outcome} ({state.reason}) {state.ended.isoformat()}"] if state.ended else []
    held = [f"holds {role}: {', '.join(holders)}" for role, holders in state.holders.items()]
    return [f"stages: {', '.join(state.active) or 'none'}", *ended, *held]


def _clocks(process: Process, state: State, today: date, zone: str) -> list[str]:
    return [_clock(reading) for reading in read_clocks(process, state, today, ZoneInfo(zone))]


def _clock(reading: Reading) -> str:
    due = f", due {reading.due}" if reading.due else ""
    left = "" if reading.left is None else f", {reading.left} {reading.clock.unit} left"
    unsure = "" if reading.is_published else ", preliminary: a year's working days are not published"
    return f"clock {reading.clock.key}: {reading.state}{due}{left}{unsure}"


def _next(process: Process, state: State, language: Language) -> list[str]:
    return [
        f"next {action.transition.key} ({', '.join(action.roles)}): "
        + ("; ".join(render(reason.code, reason.params, language) for reason in action.missing) or "open")
        for action in next_actions(process, state)
    ]
