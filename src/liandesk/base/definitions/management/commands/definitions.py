"""``liandesk definitions``: what is in force, and taking over what the packs ship."""

from __future__ import annotations

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
        tasks.add_parser("check", help="check what the packs ship, without writing")
        tasks.add_parser("import", help="publish what the packs ship and is not here yet")

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        prepare()
        getattr(self, f"_{task}")()

    def _list(self) -> None:
        for found in queries.latest(system_viewer("command")):
            self.stdout.write(f"{found.kind}\t{found.key}\tv{found.version}\t{found.state}\t{found.effective_from}")

    def _check(self) -> None:
        found = packs.shipped()
        self.stdout.write(f"{len(found)} definitions of the packs are right.")

    def _import(self) -> None:
        made = actions.take_over_packs(by=system_viewer("command"))
        self.stdout.write(f"{made} versions taken over.")
