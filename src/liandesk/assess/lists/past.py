"""The list as it stood on a day: what was computed then, and what people had entered by then.

Computed columns come from the snapshot that was published last by that business date. Human columns are today's with
the later events of their history undone, so that nothing has to be kept twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from liandesk.assess.lists.edition_queries import COMPARED, Diff, diff
from liandesk.assess.lists.following import HUMAN
from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry
from liandesk.assess.lists.policies import ENTRY
from liandesk.assess.lists.queries import RISKS, entries
from liandesk.assess.lists.rows import COMPUTED_SCHEMA, ENTRY_SCHEMA, ROW_SCHEMA
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published_on, table

_NAMED = ("key", "item_name", "organisation_name", "rank")
_COLUMNS = tuple(dict.fromkeys([*_NAMED, *COMPARED]))
_COMPUTED = tuple(name for name in _COLUMNS if name in COMPUTED_SCHEMA)


def diff_between(viewer: Viewer, earlier: date, later: date) -> Diff:
    """Return how the admitted entries that a viewer sees differ between the ends of two days."""
    check(viewer, ENTRY, "compare")
    return diff(rows_on(viewer, earlier), rows_on(viewer, later))


def rows_on(viewer: Viewer, day: date) -> pl.DataFrame:
    """Return the admitted entries as they stood at the end of a day, in the order of the list: what a diff compares."""
    rows = pl.DataFrame(_human(viewer, day), schema={"key": pl.String, **_HUMAN_SCHEMA}, orient="row")
    admitted = rows.filter(pl.col("state") == EntryState.ADMITTED)
    found = admitted.join(_computed(day, admitted["key"].to_list()), on="key", how="left")
    named = found.join(_names(admitted["key"].to_list()), on="key", how="left", suffix="_now")
    whole = named.with_columns(pl.coalesce(name, f"{name}_now") for name in ("item_name", "organisation_name"))
    missing = [pl.lit(None, ROW_SCHEMA[name]).alias(name) for name in _COLUMNS if name not in whole.columns]
    return whole.with_columns(missing).select(_COLUMNS).sort("rank", "key", nulls_last=True)


_HUMAN_SCHEMA = {name: ENTRY_SCHEMA[name] for name in HUMAN}


def _human(viewer: Viewer, day: date) -> list[tuple[Any, ...]]:
    """Return the human columns of every entry that was worked on, with what came after the day undone."""
    worked = entries(viewer).filter(version__gt=0).order_by("key")
    undone = _before(EntryEvent.objects.filter(on__gt=day, entry__in=worked.values("pk")).order_by("-id"))
    return [
        (entry.key, *(_read(name, undone.get((entry.key, name), getattr(entry, name))) for name in HUMAN))
        for entry in worked
    ]


def _before(events: Iterable[EntryEvent]) -> Mapping[tuple[str, str], Any]:
    """Return what stood before the first of some events, newest first, by entry and column."""
    found: dict[tuple[str, str], Any] = {}
    for event in events:
        found |= {(event.entry_id, name): pair[0] for name, pair in event.changes.items() if name in HUMAN}
    return found


def _read(name: str, value: Any) -> Any:
    """Return a value of a history, where a date is a text, as the column has it."""
    is_text = isinstance(value, str) and _HUMAN_SCHEMA[name] == pl.Date
    return date.fromisoformat(value) if is_text else value


def _computed(day: date, keys: list[str]) -> pl.DataFrame:
    """Return the computed columns of entries by the snapshot of a day; a column that it lacked is unknown."""
    snapshot = published_on(day, RISKS)
    if snapshot is None:
        return pl.DataFrame(schema={name: COMPUTED_SCHEMA[name] for name in _COMPUTED})
    return _of_snapshot(snapshot, keys)


def _of_snapshot(snapshot: Snapshot, keys: list[str]) -> pl.DataFrame:
    rows = table(snapshot, "entries").filter(pl.col("entry").is_in(keys)).rename({"entry": "key"})
    there = [name for name in _COMPUTED if name in rows.collect_schema()]
    empty = [pl.lit(None).alias(name) for name in _COMPUTED if name not in there]
    return rows.select(*there, *empty).select(pl.col(name).cast(COMPUTED_SCHEMA[name]) for name in _COMPUTED).collect()


def _names(keys: list[str]) -> pl.DataFrame:
    """Return the names of entries as they are now, for a day on which they were not computed."""
    rows = ListEntry.objects.filter(pk__in=keys).values_list("key", "item_name", "organisation_name")
    schema = {"key": pl.String, "item_name": pl.String, "organisation_name": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")
