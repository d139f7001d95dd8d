"""``liankit plan lint``: what a plan leaves open or has wrong, for the continuous check of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from liankit.cli.files import read_text
from liankit.cli.plan import plan
from liankit.definitions import parse_body
from liankit.errors import UserError
from liankit.plan.lint import Here, clauses, is_clean, lint_plan
from liankit.plan.model import BindingKind, read_plan
from liankit.texts import LANGUAGES

FOLDERS: dict[str, BindingKind] = {
    "processes": "process",
    "indicators": "indicator",
    "thresholds": "rule",
    "backups": "rule",
    "playbooks": "rule",
    "lights": "rule",
    "appraisals": "rule",
}
"""What the files of a folder of a pack are to a clause."""


@plan.command("lint")
def lint_command(
    file: Annotated[Path, typer.Argument(help="The plan, YAML.")],
    pack: Annotated[
        list[Path] | None, typer.Option(help="A pack whose definitions clauses may name; again for more.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="What is open counts as wrong.")] = False,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Say what a plan leaves open or has wrong; the exit code is 1 where something is wrong.

    Example: liankit plan lint plans/linping_biomed_2025.yaml --pack packs/cn --pack packs/linping_biomed
    """
    if language not in LANGUAGES:
        raise UserError(f"--language {language}: there are {' and '.join(LANGUAGES)}.")
    found, here = read_plan(read_text(file), str(file)), here_of(pack or [])
    findings, parts = lint_plan(found, here), clauses(found, here)
    for finding in findings:
        typer.echo(finding.said(language))
    typer.echo(f"{file}: {sum(part.is_covered for part in parts)} of {len(parts)} clauses covered")
    raise typer.Exit(0 if is_clean(findings, is_strict=strict) else 1)


def here_of(packs: Iterable[Path]) -> Here:
    """Return what the definitions of packs are to clauses; without packs nothing is looked up.

    Lists, registers and reports are no files of a pack: ``liandesk plan lint`` knows those.
    """
    files = [(kind, file) for pack in packs for name, kind in FOLDERS.items() for file in (pack / name).glob("*.yaml")]
    things: dict[str, set[str]] = {}
    for kind, file in files:
        things.setdefault(kind, set()).add(file.stem)
    indicators = {file.stem: parse_body(read_text(file)) for kind, file in files if kind == "indicator"}
    return Here(things, {key: tuple(body.get("contributors", ())) for key, body in indicators.items()})
