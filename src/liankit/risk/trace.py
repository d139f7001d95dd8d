"""Where a disruption reaches: from the lines that it strikes to every line that may lack an input, with the way.

No amounts are needed, only who buys what from whom. A line *stops* where all of an essential input is lost for sure,
*may stop* where all of it may be lost, *loses a part* where a source remains; and so on to its buyers. The least
assignment that holds is taken, so two lines that only feed each other bring nobody down. Each raise of a line is passed
on once, so time grows with what is reached and not with the network. numpy and Polars only: a page can wait for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.risk.cascade.network import find_places
from liankit.risk.cascade.stops import Verdict
from liankit.risk.thresholds import EPSILON
from liankit.risk.ways import Floats, Places, Ways

NONE, PART, MAY, STOPS = range(4)
"""How far a line or one of its inputs is lost, from nothing to all of it for sure."""

_WORDS = pl.Series([None, Verdict.LOSES_PART.value, Verdict.MAY_STOP.value, Verdict.STOPS.value], dtype=pl.String)
_NOBODY = -1  # as a place; it picks what is put after the last link

Levels = NDArray[np.int8]

LINE_SCHEMA = {
    "line": pl.String,
    "verdict": pl.String,  # stops | may_stop | loses_part
    "step": pl.Int64,  # links from what is struck, 0: struck itself
    "before": pl.String,  # the line that brings it; null: struck itself
    "input": pl.String,  # the item that it then lacks
    "origin": pl.String,  # the struck line in which the way begins
    "day_low": pl.Float64,  # days until it may lack something, by the stocks on any way; null: not known
    "day_high": pl.Float64,  # days until it stops for sure; null: not known, or not sure
}
"""Columns of ``Traced.lines``."""

INPUT_SCHEMA = {
    "line": pl.String,  # the buyer
    "item": pl.String,
    "verdict": pl.String,
    "lost_low": pl.Float64,  # of its purchases of the item, 0..1
    "lost_high": pl.Float64,
    "sources": pl.Int64,  # known ones
    "sources_hit": pl.Int64,  # of these, reached
    "stock_days_low": pl.Float64,
    "stock_days_high": pl.Float64,
    "day_low": pl.Float64,  # as of a line
    "day_high": pl.Float64,
}
"""Columns of ``Traced.inputs``."""


class Traced(NamedTuple):
    """What is reached: ``lines`` (``LINE_SCHEMA``) and their ``inputs`` that are lost (``INPUT_SCHEMA``)."""

    lines: pl.DataFrame
    inputs: pl.DataFrame

    def way_to(self, line: str) -> list[str]:
        """Return the lines from what is struck to one that is reached."""
        before = dict(self.lines.select("line", "before").iter_rows())
        way = [line]
        while (previous := before[way[-1]]) is not None:
            way.append(previous)
        return way[::-1]


def trace(ways: Ways, struck: pl.DataFrame, items: Collection[str] = ()) -> Traced:
    """Return what is reached when lines deliver no more, as ``find_struck`` finds them.

    ``struck``: line, is_sure (whether it delivers nothing for sure, or may); ``items``: those that nobody makes any
    more, known or unknown, whose makers are among the struck. Raises ``UserError`` for an unknown line.

    >>> lines = pl.DataFrame({"line": ["resin", "drug"], "owner": ["s", "b"]})
    >>> links = pl.DataFrame({"supplier": ["resin"], "buyer": ["drug"], "item": ["i"], "share_low": [1.0],
    ...     "share_high": [1.0], "essential": [2], "stock_days_low": [60.0], "stock_days_high": [90.0]})
    >>> from liankit.risk.ways import build_ways
    >>> found = trace(build_ways(lines, links), pl.DataFrame({"line": ["resin"], "is_sure": [True]}))
    >>> found.lines.select("line", "verdict", "before", "day_low", "day_high").row(1)
    ('drug', 'stops', 'resin', 60.0, 90.0)
    """
    begun = np.zeros(len(ways.ids), np.int8)
    begun[find_places(struck["line"], ways.ids, "struck:")] = np.where(struck["is_sure"].to_numpy(), STOPS, MAY)
    is_gone = ways.items.is_in(list(items)).to_numpy()[ways.item] if len(ways.items) else np.zeros(0, bool)
    spread = _Spread(ways, begun, is_gone)
    spread.run()
    early = _earliest(ways, begun)
    late = _latest(ways, spread, begun)
    return Traced(_told_lines(ways, spread, early, late), _told_inputs(ways, spread, early, late))


class _Spread:
    """How far each line is lost (``level``), and by which link it came to that.

    A line came to its level by a supplier of a higher one, or of the same one in an earlier round: no way is a circle.
    """

    def __init__(self, ways: Ways, begun: Levels, is_gone: NDArray[np.bool_]) -> None:
        self.ways, self.is_gone = ways, is_gone
        self.level = begun.copy()
        self.link = np.full(len(begun), _NOBODY, np.int64)

    def run(self) -> None:
        """Raise lines round by round until none is raised any more; a line is raised at most three times."""
        touched = _uses_fed_by(self.ways, np.flatnonzero(self.level))
        while len(touched):
            touched = _uses_fed_by(self.ways, self._raise(touched))

    def lost(self, uses: Places) -> tuple[Floats, Floats, Levels, Places]:
        """Return of some uses the share lost at least and at most, the level, and their links one use after another."""
        ways, gone = self.ways, self.is_gone[uses]
        links, begins = ways.by_use.of(uses)
        level = self.level[ways.supplier[links]]
        low = np.add.reduceat(np.where(level == STOPS, ways.share_low[links], 0.0), begins)
        high = np.add.reduceat(np.where(level >= MAY, ways.share_high[links], 0.0), begins)
        some = np.add.reduceat(np.where(level >= PART, ways.share_high[links], 0.0), begins)
        low, high = np.where(gone, 1.0, low.clip(max=1)), np.where(gone, 1.0, high.clip(max=1))
        essential = ways.essential[uses]
        found = np.where(gone | (some > EPSILON), PART, NONE)
        found = np.where((high >= 1 - EPSILON) & ~(essential < 2), MAY, found)
        found = np.where((low >= 1 - EPSILON) & (essential == 2), STOPS, found)
        return low, np.maximum(high, some.clip(max=1)), np.where(essential == 0, NONE, found).astype(np.int8), links

    def _raise(self, uses: Places) -> Places:
        """Raise the buyers of uses that lose more than they did; return them."""
        ways = self.ways
        _low, _high, found, links = self.lost(uses)
        counts = ways.by_use.starts[uses + 1] - ways.by_use.starts[uses]
        of_link = np.repeat(found, counts)
        carried = (of_link > self.level[ways.buyer[ways.use[links]]]) & (self.level[ways.supplier[links]] >= of_link)
        links, of_link = links[carried], of_link[carried]
        buyer = ways.buyer[ways.use[links]]
        order = np.lexsort((links, -ways.share_high[links], -of_link, buyer))
        first = np.flatnonzero(np.diff(buyer[order], prepend=_NOBODY))
        raised = buyer[order][first]
        self.level[raised], self.link[raised] = of_link[order][first], links[order][first]
        return raised


def _uses_fed_by(ways: Ways, lines: Places) -> Places:
    """Return the uses that buy from some lines."""
    return _distinct(ways.use[ways.by_supplier.of(lines)[0]], len(ways.buyer))


def _distinct(places: Places, size: int) -> Places:
    """Return the different places in order: a mark for each is quicker than sorting when they are many of ``size``."""
    if len(places) * _FEW < size:
        ordered = np.sort(places)
        return ordered[np.diff(ordered, prepend=_NOBODY) > 0]
    marked = np.zeros(size, bool)
    marked[places] = True
    return np.flatnonzero(marked)


_FEW = 20


class _Days(NamedTuple):
    """Of each line: the day with stocks that are not known as none, and as without end; infinite where none."""

    least: Floats
    known: Floats


def _earliest(ways: Ways, begun: Levels) -> _Days:
    """Return from which day each line may lack something: the least sum of stocks on any way to it."""
    return _Days(*(_shortest(ways, begun, np.nan_to_num(ways.stock_low, nan=nan)) for nan in (0.0, np.inf)))


def _shortest(ways: Ways, begun: Levels, stock: Floats) -> Floats:
    """Return the least sum of the uses' stocks on the ways to each line, by lowering labels until none is lowered."""
    changed = np.flatnonzero(begun)
    days = np.full(len(begun), np.inf)
    days[changed] = 0
    while len(changed):
        links, _begins = ways.by_supplier.of(changed)
        uses = ways.use[links]
        buyers, found = ways.buyer[uses], days[ways.supplier[links]] + stock[uses]
        is_lower = (found < days[buyers]) & (ways.essential[uses] != 0)
        np.minimum.at(days, buyers[is_lower], found[is_lower])
        changed = _distinct(buyers[is_lower], len(days))
    return days


