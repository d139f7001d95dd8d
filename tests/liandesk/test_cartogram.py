"""The sketch of the district counts what the viewer may see, and says so where it may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.test_things import BY, FIRST, LINES, SECOND, fact, load, page

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.pack import pack
from liandesk.know.registry.cartogram import cartogram, measures

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
MORE = [
    *LINES,
    *fact("workbook:organisation:two", name="临安器械二号有限公司", role="enterprise", town=SECOND, zone="new_town"),
    *fact("workbook:organisation:far", name="苏州材料三号有限公司", role="enterprise"),
]


def counts(viewer: object, measure: str) -> dict[str, int | None]:
    drawn = cartogram(viewer, measures(viewer)[measure])  # type: ignore[arg-type]
    return {tile.code: tile.count for tile in drawn.tiles}


def test_each_place_of_the_pack_has_one_tile_and_the_tiles_do_not_overlap() -> None:
    drawn = cartogram(BY, measures(BY)["organisations"])
    assert {tile.code for tile in drawn.tiles} == {term.code for term in (*pack().towns, *pack().zones)}
    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == len(drawn.tiles)


def test_what_is_counted_is_in_its_town_and_its_zone_and_the_rest_is_told() -> None:
    load(MORE)
    found = counts(BY, "organisations")
    assert (found[FIRST], found[SECOND], found["new_town"], found["canal_city"]) == (1, 1, 1, 0)
    assert cartogram(BY, measures(BY)["organisations"]).in_no_town == 1
    assert counts(BY, "space")[FIRST] == 2


def test_the_shade_grows_with_the_count_and_none_has_no_shade() -> None:
    load(MORE)
    tiles = cartogram(BY, measures(BY)["space"]).tiles
    shades = {tile.count: tile.shade for tile in tiles}
    assert shades[0] == 0
    assert 0 < shades[1] <= shades[2] <= 4


def test_a_town_officer_is_shown_no_number_for_another_town(cast: dict[str, User]) -> None:
    load(MORE)
    found = counts(viewer_of(cast["TownOfficer"]), "organisations")
    assert (found[FIRST], found[SECOND], found["canal_city"]) == (1, None, None)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sketch_reads_in_one_language_and_each_tile_leads_to_its_list(cast_client: SignIn, language: str) -> None:
    load(MORE)
    client = cast_client("ChainOffice")
    shown = page(client, "/sketch/?count=space", language)
    assert_language(client.get("/sketch/?count=space", headers={"accept-language": language}))
    assert f'href="/spaces/?town={FIRST}"' in shown
    assert "东湖三号厂房" in page(client, f"/spaces/?town={FIRST}", language)
