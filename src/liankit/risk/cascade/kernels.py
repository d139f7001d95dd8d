"""The cascade compiled: changes are pushed while few firms are hit, then sixteen scenarios are swept side by side.

State is what is lost of a firm (0..1), downstream and upstream. Losses never shrink, so a firm's own shock needs no place in
the loops: a new loss is the larger of the old one and what its inputs give. The one exception is a market that is exhausted
and holds a firm whose sales are below 1 in the unit of the amounts (``EXHAUSTED`` is absolute): such a scenario is swept
alone by ``sweep_alone``, word by word as defined. A scenario has the same bits whatever runs beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from liankit.risk.cascade.arrays import AHEAD, Arrays
from liankit.risk.cascade.lanes import (
    LANES,
    add,
    divide,
    larger,
    load,
    multiply,
    or_one,
    prefetch,
    smaller,
    splat,
    store,
    subtract,
)
from liankit.risk.cascade.tables import Floats, Ints

EXHAUSTED = 1e-10
"""Capacity of a market up to which it counts as gone, in the unit of the amounts (absolute, as published)."""
WIDE = 4000
"""Links to push in one step from which sweeping is quicker."""
MOST_STEPS = 100_000
"""A cascade that has not settled by then never does: amounts below 1 can make an exhausted market swing for ever."""
NEARLY_GONE = 1e-3
"""Share of a market from which its capacity is added up anew: differences would lose their digits."""
CONVERGED, IS_WIDE, SHRINKS = 0, 1, 2
HIT, DOWN, UP, TOUCHED, MARKETS = 0, 1, 2, 3, 4


class Alone(NamedTuple):
    """Room for one scenario, as new between scenarios; ``lists`` and ``counts`` by HIT, DOWN, UP, TOUCHED, MARKETS."""

    down: Floats
    up: Floats
    sent: Floats  # what a supplier's loss counted for when it was last pushed
    lost: Floats  # of each slot
    asked: Floats  # of each supplier: upstream loss so far
    left: Floats  # capacity of each market
    next_hit: Ints  # the firms hit downstream, in a chain per market
    first_hit: Ints
    is_hit: NDArray[np.bool_]
    seen: Ints  # stamp of the step in which a firm was last touched
    market_seen: Ints
    stamp: Ints  # (1,)
    lists: Ints  # (5, firms): hit so far; changed in the last step, down and up; touched in this one; markets of those
    counts: Ints  # (5,)
    change: Floats  # (3, firms): of the changed, by how much; in the rows DOWN and UP


class Side(NamedTuple):
    """Room for LANES scenarios side by side; (firms, LANES) but for the last two, (1, LANES) and (3 * columns, LANES)."""

    down: Floats
    up: Floats
    up_next: Floats
    sent: Floats
    change: Floats
    sums: Floats


class Shocks(NamedTuple):
    """Scenarios: the firms of scenario s are ``firms[starts[s]:starts[s + 1]]`` with the shares they lose at first."""

    starts: NDArray[np.int64]
    firms: Ints
    down: Floats
    up: Floats


def room_alone(a: Arrays) -> Alone:
    """Return room for one scenario at a time."""
    n, markets = len(a.sales), len(a.capacity)
    down, up, sent, asked = (np.zeros(n) for _ in range(4))
    return Alone(
        down=down,
        up=up,
        sent=sent,
        lost=np.zeros(len(a.slot_buyer)),
        asked=asked,
        left=a.capacity.copy(),
        next_hit=np.full(n, -2, np.int32),
        first_hit=np.full(markets, -1, np.int32),
        is_hit=np.zeros(n, np.bool_),
        seen=np.zeros(n, np.int32),
        market_seen=np.zeros(markets, np.int32),
        stamp=np.zeros(1, np.int32),
        lists=np.zeros((5, max(n, markets)), np.int32),
        counts=np.zeros(5, np.int32),
        change=np.zeros((3, n)),
    )


def room_side(a: Arrays) -> Side:
    """Return room for LANES scenarios side by side."""
    rows = (np.zeros((len(a.sales), LANES)) for _ in range(4))
    return Side(*rows, change=np.zeros((1, LANES)), sums=np.zeros((3 * a.weights.shape[1], LANES)))


@njit(nogil=True, cache=True)
def run(a: Arrays, shocks: Shocks, eps: float, wide: int, r: Alone, side: Side, scores: Floats, steps: Ints) -> None:
    """Run scenarios, swept from ``wide`` links on; write ``scores`` (scenarios, 3 * columns: both, down, up a column) and ``steps`` (scenarios,)."""
    count, upcoming, busy = len(shocks.starts) - 1, 0, 0
    scenario = np.full(LANES, -1, np.int64)
    while True:
        for lane in range(LANES):
            while scenario[lane] < 0 and upcoming < count:
                status = push(a, shocks, upcoming, eps, wide, r, scores, steps)
                if status == IS_WIDE:
                    _take_lane(r, side, lane)
                    scenario[lane] = upcoming
                    busy += 1
                _forget(a, r)
                if status == SHRINKS:
                    sweep_alone(a, shocks, upcoming, eps, scores, steps)
                upcoming += 1
        if busy == 0:
            return
        shrinking = sweep(a, side)
        for lane in range(LANES):
            done = scenario[lane]
            if done < 0:
                continue
            steps[done] += 1
            if shrinking >> lane & 1:
                sweep_alone(a, shocks, done, eps, scores, steps)
            elif side.change[0, lane] <= eps:
                for column in range(scores.shape[1]):
                    scores[done, column] = side.sums[column, lane]
            else:
                continue
            scenario[lane] = -1
            busy -= 1


@njit(nogil=True, cache=True)
def push(a: Arrays, shocks: Shocks, scenario: int, eps: float, wide: int, r: Alone, scores: Floats, steps: Ints) -> int:
    """Push the changes of a scenario from firm to firm until it converges, gets wide or shrinks; return which."""
    for place in range(shocks.starts[scenario], shocks.starts[scenario + 1]):
        _hit(r, shocks.firms[place])
        _change(r, DOWN, r.down, shocks.firms[place], shocks.down[place])
        _change(r, UP, r.up, shocks.firms[place], shocks.up[place])
    steps[scenario] = 0
    while _work(a, r) <= wide:
        if not _send_down(a, r):
            return SHRINKS
        worst = _settle_down(a, r)
        _send_up(a, r)
        worst = max(worst, _settle_up(r))
        steps[scenario] += 1
        if worst <= eps:
            _score(a, r, scores[scenario])
            return CONVERGED
    return IS_WIDE


@njit(nogil=True, cache=True)
def _hit(r: Alone, firm: int) -> None:
    if not r.is_hit[firm]:
        r.is_hit[firm] = True
        r.lists[HIT, r.counts[HIT]] = firm
        r.counts[HIT] += 1


@njit(nogil=True, cache=True)
def _change(r: Alone, way: int, state: Floats, firm: int, loss: float) -> float:
    """Raise the loss of a firm; return by how much."""
    more = loss - state[firm]
    if more > 0:
        state[firm] = loss
        r.lists[way, r.counts[way]] = firm
        r.change[way, r.counts[way]] = more
        r.counts[way] += 1
        return more
    return 0.0


@njit(nogil=True, cache=True)
def _touch(r: Alone, firm: int) -> None:
    if r.seen[firm] != r.stamp[0]:
        r.seen[firm] = r.stamp[0]
        r.lists[TOUCHED, r.counts[TOUCHED]] = firm
        r.counts[TOUCHED] += 1


@njit(nogil=True, cache=True)
def _new_round(r: Alone) -> None:
    r.stamp[0] += 1
    r.counts[TOUCHED] = 0


@njit(nogil=True, cache=True)
def _work(a: Arrays, r: Alone) -> int:
    """Return how many links the changes of the last step touch."""
    links = 0
    for place in range(r.counts[DOWN]):
        firm = r.lists[DOWN, place]
        links += a.push_down.starts[firm + 1] - a.push_down.starts[firm]
    for place in range(r.counts[UP]):
        firm = r.lists[UP, place]
        links += a.push_up.starts[firm + 1] - a.push_up.starts[firm]
    return links


@njit(nogil=True, cache=True)
def _send_down(a: Arrays, r: Alone) -> bool:
    """Send on what firms lost more, and what counts for more since their markets shrank; False where one shrinks."""
    _new_round(r)
    if len(a.capacity) == 0:
        for place in range(r.counts[DOWN]):
            firm = r.lists[DOWN, place]
            _send(a, r, firm, r.down[firm])
        return True
    _shrink_markets(a, r)
    for place in range(r.counts[MARKETS]):
        market = r.lists[MARKETS, place]
        left = _usable(a, r, market)
        if left == 1.0 and a.is_small[market]:
            return False
        firm = r.first_hit[market]
        while firm >= 0:
            _send(a, r, firm, min(1.0, a.sales[firm] / left) * r.down[firm])
            firm = r.next_hit[firm]
    return True


@njit(nogil=True, cache=True)
def _shrink_markets(a: Arrays, r: Alone) -> None:
    """Take from each market what its firms lost in the last step, and list those markets."""
    r.counts[MARKETS] = 0
    for place in range(r.counts[DOWN]):
        firm = r.lists[DOWN, place]
        market = a.market[firm]
        r.left[market] -= r.change[DOWN, place] * a.sales[firm]
        if r.next_hit[firm] == -2:
            r.next_hit[firm] = r.first_hit[market]
            r.first_hit[market] = firm
        if r.market_seen[market] != r.stamp[0]:
            r.market_seen[market] = r.stamp[0]
            r.lists[MARKETS, r.counts[MARKETS]] = market
            r.counts[MARKETS] += 1


@njit(nogil=True, cache=True)
def _usable(a: Arrays, r: Alone, market: int) -> float:
    """Return what a market can still make, 1 where that is nothing (as published)."""
    if r.left[market] < NEARLY_GONE * a.capacity[market]:
        left = 0.0
        for firm in range(a.markets[market], a.markets[market + 1]):
            left += (1 - r.down[firm]) * a.sales[firm]
        r.left[market] = left
    return r.left[market] if r.left[market] > EXHAUSTED else 1.0


@njit(nogil=True, cache=True)
def _send(a: Arrays, r: Alone, firm: int, counts_for: float) -> None:
    """Send to the slots of a firm's buyers by how much more its loss counts."""
    more = counts_for - r.sent[firm]
    if more == 0:
        return
    r.sent[firm] = counts_for
    for link in range(a.push_down.starts[firm], a.push_down.starts[firm + 1]):
        slot = a.push_down.ends[link]
        r.lost[slot] += more * a.push_down.shares[link]
        _touch(r, a.slot_buyer[slot])


