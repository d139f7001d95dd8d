"""The plan from its tree to a measure and a case about it, without a script; its pages in both languages and widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions.actions import take_over_packs
from liandesk.steer.plan import lights

LookAt = Callable[..., None]
PAGES = {
    "tree": "/plan/",
    "programme": "/plan/programmes/cooperation",
    "target": "/plan/targets/conversion.conversion_projects",
    "office": "/plan/offices/market",
    "coverage": "/plan/coverage",
}


@pytest.fixture
def _in_force(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack's plan, with a light of each shape."""
    take_over_packs(by=system_viewer("test"))
    shown = {"listing.listed_companies": lights.Light("red", reported="green")}
    monkeypatch.setattr(lights, "LIGHTS", [lambda _viewer, _ids: shown])


@pytest.mark.usefixtures("_in_force")
def test_each_page_of_the_plan_is_readable(look_at: LookAt) -> None:
    look_at(PAGES, "plan")


@pytest.mark.usefixtures("_in_force")
def test_without_a_script_one_goes_from_the_tree_to_a_measure_and_opens_a_case_about_it(
    open_page: Callable[..., Any],
) -> None:
    page = open_page("/plan/", who="ChainOffice", language="en", width=390, script=False)
    page.get_by_role("link", name="Enterprises listed at home and abroad").click()
    page.get_by_role("link", name="Keep a list of candidates for listing").click()
    assert page.get_by_text("Organisations", exact=True).count() >= 1  # the register that executes it
    page.get_by_role("link", name="Open a case about this").click()
    assert page.get_by_text("Keep a list of candidates for listing").count() >= 1
