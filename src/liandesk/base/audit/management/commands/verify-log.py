"""``liandesk verify-log``: seal what is committed and recompute the hash chain of the audit log."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.audit.actions import seal_all
from liandesk.base.audit.queries import check_chain, has_link
from liandesk.base.errors import LogChanged


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit log. Example: liandesk verify-log --head 3f9a…"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="a head noted earlier that must still be part of the chain")

    def handle(self, *args: Any, head: str | None = None, **options: Any) -> None:
        seal_all()
        found = check_chain()
        if not found.holds:
            raise LogChanged(
                f"The log was changed: link {found.broken_at} does not follow from link {found.links}. "
                "Keep a copy of the database, and compare with the latest backup."
            )
        if head and not has_link(head):
            raise LogChanged(f"The log was cut: {head} is not in the chain of {found.links} links.")
        self.stdout.write(f"{found.links} events, all links hold. Head: {found.head}")
