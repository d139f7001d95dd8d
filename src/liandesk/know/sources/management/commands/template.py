"""``liandesk template``: the Excel file that enterprises and bureaus fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.know.sources.queries import WHOLE, template_tables, write_blank


class Command(BaseCommand):
    help = "Write the template to fill in. Example: liandesk template --out template.xlsx"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=WHOLE, metavar="NAME", help="one sheet instead of all")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
        parser.add_argument("--language", choices=("zh", "en"), default="zh")

    def handle(self, *args: Any, name: str, out: Path, language: Any, **options: Any) -> None:
        write_blank(name, out, language)
        sheets = ", ".join(table.sheet_name(language) for table in template_tables(name))
        self.stdout.write(f"Wrote {out}: {sheets}.")
