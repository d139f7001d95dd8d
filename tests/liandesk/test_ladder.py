"""The ladder: an award beats what is computed, one clause short is found, and the shortest way reaches the rung."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise, load, refresh
from tests.liandesk.rules_world import figures, load_enterprises, take_over_ladder, take_over_rules, title

from liandesk.assess.ladder import queries
from liandesk.assess.ladder.models import Rung
from liandesk.assess.ladder.near import near_misses
from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.ui import panels
from liandesk.know.registry.models import Organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def placed() -> dict[str, Rung]:
    take_over_rules()
    take_over_ladder()
    load_enterprises()
    refresh()
    keys = {"恰": "edge", "差": "short", "未": "open"}
    return {keys[row.name[0]]: row for row in Rung.objects.filter(is_current=True)}


def test_what_was_awarded_counts_and_what_is_computed_stands_beside_it(placed: dict[str, Rung]) -> None:
    told = {key: (row.held, row.computed, row.difference, row.next, row.is_near) for key, row in placed.items()}
    assert told == {
        "edge": ("innovative_sme", "specialised_sme", "computed_above", "specialised_sme", False),
        "short": ("innovative_sme", "innovative_sme", "same", "specialised_sme", True),
        "open": ("specialised_sme", "", "held_above", "", False),
    }


def test_a_title_without_a_last_day_lasts_as_long_as_its_scheme_says(placed: dict[str, Rung]) -> None:
    assert placed["open"].held_until == date(2025, 12, 31)  # awarded on the first day of 2023, three years
    assert placed["edge"].held_until == date(2024, 10, 31)  # as awarded
    lines = [line for line in panels.inbox(OFFICE) if "innovative" in line.title.lower()]
    assert [(line.due, "恰好" in line.title) for line in lines] == [(date(2024, 10, 31), True)]


def test_the_board_counts_each_enterprise_at_its_highest_rung(placed: dict[str, Rung]) -> None:
    (upper, lower), days = queries.board(OFFICE)
    assert (upper.held, upper.computed, upper.near) == (1, 1, 1)
    assert (lower.held, lower.computed, lower.expiring) == (2, 1, 1)
    assert days[-1] == date(2024, 9, 30) and lower.past == (0, 0, 1, 1, 2, 2) and upper.past == (0, 0, 0, 0, 1, 1)
    assert [line.held for line in queries.board(OFFICE, town="330113002")[0]] == [0, 1]


def test_the_shortest_way_names_the_least_changes_and_they_reach_the_rung(placed: dict[str, Rung]) -> None:
    short = placed["short"].pk
    closed = queries.way(OFFICE, short, "specialised_sme", date(2024, 12, 31))
    assert closed and closed[0].on is None and "rd" in closed[0].blocked  # figures of a year that has ended stay
    found = queries.way(OFFICE, short, "specialised_sme", date(2025, 12, 31))
    assert found is not None
    way, after = found
    assert way.on == date(2025, 1, 1) and [step.input for step in way.steps] == ["rd_expense_cny"]
    assert {one.scheme.grants: one.outcome for one in after}["specialised_sme"] is True


def _now() -> dict[str, Rung]:
    return {row.name: row for row in Rung.objects.filter(is_current=True)}


def test_the_changes_of_the_way_made_real_reach_the_rung_and_the_award_moves_the_board(
    placed: dict[str, Rung], cast_client: Callable[[str], Client]
) -> None:
    office, pk = cast_client("ChainOffice"), placed["short"].pk
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    budget = figures("short", 2024, revenue_cny=1e7, rd_expense_cny=5.5e5)  # counts once the year has ended
    load([*figures("short", 2023, rd_expense_cny=3.1e5), *budget], "a mended return")
    refresh()
    mended = _now()["差一点有限公司"]
    assert (mended.held, mended.computed, mended.difference) == (
        "innovative_sme",
        "specialised_sme",
        "computed_above",
    )
    for day in ("2024-09-30", "2025-06-30"):  # 3 % and 5 %
        page = office.get(f"/ladder/enterprises/{pk}?on={day}").content.decode()
        assert "Still short" not in page.split("Next rung")[1].split("<details")[0]
    load(title("short", "专精特新中小企业", "2024-09-15"), "a list of titles")
    refresh()
    awarded = _now()["差一点有限公司"]
    assert (awarded.held, awarded.held_since, awarded.difference) == ("specialised_sme", date(2024, 9, 15), "same")
    upper = queries.board(OFFICE)[0][0]
    assert upper.held == 2 and upper.past[-2:] == (1, 2)


def test_changes_picked_by_hand_show_what_holds_then_and_what_is_still_short(
    placed: dict[str, Rung], cast_client: Callable[[str], Client]
) -> None:
    office, pk = cast_client("ChainOffice"), placed["short"].pk
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    address = f"/ladder/enterprises/{pk}/way/specialised_sme"
    assert f"{address}/try?by=2025-01-01&amp;change-rd_expense_cny=590000" in office.get(address).content.decode()
    few, enough = (
        office.get(f"{address}/try?by=2025-01-01&change-rd_expense_cny={spent}").content.decode()
        for spent in (490_000, 500_000)  # 5 % by the law of that day
    )
    assert "Still short" in few and "1 clause short" in few and "4.9" in few
    assert "Still short" not in enough and "93 days of waiting" in enough and "3.03" in enough  # 2.1 steps and 93 days
    assert "Nothing that is known can be moved" in office.get(f"{address}/try?by=2024-09-30").content.decode()
    assert (
        office.get(f"{address}/try?goal=innovative_sme")
        .headers["Location"]
        .startswith(f"/ladder/enterprises/{pk}/way/innovative_sme/try")
    )
    open_ = placed["open"].pk
    asked = f"/ladder/enterprises/{open_}/way/specialised_sme/try?by=2025-01-01"
    assert "suppose-revenue_cny" in office.get(asked).content.decode()
    supposed = office.get(f"{asked}&suppose-revenue_cny=1000&suppose-rd_expense_cny=60").content.decode()
    assert "6\xa0%" in supposed
    assert cast_client("Enterprise").get(f"{address}/try").status_code == 404


def test_near_misses_name_the_clause_and_the_gap_and_a_title_tells_the_law_of_its_recheck(
    placed: dict[str, Rung], cast_client: Callable[[str], Client]
) -> None:
    (found,) = near_misses(OFFICE)
    assert (found.row.pk, [(gap.condition, gap.value) for gap in found.gaps]) == (
        placed["short"].pk,
        [("R&D share ≥ 3\xa0%", "2.9\xa0%")],
    )
    assert near_misses(enterprise(placed["edge"].pk)) == []
    office = cast_client("ChainOffice")
    sent = b"".join(office.get("/ladder/near/export/csv").streaming_content).decode("utf-8-sig")
    assert "差一点" in sent and "2.9" in sent and "恰好" not in sent and office.get("/ladder/near").status_code == 200
    standing = queries.standing(OFFICE, placed["open"].pk)
    assert standing is not None
    (held,) = standing.titles
    assert held.recheck is not None and held.recheck.scheme.key == "upper_2022" and held.recheck.outcome is False
    assert "今日复核" in office.get(f"/ladder/enterprises/{placed['open'].pk}").content.decode()


def test_nobody_sees_where_another_stands(placed: dict[str, Rung]) -> None:
    own, town = enterprise(placed["edge"].pk), viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113002", 1002)
    assert [row.name for row in queries.rungs(own)] == ["恰好有限公司"]
    assert [row.name for row in queries.rungs(town)] == ["差一点有限公司"]
    assert queries.standing(own, placed["short"].pk) is None
    assert queries.way(town, placed["edge"].pk, "specialised_sme", date(2025, 1, 1)) is None
    assert not queries.rungs(viewer(Role.BANK, number=1009)).exists()


def test_pages_show_the_board_the_list_one_enterprise_and_its_way(
    placed: dict[str, Rung], cast: dict[str, User], cast_client: Callable[[str], Client]
) -> None:
    office, pk = cast_client("ChainOffice"), placed["short"].pk
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Specialised SME" in office.get("/ladder/").content.decode()
    listed = office.get("/ladder/enterprises?is_near=yes").content.decode()
    assert "差一点" in listed and "恰好" not in listed
    page = office.get(f"/ladder/enterprises/{pk}").content.decode()
    assert "R&amp;D share ≥ 3" in page and "2.9" in page and "1 clause short" in page
    assert "≥ 5" in office.get(f"/ladder/enterprises/{pk}?on=2025-06-30").content.decode()
    way = office.get(f"/ladder/enterprises/{pk}/way/specialised_sme?by=2025-12-31").content.decode()
    assert "rd_expense_cny" in way and "Highest rung reached" in way
    assert office.get(f"/ladder/enterprises/{pk}/way/specialised_sme?by=1999-01-01").status_code == 200
    assert office.get(f"/ladder/enterprises/{pk}/way/none").status_code == 404
    assert office.get("/ladder/enterprises/export/xlsx").status_code == 200
    assert office.get(f"/organisations/{pk}").content.decode().count("On the ladder") == 1
    Membership.objects.filter(user=cast["Enterprise"]).update(scope_id=placed["edge"].pk)
    own = cast_client("Enterprise")
    assert own.get("/my/rungs").headers["Location"].endswith(placed["edge"].pk)
    assert own.get(f"/ladder/enterprises/{pk}").status_code == 404
    assert own.get(f"/api/v1/ladder/{pk}").status_code == 404
    assert own.get(f"/api/v1/organisations/{pk}/grades").status_code == 404
    assert cast_client("Bank").get("/ladder/").status_code == 403


def test_the_api_gives_the_list_and_the_way(placed: dict[str, Rung], cast_client: Callable[[str], Client]) -> None:
    office, pk = cast_client("ChainOffice"), placed["short"].pk
    assert office.get("/api/v1/ladder?is_near=yes").json()["items"][0]["id"] == pk
    way = office.get(f"/api/v1/ladder/{pk}/way/specialised_sme?by=2025-12-31").json()
    assert "upper_2022" in way["met_after"] and way["blocked"] == []
    assert office.get(f"/api/v1/ladder/{pk}/way/specialised_sme?by=1999-01-01").status_code == 400
    grades = {one["scheme"]: one["outcome"] for one in office.get(f"/api/v1/organisations/{pk}/grades").json()}
    assert grades == {"lower_2022": True, "upper_2022": False}


def test_an_enterprise_that_nothing_is_known_of_has_a_page_and_questions(placed: dict[str, Rung]) -> None:
    bare = Organisation.objects.get(name="无数有限公司").pk
    assert queries.rung_of(OFFICE, bare) and bare not in {row.pk for row in placed.values()}
    found = queries.way(OFFICE, bare, "innovative_sme", date(2025, 12, 31))
    assert found is not None and (found[0].questions or found[0].blocked or found[0].steps)
