"""``liandesk export risks``: the list as it is now, or an edition as it was signed, as a file."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liandesk.assess.lists import edition_queries, queries
from liandesk.assess.lists.export_actions import FORMS, KINDS, export_edition, export_list
from liandesk.base.accounts.management.actor import actor
from liandesk.base.accounts.roles import Viewer
from liandesk.base.prepare import prepare


class Command(BaseCommand):
    help = "Write a list as a file. Example: liandesk export risks --format csv --out risks.csv"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", choices=[queries.RISKS], metavar="LIST", help="which list: risks")
        parser.add_argument("--format", choices=KINDS, default="csv", dest="kind", help="default: csv")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file; it is replaced")
        parser.add_argument("--edition", type=int, metavar="N", help="a signed edition instead of the list of now")
        parser.add_argument("--form", choices=tuple(FORMS), help="ten columns or all (default: all; Word: ten)")
        parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of heads and words (default: zh)")
        parser.add_argument("--by", metavar="NAME", help="the account that takes the copy; else the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(
                f"The folder {out.parent} does not exist. Make it, or choose another --out.", returncode=2
            )
        draft = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            _write(draft, actor(options["by"]), options)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{out}: {out.stat().st_size:,} bytes")


def _write(path: Path, by: Viewer, options: dict[str, Any]) -> None:
    kind, language = options["kind"], options["language"]
    form = options["form"] or ("leader" if kind == "docx" else "full")
    if options["edition"] is not None:
        edition = edition_queries.edition(by, options["edition"])
        export_edition(edition, path, by=by, kind=kind, form=form, language=language)
    else:
        export_list(queries.current(by), FORMS[form], path, by=by, kind=kind, language=language)
