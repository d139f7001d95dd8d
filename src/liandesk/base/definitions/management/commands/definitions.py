"""``liandesk definitions``: what is in force, and taking over what the packs ship."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions import actions, packs, queries
from liandesk.base.prepare import prepare


class Command(BaseCommand):
    help = "List, check or take over definitions. Example: liandesk definitions import"

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        tasks.add_parser("list", help="every definition with its newest version")
        checking = tasks.add_parser("check", help="check what the packs ship, or a folder, without writing")
        checking.add_argument("folder", nargs="?", type=Path, help="a folder laid out as a pack")
        taking = tasks.add_parser("import", help="publish what the packs ship, or a folder, and is not here yet")
        taking.add_argument("folder", nargs="?", type=Path, help="a folder laid out as a pack, as `export` writes it")
        giving = tasks.add_parser("export", help="write what is in force into a folder laid out as a pack")
        giving.add_argument("folder", type=Path)

    def handle(self, *args: Any, task: str, folder: Path | None = None, **options: Any) -> None:
        prepare()
        getattr(self, f"_{task}")(folder)

    def _list(self, folder: None) -> None:
        for found in queries.latest(system_viewer("command")):
            self.stdout.write(f"{found.kind}\t{found.key}\tv{found.version}\t{found.state}\t{found.effective_from}")

    def _check(self, folder: Path | None) -> None:
        self.stdout.write(f"{len(_found(folder))} definitions are right.")

    def _import(self, folder: Path | None) -> None:
        made = actions.take_over(_found(folder), by=system_viewer("command"))
        self.stdout.write(f"{made} versions taken over.")

    def _export(self, folder: Path) -> None:
        self.stdout.write(f"{packs.export(queries.all_in_force(), folder)} definitions written to {folder}.")


def _found(folder: Path | None) -> list[packs.Shipped]:
    return packs.of_folder(folder) if folder else packs.shipped()
