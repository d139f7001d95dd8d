"""A room from the report to the enterprise's answer, without a script; its pages in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk.incidents_world import disrupted, make_world

from liandesk.assess.incidents.actions import open_room
from liandesk.base.accounts.roles import viewer_of

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def room(people: dict[str, Any]) -> str:
    """The address of a room about a supplier of two enterprises."""
    make_world()
    office = viewer_of(people["ChainOffice"])
    return f"/incidents/{open_room([disrupted().pk], by=office).pk}"


def test_a_room_is_readable_and_worked_in_without_a_script(room: str, look_at: LookAt, open_page: OpenPage) -> None:
    look_at({"room": room}, "incidents")
    page = open_page(room, who="ChainOffice", language="en", script=False)
    expect(page.locator("#tasks li")).to_have_count(8)
    page.locator("#tasks li", has_text="核实事件真实性与影响范围").get_by_role("button").click()
    expect(page.get_by_role("button", name="Not done after all")).to_have_count(1)
    page.locator("#closing details summary").first.click()
    page.locator("#closing textarea").first.fill("库存足够")
    page.get_by_role("button", name="State the reason").first.click()
    assert "2 of 3 are left" in page.locator("#closing").inner_text()
    page.get_by_role("button", name="Send all 3 drafts").click()
    expect(page.get_by_role("link", name="The case", exact=True)).to_have_count(3)
