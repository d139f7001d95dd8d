"""Every route of the site and of the API, tried with the whole cast and with a stranger.

The routes come from the router, what they ask for from ``access_routes``, the rights from the access matrix; so a
new route fails here until it is declared, and a view that forgets to ask fails for whoever should not be let in.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TypeVar

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import NodeList
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, resolve, reverse
from tests.liandesk.access_routes import ROUTES, Asks, Route
from tests.liandesk.access_world import World, build_world
from tests.liandesk.conftest import BACKEND

from liandesk.base.accounts.access import can, visibility
from liandesk.base.accounts.cast import NAMES
from liandesk.base.accounts.roles import Viewer
from liandesk.base.home import CHECKOUT

pytestmark = pytest.mark.django_db

_T = TypeVar("_T")
STRANGER = "Stranger"
EVERYBODY = (*NAMES, STRANGER)
TRIED = EVERYBODY if connection.vendor == "sqlite" else ("ChainOffice", STRANGER)
"""The whole cast on SQLite; on PostgreSQL who sees all and who sees nothing: rights are the same code there."""
WHOLE = os.environ.get("LIANDESK_ROUTES") == "all"
_ALIKE = (
    ("ChainChief", "Auditor", "ChainOffice"),
    ("TownOfficer", "OtherTown"),
    ("Enterprise", "OtherEnterprise"),
    ("Hospital", "OtherHospital"),
)
"""Who see as much, all or their own: they share the routes, with the objects of all; the chain office tries all."""
_MANY_RIGHTS = "ChainOffice" if connection.vendor == "sqlite" else ""  # refused before the database is asked
_WITH_FRAME = "home"
"""The route on which a member is shown the whole frame."""
_SAME_EVERYWHERE = ("areas", "display_menu", "language_switch", "me_menu", "search_box", "strip")
_INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
_MARK = re.compile(r"Mark[A-Z][A-Za-z]+")
_DONE = range(200, 400)
_ASKED_FOR_MORE = (400, 409, 410, 422, 429)  # the right was there, the empty form was not enough


class _Plain(Client):
    """A client that keeps no copy of each template's context: thousands of answers are only read."""

    def request(self, **request: object) -> HttpResponse:
        return self.handler(self._base_environ(**request))


_CLIENT = _Plain(raise_request_exception=False, headers={"accept-language": "en"})
"""One for all: making one loads the middleware. Its cookies are set anew for every request."""


def routes() -> list[tuple[str, str]]:
    """Return the name and the pattern of every route of the router."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, space: str, before: str) -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        pattern = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _walk(found, f"{space}{found.namespace}:" if found.namespace else space, pattern)
        else:
            yield f"{space}{found.name}", pattern


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _one_home(home: Path, _own_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_HOME", str(home))
    cache.clear()


@pytest.fixture(scope="module")
def world(home: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The marked district, built once for the module and taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("LIANDESK_HOME", str(home))
        yield build_world()
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Attempt:
    """One request of one member and what came back."""

    route: str
    seen: str
    method: str
    path: str
    member: str
    status: int
    headers: dict[str, str]
    shown: frozenset[str]  # the marks in the answer
    inline: str  # the first inline code in it, if it is a page

    def __str__(self) -> str:
        return f"{self.method} {self.route} ({self.seen or 'no object'}): {self.status}"


def _attempts(world: World, member: str) -> list[Attempt]:
    """Every declared route, method, object and query, by one member; nothing of it lasts."""
    session = "" if member == STRANGER else _session(world, member)
    found: list[Attempt] = []
    for turn, (name, route) in enumerate(ROUTES.items()):
        if not _is_tried(world, member, turn, route):
            continue
        of_route: list[Attempt] = []
        for seen, path in _paths_of(world, member, turn, name):
            if seen != "missing" or _is_measured(world, member, of_route):
                with nullcontext() if name == _WITH_FRAME else _bare_frame():
                    of_route += _try(name, seen, path, route, member, session)
        found += of_route
    return found


@contextmanager
def _bare_frame() -> Iterator[None]:
    """Leave out of the frame what is the same on every page of a member; drawing it is half of a short page's time."""
    with pytest.MonkeyPatch.context() as patch:
        for part in _SAME_EVERYWHERE:
            patch.setattr(get_template(f"ui/components/{part}.html").template, "nodelist", NodeList())
        yield


def _is_measured(world: World, member: str, attempts: list[Attempt]) -> bool:
    """Say whether what does not exist is tried, too: it is the measure of what is hidden; of all else, one tries it."""
    if WHOLE or member in ("ChainOffice", STRANGER):
        return True
    return any(attempt.status == 404 or _is_hidden(world, attempt) for attempt in attempts)


def _is_hidden(world: World, attempt: Attempt) -> bool:
    asks = _asked(attempt)
    return asks is not None and _verdict(world, asks, attempt.member, attempt.seen) == "hidden"


