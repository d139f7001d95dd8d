"""``liandesk migrate-cases``: take running cases over to another version of their process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.prepare import prepare
from liandesk.base.work.migration_actions import migrate_cases
from liandesk.base.work.migration_queries import try_map


class Command(BaseCommand):
    help = (
        "Try a published map between versions on the running cases, or apply it. Example: liandesk migrate-cases "
        "instruction_1_2 --apply"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="key of the map, as `liandesk definitions list` shows it")
        parser.add_argument("--apply", action="store_true", help="write; without it nothing is changed")

    def handle(self, *args: Any, key: str, apply: bool, **options: Any) -> None:
        prepare()
        viewer = system_viewer("command")
        if apply:
            moved = migrate_cases(key, by=viewer)
            self.stdout.write(f"{moved.gone} cases went over, {len(moved.stayed)} stay.")
            stayed = list(moved.stayed.items())
        else:
            trial = try_map(viewer, key, most=None)
            self.stdout.write(f"{trial.goes} of {trial.standing} running cases would go over. Nothing was written.")
            stayed = [(case.pk, said) for case, said in trial.refused]
        for pk, said in stayed:
            self.stdout.write(f"case {pk}: {said}")
