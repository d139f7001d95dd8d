"""Three people make a value count without a script; the pages of indicators in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk.indicators_world import KEY, TARGET, approved, enter_by_hand

from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.steer.indicators.jobs import compute_now
from liandesk.steer.indicators.light_actions import report_light
from liandesk.steer.indicators.rating_actions import Said, rate

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
DAYS = (date(2021, 12, 31), date(2022, 12, 31), date(2023, 12, 31), date(2024, 3, 31))


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of indicators, and where they are."""
    take_over_packs(by=system_viewer("test"))
    enter_by_hand()
    for value, day in zip((20, 42, 58, 62), DAYS, strict=True):
        approved(people, value, day)
    for who, grade in (("Auditor", "in_doubt"), ("Expert", "highly_likely")):
        rate(TARGET, Said(grade, "抽查合同", date(2024, 9, 20)), by=viewer_of(people[who]))
    compute_now()
    report_light(TARGET, "green", "储备项目充足", by=viewer_of(people["ChainOffice"]))
    return {
        "indicators": "/indicators/",
        "indicator": f"/indicators/{KEY}",
        "light": f"/plan/targets/{TARGET}/light",
        "facts": f"/indicators/{KEY}/facts",
        "jumps": "/indicators/jumps",
    }


def test_each_page_of_indicators_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "indicators")
    look_at({"rate": f"/plan/targets/{TARGET}/rate"}, "indicators", who="Expert")


@pytest.mark.usefixtures("pages")
def test_without_a_script_three_people_make_a_value_count(open_page: OpenPage) -> None:
    page = open_page(f"/indicators/{KEY}/claim", who="Officer", language="en", script=False)
    page.get_by_label("Day of the value").fill("2024-06-30")
    page.locator("#id_value").fill("67")
    page.get_by_label("Evidence").set_input_files(
        {"name": "q2.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"}
    )
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("Another person verifies it")).to_have_count(1)
    for who, verb in (("ChainOffice", "Verify"), ("ChainChief", "Approve")):
        page = open_page(f"/indicators/{KEY}", who=who, language="en", script=False)
        page.get_by_role("button", name=verb).click()
    compute_now()
    page.reload()
    assert page.locator("figcaption").inner_text().startswith("Projects that brought results to market: 67")
