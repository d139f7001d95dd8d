"""A text of a plan in the browser: what was found is corrected without a script, and every page looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.liandesk.texts_world import BY, key_of, sent

from liandesk.steer.texts import actions
from liandesk.steer.texts.models import PlanText
from liandesk.steer.texts.reviews import review_of
from liankit.plan.review import Reviewed


@pytest.fixture
def text(people: dict[str, Any]) -> PlanText:
    made = sent(is_synthetic=True)
    actions.correct(made.pk, key_of(review_of(made), "unit", 1), {"role": "lead"}, by=BY, version=0)
    return made


def _target(text: PlanText) -> Reviewed:
    review = review_of(text)
    found = review.one(key_of(review, "target"))
    assert found is not None
    return found


def test_a_target_is_corrected_beside_its_text_without_a_script(
    text: PlanText, open_page: Callable[..., Any], look_at: Callable[..., None]
) -> None:
    place = f"/plan-texts/{text.pk}"
    pages = {"list": "/plan-texts/", "send": "/plan-texts/new", "review": place}
    pages |= {"found": f"{place}/found/{_target(text).key}", "draft": "/plan-texts/plans/sample/draft"}
    look_at(pages, "plan-text")
    page = open_page(place, who="ChainOffice", language="en", width=390, script=False)
    page.locator(f"#found-{_target(text).key}").get_by_role("link", name="Correct").click()
    page.get_by_label("Value").fill("9")
    page.get_by_label("By when").fill("2024-12-31")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    found = _target(text)
    assert (found.verdict, dict(found.said)) == ("corrected", {"value": 9.0, "deadline": "2024-12-31"})
    assert f"#found-{found.key}" in page.url
