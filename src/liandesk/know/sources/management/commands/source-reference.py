"""``liandesk source-reference``: write what every source takes as a page of the reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liandesk.know.sources.reference import render_reference


class Command(BaseCommand):
    help = "Print the contracts of the sources, or keep them in a file. Example: liandesk source-reference --out s.md"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="write to this file instead of the terminal")
        parser.add_argument("--check", type=Path, help="fail when this file is not what the contracts say")

    def handle(self, *args: Any, out: Path | None, check: Path | None, **options: Any) -> None:
        page = render_reference()
        if check is not None and check.read_text(encoding="utf-8") != page:
            raise CommandError(f"{check} is stale. Run: liandesk source-reference --out {check}", returncode=6)
        if out is not None:
            out.write_text(page, encoding="utf-8")
        elif check is None:
            self.stdout.write(page)
