"""A survey form on a phone by its link, and the pages of a round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.liandesk import survey_world
from tests.liandesk.survey_world import BY, ONE, TWO, form_of, supplier, token_of

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.know.survey import rounds
from liandesk.know.survey.answering import Filled, send
from liandesk.know.survey.models import Invitation, Round

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def held(people: dict[str, Any]) -> Round:
    """A round in which a town officer has entered one form."""
    take_over_packs(by=BY)
    survey_world.build()
    office = viewer_of(User.objects.get(username="ChainOffice"))
    return survey_world.open_round(survey_world.new_round(notice="请如实填报。"), by=office)


def test_the_pages_of_a_survey_are_readable_and_a_phone_fills_in_a_form(
    held: Round, look_at: LookAt, open_page: OpenPage, check_page: Any
) -> None:
    form = form_of(held, ONE)
    page = open_page(f"/s/{token_of(form)}", language="zh-hans", width=390, script=False)
    first = page.locator("section.card").first
    first.get_by_label("供应商", exact=True).first.fill("供应商A")
    first.get_by_label("这是代号").first.check()
    page.get_by_role("button", name="先存下，以后再填").click()
    page.locator("input[value='供应商A']").wait_for()
    other = form_of(held, TWO)
    office = viewer_of(User.objects.get(username="ChainOffice"))
    said = survey_world.answers(other, suppliers=[supplier("Lonza", 1.0, country="CH")], stock=30.0)
    send(other.pk, Filled(said, request_topic="supply", request_text="请协助对接国内供应商。"), seen=0, by=office)
    opening = rounds.open_round(survey_world.new_round(title="四季度关键物料调查"), by=office)
    look_at(
        {
            "opening": f"/survey/{opening.pk}",
            "form": f"/s/{token_of(form)}",
            "rounds": "/survey/",
            "new": "/survey/new",
            "round": f"/survey/{held.pk}",
            "codes": f"/survey/{held.pk}/codes",
            "workbook": f"/survey/{held.pk}/sheet",
            "summary": f"/survey/{held.pk}/summary",
            "returned": f"/survey/forms/{other.pk}",
            "coverage": "/survey/coverage",
        },
        "survey",
    )
    assert Invitation.objects.get(pk=other.pk).is_on_behalf
