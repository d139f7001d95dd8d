"""What events reach, on the network of a snapshot. Tables in, tables out; quick enough for a page to wait for it.

A request traces, not the worker: the worker may be in a refresh for minutes, and a room must be there in seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.events.models import Event, HitKind
from liandesk.assess.whatif.queries import LINES, LINKS
from liandesk.base.errors import UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import table
from liankit.risk.cascade.stops import VERDICTS, Verdict
from liankit.risk.strikes import Strike, Struck, find_struck
from liankit.risk.trace import Traced, trace
from liankit.risk.ways import build_ways

_OF_LINE = ("line", "owner", "organisation", "name", "item", "item_name", "output_cny", "town", "is_synthetic")
_OF_LINKS = ("supplier", "buyer", "item", "share_low", "share_high", "essential", "stock_days_low", "stock_days_high")


@dataclass(frozen=True)
class Found:
    """What a trace found, named, and how long it took.

    ``lines``: one row a line that is reached, with names and the way; ``inputs``: one a use that loses something;
    ``entries``: one a key of the risk list: key, verdict, lost_low, lost_high, day_low, day_high.
    """

    lines: pl.DataFrame
    inputs: pl.DataFrame
    entries: pl.DataFrame
    unplaced: int
    milliseconds: int


def strike_of(event: Event) -> Strike | None:
    """Return what an event hits, None while nobody has said which things are meant."""
    ids = {kind: frozenset[str]() for kind in HitKind.values}
    for hit in event.hits.all():
        if hit.object_id:
            ids[hit.kind] |= {hit.object_id}
    strike = Strike(
        items=ids[HitKind.ITEM],
        makers=ids[HitKind.ORGANISATION] | ids[HitKind.SUPPLIER],
        countries=ids[HitKind.COUNTRY],
        towns=ids[HitKind.TOWN],
    )
    return strike if any(strike) else None


def trace_events(snapshot: Snapshot, events: Iterable[Event]) -> Found:
    """Return what events reach together; UserError where nothing that they name is in the supply network."""
    begun = time.perf_counter()
    if LINES not in snapshot.tables:
        raise UserError(_("No refresh has made the supply network yet. Refresh the lists on the page of runs first."))
    lines = store.get_frame(snapshot.tables[LINES])
    strikes = [strike for event in events if (strike := strike_of(event)) is not None]
    struck = find_struck(lines, strikes, _countries(snapshot))
    if struck.lines.is_empty():
        said = _("Nothing that the event names is in the supply network. Say on its page which things are meant.")
        raise UserError(said)
    traced = _traced(snapshot, lines, struck)
    named, inputs = _named_lines(traced.lines, lines), _named_inputs(traced.inputs, lines)
    spent = round((time.perf_counter() - begun) * 1000)
    return Found(named, inputs, entries_of(inputs), struck.unplaced, spent)


def _countries(snapshot: Snapshot) -> pl.DataFrame:
    return table(snapshot, "supplies").select(owner="supplier", country="country").unique().collect()


def _traced(snapshot: Snapshot, lines: pl.DataFrame, struck: Struck) -> Traced:
    links = table(snapshot, LINKS).select(_OF_LINKS).collect()
    return trace(build_ways(lines, links), struck.lines, struck.items)


def _named_lines(found: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Put names beside the lines, those before them and those that are struck; a market has no name."""
    own = lines.select(*_OF_LINE, "is_product", "is_district")
    before = lines.select(before="line", before_owner="owner", before_name="name", input_name="item_name")
    origin = lines.select(origin="line", origin_name="name")
    named = found.join(own, on="line", how="left", maintain_order="left")
    named = named.join(before, on="before", how="left", maintain_order="left")
    return named.join(origin, on="origin", how="left", maintain_order="left")


def _named_inputs(found: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Put the buyer's names beside the inputs and say which are of the district; a market's are nobody's."""
    own = lines.select("line", "organisation", "name", "town", "is_synthetic", product="item_name")
    items = lines.select("item", "item_name").drop_nulls().unique("item", keep="any")
    named = found.join(own, on="line", how="left", maintain_order="left").drop_nulls("organisation")
    return named.join(items, on="item", how="left", maintain_order="left")


def entries_of(inputs: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of the risk list that inputs belong to, an input's and its item's, with the worst of each.

    The first day is unknown while one of those summed up is; the last is the earliest of those that stop for sure.
    """
    input_key = pl.format("input:{}:{}", "organisation", "item").alias("key")
    keyed = pl.concat([inputs.with_columns(input_key), inputs.with_columns(pl.format("item:{}", "item").alias("key"))])
    low = pl.when(pl.col("day_low").null_count() == 0).then(pl.col("day_low").min())
    worst = pl.col("verdict").cast(VERDICTS).min().cast(pl.String)  # in the order of the enumeration: the worst first
    last = pl.col("day_high").filter(pl.col("verdict") == Verdict.STOPS).min()
    found = keyed.group_by("key").agg(worst, pl.col("lost_low", "lost_high").max(), day_low=low, day_high=last)
    return found.sort("key")
