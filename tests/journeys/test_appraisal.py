"""A town reads its result without a script and objects to it; the pages in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk import appraisal_world

from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of appraisals, and where they are."""
    take_over_packs(by=appraisal_world.BY)
    year = appraisal_world.published().pk
    return {
        "years": "/appraisals/",
        "table": f"/appraisals/{year}",
        "formula": f"/appraisals/{year}/formula",
        "unit": f"/appraisals/{year}/units/{pack().towns[0].code}",
        "sheet": f"/appraisals/{year}/import",
        "records": f"/appraisals/{year}/draw",
    }


def test_each_page_of_appraisals_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "appraisal")


def test_a_town_reads_its_result_and_objects_without_a_script(pages: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("/appraisals/", who="TownOfficer", language="en", script=False)
    page.get_by_role("link", name=pack().towns[0].text["en"]).click()
    expect(page.get_by_text("8 of 8")).to_have_count(1)
    page.get_by_text("Arithmetic").first.click()
    page.get_by_role("link", name="Object to the result").click()
    assert str(appraisal_world.YEAR) in page.locator("main").inner_text()
    assert page.goto(page.url.split("/cases")[0] + pages["table"]).status == 403
