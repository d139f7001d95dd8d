"""The year's tasks: an officer comments on a draft without a script, and reads how the tasks stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.liandesk import supervision_world

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.steer.supervision import actions, queries, reporting

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]


@pytest.fixture
def who(people: dict[str, Any]) -> Callable[[str], Viewer]:
    return lambda name: viewer_of(User.objects.get(username=name))


def test_an_officer_comments_on_a_draft_and_the_pages_of_the_frozen_sheet_are_readable(
    who: Callable[[str], Viewer], open_page: OpenPage, look_at: LookAt
) -> None:
    sheet = supervision_world.draft(who)
    row = supervision_world.row_of(sheet, "market")
    milestones = [{"title": "方案", "due": "2024-06-30"}, {"title": "验收", "due": "2024-12-15"}]
    actions.change_row(row.pk, {"milestones": milestones}, by=who("ChainOffice"), version=row.version)
    supervision_world.send(sheet, who)
    page = open_page(f"/tasks/{row.pk}", who="Officer", language="en", script=False)
    page.get_by_label("Comment").fill("验收请放在十二月")
    page.get_by_role("button", name="Comment").click()
    expect(page.get_by_text("Waits for an answer.")).to_have_count(1)
    actions.answer(queries.comments(who("ChainOffice"), row).get().pk, "已改", by=who("ChainOffice"))
    supervision_world.freeze(sheet, who)
    reporting.report(row.pk, {"period": "2024Q3", "action": "走访", "completion": "七成"}, by=who("Officer"))
    pages = {
        "sheets": "/tasks/",
        "sheet": f"/tasks/sheets/{sheet.pk}",
        "task": f"/tasks/{row.pk}",
        "evaluation": "/evaluation/midterm",
    }
    look_at(pages, "supervision")
