"""``liandesk plan lint``: what the plan leaves open or has wrong, measured against everything that is here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.prepare import prepare
from liandesk.base.ui.display import language
from liandesk.steer.plan import queries
from liandesk.steer.plan.executors import executing
from liankit.plan.lint import is_clean, lint_plan
from liankit.plan.model import read_plan


class Command(BaseCommand):
    help = "Check the plan against what is here. Example: liandesk plan lint"

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        lint = tasks.add_parser("lint", help="say what is open or wrong; the exit code is 1 where something is wrong")
        lint.add_argument("file", nargs="?", type=Path, help="a plan as YAML; without it the plan in force")
        lint.add_argument("--strict", action="store_true", help="what is open counts as wrong")

    def handle(self, *args: Any, file: Path | None, strict: bool, **options: Any) -> None:
        prepare()
        if file:
            found = read_plan(file.read_text(encoding="utf-8"), str(file))
        else:
            found = queries.the_plan(system_viewer("command"))
        findings = lint_plan(found, executing().here)
        for finding in findings:
            self.stdout.write(finding.said(language()))
        if not is_clean(findings, is_strict=strict):
            raise CommandError(f"{found.key}: {len(findings)} findings", returncode=1)
