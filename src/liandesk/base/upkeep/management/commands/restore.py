"""``liandesk restore``: into an empty home, proven equal by hash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.errors import UserError
from liandesk.base.prepare import prepare
from liandesk.base.upkeep.backup import restore


class Command(BaseCommand):
    help = "Restore a backup into an empty home. Example: LIANDESK_HOME=/srv/new liandesk restore liandesk.tar"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise UserError(f"There is no file {file}.")
        prepare()
        manifest = restore(file)
        rows = sum(table["rows"] for table in manifest.tables.values())
        self.stdout.write(
            f"{rows:,} rows and {len(manifest.blobs)} blobs restored; every table equals the backup by hash."
        )