def _asked(attempt: Attempt) -> Asks | None:
    route = ROUTES[attempt.route]
    return route.get if attempt.method == "GET" else route.post


def _is_tried(world: World, member: str, turn: int, route: Route) -> bool:
    """Say whether a member tries a route: all that any right leads to, and in turn a sixth of what none does.

    Without any right on what a route asks for, all are refused by the same line. Who are alike share the routes.
    ``LIANDESK_ROUTES=all`` tries all.
    """
    asked = [asks for asks in (route.get, route.post) if asks is not None]
    if WHOLE or member == STRANGER or (turn + EVERYBODY.index(member)) % 6 == 0:
        return True
    alike = _alike(member)
    if alike and member != _MANY_RIGHTS and turn % len(alike) != alike.index(member):
        return False
    return any(asks.lists_nothing or asks.resource is None or _has_right(world, member, asks) for asks in asked)


def _alike(member: str) -> tuple[str, ...]:
    """Return who share the routes of a member; nobody where all try all."""
    alike = next((group for group in _ALIKE if member in group), ())
    return alike if not WHOLE and set(alike) <= set(TRIED) else ()


def _has_right(world: World, member: str, asks: Asks) -> bool:
    viewer = world.viewers[member]
    return asks.resource is not None and any(can(viewer, asks.resource, what) for what in ("read", asks.action))


def _paths_of(world: World, member: str, turn: int, name: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that a member tries: who is let in to all objects of a route tries one of them, in turn."""
    route = ROUTES[name]
    if not _is_let_in_to_all(world, member, route):
        return _paths(world, name, route)
    turn += EVERYBODY.index(member)
    seen = _in_turn(route.seen, turn)
    more = _in_turn(route.more, turn // max(len(route.seen), 1))
    return _paths(world, name, replace(route, seen=seen, more=more))


def _is_let_in_to_all(world: World, member: str, route: Route) -> bool:
    if WHOLE or member == STRANGER:
        return False
    return all(_sees_all(world.viewers[member], asks) for asks in (route.get, route.post) if asks is not None)


def _sees_all(viewer: Viewer, asks: Asks) -> bool:
    if asks.resource is None or asks.whose:
        return False
    return visibility(viewer, asks.resource).everything and can(viewer, asks.resource, asks.action)


def _in_turn(parts: tuple[_T, ...], turn: int) -> tuple[_T, ...]:
    return (parts[turn % len(parts)],) if parts else ()


def _session(world: World, name: str) -> str:
    client = Client()
    client.force_login(world.users[name], backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _paths(world: World, name: str, route: Route) -> Iterator[tuple[str, str]]:
    """Yield the address of the route for each of its objects, and for one that does not exist."""
    if not route.seen:
        yield from (("", reverse(name, args=more)) for more in route.more)
        return
    for seen, more in product(route.seen, route.more):
        yield seen, reverse(name, args=(*world.objects[seen], *more))
    args = world.objects[route.seen[0]]
    missing = tuple(987654321 if isinstance(arg, int) else f"{arg}-not" for arg in args)
    yield "missing", reverse(name, args=(*missing, *route.more[0]))


def _try(name: str, seen: str, path: str, route: Route, member: str, session: str) -> Iterator[Attempt]:
    """A method that nobody declared is tried with one member of many rights: it is refused before rights are asked."""
    if route.get is not None or member == _MANY_RIGHTS:
        for query in route.queries:
            yield _request("GET", name, seen, f"{path}?{query}", member, session, {})
    if route.post is not None or member == _MANY_RIGHTS:
        yield _request("POST", name, seen, path, member, session, route.form)


_SHOWN_AT: dict[str, frozenset[str]] = {}
"""By address the marks that it showed to whom of the members that this worker tried."""


def _request(
    method: str, name: str, seen: str, path: str, member: str, session: str, form: Mapping[str, object]
) -> Attempt:
    _CLIENT.cookies.clear()
    if session:
        _CLIENT.cookies[settings.SESSION_COOKIE_NAME] = session
    cache.clear()
    with transaction.atomic():
        answer = _CLIENT.get(path) if method == "GET" else _CLIENT.post(path, **_sent(path, form))
        body = _text(answer)
        transaction.set_rollback(True)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    inline = _INLINE.search(body) if is_page else None
    shown, code = frozenset(_MARK.findall(body)), inline[0] if inline else ""
    _SHOWN_AT[path] = _SHOWN_AT.get(path, frozenset()) | shown
    return Attempt(name, seen, method, path, member, answer.status_code, dict(answer.headers), shown, code)


def _sent(path: str, form: Mapping[str, object]) -> dict[str, object]:
    """Pages are sent forms, the API JSON, files as they come."""
    files = [value for value in form.values() if hasattr(value, "seek")]
    for file in files:
        file.seek(0)
    is_json = path.startswith("/api/") and form and not files
    return {"data": dict(form), "content_type": "application/json"} if is_json else {"data": dict(form)}


def _text(answer: HttpResponse) -> str:
    """Return everything a reader could find in an answer: packed files are unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(part) for part in packed.namelist())
    return content.decode(errors="replace") + str(answer.headers.get("Content-Disposition", ""))


