"""The pages of a district at work, built as the demo builds it: in both languages, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.assess.lists.actions import admit
from liandesk.assess.lists.edition_actions import prepare_edition
from liandesk.assess.lists.edition_queries import editions
from liandesk.assess.lists.models import EntryState
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.demo import story
from liandesk.know.registry.queries import organisations
from liandesk.know.sources.actions import load_made
from liandesk.know.sources.readers import source_of
from liandesk.refresh.runs import run_now

LookAt = Callable[..., None]
BY = system_viewer("test")


@pytest.fixture
def pages(people: dict[str, Any]) -> dict[str, str]:
    """A district of 40 enterprises with people at work; short names of its pages and where they are."""
    load_made(source=source_of("synthetic"), options={"enterprises": 40, "seed": 1}, by=BY)
    run = run_now()
    story.make_people(by=BY)
    story.judge_entries(people)
    story.sign_first_edition(people)
    office = viewer_of(people["ChainOffice"])
    proposed = entries(office).filter(state=EntryState.PROPOSED).first()
    assert proposed is not None
    admit(proposed.key, by=office, version=proposed.version, owner_office="economy", due_date=None)
    draft = prepare_edition(by=office, title="第二期", classification="internal")
    found = {scope: entries(office).filter(scope=scope).order_by("position")[0].key for scope in ("item", "input")}
    return {
        "home": "/",
        "exceptions": "/exceptions/",
        "risks": "/risks/",
        "risk-item": f"/risks/{found['item']}",
        "risk-input": f"/risks/{found['input']}",
        "editions": "/editions/",
        "edition": f"/editions/{editions(office).exclude(number=None).first().number}",  # type: ignore[union-attr]
        "draft": f"/editions/drafts/{draft.pk}",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{organisations(office).exclude(town='').first().pk}",  # type: ignore[union-attr]
        "runs": "/runs/",
        "run": f"/runs/{run.pk}",
        "search": "/search?q=药",
    }


def test_each_page_of_the_district_is_readable(pages: dict[str, str], look_at: LookAt) -> None:
    look_at(pages, "district")