def _first_lack(ways: Ways, uses: Places, days: Floats) -> Floats:
    """Return when the first of the suppliers of each use delivers no more."""
    links, begins = ways.by_use.of(uses)
    sells = (ways.share_high[links] > 0) & (ways.essential[ways.use[links]] != 0)
    return np.minimum.reduceat(np.where(sells, days[ways.supplier[links]], np.inf), begins)


def _latest(ways: Ways, spread: _Spread, begun: Levels) -> Floats:
    """Return by which day each line that stops has stopped: when the last supplier of a use has, and its stock."""
    stock = np.nan_to_num(ways.stock_high, nan=np.inf)
    days = np.full(len(begun), np.inf)
    days[begun == STOPS] = 0
    touched = _uses_fed_by(ways, np.flatnonzero(begun == STOPS))
    while len(touched):
        buyers, found = ways.buyer[touched], _last_lack(ways, spread, touched, days) + stock[touched]
        is_lower = found < days[buyers]
        np.minimum.at(days, buyers[is_lower], found[is_lower])
        touched = _uses_fed_by(ways, _distinct(buyers[is_lower], len(days)))
    return days


def _last_lack(ways: Ways, spread: _Spread, uses: Places, days: Floats) -> Floats:
    """Return when the last supplier of each use that is surely lost has stopped."""
    _low, _high, found, links = spread.lost(uses)
    _links, begins = ways.by_use.of(uses)
    needed = np.where(ways.share_low[links] > 0, days[ways.supplier[links]], 0.0)
    last = np.where(spread.is_gone[uses], 0.0, np.maximum.reduceat(needed, begins))
    return np.where(found == STOPS, last, np.inf)


