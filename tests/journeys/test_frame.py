"""The frame as people meet it: in both languages, on a desk and on a phone, with and without scripts, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record, seal_all
from liandesk.base.ui import panels

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
OPEN = {"about": "/about", "sign-in": "/accounts/login/"}
OFFICE = {"home": "/", "search": "/search?q=abc", "me": "/me"}


@pytest.fixture
def full_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """An inbox with something in each section."""

    def lines(viewer: Viewer) -> Iterator[panels.InboxLine]:
        due = date(2024, 9, 27)
        yield panels.InboxLine("due", "琥珀酸美托洛尔原料药", "/about", "责任单位：经科局", due=due)
        yield panels.InboxLine("due", "Chromatography resin", "/about", "", due=date(2024, 10, 15))
        yield panels.InboxLine("waiting", "3 条待纳入条目", "/about")

    monkeypatch.setattr(panels, "INBOX", [lines])


def test_each_page_of_the_frame_is_readable_on_desk_and_phone_in_both_languages(look_at: LookAt) -> None:
    _write_log()
    look_at(OPEN, "frame", who=None)
    look_at(OFFICE, "frame")
    look_at({"log": "/audit"}, "frame", who="Auditor")
    look_at({"missing": "/no-such-page"}, "frame", status=404)
    look_at({"refused": "/audit"}, "frame", who="Outsider", status=403)


def test_the_desk_shows_what_is_due_with_its_weekday_and_what_is_late(
    view: tuple[str, int], full_desk: None, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/", who="ChainChief", language=language, width=width)
    shot(page, f"desk-{language}-{width}")
    check_page(page)
    late = {"zh-hans": "2024-09-27 星期五 · 已逾期", "en": "2024-09-27 Fri · overdue"}
    assert late[language] in page.inner_text("main")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("theme", "size"), [("dark", "normal"), ("light", "large"), ("dark", "large")])
def test_dark_and_large_type_are_readable(
    theme: str, size: str, width: int, full_desk: None, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    page = open_page("/", who="ChainChief", width=width, cookies={"theme": theme, "size": size})
    shot(page, f"desk-{theme}-{size}-{width}")
    check_page(page)


def test_language_and_type_size_are_switched_without_scripts_and_the_page_stays(open_page: OpenPage) -> None:
    page = open_page("/about", language="zh-hans", script=False)
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en" and page.url.endswith("/about")
    page.click("summary:has-text('Display')")
    page.click("button:has-text('Large type')")
    assert "type-large" in page.get_attribute("html", "class") and page.url.endswith("/about")


def test_on_a_phone_the_menu_opens_without_scripts(open_page: OpenPage, shot: Any) -> None:
    page = open_page("/", who="ChainOffice", language="en", width=390, script=False)
    assert not page.is_visible(".frame-areas")
    page.click(".frame-bar > .frame-toggle > summary")
    assert page.is_visible(".frame-areas") and page.is_visible("#frame-search")
    shot(page, "menu-en-390")


def test_control_k_goes_to_the_search_and_enter_searches(open_page: OpenPage) -> None:
    page = open_page("/", who="ChainOffice", language="en")
    page.keyboard.press("Control+k")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=abc")
    assert page.input_value("#search-text") == "abc"


def test_the_keyboard_skips_to_the_content_and_escape_closes_a_menu(open_page: OpenPage) -> None:
    page = open_page("/", who="ChainOffice", language="en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.click("summary:has-text('Display')")
    page.keyboard.press("Escape")
    expect(page.locator("details.frame-drop[open]")).to_have_count(0)


def test_signing_out_needs_no_script(open_page: OpenPage) -> None:
    page = open_page("/", who="Officer", language="en", script=False)
    page.click(".frame-tools details:last-child > summary")
    page.click("button:has-text('Sign out')")
    page.goto("/")
    assert "/accounts/login/" in page.url


def test_paper_says_who_printed_when_and_under_which_mark(open_page: OpenPage, shot: Any) -> None:
    page = open_page("/about", who="Auditor", language="en")
    page.emulate_media(media="print")
    header = page.inner_text(".print-header")
    assert "Auditor" in header and "Classification: not marked" in header
    assert page.is_visible(".print-watermark") and not page.is_visible(".frame-bar")
    page.pdf(path=str(shot(page, "print-about")).replace(".png", ".pdf"), prefer_css_page_size=True)


def _write_log() -> None:
    for number in range(51):
        record("test.write", "thing", number, by=system_viewer("test"), rows=number * 1000)
    seal_all()
    record("test.write", "thing", "last", by=system_viewer("test"))
