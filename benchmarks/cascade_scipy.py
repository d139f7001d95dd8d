"""Baseline of the cascade: sparse matrix products in SciPy, 32 scenarios at once, until all of them have settled."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from liankit.risk.cascade.arrays import Arrays, Rows

BATCH = 32


def score_all(a: Arrays, firms: Any, eps: float) -> tuple[Any, Any]:
    """Return the score and the steps of each firm failing alone."""
    n, slots = len(a.sales), len(a.slot_buyer)
    down_of, up_of = _matrix(a.sweep_down, slots, n), _matrix(a.sweep_up, n, n)
    market = sparse.csr_array((np.ones(n), (a.market, np.arange(n))), shape=(len(a.capacity), n))
    filled = np.flatnonzero(np.diff(a.slots))
    scores, steps = np.empty(len(firms)), np.empty(len(firms), np.int32)
    for first in range(0, len(firms), BATCH):
        chosen = firms[first : first + BATCH]
        down = np.zeros((n, len(chosen)))
        down[chosen, np.arange(len(chosen))] = 1
        up, step, active = down.copy(), 0, np.ones(len(chosen), bool)
        while active.any():
            left = market @ ((1 - down) * a.sales[:, None])
            left[left <= 1e-10] = 1
            sent = np.minimum(1, a.sales[:, None] / left[a.market]) * down
            lost = down_of @ sent
            new_down = down.copy()
            worst_slot = np.maximum.reduceat(lost, a.slots[filled], axis=0) if len(filled) else lost[:0]
            new_down[filled] = np.minimum(1, np.maximum(new_down[filled], worst_slot))
            new_up = np.minimum(1, np.maximum(up, up_of @ up))
            change = np.maximum((new_down - down).max(axis=0), (new_up - up).max(axis=0))
            down[:, active], up[:, active], step = new_down[:, active], new_up[:, active], step + 1
            done = active & (change <= eps)
            scores[first + np.flatnonzero(done)] = a.weights[:, 0] @ np.maximum(down, up)[:, done]
            steps[first + np.flatnonzero(done)] = step
            active &= ~done
    return scores, steps


def _matrix(rows: Rows, height: int, width: int) -> Any:
    count = rows.starts[-1]
    return sparse.csr_array((rows.shares[:count], rows.ends[:count], rows.starts), shape=(height, width))