def _told_lines(ways: Ways, spread: _Spread, early: _Days, late: Floats) -> pl.DataFrame:
    """Return ``LINE_SCHEMA``, those struck first, then by how near and how badly they are hit."""
    here = np.flatnonzero(spread.level)
    before, lacks = (np.append(of_link, _NOBODY)[spread.link] for of_link in (ways.supplier, ways.item[ways.use]))
    step, origin = _steps(before)
    low, high = _told_days(_Days(early.least[here], early.known[here]), late[here])
    found = pl.DataFrame(
        {
            "line": _named(ways.ids, here),
            "verdict": _WORDS.gather(spread.level[here]),
            "step": step[here],
            "before": _named(ways.ids, before[here]),
            "input": _named(ways.items, lacks[here]),
            "origin": _named(ways.ids, origin[here]),
            "day_low": low,
            "day_high": high,
            "level": spread.level[here],
        }
    )
    ordered = found.sort("step", "level", "line", descending=[False, True, False])
    return ordered.select(pl.col(name).cast(dtype) for name, dtype in LINE_SCHEMA.items())


def _steps(before: Places) -> tuple[Places, Places]:
    """Return how many links away each line's way begins, and in which line: a way never comes back to a line."""
    origin, step = np.arange(len(before)), np.zeros(len(before), np.int64)
    moving = np.flatnonzero(before >= 0)
    while len(moving):
        origin[moving] = before[origin[moving]]
        step[moving] += 1
        moving = moving[before[origin[moving]] >= 0]
    return step, origin


def _told_inputs(ways: Ways, spread: _Spread, early: _Days, late: Floats) -> pl.DataFrame:
    """Return ``INPUT_SCHEMA`` of every use that loses something."""
    uses = _uses_fed_by(ways, np.flatnonzero(spread.level))
    if not len(uses):
        return pl.DataFrame(schema=INPUT_SCHEMA)
    lost_low, lost_high, found, links = spread.lost(uses)
    _links, begins = ways.by_use.of(uses)
    low, high = _days_of_inputs(ways, spread, uses, early, late)
    table = pl.DataFrame(
        {
            "line": _named(ways.ids, ways.buyer[uses]),
            "item": _named(ways.items, ways.item[uses]),
            "verdict": _WORDS.gather(found),
            "lost_low": lost_low,
            "lost_high": lost_high,
            "sources": np.diff(np.append(begins, len(links))),
            "sources_hit": np.add.reduceat((spread.level[ways.supplier[links]] > NONE).astype(np.int64), begins),
            "stock_days_low": pl.Series(ways.stock_low[uses]).fill_nan(None),
            "stock_days_high": pl.Series(ways.stock_high[uses]).fill_nan(None),
            "day_low": low,
            "day_high": high,
        }
    )
    return table.drop_nulls("verdict").select(pl.col(name).cast(dtype) for name, dtype in INPUT_SCHEMA.items())


def _days_of_inputs(
    ways: Ways, spread: _Spread, uses: Places, early: _Days, late: Floats
) -> tuple[pl.Series, pl.Series]:
    """Return between which days each use runs out."""
    stock = ways.stock_low[uses]
    least = _first_lack(ways, uses, early.least) + np.nan_to_num(stock, nan=0.0)
    known = _first_lack(ways, uses, early.known) + np.nan_to_num(stock, nan=np.inf)
    last = _last_lack(ways, spread, uses, late) + np.nan_to_num(ways.stock_high[uses], nan=np.inf)
    return _told_days(_Days(least, known), last)


def _told_days(days: _Days, late: Floats) -> tuple[pl.Series, pl.Series]:
    """Return the days as they can be told: a first day of 0 that only an unknown stock makes is not known."""
    is_told = np.isfinite(days.least) & ((days.least > 0) | (days.known <= days.least))
    ends = np.where(is_told, days.least, np.nan), np.where(np.isfinite(late), late, np.nan)
    return pl.Series(ends[0]).fill_nan(None), pl.Series(ends[1]).fill_nan(None)


def _named(names: pl.Series, places: Places) -> pl.Series:
    """Return the names at places, null where the place is nobody's."""
    return names.gather(pl.Series(places).replace(_NOBODY, None))
