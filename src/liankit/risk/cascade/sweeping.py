"""Scenarios swept LANES side by side: every firm in every step, whatever is hit."""

from __future__ import annotations

from typing import Any

from liankit.risk.cascade.arrays import AHEAD, Arrays, Rows
from liankit.risk.cascade.compiled import compiled
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
from liankit.risk.cascade.reference import EXHAUSTED
from liankit.risk.cascade.rooms import Side
from liankit.risk.cascade.tables import Floats


@compiled
def sweep(a: Arrays, side: Side, now: int) -> int:
    """Do one step of all lanes and write their largest changes; return the lanes in which a market shrinks, as bits."""
    shrinking = _weigh(a, side)
    worst = larger(
        _sweep_down(a.sweep_down, side.down, side.sent), _sweep_up(a.sweep_up, side.up[now], side.up[1 - now])
    )
    store(side.change, 0, worst)
    return shrinking


@compiled
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


@compiled
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


@compiled
def close(a: Arrays, side: Side, now: int) -> None:
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


@compiled
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
