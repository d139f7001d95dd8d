"""The cascade compiled: changes are pushed while few firms are hit, then sixteen scenarios are swept side by side.

State is what is lost of a firm (0..1), downstream and upstream. Losses never shrink, so a firm's own shock needs no
place in the loops: a new loss is the larger of the old one and what its inputs give. The one exception is a market that
is exhausted and holds a firm whose sales are below 1 in the unit of the amounts (``EXHAUSTED`` is absolute): such a
scenario is swept alone, word by word as defined. A scenario has the same bits whatever runs beside it.

What a loop needs of a tuple of arrays is taken out before the loop: Numba counts references at each such access, which
cost more than the work itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from liankit.risk.cascade.arrays import AHEAD, Arrays, Rows, Starts
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
from liankit.risk.cascade.reference import EXHAUSTED, MOST_STEPS
from liankit.risk.cascade.tables import Floats, Ints

FEW = 5
"""Scenarios from which sweeping LANES side by side is quicker than one by one, although lanes stay empty."""
NEARLY_GONE = 1e-3
"""Share of a market from which its capacity is added up anew: differences would lose their digits."""
CONVERGED, IS_WIDE, SHRINKS = range(3)
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


def wide(a: Arrays) -> int:
    """Return how many links one step has to push for sweeping to be quicker (measured, see the benchmark)."""
    return min(max(len(a.push_up.shares) // 125, 500), 8000)


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


@njit(nogil=True, cache=True)
def run(a: Arrays, shocks: Shocks, eps: float, wide: int, r: Alone, side: Side, scores: Floats, steps: Ints) -> None:
    """Run scenarios; those that push over ``wide`` links in a step are swept, LANES side by side.

    Write ``scores`` (scenarios, 3 * columns: both, down, up a column of weights) and ``steps`` (scenarios,).
    """
    count, busy = len(shocks.starts) - 1, 0
    upcoming, now = np.int64(0), np.int64(0)
    scenario = np.full(LANES, -1, np.int64)
    while True:
        for lane in range(LANES):
            while scenario[lane] < 0 and upcoming < count:
                status = push(a, shocks, upcoming, eps, wide, r, scores, steps)
                if status == IS_WIDE:
                    _take_lane(r, side, lane, now)
                    scenario[lane] = upcoming
                    busy += 1
                elif status == SHRINKS:
                    sweep_alone(a, shocks, upcoming, eps, True, r.state, scores, steps)
                _forget(a, r)
                upcoming += 1
        if busy == 0:
            return
        shrinking = sweep(a, side, now)
        now = 1 - now
        ended = _ended(side, scenario, shrinking, eps, steps)
        if ended:
            _close(a, side, now)
        for lane in range(LANES):
            if scenario[lane] < 0 or side.keep[0, lane] == 1:
                continue
            if shrinking >> lane & 1:
                sweep_alone(a, shocks, scenario[lane], eps, True, r.state, scores, steps)
            else:
                for column in range(scores.shape[1]):
                    scores[scenario[lane], column] = side.sums[column, lane]
            scenario[lane] = -1
        busy -= ended


@njit(nogil=True, cache=True)
def run_one(
    a: Arrays, shocks: Shocks, scenario: int, eps: float, wide: int, r: Alone, scores: Floats, steps: Ints
) -> tuple[Floats, Floats]:
    """Run one scenario by itself, to the same bits as ``run``; return the losses (firms,), down- and upstream."""
    status = push(a, shocks, scenario, eps, wide, r, scores, steps)
    if status == CONVERGED:
        down, up = np.empty(len(r.state)), np.empty(len(r.state))
        for firm in range(len(down)):
            down[firm], up[firm] = r.state[firm, LOSS], r.state[firm, LOSS_UP]
    else:
        down, up = sweep_alone(a, shocks, scenario, eps, status == SHRINKS, r.state, scores, steps)
    _forget(a, r)
    return down, up


@njit(nogil=True, cache=True)
def _ended(side: Side, scenario: Starts, shrinking: int, eps: float, steps: Ints) -> int:
    """Count a step of each busy lane; mark those that are over and return how many they are."""
    ended = 0
    for lane in range(LANES):
        is_over = shrinking >> lane & 1 or side.change[0, lane] <= eps
        side.keep[0, lane] = 0 if is_over else 1
        if scenario[lane] >= 0:
            steps[scenario[lane]] += 1
            ended += 1 if is_over else 0
    return ended


@njit(nogil=True, cache=True)
def push(a: Arrays, shocks: Shocks, scenario: int, eps: float, wide: int, r: Alone, scores: Floats, steps: Ints) -> int:
    """Push the changes of a scenario from firm to firm until it converges, gets wide or shrinks; return which."""
    _begin(shocks, scenario, r)
    steps[scenario] = 0
    while _links_ahead(a, r) <= wide:
        if not _collect(a, r):
            return SHRINKS
        _send_down(a.push_down, a.push_buyer, r.lost, r.state, r.stamps, r.lists, r.counts, r.change)
        _send_up(a.push_up, r.state, r.stamps, r.lists, r.counts, r.change)
        worst = _settle(r.state, r.lists, r.counts, r.change)
        steps[scenario] += 1
        if worst <= eps:
            _score(r.state, r.lists, r.counts, a.weights, scores[scenario])
            return CONVERGED
    return IS_WIDE


@njit(nogil=True, cache=True)
def _begin(shocks: Shocks, scenario: int, r: Alone) -> None:
    """Put the shock of a scenario into the empty room."""
    r.stamps[1] += 1
    r.stamps[0] = r.stamps[1]
    state, lists, counts, change = r.state, r.lists, r.counts, r.change
    for place in range(shocks.starts[scenario], shocks.starts[scenario + 1]):
        firm = shocks.firms[place]
        state[firm, SEEN] = r.stamps[1]
        _list(lists, counts, REACHED, firm)
        _raise(state, LOSS, lists, counts, change, DOWN, firm, shocks.down[place])
        _raise(state, LOSS_UP, lists, counts, change, UP, firm, shocks.up[place])


@njit(nogil=True, cache=True)
def _list(lists: Ints, counts: Ints, which: int, firm: int) -> None:
    lists[which, counts[which]] = firm
    counts[which] += 1


@njit(nogil=True, cache=True)
def _raise(
    state: Floats, column: int, lists: Ints, counts: Ints, change: Floats, which: int, firm: int, loss: float
) -> float:
    """Raise a number of a firm and list the firm with the change; return by how much."""
    more = loss - state[firm, column]
    if more <= 0:
        return 0.0
    state[firm, column] = loss
    change[which, counts[which]] = more
    _list(lists, counts, which, firm)
    return more


@njit(nogil=True, cache=True)
def _links_ahead(a: Arrays, r: Alone) -> int:
    """Take what was lost in the last step from the markets; return how many links the coming step pushes."""
    r.stamps[1] += 1
    r.counts[MARKETS] = 0
    lists, counts, seen, now, state = r.lists, r.counts, r.market_seen, r.stamps[1], r.state
    down_starts, up_starts = a.push_down.starts, a.push_up.starts
    links = 0
    for place in range(counts[UP]):
        firm = lists[UP, place]
        links += up_starts[firm + 1] - up_starts[firm]
    for place in range(counts[DOWN]):
        firm = lists[DOWN, place]
        own = down_starts[firm + 1] - down_starts[firm]
        if len(a.capacity) == 0:
            links += own
            continue
        market = a.market[firm]
        r.left[market] -= r.change[DOWN, place] * a.sales[firm]
        if state[firm, NEXT] == NOT_HIT:
            state[firm, NEXT] = r.first_hit[market]
            r.first_hit[market] = firm
            r.chained[market] += own
        if seen[market] != now:
            seen[market] = now
            _list(lists, counts, MARKETS, market)
    for place in range(counts[MARKETS]):
        links += r.chained[lists[MARKETS, place]]
    return links


@njit(nogil=True, cache=True)
def _collect(a: Arrays, r: Alone) -> bool:
    """List what counts for more: firms that lost more, and those whose markets shrank; False where a market shrinks."""
    r.counts[SENDING] = 0
    state, lists, counts, change = r.state, r.lists, r.counts, r.change
    if len(a.capacity) == 0:
        for place in range(counts[DOWN]):
            firm = lists[DOWN, place]
            _raise(state, SENT, lists, counts, change, SENDING, firm, state[firm, LOSS])
        return True
    sales, markets, capacity, remaining = a.sales, a.markets, a.capacity, r.left
    for place in range(counts[MARKETS]):
        market = lists[MARKETS, place]
        left = _usable(sales, markets, capacity, state, remaining, market)
        if left == 1.0 and a.is_small[market]:
            return False
        firm = r.first_hit[market]
        while firm >= 0:
            counts_for = min(1.0, sales[firm] / left) * state[firm, LOSS]
            _raise(state, SENT, lists, counts, change, SENDING, firm, counts_for)
            firm = int(state[firm, NEXT])
    return True


@njit(nogil=True, cache=True)
def _usable(sales: Floats, markets: Starts, capacity: Floats, state: Floats, left: Floats, market: int) -> float:
    """Return what a market can still make, 1 where that is nothing (as published)."""
    if left[market] < NEARLY_GONE * capacity[market]:
        left[market] = 0.0
        for firm in range(markets[market], markets[market + 1]):
            left[market] += (1 - state[firm, LOSS]) * sales[firm]
    return left[market] if left[market] > EXHAUSTED else 1.0


@njit(nogil=True, cache=True)
def _send_down(
    rows: Rows, buyers: Ints, lost: Floats, state: Floats, stamps: Floats, lists: Ints, counts: Ints, change: Floats
) -> None:
    """Add what is sent to the slots of the buyers.

    A slot only grows, so the largest that a buyer has seen in any of its slots is the largest of them.
    """
    for place in range(counts[SENDING]):
        firm, more = lists[SENDING, place], change[SENDING, place]
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            slot, buyer = rows.ends[link], buyers[link]
            lost[slot] += more * rows.shares[link]
            state[buyer, WORST] = max(state[buyer, WORST], lost[slot])
            _touch(state, stamps, lists, counts, buyer)


@njit(nogil=True, cache=True)
def _send_up(rows: Rows, state: Floats, stamps: Floats, lists: Ints, counts: Ints, change: Floats) -> None:
    """Add to the suppliers of those that lost more upstream what they lose of their sales."""
    for place in range(counts[UP]):
        firm, more = lists[UP, place], change[UP, place]
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            supplier = rows.ends[link]
            state[supplier, ASKED] += more * rows.shares[link]
            _touch(state, stamps, lists, counts, supplier)


@njit(nogil=True, cache=True)
def _touch(state: Floats, stamps: Floats, lists: Ints, counts: Ints, firm: int) -> None:
    """List a firm as touched in this step, once, and as reached by the scenario, once."""
    if state[firm, SEEN] != stamps[1]:
        if state[firm, SEEN] < stamps[0]:
            _list(lists, counts, REACHED, firm)
        state[firm, SEEN] = stamps[1]
        _list(lists, counts, TOUCHED, firm)


@njit(nogil=True, cache=True)
def _settle(state: Floats, lists: Ints, counts: Ints, change: Floats) -> float:
    """Give each touched firm what it lost of inputs and of sales; return the largest change."""
    counts[DOWN] = counts[UP] = 0
    worst = 0.0
    for place in range(counts[TOUCHED]):
        firm = lists[TOUCHED, place]
        more = _raise(state, LOSS, lists, counts, change, DOWN, firm, min(1.0, state[firm, WORST]))
        more_up = _raise(state, LOSS_UP, lists, counts, change, UP, firm, min(1.0, state[firm, ASKED]))
        worst = max(worst, more, more_up)
    counts[TOUCHED] = 0
    return worst


@njit(nogil=True, cache=True)
def _score(state: Floats, lists: Ints, counts: Ints, weights: Floats, scores: Floats) -> None:
    for column in range(len(scores)):
        scores[column] = 0
    for place in range(counts[REACHED]):
        firm = lists[REACHED, place]
        loss, loss_up = state[firm, LOSS], state[firm, LOSS_UP]
        for column in range(weights.shape[1]):
            weight = weights[firm, column]
            scores[3 * column] += weight * max(loss, loss_up)
            scores[3 * column + 1] += weight * loss
            scores[3 * column + 2] += weight * loss_up


@njit(nogil=True, cache=True)
def _take_lane(r: Alone, side: Side, lane: int, now: int) -> None:
    """Let a wide scenario go on in an empty lane."""
    state, lists, down, up = r.state, r.lists, side.down, side.up
    for place in range(r.counts[REACHED]):
        firm = lists[REACHED, place]
        down[firm, lane] = state[firm, LOSS]
        up[now, firm, lane] = state[firm, LOSS_UP]


@njit(nogil=True, cache=True)
def _forget(a: Arrays, r: Alone) -> None:
    """Leave the room as new: only what was reached is undone."""
    state, lists, lost, starts, slots = r.state, r.lists, r.lost, a.push_down.starts, a.push_down.ends
    has_markets = len(a.capacity) > 0
    for place in range(r.counts[REACHED]):
        firm = lists[REACHED, place]
        if state[firm, SENT] > 0:
            for link in range(starts[firm], starts[firm + 1]):
                lost[slots[link]] = 0
        if has_markets and state[firm, LOSS] > 0:
            market = a.market[firm]
            r.left[market] = a.capacity[market]
            r.first_hit[market] = -1
            r.chained[market] = 0
        for column in range(SEEN):
            state[firm, column] = 0
        state[firm, NEXT] = NOT_HIT
    for which in range(len(r.counts)):
        r.counts[which] = 0


@njit(nogil=True, cache=True)
def sweep(a: Arrays, side: Side, now: int) -> int:
    """Do one step of all lanes and write their largest changes; return the lanes in which a market shrinks, as bits."""
    shrinking = _weigh(a, side)
    worst = larger(
        _sweep_down(a.sweep_down, side.down, side.sent), _sweep_up(a.sweep_up, side.up[now], side.up[1 - now])
    )
    store(side.change, 0, worst)
    return shrinking


@njit(nogil=True, cache=True)
def _sweep_down(rows: Rows, down: Floats, sent: Floats) -> Any:
    """Give each firm the largest loss of its slots; return the largest change of each lane.

    Shares are not below 0, so the largest of the sums so far is the largest of the slots: one loop does for all slots.
    """
    one, worst = splat(1.0), splat(0.0)
    for firm in range(len(down)):
        old = load(down, firm)
        loss, lost = old, splat(0.0)
        for link in range(max(0, rows.starts[firm]), rows.starts[firm + 1]):
            prefetch(sent, rows.ends[link + AHEAD])
            share = rows.shares[link]
            goes_on = 1.0 if share > 0 else 0.0
            lost = add(multiply(lost, splat(goes_on)), multiply(splat(abs(share)), load(sent, rows.ends[link])))
            loss = larger(loss, lost)
        loss = smaller(one, loss)
        worst = larger(worst, subtract(loss, old))
        store(down, firm, loss)
    return worst


@njit(nogil=True, cache=True)
def _sweep_up(rows: Rows, up: Floats, up_next: Floats) -> Any:
    """Take from each firm the sales that its customers lost; return the largest change of each lane."""
    one, worst = splat(1.0), splat(0.0)
    for firm in range(len(up)):
        old, asked = load(up, firm), splat(0.0)
        for link in range(max(0, rows.starts[firm]), rows.starts[firm + 1]):
            prefetch(up, rows.ends[link + AHEAD])
            asked = add(asked, multiply(splat(rows.shares[link]), load(up, rows.ends[link])))
        loss = smaller(one, larger(old, asked))
        worst = larger(worst, subtract(loss, old))
        store(up_next, firm, loss)
    return worst


@njit(nogil=True, cache=True)
def _close(a: Arrays, side: Side, now: int) -> None:
    """Add up the losses of each lane, and clear the lanes that are over."""
    keep, up, columns = load(side.keep, 0), side.up[now], a.weights.shape[1]
    for place in range(3 * columns):
        store(side.sums, place, splat(0.0))
    for firm in range(len(up)):
        lost_down, lost_up = load(side.down, firm), load(up, firm)
        for column in range(columns):
            weight, at = splat(a.weights[firm, column]), 3 * column
            store(side.sums, at, add(load(side.sums, at), multiply(weight, larger(lost_down, lost_up))))
            store(side.sums, at + 1, add(load(side.sums, at + 1), multiply(weight, lost_down)))
            store(side.sums, at + 2, add(load(side.sums, at + 2), multiply(weight, lost_up)))
        store(side.down, firm, multiply(lost_down, keep))
        store(up, firm, multiply(lost_up, keep))


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
    a: Arrays, shocks: Shocks, scenario: int, eps: float, shrinks: bool, state: Floats, scores: Floats, steps: Ints
) -> tuple[Floats, Floats]:
    """Sweep one scenario by itself; return the losses (firms,), down- and upstream.

    It goes on from ``state``, to the bits of a lane. Where a market ``shrinks`` it begins anew and follows the
    definition word by word: a loss is then what the shock and the inputs give, also where that is less than before.
    """
    n = len(a.sales)
    down, up, least, least_up = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    sent, new_up, worst = np.empty(n), np.empty(n), 2.0
    for firm in range(n):
        down[firm] = least[firm] = state[firm, LOSS]
        up[firm] = least_up[firm] = state[firm, LOSS_UP]
    if shrinks:
        _begin_anew(shocks, scenario, down, up, least, least_up, steps)
    while worst > eps and steps[scenario] < MOST_STEPS:
        if _weigh_alone(a, down, sent) and not shrinks:
            shrinks = True
            _begin_anew(shocks, scenario, down, up, least, least_up, steps)
            continue
        worst = _sweep_down_alone(a.sweep_down, least, down, sent, shrinks)
        worst = max(worst, _sweep_up_alone(a.sweep_up, least_up, up, new_up))
        for firm in range(n):
            up[firm] = new_up[firm]
            least_up[firm] = least_up[firm] if shrinks else new_up[firm]
        steps[scenario] += 1
    _score_alone(down, up, a.weights, scores[scenario])
    return down, up


@njit(nogil=True, cache=True)
def _begin_anew(
    shocks: Shocks, scenario: int, down: Floats, up: Floats, least: Floats, least_up: Floats, steps: Ints
) -> None:
    for firm in range(len(down)):
        down[firm] = up[firm] = least[firm] = least_up[firm] = 0
    for place in range(shocks.starts[scenario], shocks.starts[scenario + 1]):
        firm = shocks.firms[place]
        down[firm] = least[firm] = shocks.down[place]
        up[firm] = least_up[firm] = shocks.up[place]
    steps[scenario] = 0


@njit(nogil=True, cache=True)
def _score_alone(down: Floats, up: Floats, weights: Floats, scores: Floats) -> None:
    for column in range(len(scores)):
        scores[column] = 0
    for firm in range(len(down)):
        for column in range(weights.shape[1]):
            weight = weights[firm, column]
            scores[3 * column] += weight * max(down[firm], up[firm])
            scores[3 * column + 1] += weight * down[firm]
            scores[3 * column + 2] += weight * up[firm]


@njit(nogil=True, cache=True)
def _sweep_down_alone(rows: Rows, least: Floats, down: Floats, sent: Floats, shrinks: bool) -> float:
    worst = 0.0
    for firm in range(len(down)):
        loss, lost = least[firm], 0.0
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            share = rows.shares[link]
            lost = (lost if share > 0 else 0.0) + abs(share) * sent[rows.ends[link]]
            loss = max(loss, lost)
        loss = min(1.0, loss)
        worst = max(worst, loss - down[firm])
        down[firm] = loss
        least[firm] = least[firm] if shrinks else loss
    return worst


@njit(nogil=True, cache=True)
def _sweep_up_alone(rows: Rows, least: Floats, up: Floats, new_up: Floats) -> float:
    worst = 0.0
    for firm in range(len(up)):
        asked = 0.0
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            asked += rows.shares[link] * up[rows.ends[link]]
        new_up[firm] = min(1.0, max(least[firm], asked))
        worst = max(worst, new_up[firm] - up[firm])
    return worst


@njit(nogil=True, cache=True)
def _weigh_alone(a: Arrays, down: Floats, sent: Floats) -> bool:
    """Write what each firm's loss counts for; return whether a market shrinks."""
    shrinking = False
    if len(a.capacity) == 0:
        for firm in range(len(down)):
            sent[firm] = down[firm]
    for market in range(len(a.capacity)):
        left = 0.0
        for firm in range(a.markets[market], a.markets[market + 1]):
            left += (1 - down[firm]) * a.sales[firm]
        shrinking |= a.is_small[market] and left <= EXHAUSTED
        share = 1 / (left if left > EXHAUSTED else 1.0)
        for firm in range(a.markets[market], a.markets[market + 1]):
            sent[firm] = min(1.0, a.sales[firm] * share) * down[firm]
    return shrinking
