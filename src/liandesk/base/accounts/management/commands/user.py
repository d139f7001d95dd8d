"""``liandesk user``: accounts, roles, sign-in links and tokens, from the operator's own terminal."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liandesk.base.accounts import actions, queries
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, Viewer, system_viewer, viewer_of
from liandesk.base.pack import pack
from liandesk.base.prepare import prepare
from liankit.errors import nearest

DEFAULT_URL = "http://127.0.0.1:8000"


class Command(BaseCommand):
    help = "Make accounts, grant roles, hand out one-time sign-in links and tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", help="the operator's account, for the log; else the command itself")
        tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        _add_account_tasks(tasks)
        _add_secret_tasks(tasks)

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        prepare()
        getattr(self, f"_{task}")(_actor(options["by"]), options)

    def _add(self, by: Viewer, options: dict[str, Any]) -> None:
        scopes = options["scope"] or [f"district:{pack().district.code}"]
        grants = [_grant(options["role"], scope) for scope in scopes] if options["role"] else []
        names = {"name_zh": options["name_zh"], "name_en": options["name_en"]}
        user = actions.add_user(name=options["name"], by=by, grants=grants, **names)
        self.stdout.write(f"Made {user.username}. Let the person sign in once with this link (1 hour):")
        self.stdout.write(_absolute(actions.make_sign_in_link(user, by=by)))

    def _list(self, by: Viewer, options: dict[str, Any]) -> None:
        for user in queries.users(by):
            marks = [mark for mark, holds in (("demo", user.is_demo), ("disabled", not user.is_active)) if holds]
            roles = ", ".join(str(membership) for membership in user.memberships.all()) or "no role"
            self.stdout.write("\t".join([user.username, roles, *marks]))

    def _disable(self, by: Viewer, options: dict[str, Any]) -> None:
        user = _user(options["name"])
        actions.disable_user(user, by=by)
        self.stdout.write(f"{user.username} is disabled: sessions, links and tokens stopped working.")

    def _link(self, by: Viewer, options: dict[str, Any]) -> None:
        path = actions.make_sign_in_link(_user(options["name"]), by=by, hours=options["hours"])
        self.stdout.write(_absolute(path))

    def _token(self, by: Viewer, options: dict[str, Any]) -> None:
        user = _user(options["name"])
        self.stdout.write(actions.make_api_token(user, label=options["label"], days=options["days"], by=by))

    def _password(self, by: Viewer, options: dict[str, Any]) -> None:
        user = _user(options["name"])
        password = getpass.getpass("New password (at least 12 characters): ")
        if password != getpass.getpass("The same again: "):
            raise CommandError("The two passwords differ; nothing was changed.")
        actions.set_password(user, password, by=by)
        self.stdout.write(f"{user.username} has a new password; every session of the account ended.")

    def _reset(self, by: Viewer, options: dict[str, Any]) -> None:
        user = _user(options["name"])
        actions.forget_second_factor(user, by=by)
        self.stdout.write(f"{user.username} sets up a new second factor after this link (1 hour):")
        self.stdout.write(_absolute(actions.make_sign_in_link(user, by=by)))

    def _cast(self, by: Viewer, options: dict[str, Any]) -> None:
        organisations = dict(_pair(text) for text in options["organisation"])
        made = actions.make_cast(by=by, organisations=organisations)
        for name, user in made.items():
            link = _absolute(actions.make_sign_in_link(user, by=by, hours=options["hours"]))
            self.stdout.write(f"{name}\t{link}")


def _add_account_tasks(tasks: Any) -> None:
    add = tasks.add_parser("add", help="make an account, and a link for its first sign-in")
    add.add_argument("name")
    add.add_argument("--role", choices=[role for role in Role.values if role != Role.SYSTEM])
    add.add_argument("--scope", action="append", help="kind:id, as in town:330113001; may be repeated")
    add.add_argument("--name-zh", default="")
    add.add_argument("--name-en", default="")
    tasks.add_parser("list", help="show all accounts and their roles")
    disable = tasks.add_parser("disable", help="close an account; what it wrote stays")
    disable.add_argument("name")
    cast = tasks.add_parser("cast", help="make the demo's cast and a sign-in link for each")
    cast.add_argument("--hours", type=int, default=12)
    cast.add_argument("--organisation", action="append", default=[], help="Enterprise=ID and so on")


def _add_secret_tasks(tasks: Any) -> None:
    link = tasks.add_parser("link", help="make a link that signs a user in once")
    link.add_argument("name")
    link.add_argument("--hours", type=int, default=1)
    token = tasks.add_parser("token", help="make a token of the API, shown this once")
    token.add_argument("name")
    token.add_argument("--label", required=True)
    token.add_argument("--days", type=int, default=90)
    reset = tasks.add_parser("reset", help="forget a lost second factor, and make a link")
    reset.add_argument("name")
    password = tasks.add_parser("password", help="set a password; asks for it")
    password.add_argument("name")


def _actor(name: str | None) -> Viewer:
    return viewer_of(_user(name)) if name else system_viewer("command")


def _user(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        near = nearest(name, User.objects.values_list("username", flat=True))
        raise CommandError(f"There is no account '{name}'.{near} `liandesk user list` shows all.", returncode=2)
    return found


def _grant(role: str, scope: str) -> Grant:
    kind, _colon, identifier = scope.partition(":")
    return Grant(role, kind, identifier)


def _pair(text: str) -> tuple[str, str]:
    name, sign, identifier = text.partition("=")
    if not sign:
        raise CommandError(f"'{text}' is not of the form Enterprise=ID.", returncode=2)
    return name, identifier


def _absolute(path: str) -> str:
    return os.environ.get("LIANDESK_URL", DEFAULT_URL).rstrip("/") + path