@njit(nogil=True, cache=True)
def _settle_down(a: Arrays, r: Alone) -> float:
    """Give each touched buyer the largest loss of its slots; return the largest change."""
    r.counts[DOWN] = 0
    worst = 0.0
    for place in range(r.counts[TOUCHED]):
        firm = r.lists[TOUCHED, place]
        loss = 0.0
        for slot in range(a.slots[firm], a.slots[firm + 1]):
            loss = max(loss, r.lost[slot])
        more = _change(r, DOWN, r.down, firm, min(1.0, loss))
        if more > 0:
            _hit(r, firm)
            worst = max(worst, more)
    return worst


@njit(nogil=True, cache=True)
def _send_up(a: Arrays, r: Alone) -> None:
    _new_round(r)
    for place in range(r.counts[UP]):
        firm, more = r.lists[UP, place], r.change[UP, place]
        for link in range(a.push_up.starts[firm], a.push_up.starts[firm + 1]):
            supplier = a.push_up.ends[link]
            r.asked[supplier] += more * a.push_up.shares[link]
            _touch(r, supplier)


@njit(nogil=True, cache=True)
def _settle_up(r: Alone) -> float:
    r.counts[UP] = 0
    worst = 0.0
    for place in range(r.counts[TOUCHED]):
        firm = r.lists[TOUCHED, place]
        more = _change(r, UP, r.up, firm, min(1.0, r.asked[firm]))
        if more > 0:
            _hit(r, firm)
            worst = max(worst, more)
    return worst


