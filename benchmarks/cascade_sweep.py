"""Baseline of the cascade: a plain sweep over compressed rows in Numba, scenario by scenario, every firm each step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from liankit.risk.cascade.arrays import Arrays


class Slots(NamedTuple):
    """Buyer i has the slots ``of[i]:of[i + 1]``; a slot the links ``starts[slot]:starts[slot + 1]``."""

    of: Any
    starts: Any
    shares: Any
    ends: Any


def slots_of(a: Arrays) -> Slots:
    """Return the slots one by one."""
    rows = a.sweep_down
    begins = rows.shares < 0
    of = np.concatenate(([0], np.cumsum(begins)))[rows.starts]
    return Slots(of, np.append(np.flatnonzero(begins), len(begins)), np.abs(rows.shares), rows.ends)


def sweep_all(a: Arrays, firms: Any, eps: float, scores: Any, steps: Any) -> None:
    """Write the score and the steps of each firm failing alone."""
    _sweep_all(a, slots_of(a), firms, eps, scores, steps)


@njit
def _sweep_all(a: Arrays, slots: Slots, firms: Any, eps: float, scores: Any, steps: Any) -> None:
    n = len(a.sales)
    for scenario in range(len(firms)):
        down, up = np.zeros(n), np.zeros(n)
        down[firms[scenario]] = up[firms[scenario]] = 1.0
        worst, step = 2.0, 0
        while worst > eps:
            left = a.capacity.copy()
            for i in range(n):
                left[a.market[i]] -= down[i] * a.sales[i]
            sent = np.empty(n)
            for i in range(n):
                room = left[a.market[i]]
                sent[i] = min(1.0, a.sales[i] / (room if room > 1e-10 else 1.0)) * down[i]
            new_up, worst = np.empty(n), 0.0
            for i in range(n):
                loss = down[i]
                for slot in range(slots.of[i], slots.of[i + 1]):
                    lost = 0.0
                    for link in range(slots.starts[slot], slots.starts[slot + 1]):
                        lost += slots.shares[link] * sent[slots.ends[link]]
                    loss = max(loss, lost)
                asked = 0.0
                for link in range(a.sweep_up.starts[i], a.sweep_up.starts[i + 1]):
                    asked += a.sweep_up.shares[link] * up[a.sweep_up.ends[link]]
                loss, new_up[i] = min(1.0, loss), min(1.0, max(up[i], asked))
                worst = max(worst, loss - down[i], new_up[i] - up[i])
                down[i] = loss
            up = new_up
            step += 1
        total = 0.0
        for i in range(n):
            total += a.weights[i, 0] * max(down[i], up[i])
        scores[scenario], steps[scenario] = total, step
