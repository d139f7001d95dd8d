"""Who is who on the pages: the queue, a pair side by side, a portrait now and then, merge, split and undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.liandesk.registry_world import DISTRICT, load, members, needs, organisation

from liandesk.base.accounts.models import Membership
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.clock import today
from liandesk.know.registry import actions, consents, correction_actions
from liandesk.know.registry.models import Candidate
from liandesk.refresh.runs import run_now

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
BRANCHES = [
    *organisation(
        "d", "杭州甲生物科技有限公司临平分公司", former_name="杭州甲生物实验室", employees=120.0, zone="new_town"
    ),
    *organisation("e", "浙江乙医疗器械有限公司杭州分公司"),
    *needs("e", "valve", 8e8),
]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Two pairs to judge, one merge, a correction and a consent; short names of the pages and where they are."""
    load([*DISTRICT, *BRANCHES])
    run_now()
    found, office = members(), viewer_of(people["ChainOffice"])
    Membership.objects.filter(user=people["Enterprise"]).update(scope_id=found["d"])
    merge = actions.merge(found["c"], found["b"], by=office, reason="股权变更后为同一家")
    run_now()
    mine = viewer_of(people["Enterprise"])
    correction_actions.correct(found["d"], attribute="segment", value="细胞治疗", reason="主业已变", by=mine)
    term = {"valid_from": today(), "valid_until": today() + timedelta(days=180)}
    said = {"item": "critical_input", "purpose": "断链风险研判", "seen_by": ["chain_office", "chain_chief"]}
    consents.give_consent(found["d"], by=mine, **said, **term)
    return {
        "review": "/review/",
        "candidate": f"/review/pairs/{Candidate.objects.order_by('position')[0].pk}",
        "judgements": "/review/judgements/",
        "undo": f"/review/judgements/{merge.decision}/undo",
        "merged": f"/organisations/{members()['c']}",
        "portrait": f"/organisations/{found['d']}",
        "then": f"/organisations/{found['d']}?on=2024-01-01",
        "home": "/",
    }


def test_each_page_of_who_is_who_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "registry")


def test_the_chain_office_judges_pairs_with_the_keyboard_alone(pages: dict[str, str], open_page: OpenPage) -> None:
    page = open_page(pages["candidate"], who="ChainOffice", language="en")
    page.get_by_role("textbox", name="Reason").fill("a branch")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/pairs/*")
    page.get_by_role("textbox", name="Reason").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    assert page.get_by_text("No pair waits").is_visible()
    assert page.get_by_text("A refresh is on its way").is_visible()


def test_an_enterprise_finds_a_wrong_record_and_the_chain_office_splits_it_off(
    pages: dict[str, str], people: dict[str, Any], open_page: OpenPage
) -> None:
    kept = pages["merged"].rsplit("/", 1)[1]
    Membership.objects.filter(user=people["Enterprise"]).update(scope_id=kept)
    page = open_page(pages["merged"], who="Enterprise", language="en", script=False)
    page.get_by_text("One of these records is not ours").click()
    page.get_by_label("Record", exact=True).select_option("workbook:organisation:b")
    page.locator("#disown-reason").fill("another company")
    page.get_by_role("button", name="Tell the chain office").click()
    office = open_page("/", who="ChainOffice", language="en", script=False)
    office.get_by_role("link", name="Said not to be theirs").click()
    office.get_by_label("workbook:organisation:b").check()
    office.get_by_text("Split off the selected records").click()
    form = office.locator("form", has=office.get_by_role("button", name="Split", exact=True))
    form.get_by_label("Reason").fill("the enterprise says so")
    office.get_by_role("button", name="Split", exact=True).click()
    assert office.get_by_text("Judged.").is_visible()
    run_now()
    assert members()["b"] != members()["c"]


def test_an_enterprise_reads_its_portrait_on_a_phone(
    pages: dict[str, str], open_page: OpenPage, check_page: Any
) -> None:
    page = open_page(pages["portrait"], who="Enterprise", language="zh-hans", width=390)
    check_page(page)
    assert page.get_by_text("细胞治疗").first.is_visible()
