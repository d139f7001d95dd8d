"""An open challenge: published by two offices, bid for by an enterprise on a phone; its pages in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def challenge(people: dict[str, Any]) -> Case:
    """A challenge that the bureau officer wants published."""
    take_over_packs(by=system_viewer("test"))
    Organisation.objects.create(pk="enterprise-one", name="临平一号药业", kind="enterprise")
    officer = viewer_of(people["Officer"])
    parties = [("proposer", "office", "market"), ("organiser", "office", "market")]
    asked = {"problem": "填料依赖单一来源", "budget_cny": 3_000_000.0}
    made = open_case(NewCase("challenge", "层析填料国产化", parties, asked), by=officer)
    refined = {"refined_problem": "研制可替代的亲和层析填料", "targets": "动态载量不低于现用产品\n连续使用一百次"}
    made = act(made.pk, Step("do", 1, "refine", refined), by=officer)
    return act(made.pk, Step("do", 2, "publish", {"bids_until": "2024-12-01"}), by=officer)


def test_a_challenge_is_published_by_two_offices_and_bid_for_on_a_phone(
    challenge: Case, open_page: OpenPage, look_at: LookAt, check_page: Any
) -> None:
    phone = open_page("/challenges/", who="Enterprise", width=390)
    assert not phone.locator("text=层析填料国产化").count()
    office = open_page(f"/cases/{challenge.pk}", who="ChainOffice")
    office.click("button[value=approve]")
    office.wait_for_load_state()
    assert Case.objects.get(pk=challenge.pk).stages == ["published"]
    phone.goto("/challenges/")
    phone.click("text=层析填料国产化")
    phone.click('a.btn-primary:has-text("我要揭榜")')
    check_page(phone)
    phone.fill("textarea[name=approach]", "以高交联琼脂糖为基质")
    phone.click("#content .form-buttons .btn-primary")
    phone.wait_for_url("**/cases/*")
    bid = Case.objects.get(process="challenge_bid")
    assert (bid.subject_id, bid.stages) == (str(challenge.pk), ["submitted"])
    look_at({"board": "/challenges/", "one": f"/challenges/{challenge.pk}"}, "challenges", who="Officer")
