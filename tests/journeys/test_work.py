"""An instruction from issue to close, played by the people it concerns; its pages in both languages, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case

OpenPage = Callable[..., Any]


@pytest.fixture
def case(people: dict[str, Any]) -> Case:
    """An instruction that its office has signed for and reported as done."""
    take_over_packs(by=system_viewer("test"))
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    data = {"task": "落实第二厂区用地指标", "due": "2024-10-31"}
    made = open_case(NewCase("instruction", "落实第二厂区用地", parties, data), by=viewer_of(people["ChainOffice"]))
    officer = viewer_of(people["Officer"])
    made = act(made.pk, Step("do", 1, "sign_for"), by=officer)
    return act(made.pk, Step("prove", 2, "result", {"hash": "ab" * 32, "title": "会议纪要"}), by=officer)


def test_each_page_of_cases_is_readable(
    view: tuple[str, int], case: Case, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/cases/", who="Officer", language=language, width=width)
    paths = {"cases": "/cases/", "case": f"/cases/{case.pk}", "definitions": "/definitions/"}
    paths["definition"] = "/definitions/process/instruction"
    for name, path in paths.items():
        assert page.goto(path).ok
        shot(page, f"work-{name}-{language}-{width}")
        check_page(page)


def test_an_instruction_is_opened_signed_for_and_closed_with_the_keyboard_and_by_four_eyes(
    case: Case, open_page: OpenPage, check_page: Any
) -> None:
    office = open_page("/cases/new/instruction", who="ChainOffice", language="en", width=390)
    check_page(office)
    office.fill("input[name=title]", "Second instruction")
    office.select_option("select[name=lead_place]", "office:market")
    office.fill("textarea[name=task]", "Do it")
    office.fill("input[name=due]", "2024-12-31")
    office.keyboard.press("Enter")
    office.wait_for_url("**/cases/*")
    officer = open_page("/", who="Officer", language="en")
    officer.click("text=Second instruction")
    officer.locator("summary", has_text="Sign for").focus()
    officer.keyboard.press("Enter")
    officer.locator("details[open] button").first.click()
    officer.wait_for_load_state()
    assert Case.objects.get(title="Second instruction").stages == ["in_hand"]
