"""An override, a merge of enterprises and a re-computation at the same moment, on both databases: nothing is lost."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection
from tests.liandesk.lists_world import BY, OFFICE, ONE, ONE_RESIN, RESIN, SUPPLIES, TWO, USES, keep_world, publish_world
from tests.liandesk.own_database import at_once, migrated_home, own_database, race_in_a_file  # noqa: F401

from liandesk.assess.lists import actions
from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base.errors import Conflict
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish

TWO_RESIN = f"input:{TWO}:{RESIN}"
OVERRIDES = 6


def refresh() -> None:
    """Publish as one worker does: numbers move, the first enterprise goes by the second one's id, numbers move."""
    moved = [{**USES[0], "output_cny": 9e7}, *USES[1:]]
    publish_world(uses=moved, mark="moved")
    for mark, uses in (("merged", moved), ("moved again", USES)):
        kept = keep_world(supplies=_as_two(SUPPLIES), uses=_as_two(uses), mark=mark)
        aliases = store.put_frame(pl.DataFrame({"alias": [ONE], "organisation": [TWO]}))
        snapshot = keep(tables={**kept.tables, "aliases": aliases}, inputs={"mark": mark}, is_synthetic=False, by=BY)
        publish(snapshot, name="risks", by=BY)


def _as_two(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"buyer": TWO if row["buyer"] == ONE else row["buyer"]} for row in rows]


def override(who: str) -> None:
    """Set the level again and again, on whichever entry stands for the input by then."""
    for number in range(OVERRIDES):
        while not _is_taken(f"{who} {number}"):
            pass


def _is_taken(reason: str) -> bool:
    seen = ListEntry.objects.get(pk=ONE_RESIN)
    seen = ListEntry.objects.get(pk=seen.carried_to) if seen.carried_to else seen
    try:
        actions.report(seen.key, by=OFFICE, version=seen.version, level="red", level_reason=reason)
    except Conflict:
        return False
    return True


def race() -> None:
    """Let two people override while the worker publishes, each on a connection of its own; check what is left."""
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    at_once(partial(override, "a"), refresh, partial(override, "b"))
    check()


def check() -> None:
    """Every override stands in the history once, the last one on the entry that stands for the input now."""
    entry = ListEntry.objects.get(pk=TWO_RESIN)
    assert ListEntry.objects.get(pk=ONE_RESIN).carried_to == TWO_RESIN and entry.is_current
    told = EntryEvent.objects.filter(entry__in=[ONE_RESIN, TWO_RESIN], action="report").order_by("id")
    reasons = [event.changes["level_reason"][1] for event in told]
    assert sorted(reasons) == sorted(f"{who} {number}" for who in "ab" for number in range(OVERRIDES))
    assert (entry.state, entry.level, entry.level_reason) == ("admitted", "red", reasons[-1])
    assert EntryEvent.objects.filter(entry=TWO_RESIN, action="carried").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_override_a_merge_and_a_re_computation_on_postgresql_lose_nothing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the next test takes a file")
    race()


@own_database
@pytest.mark.slow
def test_an_override_a_merge_and_a_re_computation_on_sqlite_lose_nothing(migrated_home: Path) -> None:  # noqa: F811
    race_in_a_file(__name__, migrated_home)
