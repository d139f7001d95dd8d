"""Changes of one scenario pushed from firm to firm, as long as few are hit."""

from __future__ import annotations

from liankit.risk.cascade.arrays import Arrays, Rows, Starts
from liankit.risk.cascade.compiled import compiled
from liankit.risk.cascade.reference import EXHAUSTED
from liankit.risk.cascade.rooms import (
    ASKED,
    DOWN,
    LOSS,
    LOSS_UP,
    MARKETS,
    NEXT,
    NOT_HIT,
    REACHED,
    SEEN,
    SENDING,
    SENT,
    TOUCHED,
    UP,
    WORST,
    Alone,
    Shocks,
    Side,
)
from liankit.risk.cascade.tables import Floats, Ints

NEARLY_GONE = 1e-3
"""Share of a market from which its capacity is added up anew: differences would lose their digits."""
CONVERGED, IS_WIDE, SHRINKS = range(3)
"""How a scenario ended that was pushed."""


@compiled
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


@compiled
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


@compiled
def _list(lists: Ints, counts: Ints, which: int, firm: int) -> None:
    lists[which, counts[which]] = firm
    counts[which] += 1


@compiled
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


@compiled
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


@compiled
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


@compiled
def _usable(sales: Floats, markets: Starts, capacity: Floats, state: Floats, left: Floats, market: int) -> float:
    """Return what a market can still make, 1 where that is nothing (as published)."""
    if left[market] < NEARLY_GONE * capacity[market]:
        left[market] = 0.0
        for firm in range(markets[market], markets[market + 1]):
            left[market] += (1 - state[firm, LOSS]) * sales[firm]
    return left[market] if left[market] > EXHAUSTED else 1.0


@compiled
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


@compiled
def _send_up(rows: Rows, state: Floats, stamps: Floats, lists: Ints, counts: Ints, change: Floats) -> None:
    """Add to the suppliers of those that lost more upstream what they lose of their sales."""
    for place in range(counts[UP]):
        firm, more = lists[UP, place], change[UP, place]
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            supplier = rows.ends[link]
            state[supplier, ASKED] += more * rows.shares[link]
            _touch(state, stamps, lists, counts, supplier)


@compiled
def _touch(state: Floats, stamps: Floats, lists: Ints, counts: Ints, firm: int) -> None:
    """List a firm as touched in this step, once, and as reached by the scenario, once."""
    if state[firm, SEEN] != stamps[1]:
        if state[firm, SEEN] < stamps[0]:
            _list(lists, counts, REACHED, firm)
        state[firm, SEEN] = stamps[1]
        _list(lists, counts, TOUCHED, firm)


@compiled
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


@compiled
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


@compiled
def take_lane(r: Alone, side: Side, lane: int, now: int) -> None:
    """Let a wide scenario go on in an empty lane."""
    state, lists, down, up = r.state, r.lists, side.down, side.up
    for place in range(r.counts[REACHED]):
        firm = lists[REACHED, place]
        down[firm, lane] = state[firm, LOSS]
        up[now, firm, lane] = state[firm, LOSS_UP]


@compiled
def forget(a: Arrays, r: Alone) -> None:
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
