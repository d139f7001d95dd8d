"""From the calculator to what a budget buys, without a script; the pages in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk import portfolio_world

from liandesk.assess.portfolio.actions import enter
from liandesk.assess.portfolio.models import Intervention
from liandesk.assess.portfolio.plans import Said, plan_of
from liandesk.refresh.worker import work

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of portfolios, and where they are."""
    portfolio_world.publish()
    enter(Said("second_source", "层析填料", 0.5, (2_000_000, 3_000_000)), by=portfolio_world.BY)
    enter(Said("stock", "培养基", 1.0, (500_000, 500_000)), by=portfolio_world.BY)
    plans = [plan_of(found) for found in Intervention.objects.order_by("pk")]
    answered = portfolio_world.answered("三百五十万元", plans, objective="impact", budget_cny=3_500_000)
    return {
        "calculator": "/portfolio/",
        "answered": f"/portfolio/{answered.pk}",
        "register": "/interventions/",
        "choose": "/portfolio/new",
    }


def test_each_page_of_portfolios_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "portfolio")


@pytest.mark.usefixtures("pages")
def test_without_a_script_one_calculates_waits_and_reads_what_the_budget_buys(open_page: OpenPage) -> None:
    page = open_page("/portfolio/", who="ChainOffice", language="en", script=False)
    row = page.get_by_role("group", name="Intervention 1")
    row.get_by_label("Intervention").select_option("stock")
    row.get_by_label("Against which risk").fill("填料")
    row.get_by_label("Covers, %").fill("50")
    row.get_by_label("Cost, CNY 10,000").fill("200–300")
    page.get_by_label("Budget, CNY 10,000").fill("400")
    page.get_by_label("What it lowers").select_option("impact")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("progress")).to_have_count(1)
    work(until_idle=True)
    page.get_by_role("link", name="Show the latest").click()
    expect(page.locator(".frontier-point")).to_have_count(2)
    assert "CNY 26.6" in page.locator("figcaption").inner_text().replace("\u00a0", " ")
    page.get_by_role("link", name="CNY 0", exact=True).first.click()
    expect(page.get_by_text("Nothing is chosen for this sum.")).to_have_count(1)
