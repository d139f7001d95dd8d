"""Which scenarios a change of shares into a buyer touches: those in which it changes the buyer's loss in some step.

All scenarios are swept once as they are, and in each step each changed slot is added up with its shares before and
after. A change that leaves the buyer's loss as it was in every step leaves everything else as it was.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.risk.cascade.arrays import Arrays
from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats, Ints

SAME = 1e-9
"""Difference of a loss that counts as none."""
Bools = NDArray[np.bool_]


class _Watched(NamedTuple):
    """Slots that are changed; the links of slot g are ``starts[g]`` to ``starts[g + 1]``. Firms as in the arrays."""

    numbers: NDArray[np.int64]  # whose slot it is: the number of the intervention
    buyers: Ints
    starts: NDArray[np.int64]
    senders: Ints
    before: Floats  # (links, 1)
    after: Floats


def find_touched(
    arrays: Arrays,
    network: SupplyNetwork,
    changes: pl.DataFrame,
    count: int,
    scenarios: Scenarios,
    steps: Ints,
    eps: float,
) -> Bools:
    """Return (count, scenarios): which scenarios each of ``count`` changes touches.

    ``changes`` has a row a change (``number``) and link of a slot: slot, link, before, after; sorted by number, slot.
    ``steps`` are those of the scenarios without a change. Where vectors are not available every scenario counts.
    """
    from liankit.risk.cascade import lanes, rooms, sweeping

    touched = np.full((count, len(scenarios)), not lanes.are_available())
    if touched.all() or changes.is_empty():
        return touched
    watched, side = _watched(arrays, network, changes), rooms.room_side(arrays)
    order = np.argsort(steps, kind="stable")  # side by side those that take about as long
    for first in range(0, len(order), lanes.LANES):
        chosen = order[first : first + lanes.LANES]
        _begin(arrays, side.down, side.up, scenarios.chosen(chosen))
        found = np.zeros((count, lanes.LANES), bool)
        active = np.arange(lanes.LANES) < len(chosen)
        now = 0
        while active.any():
            old = side.down[watched.buyers]
            shrinks = sweeping.sweep(arrays, side, now) >> np.arange(lanes.LANES) & 1 == 1
            now = 1 - now
            hit = _is_touched(watched, side.sent, old, side.down[watched.buyers]) | shrinks
            np.logical_or.at(found, watched.numbers, hit & active)
            active &= (side.change[0] > eps) & ~shrinks
        touched[:, chosen] = found[:, : len(chosen)]
    return touched


def _watched(arrays: Arrays, network: SupplyNetwork, changes: pl.DataFrame) -> _Watched:
    place = np.empty(len(arrays.order), np.int32)
    place[arrays.order] = np.arange(len(arrays.order), dtype=np.int32)
    link = changes["link"].to_numpy()
    of_slot = changes.select(pl.struct("number", "slot").rle_id()).to_series().to_numpy()
    starts = np.flatnonzero(np.diff(of_slot, prepend=-1))
    return _Watched(
        numbers=changes["number"].to_numpy()[starts],
        buyers=place[network.buyer[link[starts]]],
        starts=starts,
        senders=place[network.supplier[link]],
        before=changes["before"].to_numpy()[:, None],
        after=changes["after"].to_numpy()[:, None],
    )


def _begin(arrays: Arrays, down: Floats, up: Floats, scenarios: Scenarios) -> None:
    """Shock one scenario a lane."""
    place = np.empty(len(arrays.order), np.int32)
    place[arrays.order] = np.arange(len(arrays.order), dtype=np.int32)
    lane = np.repeat(np.arange(len(scenarios)), np.diff(scenarios.starts))
    down[:], up[:] = 0, 0
    down[place[scenarios.firms], lane] = scenarios.down
    up[0, place[scenarios.firms], lane] = scenarios.up


def _is_touched(watched: _Watched, sent: Floats, old: Floats, new: Floats) -> Bools:
    """Return (slots, lanes): whether a buyer's new loss would be another with the shares after the change.

    It would be where the slot gives more than the new loss, or where it gave the new loss and would give less.
    """
    carried = sent[watched.senders]
    before, after = (
        np.minimum(1, np.add.reduceat(shares * carried, watched.starts)) for shares in (watched.before, watched.after)
    )
    return (after > new + SAME) | ((before >= new - SAME) & (after < new - SAME) & (new > old + SAME))
