"""``liankit plan``: the text of a plan into targets, measures and owners, and how well that was done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

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