def test_every_route_is_declared_and_every_declared_route_exists() -> None:
    found = {name for name, _ in routes()}
    assert found - set(ROUTES) == set(), "declare these routes in access_routes/<area>.py: what do they ask for?"
    assert set(ROUTES) - found == set(), "these routes are gone; take them out of access_routes"


def test_every_operation_of_the_api_is_reached_by_name() -> None:
    from liandesk.config.api import api

    operations = {(method, path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods}
    declared = sum(
        (route.get is not None) + (route.post is not None)
        for name, route in ROUTES.items()
        if name.startswith("api:") and name != "api:openapi-json"
    )
    assert declared == len(operations), operations


@pytest.mark.parametrize("member", TRIED)
def test_a_member_is_let_in_and_shown_what_the_matrix_says_and_nothing_else(world: World, member: str) -> None:
    """Every route, method and object; all that is wrong is said at once."""
    due = _due(world, member)
    attempts = _attempts(world, member)
    attempts += _until_all_is_seen(world, member, attempts, due)
    missing = {(attempt.route, attempt.method): attempt.status for attempt in attempts if attempt.seen == "missing"}
    wrong = [
        f"{attempt}: {what}"
        for attempt in attempts
        for what in (
            _contradiction(world, attempt, missing.get((attempt.route, attempt.method))),
            _leak(world, due, attempt),
            _flaw(attempt),
        )
        if what
    ]
    _keep_column(member, attempts)
    unseen = due - _shown(attempts)
    assert not wrong, "\n" + "\n".join(dict.fromkeys(wrong))
    assert not unseen, f"{member} was shown none of {sorted(unseen)}; the check of leaks would pass on empty pages"


def _until_all_is_seen(world: World, member: str, attempts: list[Attempt], due: Set[str]) -> list[Attempt]:
    """Open pages that were another's turn, until every mark that is due was shown; first what showed most of them."""
    unseen, tried, found = due - _shown(attempts), {attempt.path for attempt in attempts}, []
    session = _session(world, member) if unseen else ""
    left = {path: (name, seen) for name, seen, path in _let_in(world, member) if path not in tried} if unseen else {}
    with _bare_frame():
        while unseen and left:
            path = max(left, key=lambda path: len(unseen & _SHOWN_AT.get(path, frozenset())))
            found.append(_request("GET", *left.pop(path), path, member, session, {}))
            unseen -= found[-1].shown
    return found


def _let_in(world: World, member: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a member may open: the route, the object and the address with its query."""
    for name, route in ROUTES.items():
        asks = route.get
        if asks is None or asks.resource is None:
            continue
        for seen, path in _paths(world, name, route):
            if seen != "missing" and _verdict(world, asks, member, seen) == "let in":
                yield from ((name, seen, f"{path}?{query}") for query in route.queries)


def _shown(attempts: list[Attempt]) -> frozenset[str]:
    return frozenset[str]().union(*(attempt.shown for attempt in attempts))


def _due(world: World, member: str) -> set[str]:
    return set() if member == STRANGER else set(world.marks) - world.forbidden(member)


def _leak(world: World, due: Set[str], attempt: Attempt) -> str:
    """Return the marks in the answer that are not for its reader."""
    shown = (set(world.marks) - due) & attempt.shown
    return f"shows {', '.join(sorted(shown))}" if shown else ""


def _flaw(attempt: Attempt) -> str:
    """Return what is wrong with an answer whoever asked: our failure, a page outside the policy, inline code."""
    if attempt.status >= 500:
        return "a failure of ours"
    if not attempt.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    policy = attempt.headers.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy or "unsafe" in policy:
        return f"the policy is '{policy}'"
    if attempt.headers.get("X-Content-Type-Options") != "nosniff" or attempt.headers.get("X-Frame-Options") != "DENY":
        return "headers that keep browsers from guessing and framing are missing"
    return f"inline code: {attempt.inline}" if attempt.inline else ""


def _contradiction(world: World, attempt: Attempt, missing: int | None) -> str:
    """Return what was expected of rights where the answer is another, else nothing."""
    if attempt.seen == "missing":
        return ""
    asks = _asked(attempt)
    if asks is None:
        return _of_undeclared_method(world, attempt, ROUTES[attempt.route])
    allowed = [*_DONE, *(_ASKED_FOR_MORE if attempt.method == "POST" else ())]
    if attempt.route in _REFUSE_THE_CAST:
        allowed += [403, 404, 410]
    if asks.is_public:
        return "" if attempt.status in allowed else "let in"
    if attempt.member == STRANGER:
        return "" if _is_sent_to_sign_in(attempt) else "sent to sign in"
    verdict = _verdict(world, asks, attempt.member, attempt.seen)
    if verdict == "let in":
        return "" if attempt.status in allowed and not _is_sent_to_sign_in(attempt) else verdict
    if verdict == "hidden":
        return "" if attempt.status == missing in (403, 404) else f"the same as of a missing object ({missing})"
    return "" if attempt.status == 403 or attempt.status == missing == 404 else verdict


_REFUSE_THE_CAST = {
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
    "revoke_token",
    "absence_end",
    "saved_view_delete",
}
"""Routes about one's own things that the cast does not have: a second factor, somebody's token, absence or view."""


def _verdict(world: World, asks: Asks, member: str, seen: str) -> str:
    """Return what the matrix says of a member before an object."""
    if asks.resource is None:
        return "let in"
    viewer = world.viewers[member]
    if asks.whose and member != asks.whose:
        return "hidden"
    row = world.rows.get(seen)
    if row is not None and not visibility(viewer, asks.resource).allows(row):
        return "hidden"
    if seen and not can(viewer, asks.resource, "read", row):
        return "hidden"
    if can(viewer, asks.resource, asks.action, row):
        return "let in"
    return "let in" if asks.lists_nothing else "refused (403)"


def _of_undeclared_method(world: World, attempt: Attempt, route: Route) -> str:
    """A method nobody declared does nothing: 405, or the same page that the other method opens."""
    if attempt.status in (404, 405) or (attempt.member == STRANGER and _is_sent_to_sign_in(attempt)):
        return ""
    if any(_declares(other, attempt.method) for other in _others_at(attempt)):
        return ""  # two operations of the API share an address; the other one is tried under its own name
    other = route.get if attempt.method == "POST" else route.post
    is_same = other is not None and attempt.method == "POST" and attempt.status in (200, 302, 403)
    return "" if is_same else "405: the table declares no such method"


def _declares(route: Route, method: str) -> bool:
    return (route.get if method == "GET" else route.post) is not None


def _others_at(attempt: Attempt) -> list[Route]:
    """Return the other routes of the same pattern."""
    pattern = resolve(attempt.path.partition("?")[0]).route
    return [ROUTES[name] for name, route in routes() if route == pattern and name != attempt.route]


def _is_sent_to_sign_in(attempt: Attempt) -> bool:
    if attempt.route.startswith("api:"):
        return attempt.status == 401
    place = attempt.headers.get("Location", "")
    return attempt.status == 302 and place.startswith(f"{reverse(settings.LOGIN_URL)}?next=")


def test_nothing_is_written_without_the_csrf_token(world: World) -> None:
    """A form of another site carries the session and not the token: it is refused before the route is asked."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    session = _session(world, "ChainOffice")
    for name, route in ROUTES.items():
        if route.post is None:
            continue
        _, path = next(_paths(world, name, route))
        client.cookies.clear()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        with transaction.atomic():
            status = client.post(path).status_code
            transaction.set_rollback(True)
        assert status == 403, f"POST {path} without the token: {status}"


def _keep_column(member: str, attempts: list[Attempt]) -> None:
    """Keep the member's column and write the table route x cast of the columns there are."""
    place = CHECKOUT / "var" / "route-table"
    place.mkdir(parents=True, exist_ok=True)
    declared = [a for a in attempts if a.seen != "missing" and _declares(ROUTES[a.route], a.method)]
    cells = {f"{a.route} | {a.method} | {a.seen}": a.status for a in declared}
    (place / f"{member}.json").write_text(json.dumps(cells), encoding="utf-8")
    columns = {name: _column(place / f"{name}.json") for name in EVERYBODY}
    rows = dict.fromkeys(key for column in columns.values() for key in column)
    lines = [f"| route | method | object | {' | '.join(EVERYBODY)} |", f"|---|---|---|{'---|' * len(EVERYBODY)}"]
    lines += [f"| {key} | {' | '.join(str(columns[name].get(key, '')) for name in EVERYBODY)} |" for key in rows]
    page = "\n".join(["# Route x cast", "", *lines, ""])
    place.with_suffix(".md").write_text(page, encoding="utf-8")


def _column(path: Path) -> dict[str, int]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() and path.stat().st_size else {}


def test_the_names_of_routes_are_unique() -> None:
    names = [name for name, _ in routes()]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_every_route_can_be_reversed(world: World) -> None:
    for name, route in ROUTES.items():
        try:
            assert list(_paths(world, name, route))
        except NoReverseMatch as error:
            pytest.fail(str(error))
