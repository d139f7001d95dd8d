"""``liandesk backup``: everything but the secrets in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.prepare import prepare
from liandesk.base.upkeep.backup import backup


class Command(BaseCommand):
    help = "Write a backup. Example: liandesk backup liandesk-2024-09-30.tar"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        prepare()
        manifest = backup(file)
        rows = sum(table["rows"] for table in manifest.tables.values())
        self.stdout.write(f"{rows:,} rows of {len(manifest.tables)} tables and {len(manifest.blobs)} blobs in {file}")
