"""The chain's pages in both languages, on a desk and on a phone; hop by hop without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk.chain_world import build_chain_world

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the chain's pages and where they are."""
    ids = build_chain_world()
    drug, one, resin = ids["单抗注射液"], ids["临平一号生物制药有限公司"], ids["层析填料"]
    return {
        "nodes": "/chain/",
        "node": f"/chain/nodes/{drug}?hops=3",
        "weak": "/chain/links/",
        "reasons": f"/chain/reasons/links/weak:{resin}",
        "partners": "/chain/partners/",
        "supplies": "/chain/supplies/",
        "customers": "/chain/customers/",
        "problems": "/chain/problems/",
        "organisation": f"/chain/organisations/{one}",
        "portrait": f"/organisations/{one}",
    }


def test_each_page_of_the_chain_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "chain")


def test_without_a_script_one_walks_from_node_to_node_and_hop_by_hop(
    pages: dict[str, str], open_page: OpenPage
) -> None:
    page = open_page(pages["node"].partition("?")[0], who="ChainOffice", language="en", script=False)
    expect(page.locator(".chain-box"), "the start, its three inputs and its segment").to_have_count(5)
    page.get_by_role("link", name="One hop further").click()
    assert page.locator(".chain-box.is-missing").count() > 0
    page.locator(".chain-box", has_text="层析填料").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/chain/nodes/*")
    assert "层析填料" in page.locator("h1").inner_text()
    assert page.locator("table", has_text="goes into").count() > 0, "the same as a table"
