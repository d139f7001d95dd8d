"""The lists of what is there, the sketch of the district and the search, in both languages, on a desk and a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.base.accounts.roles import system_viewer
from liandesk.know.registry.models import Thing
from liandesk.know.registry.things_kinds import KINDS
from liandesk.know.sources.actions import load_made
from liandesk.know.sources.readers import source_of
from liandesk.refresh.runs import run_now

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
BY = system_viewer("test")


@pytest.fixture
def district(people: dict[str, Any]) -> None:
    load_made(source=source_of("synthetic"), options={"enterprises": 40, "seed": 1}, by=BY)
    run_now()


def test_each_list_and_the_sketch_are_readable(district: None, look_at: LookAt) -> None:
    pages = {kind.slug: f"/{kind.slug}/" for kind in KINDS.values()}
    pages |= {"sketch": "/sketch/", "organisations": "/organisations/?columns=name&columns=kind&columns=zone"}
    pages |= {"space": f"/spaces/{Thing.objects.filter(kind='space')[0].pk}", "search": "/search?q=yy"}
    look_at(pages, "things")


def test_the_keyboard_leads_from_the_search_to_a_page_and_from_a_tile_of_the_sketch_to_its_list(
    district: None, open_page: OpenPage
) -> None:
    page = open_page("/", who="ChainOffice", language="en")
    page.keyboard.press("Control+k")
    page.keyboard.type("hz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=hz")
    page.locator("#content .desk-line a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/search" not in url)
    page.goto("/sketch/?count=space")
    page.locator("svg.cartogram a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/spaces/?town=*")
