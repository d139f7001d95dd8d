"""``liandesk digest``: compute the digest of everybody, or print somebody's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.prepare import prepare
from liandesk.base.teamwork.digest import as_text, compute
from liandesk.base.teamwork.digest_actions import make_digests


class Command(BaseCommand):
    help = "Compute today's digest of everybody and keep it, or print one. Example: liandesk digest --user ChainOffice"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", metavar="NAME", help="print the digest of this account; nothing is kept")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        if not options["user"]:
            made = make_digests(by=system_viewer("command"))
            self.stdout.write(f"{made} digests for {today()}.")
            return
        user = User.objects.filter(username__iexact=options["user"], is_active=True).first()
        if user is None:
            raise UserError(f"There is no active account '{options['user']}'. `liandesk user list` shows all.")
        with translation.override(options["language"]):
            self.stdout.write(as_text(compute(viewer_of(user)), today(), user.display_name))
