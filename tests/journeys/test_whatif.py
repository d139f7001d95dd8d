"""A what-if from the question to the answer, without a script; its pages in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk.whatif_world import BY, publish_network

from liandesk.assess.whatif.actions import ask
from liandesk.assess.whatif.failing import Failing, Shock
from liandesk.refresh.worker import work

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of two answered what-ifs and one that waits, and where they are."""
    publish_network()
    cytiva = Shock(Failing("maker", "S-Cytiva", "Cytiva"), 1.0)
    medium = Shock(Failing("item", "I-medium", "培养基"), 0.6)
    asked = [ask(title, shocks, by=BY) for title, shocks in (("Cytiva 断供", [cytiva]), ("两者同时", [cytiva, medium]))]
    work(until_idle=True)
    waiting = ask("培养基减产", [medium], by=BY)
    first, second = (f"/what-if/{one.pk}" for one in asked)
    return {
        "new": "/what-if/new?makers=Cytiva",
        "answered": first,
        "waiting": f"/what-if/{waiting.pk}",
        "beside": f"{second}/beside/{asked[0].pk}",
    }


def test_each_page_of_what_ifs_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "what-if")


@pytest.mark.usefixtures("pages")
def test_without_a_script_one_asks_waits_and_reads_who_is_hit(open_page: OpenPage) -> None:
    page = open_page("/what-if/", who="ChainOffice", language="en", script=False)
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Ask what would happen").click()
    page.get_by_label("Enterprises and suppliers that fail").fill("Cytiva, 50 %")
    page.get_by_label("Title").fill("Half of Cytiva")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("progress")).to_have_count(1)
    page.get_by_role("link", name="Show the latest").click()
    expect(page.get_by_role("button", name="Cancel the question")).to_have_count(1)
    work(until_idle=True)
    page.get_by_role("link", name="Show the latest").click()
    row = page.locator("tr", has_text="单抗注射液").first.inner_text()
    assert "50" in row
    assert "Cytiva" in row
    expect(page.locator(".chain-box"), "who fails, two buyers and a buyer of theirs").to_have_count(4)
    page.locator(".chain-box", has_text="Cytiva").focus()