@njit(nogil=True, cache=True)
def _score(a: Arrays, r: Alone, scores: Floats) -> None:
    for column in range(len(scores)):
        scores[column] = 0
    for place in range(r.counts[HIT]):
        firm = r.lists[HIT, place]
        for column in range(a.weights.shape[1]):
            weight = a.weights[firm, column]
            scores[3 * column] += weight * max(r.down[firm], r.up[firm])
            scores[3 * column + 1] += weight * r.down[firm]
            scores[3 * column + 2] += weight * r.up[firm]


@njit(nogil=True, cache=True)
def _take_lane(r: Alone, side: Side, lane: int) -> None:
    """Let a wide scenario go on in a lane."""
    for firm in range(len(side.down)):
        side.down[firm, lane] = side.up[firm, lane] = 0
    for place in range(r.counts[HIT]):
        firm = r.lists[HIT, place]
        side.down[firm, lane] = r.down[firm]
        side.up[firm, lane] = r.up[firm]


@njit(nogil=True, cache=True)
def _forget(a: Arrays, r: Alone) -> None:
    """Leave the room as new: only what was hit is undone."""
    for place in range(r.counts[HIT]):
        firm = r.lists[HIT, place]
        if r.sent[firm] != 0:
            for link in range(a.push_down.starts[firm], a.push_down.starts[firm + 1]):
                r.lost[a.push_down.ends[link]] = 0
        if r.up[firm] != 0:
            for link in range(a.push_up.starts[firm], a.push_up.starts[firm + 1]):
                r.asked[a.push_up.ends[link]] = 0
        if len(a.capacity):
            r.left[a.market[firm]] = a.capacity[a.market[firm]]
            r.first_hit[a.market[firm]] = -1
        r.down[firm] = r.up[firm] = r.sent[firm] = 0
        r.next_hit[firm] = -2
        r.is_hit[firm] = False
    for way in range(len(r.counts)):
        r.counts[way] = 0


