"""``liankit plan``: the text of a plan into targets, measures and owners, and how well that was done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from liankit.cli.files import read_text
from liankit.errors import UserError

plan = typer.Typer(no_args_is_help=True, help="Plans as data: parse a text, score what was found.")

_COLUMNS = ("kind", "text", "value", "unit", "deadline", "units", "start", "end", "confidence")
_TEXT_MOST = 40  # signs of a text in the table


@plan.command("parse")
def parse_command(
    files: Annotated[list[Path], typer.Argument(help="The texts: txt, html, docx or pdf.")],
    form: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
    out: Annotated[Path | None, typer.Option(help="The file to write; printed without one.")] = None,
) -> None:
    """Read texts of plans into sections, programmes, targets, measures, units, places and names.

    Example: liankit plan parse plan.docx --format json --out found.json
    """
    from liankit.plan.parsing import parse, rows
    from liankit.plan.reading import read_document

    if form not in ("table", "json"):
        raise UserError(f"--format {form}: there are table and json.")
    read = [read_document(file) for file in files]
    found = [row for document in read for row in rows(parse(document.text, file=document.file))]
    shown = json.dumps(found, ensure_ascii=False, indent=1) if form == "json" else "\n".join(map(_line, found))
    _say(shown, out)


@plan.command("score")
def score_command(
    found: Annotated[Path, typer.Argument(help="What was found: JSON of 'plan parse'.")],
    gold: Annotated[Path, typer.Argument(help="The hand count, in the same form.")],
) -> None:
    """Tell precision, recall and F1 of programmes, numeric targets and units.

    Example: liankit plan score found.json gold.json
    """
    from liankit.plan.evaluate import score

    typer.echo("kind\tright\tfound\tgold\tprecision\trecall\tF1")
    for one in score(_rows(found), _rows(gold)):
        shares = ("-" if share is None else f"{share:.3f}" for share in (one.precision, one.recall, one.f1))
        typer.echo("\t".join([one.kind, str(one.right), str(one.found), str(one.gold), *shares]))


def _rows(file: Path) -> list[Mapping[str, Any]]:
    from liankit.plan.evaluate import read_rows

    try:
        return read_rows(json.loads(read_text(file)), str(file))
    except json.JSONDecodeError as error:
        raise UserError(f"{file}: is no JSON ({error}). Make it by 'liankit plan parse --format json'.") from error


def _line(row: dict[str, object]) -> str:
    return "\t".join(_cell(row[column]) for column in _COLUMNS)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{unit['name']} ({unit['role']})" for unit in value)
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _TEXT_MOST else text[: _TEXT_MOST - 1] + "…"


def _say(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{out}: cannot be written ({error.strerror}). Choose another --out.") from error
