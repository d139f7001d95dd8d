"""The cascade compiled: changes are pushed while few firms are hit, then sixteen scenarios are swept side by side.

State is what is lost of a firm (0..1), downstream and upstream. Losses never shrink, so a firm's own shock needs no
place in the loops: a new loss is the larger of the old one and what its inputs give. The one exception is a market that
is exhausted and holds a firm whose sales are below 1 in the unit of the amounts (``EXHAUSTED`` is absolute): such a
scenario is swept alone, word by word as defined. A scenario has the same bits whatever runs beside it.

What a loop needs of a tuple of arrays is taken out before the loop: Numba counts references at each such access, which
cost more than the work itself.
"""

from __future__ import annotations

import numpy as np

from liankit.risk.cascade.arrays import Arrays, Starts
from liankit.risk.cascade.compiled import compiled
from liankit.risk.cascade.lanes import LANES
from liankit.risk.cascade.pushing import CONVERGED, IS_WIDE, SHRINKS, forget, push, take_lane
from liankit.risk.cascade.rooms import LOSS, LOSS_UP, Alone, Shocks, Side
from liankit.risk.cascade.sweeping import close, sweep
from liankit.risk.cascade.sweeping_alone import sweep_alone
from liankit.risk.cascade.tables import Floats, Ints

FEW = 5
"""Scenarios from which sweeping LANES side by side is quicker than one by one, although lanes stay empty."""


def wide(a: Arrays) -> int:
    """Return how many links one step has to push for sweeping to be quicker (measured, see the benchmark)."""
    return min(max(len(a.push_up.shares) // 125, 500), 8000)


@compiled
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
                    take_lane(r, side, lane, now)
                    scenario[lane] = upcoming
                    busy += 1
                elif status == SHRINKS:
                    sweep_alone(a, shocks, upcoming, eps, True, r.state, scores, steps)
                forget(a, r)
                upcoming += 1
        if busy == 0:
            return
        shrinking = sweep(a, side, now)
        now = 1 - now
        ended = _ended(side, scenario, shrinking, eps, steps)
        if ended:
            close(a, side, now)
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


@compiled
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
    forget(a, r)
    return down, up


@compiled
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
