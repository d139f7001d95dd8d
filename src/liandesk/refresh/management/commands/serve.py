"""``liandesk serve``: the site and its worker, bound to this machine only unless told otherwise."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.refresh.server import serve


class Command(BaseCommand):
    help = "Serve the site with its worker. Example: liandesk serve --port 8001"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true", help="a worker runs elsewhere (liandesk worker)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        serve(host=host, port=port, with_worker=not options["no_worker"])
