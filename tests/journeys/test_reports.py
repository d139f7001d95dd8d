"""A report is ordered, its numbers read and checked, without a script; the pages in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk import reports_world

from liandesk.base.definitions.actions import take_over_packs

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of reports, and where they are."""
    take_over_packs(by=reports_world.BY)
    return {"list": "/reports/", "report": f"/reports/{reports_world.marked().pk}", "check": "/reports/check"}


def test_each_page_of_reports_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "reports")


def test_a_report_is_ordered_and_another_checked_without_a_script(pages: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("/reports/", who="ChainOffice", language="en", script=False)
    page.get_by_label("Report").select_option("annual")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("link", name="Show the latest")).to_have_count(1)
    page.goto(page.url.rsplit("/", 1)[0] + pages["report"].removeprefix("/reports"))
    page.get_by_role("button", name="Compute the numbers again").click()
    expect(page.get_by_text("All holds: 1 of 1 numbers")).to_have_count(1)
