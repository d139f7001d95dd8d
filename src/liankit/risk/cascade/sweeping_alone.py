"""One scenario swept by itself, also where a market shrinks: then word by word as defined."""

from __future__ import annotations

import numpy as np

from liankit.risk.cascade.arrays import Arrays, Rows
from liankit.risk.cascade.compiled import compiled
from liankit.risk.cascade.reference import EXHAUSTED, MOST_STEPS
from liankit.risk.cascade.rooms import LOSS, LOSS_UP, Shocks
from liankit.risk.cascade.tables import Floats, Ints


@compiled
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


@compiled
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


@compiled
def _score_alone(down: Floats, up: Floats, weights: Floats, scores: Floats) -> None:
    for column in range(len(scores)):
        scores[column] = 0
    for firm in range(len(down)):
        for column in range(weights.shape[1]):
            weight = weights[firm, column]
            scores[3 * column] += weight * max(down[firm], up[firm])
            scores[3 * column + 1] += weight * down[firm]
            scores[3 * column + 2] += weight * up[firm]


@compiled
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


@compiled
def _sweep_up_alone(rows: Rows, least: Floats, up: Floats, new_up: Floats) -> float:
    worst = 0.0
    for firm in range(len(up)):
        asked = 0.0
        for link in range(rows.starts[firm], rows.starts[firm + 1]):
            asked += rows.shares[link] * up[rows.ends[link]]
        new_up[firm] = min(1.0, max(least[firm], asked))
        worst = max(worst, new_up[firm] - up[firm])
    return worst


@compiled
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
