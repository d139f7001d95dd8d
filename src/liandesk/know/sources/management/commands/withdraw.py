"""``liandesk withdraw``: take a load back whole; what was known before stays known as of then."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.accounts.management.actor import actor
from liandesk.base.facts.actions import withdraw
from liandesk.base.prepare import prepare


class Command(BaseCommand):
    help = 'Withdraw a load. Example: liandesk withdraw 3fa91b2c --why "last year\'s file"'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="the key of the load; `liandesk load --list` shows them")
        parser.add_argument("--why", required=True, help="the reason, kept with the load")
        parser.add_argument("--by", metavar="NAME", help="the account that withdraws; else the command itself")

    def handle(self, *args: Any, key: str, why: str, **options: Any) -> None:
        prepare()
        landing = withdraw(key, why=why, by=actor(options["by"]))
        self.stdout.write(
            f"Withdrew {landing.key} ({landing.title}). Its facts are no longer known; `liandesk refresh` takes them "
            "out of the lists. Past editions keep what they say."
        )
