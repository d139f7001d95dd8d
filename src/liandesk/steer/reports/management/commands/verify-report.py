"""``liandesk verify-report``: compute the numbers of a report's bundle again and name each one that differs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liandesk.base.ui.display import language
from liankit.plan.report.bundle import verify


class Command(BaseCommand):
    help = "Check the bundle of a report; exit code 1 when it is wrong. Example: liandesk verify-report report.zip"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            verdict = verify(file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error}", returncode=2) from error
        share = "" if verdict.share is None else f" ({verdict.share:.0%})"
        self.stdout.write(
            f"{verdict.title}: {verdict.numbers} numbers, {len(verdict.recomputed)} computed again{share}"
        )
        self.stdout.write(
            f"{len(verdict.taken)} of these are inputs taken unchanged; traced only: {len(verdict.traced)}"
        )
        for name in verdict.traced:
            self.stdout.write(f"traced {name}")
        for fault in verdict.faults:
            self.stdout.write(f"WRONG {fault.said(language())}")
        self.stdout.write(f"last link: {verdict.head}")
        if not verdict.holds:
            sys.exit(1)