@njit(nogil=True, cache=True)
def sweep(a: Arrays, side: Side) -> int:
    """Do one step of all lanes; write their largest changes and sums. Return the lanes in which a market shrinks, as bits."""
    shrinking = _weigh(a, side)
    none, one, columns = splat(0.0), splat(1.0), a.weights.shape[1]
    worst = none
    for column in range(3 * columns):
        store(side.sums, column, none)
    down, up = a.sweep_down, a.sweep_up
    for firm in range(len(a.sales)):
        old = load(side.down, firm)
        loss = old
        for slot in range(a.slots[firm], a.slots[firm + 1]):
            lost = none
            for link in range(down.starts[slot], down.starts[slot + 1]):
                prefetch(side.sent, down.ends[link + AHEAD])
                lost = add(lost, multiply(splat(down.shares[link]), load(side.sent, down.ends[link])))
            loss = larger(loss, lost)
        loss = smaller(one, loss)
        store(side.down, firm, loss)
        old_up = load(side.up, firm)
        asked = none
        for link in range(up.starts[firm], up.starts[firm + 1]):
            prefetch(side.up, up.ends[link + AHEAD])
            asked = add(asked, multiply(splat(up.shares[link]), load(side.up, up.ends[link])))
        new_up = smaller(one, larger(old_up, asked))
        store(side.up_next, firm, new_up)
        worst = larger(worst, larger(subtract(loss, old), subtract(new_up, old_up)))
        for column in range(columns):
            weight = splat(a.weights[firm, column])
            at = 3 * column
            store(side.sums, at, add(load(side.sums, at), multiply(weight, larger(loss, new_up))))
            store(side.sums, at + 1, add(load(side.sums, at + 1), multiply(weight, loss)))
            store(side.sums, at + 2, add(load(side.sums, at + 2), multiply(weight, new_up)))
    store(side.change, 0, worst)
    for firm in range(len(a.sales)):
        store(side.up, firm, load(side.up_next, firm))
    return shrinking


