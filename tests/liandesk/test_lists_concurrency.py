"""Two people at the same moment, on connections of their own to one database file: one wins, nothing is lost."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.liandesk.lists_world import CHIEF, OFFICE, ONE_RESIN, USES, publish_world
from tests.liandesk.own_database import at_once, migrated_home, own_database, race_in_a_file  # noqa: F401

from liandesk.assess.lists import actions, edition_actions
from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base.errors import Conflict

pytestmark = [own_database, pytest.mark.slow]


def _report(said: str) -> str:
    """Report a measure on the entry as it was first seen; return what was kept, "" where somebody was first."""
    try:
        return actions.report(ONE_RESIN, by=OFFICE, version=1, measure=said).measure
    except Conflict:
        return ""


def race_of_writers() -> None:
    """Two report on one entry, four sign an edition each."""
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=date(2024, 12, 1))
    said = at_once(partial(_report, "备货"), partial(_report, "转单"))
    entry = ListEntry.objects.get(pk=ONE_RESIN)
    assert sorted(said) == ["", entry.measure] and entry.version == 2
    assert EntryEvent.objects.filter(entry=entry, action="report").count() == 1
    head = {"title": "x", "classification": "internal"}
    drafts = [edition_actions.prepare_edition(by=OFFICE, **head).pk for _ in range(4)]
    signed = at_once(*(partial(edition_actions.sign_edition, pk, by=CHIEF, size_reason="x") for pk in drafts))
    assert sorted(edition.number or 0 for edition in signed) == [1, 2, 3, 4]


def race_of_a_publish_and_a_judgement() -> None:
    """Numbers move while the entry is admitted."""
    publish_world()
    moved = [{**USES[0], "output_cny": 9e7}, *USES[1:]]
    at_once(partial(publish_world, uses=moved), partial(actions.admit, ONE_RESIN, by=OFFICE, version=0))
    entry = ListEntry.objects.get(pk=ONE_RESIN)
    assert (entry.state, entry.impact_low) == ("admitted", 9e7)


@pytest.mark.parametrize("race", ["race_of_writers", "race_of_a_publish_and_a_judgement"])
def test_two_at_the_same_moment_lose_nothing(migrated_home: Path, race: str) -> None:  # noqa: F811
    race_in_a_file(__name__, migrated_home, race)
