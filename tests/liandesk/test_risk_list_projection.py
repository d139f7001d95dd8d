"""Publish writes the list's computed columns and nothing that a person entered."""

from __future__ import annotations

from datetime import date

import pytest
from tests.liandesk.lists_world import (
    OFFICE,
    ONE,
    ONE_RESIN,
    ONE_VALVE,
    RESIN,
    SUPPLIES,
    TWO_MEDIUM,
    USES,
    publish_world,
    supply,
    use,
)

from liandesk.assess.lists import actions, queries
from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry

pytestmark = pytest.mark.django_db


def _keys() -> list[str]:
    return list(queries.entries(OFFICE).values_list("key", flat=True))


def test_the_list_stands_in_rank_order_and_unranked_entries_come_last() -> None:
    publish_world()
    ranks = list(queries.entries(OFFICE).values_list("rank", flat=True))
    known = [rank for rank in ranks if rank is not None]
    assert known == sorted(known) and ranks[: len(known)] == known
    assert _keys()[0] == ONE_RESIN
    assert sorted(queries.entries(OFFICE).values_list("position", flat=True)) == list(range(len(ranks)))


def test_unknown_stays_unknown_in_the_list() -> None:
    publish_world()
    entry = ListEntry.objects.get(pk=ONE_VALVE)
    assert entry.likelihood_low is None and entry.likelihood_high is None
    assert entry.question_code and entry.question_params["item"] == "=隔膜阀"


def test_publishing_the_same_numbers_again_writes_no_row() -> None:
    publish_world()
    before = list(ListEntry.objects.order_by("key").values())
    publish_world(mark="another snapshot")
    assert list(ListEntry.objects.order_by("key").values()) == before
    assert not EntryEvent.objects.exists()


def test_an_entry_that_is_no_longer_computed_keeps_its_work_and_comes_back() -> None:
    publish_world()
    actions.admit(ONE_VALVE, by=OFFICE, version=0, due_date=date(2024, 12, 1))
    publish_world(supplies=[row for row in SUPPLIES if row["item"] != "I-valve"], uses=[USES[0], USES[2]])
    gone = ListEntry.objects.get(pk=ONE_VALVE)
    assert not gone.is_current and gone.state == EntryState.ADMITTED and gone.due_date == date(2024, 12, 1)
    assert gone.events.first().changes == {"is_current": [True, False]}
    publish_world(mark="back")
    assert ListEntry.objects.get(pk=ONE_VALVE).is_current


def test_only_admitted_entries_tell_what_recomputation_changed() -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    more = [use(ONE, RESIN, "单抗注射液", output_cny=90_000_000.0, another_source=False), *USES[1:]]
    snapshot = publish_world(uses=[*more], supplies=[*SUPPLIES, supply("I-medium", "Sartorius", "enterprise-two")])
    event = EntryEvent.objects.get(action="recomputed")
    assert event.entry_id == ONE_RESIN and event.snapshot == snapshot.key
    assert event.changes["impact_low"] == [50_000_000.0, 90_000_000.0]
    assert list(queries.recomputed(OFFICE)) == [ListEntry.objects.get(pk=ONE_RESIN)]


def test_a_re_ordering_alone_does_not_count_as_a_change_of_the_entry() -> None:
    publish_world()
    day = ListEntry.objects.get(pk=TWO_MEDIUM).recomputed_on
    publish_world(uses=[*USES, use("enterprise-two", RESIN, "凝胶", output_cny=1e9, another_source=False)])
    assert ListEntry.objects.get(pk=TWO_MEDIUM).recomputed_on == day


def test_a_name_longer_than_the_column_is_cut_visibly() -> None:
    import polars as pl

    from liandesk.assess.risk.projection import _fitting

    cut = pl.DataFrame({"item_name": ["长" * 300]}).select(_fitting("item_name"))["item_name"][0]
    assert len(cut) == 200 and cut.endswith("…")
