"""The search finds what the viewer may see, by Chinese, pinyin, initials and codes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.test_things import FIRST, LINES, fact, load, page

from liandesk.assess.lists.queries import current
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.ui.search import hits
from liandesk.know.sources.actions import load_made
from liandesk.know.sources.readers import source_of
from liandesk.refresh.runs import run_now
from liankit.search.pinyin import spell

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
BY = system_viewer("test")
NAMES = {"name": "临平重庆路药业有限公司", "former_name": "旧名实业", "uscc": "91330110PDY000017X"}
ALSO = fact("workbook:organisation:old", town=FIRST, **NAMES)


def titles(viewer: object, text: str) -> list[str]:
    return [hit.title for hit in hits(viewer, text)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["重庆路", "chongqinglu", "cqlyy", "旧名", "jmsy", "91330110PDY", "lpcqlyyyxgs", "临平重庆路药业有限公司"]
)
def test_an_organisation_is_found_by_each_of_its_names_and_by_its_code(text: str) -> None:
    load([*LINES, *ALSO])
    assert titles(BY, text) == ["临平重庆路药业有限公司"]


def test_listed_things_are_found_under_their_kind(cast_client: SignIn) -> None:
    load()
    shown = page(cast_client("ChainOffice"), "/search?q=donghu")
    assert "东湖三号厂房" in shown
    assert "Space" in shown


def test_nothing_is_found_before_the_first_refresh_or_for_an_empty_text() -> None:
    assert titles(BY, "药") == []
    load()
    assert titles(BY, " ") == []


def test_who_may_not_see_a_thing_does_not_find_it(cast: dict[str, User]) -> None:
    load()
    assert titles(viewer_of(cast["TownOfficer"]), "tangqidikuai") == []  # of the second town
    assert titles(viewer_of(cast["OtherTown"]), "tangqidikuai") == ["塘栖地块"]
    assert titles(viewer_of(cast["Outsider"]), "东湖") == []


def test_an_entry_of_the_risk_list_is_found_by_the_pinyin_of_its_item(cast: dict[str, User]) -> None:
    load_made(source=source_of("synthetic"), options={"enterprises": 30, "seed": 1}, by=BY)
    run_now()
    office = viewer_of(cast["ChainOffice"])
    entry = current(office).filter(scope="item").first()
    assert entry is not None
    found = {hit.url for hit in hits(office, spell(pl.Series([entry.item_name])).item().lower())}
    assert f"/risks/{entry.key}" in found


def test_a_program_searches_as_the_page_does(cast_client: SignIn) -> None:
    load()
    answer = cast_client("ChainOffice").get("/api/v1/search?q=tctl")
    assert answer.json() == []
    answer = cast_client("ChainOffice").get("/api/v1/search?q=tlz")
    assert [hit["title"] for hit in answer.json()] == ["填料柱"]
