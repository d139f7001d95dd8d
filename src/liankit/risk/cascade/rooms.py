"""Room for scenarios that the compiled loops share: one by itself, and LANES of them side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from liankit.risk.cascade.arrays import Arrays, Starts
from liankit.risk.cascade.lanes import LANES
from liankit.risk.cascade.tables import Floats, Ints

NOT_HIT = -2
REACHED, DOWN, UP, TOUCHED, SENDING, MARKETS = range(6)
"""Lists of ``Alone``: firms reached so far; changed in the last step, down and up; touched and sending in this one; the
markets of these."""
LOSS, LOSS_UP, SENT, WORST, ASKED, SEEN, NEXT = range(7)
"""Columns of ``Alone.state``: loss down- and upstream; what it counted for when last pushed; the largest slot of inputs
and lost sales so far; stamp of the step in which it was last touched; the next firm of its market that is hit."""


class Alone(NamedTuple):
    """Room for one scenario, as new between scenarios."""

    state: Floats  # (firms, 8), a cache line a firm: see LOSS
    lost: Floats  # of each slot
    left: Floats  # capacity of each market
    chained: Ints  # links of the firms hit downstream, of each market
    first_hit: Ints  # the first firm hit of each market
    market_seen: Floats
    stamps: Floats  # (2,): the scenario's first, the step's
    lists: Ints  # (6, firms): see REACHED
    counts: Ints  # (6,)
    change: Floats  # (6, firms): of DOWN and UP by how much they changed, of SENDING what is sent on


class Side(NamedTuple):
    """Room for LANES scenarios side by side: (firms, LANES), ``up`` twice, now and next; else a row a number."""

    down: Floats
    up: Floats
    sent: Floats
    change: Floats  # (1, LANES): largest change of the last sweep
    keep: Floats  # (1, LANES): 0 where the lane is done and has to be cleared, else 1
    sums: Floats  # (3 * columns, LANES)


class Shocks(NamedTuple):
    """Scenarios: the firms of scenario s are ``firms[starts[s]:starts[s + 1]]`` with the shares they lose at first."""

    starts: Starts
    firms: Ints
    down: Floats
    up: Floats


def room_alone(a: Arrays) -> Alone:
    """Return room for one scenario at a time."""
    n, markets = len(a.sales), len(a.capacity)
    state = _aligned(n, 8)
    state[:, NEXT] = NOT_HIT
    return Alone(
        state=state,
        lost=np.zeros(int(a.push_down.ends.max()) + 1),
        left=a.capacity.copy(),
        chained=np.zeros(markets, np.int32),
        first_hit=np.full(markets, -1, np.int32),
        market_seen=np.zeros(markets),
        stamps=np.zeros(2),
        lists=np.zeros((6, max(n, markets)), np.int32),
        counts=np.zeros(6, np.int32),
        change=np.zeros((6, n)),
    )


def room_side(a: Arrays) -> Side:
    """Return room for LANES scenarios side by side."""
    n = len(a.sales)
    rows = _aligned(4 * n, LANES)  # in one piece, so that it is large enough for large pages
    return Side(
        down=rows[:n],
        up=rows[n : 3 * n].reshape(2, n, LANES),
        sent=rows[3 * n :],
        change=_aligned(1, LANES),
        keep=_aligned(1, LANES),
        sums=_aligned(3 * a.weights.shape[1], LANES),
    )


def _aligned(rows: int, width: int) -> Floats:
    """Return zeros (rows, width) that begin where a cache line does: no row lies across one line more than it must."""
    room = np.zeros(rows * width + 8)
    first = -room.ctypes.data % 64 // 8
    return room[first : first + rows * width].reshape(rows, width)
