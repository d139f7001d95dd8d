"""``liandesk worker``: take jobs until told to stop; ``serve`` starts one by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.prepare import prepare
from liandesk.refresh.worker import work


class Command(BaseCommand):
    help = "Take background jobs. Example: liandesk worker --until-idle"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="stop when there is no job left")
        parser.add_argument("--parent", type=int, help="stop when this process is gone")

    def handle(self, *args: Any, until_idle: bool = False, parent: int | None = None, **options: Any) -> None:
        prepare()
        work(until_idle=until_idle, parent=parent)
