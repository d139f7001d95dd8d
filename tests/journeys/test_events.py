"""From a notice to a confirmed disruption and an office's own number, without a script; the pages in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from tests.liandesk.events_world import noticed, of_item, said

from liandesk.assess.events import actions, ledger
from liandesk.assess.events.models import Event, Forecast
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.clock import today

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """Short names of the pages of a disruption that waits, an entry with a number, and scores of sixty hindcasts."""
    office = viewer_of(people["ChainOffice"])
    day = today()
    found = noticed(office, title="层析填料供应公告", source_name="供应公告")
    actions.enter(said(of_item("I-resin", "层析填料"), title="层析填料断供"), by=office)
    entry = ListEntry.objects.create(
        key="item:I-resin", scope="item", item="I-resin", item_name="层析填料", listed_on=day, recomputed_on=day
    )
    made = ledger.say_likelihood(entry.key, 0.35, "出口许可收紧", by=office, low=0.2, high=0.5)
    past = {"made_on": day - timedelta(days=800), "horizon_end": day - timedelta(days=435), "is_hindcast": True}
    copied = {name: getattr(made, name) for name in ("item", "item_name", "rule", "source", "made_by")}
    Forecast.objects.bulk_create(
        Forecast(entry=f"e{at}", outcome=at % 3 == 0, likelihood=share, likelihood_low=share, likelihood_high=share,
                 **copied, **past)
        for at in range(60)
        for share in [0.1 + 0.3 * (at % 3 == 0) + (at % 7) / 20]
    )  # fmt: skip
    return {
        "list": "/events/",
        "waiting": f"/events/{found.pk}",
        "batch": f"/events/batch/{found.batch}",
        "scores": "/forecasts/scores?hindcasts",
        "number": f"/forecasts/of/{quote(entry.key)}",
    }


def test_each_page_of_events_and_forecasts_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "events")


@pytest.mark.usefixtures("pages")
def test_without_a_script_a_notice_becomes_a_disruption_that_counts(open_page: OpenPage) -> None:
    page = open_page("/events/notices", who="ChainOffice", language="en", script=False)
    page.get_by_label("Product the notice is about").fill("培养基")
    page.get_by_label("Date of the notice").fill("2024-09-01")
    page.get_by_label("Where it was published").fill("监管部门网站")
    page.get_by_label("Text of the notice").fill("1.某公司表示，因原料问题导致短缺，预计2025年第一季恢复供应。")
    page.get_by_role("button", name="Read the notice").click()
    assert page.locator("mark").inner_text() == "某公司表示，因原料问题导致短缺，预计2025年第一季恢复供应。"
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Confirm those that are ticked").click()
    found = Event.objects.get(title="培养基")
    assert (found.state, found.cause, found.expected_until.isoformat()) == ("open", "raw_material", "2025-03-31")
