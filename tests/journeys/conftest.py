"""The browser: the machine's Chromium on a live server, signed in as one of the cast, watched for what CSP refuses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop lives in the thread of the tests

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("LIANDESK_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HEIGHTS = {1440: 900, 390: 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


EVERY_VIEW = [(language, width) for language in ("zh-hans", "en") for width in HEIGHTS]
IS_WHOLE = os.environ.get("LIANDESK_VIEWS") == "all"
"""``LIANDESK_VIEWS=all``: both languages at both widths, each page pictured, to be looked at."""
VIEWS = EVERY_VIEW if IS_WHOLE else [EVERY_VIEW[0], EVERY_VIEW[3]]
"""Each language and each width once, unless all are asked for."""


@pytest.fixture(params=VIEWS, ids=str)
def view(request: pytest.FixtureRequest) -> tuple[str, int]:
    """Language and width, for a test that plays something in each view; pages alone are for ``look_at``."""
    chosen: tuple[str, int] = request.param
    return chosen


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip(
            "Chromium is absent: `apt install chromium-headless-shell fonts-noto-cjk`, or set LIANDESK_CHROMIUM"
        )
    with playwright_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """In a new checkout nothing was collected yet, and the live server warns of a missing folder."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _static_files_of_the_checkout(settings: Any) -> None:
    """Pages name static files plainly and the live server finds them in the checkout: nothing is collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def people(transactional_db: None) -> dict[str, Any]:
    """The cast by name, in a database that the live server sees."""
    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    organisations = {
        "Enterprise": "enterprise-one",
        "OtherEnterprise": "enterprise-two",
        "Hospital": "hospital-one",
        "OtherHospital": "hospital-two",
    }
    return make_cast(by=system_viewer("test"), organisations=organisations)


@pytest.fixture
def open_page(chromium: Any, live_server: Any, people: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """Return ``open_page(path, who=None, language="zh-hans", width=1440, script=True, cookies={})`` -> page.

    At the end of the test nothing may have been refused by the content security policy and no script may have failed.
    """
    contexts, complaints = [], []

    def open_one(
        path: str,
        *,
        who: str | None = None,
        language: str = "zh-hans",
        width: int = 1440,
        script: bool = True,
        cookies: dict[str, str] | None = None,
    ) -> Any:
        size = {"width": width, "height": HEIGHTS.get(width, 900)}
        context = chromium.new_context(viewport=size, java_script_enabled=script, base_url=live_server.url)
        contexts.append(context)
        given = {site.LANGUAGE_COOKIE_NAME: language, **(cookies or {})}
        if who:
            given[site.SESSION_COOKIE_NAME] = session_of(people[who])
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in given.items()])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = page.goto(path)
        assert answer.status < 500, f"{path} failed"
        return page

    yield open_one
    for context in contexts:
        context.close()
    # a page that answers 403 or 404 on purpose is also reported to the console
    assert [said for said in complaints if "the server responded with a status" not in said] == []


def session_of(user: Any) -> str:
    """Sign in without the form; return the session's cookie."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies[site.SESSION_COOKIE_NAME].value


@pytest.fixture
def shot() -> Callable[[Any, str], Path]:
    """Return ``shot(page, name)``: where a picture of the page goes under var/shots; taken where all views are."""

    def take(page: Any, name: str) -> Path:
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        if not IS_WHOLE:
            return path
        height = min(page.evaluate("document.documentElement.scrollHeight"), 3000)
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
        page.screenshot(path=str(path), full_page=True, clip=clip)
        return path

    return take


@pytest.fixture(scope="session")
def check_page() -> Callable[[Any], None]:
    """Return ``check_page(page)``: axe finds nothing and the page does not scroll sideways."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Any) -> None:
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [violation_text(one) for one in found] == [], page.url
        width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= room, f"{page.url} is {width} px wide in a window of {room} px"

    return check


@pytest.fixture
def look_at(open_page: Callable[..., Any], check_page: Any, shot: Any) -> Callable[..., None]:
    """Return ``look_at(pages, group, who="ChainOffice", status=200)``: each page, readable.

    What the pages show is built once for all views: building it again costs more than looking. Each page is looked at
    in one view, the next page in the next; in all of them where all views are asked for.
    """

    def look(pages: Mapping[str, str], group: str, *, who: str | None = "ChainOffice", status: int = 200) -> None:
        for turn, (language, width) in enumerate(VIEWS):
            page = open_page("/about", who=who, language=language, width=width)
            for place, (name, path) in enumerate(pages.items()):
                if not IS_WHOLE and (place + turn) % len(VIEWS):
                    continue
                answer = page.goto(path)
                assert answer.status == status, f"{path} answered {answer.status}"
                shot(page, f"{group}-{name}-{language}-{width}")
                check_page(page)

    return look


def violation_text(violation: dict[str, Any]) -> str:
    """Say which rule of axe is broken where."""
    places = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:5])
    return f"{violation['id']}: {places}"