@njit(nogil=True, cache=True)
def _weigh(a: Arrays, side: Side) -> int:
    """Write what each firm's loss counts for: less where its market can take over."""
    if len(a.capacity) == 0:
        for firm in range(len(a.sales)):
            store(side.sent, firm, load(side.down, firm))
        return 0
    one, floor, shrinking = splat(1.0), splat(EXHAUSTED), 0
    for market in range(len(a.capacity)):
        left = splat(0.0)
        for firm in range(a.markets[market], a.markets[market + 1]):
            left = add(left, multiply(subtract(one, load(side.down, firm)), splat(a.sales[firm])))
        if a.is_small[market]:
            store(side.change, 0, left)
            for lane in range(LANES):
                shrinking |= (side.change[0, lane] <= EXHAUSTED) << lane
        share = divide(one, or_one(left, floor))
        for firm in range(a.markets[market], a.markets[market + 1]):
            part = smaller(one, multiply(splat(a.sales[firm]), share))
            store(side.sent, firm, multiply(part, load(side.down, firm)))
    return shrinking


@njit(nogil=True, cache=True)
def sweep_alone(
    a: Arrays, shocks: Shocks, scenario: int, eps: float, scores: Floats, steps: Ints
) -> tuple[Floats, Floats]:
    """Do one scenario from its start by whole sweeps, as defined; return the losses (firms,), down- and upstream."""
    n = len(a.sales)
    shock_down, shock_up, sent = np.zeros(n), np.zeros(n), np.zeros(n)
    for place in range(shocks.starts[scenario], shocks.starts[scenario + 1]):
        shock_down[shocks.firms[place]] = shocks.down[place]
        shock_up[shocks.firms[place]] = shocks.up[place]
    down, up, step, worst = shock_down.copy(), shock_up.copy(), 0, 2.0
    while worst > eps and step < MOST_STEPS:
        _weigh_alone(a, down, sent)
        new_up, worst = np.empty(n), 0.0
        for firm in range(n):
            loss = shock_down[firm]
            for slot in range(a.slots[firm], a.slots[firm + 1]):
                lost = 0.0
                for link in range(a.sweep_down.starts[slot], a.sweep_down.starts[slot + 1]):
                    lost += a.sweep_down.shares[link] * sent[a.sweep_down.ends[link]]
                loss = max(loss, lost)
            asked = 0.0
            for link in range(a.sweep_up.starts[firm], a.sweep_up.starts[firm + 1]):
                asked += a.sweep_up.shares[link] * up[a.sweep_up.ends[link]]
            loss, new_up[firm] = min(1.0, loss), min(1.0, max(shock_up[firm], asked))
            worst = max(worst, loss - down[firm], new_up[firm] - up[firm])
            down[firm] = loss
        up, step = new_up, step + 1
    steps[scenario] = step
    for column in range(scores.shape[1]):
        scores[scenario, column] = 0
    for firm in range(n):
        for column in range(a.weights.shape[1]):
            scores[scenario, 3 * column] += a.weights[firm, column] * max(down[firm], up[firm])
            scores[scenario, 3 * column + 1] += a.weights[firm, column] * down[firm]
            scores[scenario, 3 * column + 2] += a.weights[firm, column] * up[firm]
    return down, up


@njit(nogil=True, cache=True)
def _weigh_alone(a: Arrays, down: Floats, sent: Floats) -> None:
    if len(a.capacity) == 0:
        for firm in range(len(down)):
            sent[firm] = down[firm]
    for market in range(len(a.capacity)):
        left = 0.0
        for firm in range(a.markets[market], a.markets[market + 1]):
            left += (1 - down[firm]) * a.sales[firm]
        left = left if left > EXHAUSTED else 1.0
        for firm in range(a.markets[market], a.markets[market + 1]):
            sent[firm] = min(1.0, a.sales[firm] / left) * down[firm]
