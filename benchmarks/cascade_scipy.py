"""Baseline of the cascade: sparse matrix products in SciPy, 32 scenarios at once, those that settled taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.cascade_sweep import slots_of
from liankit.risk.cascade.arrays import Arrays

BATCH = 32


def score_all(a: Arrays, firms: Any, eps: float) -> tuple[Any, Any]:
    """Return the score and the steps of each firm failing alone."""
    n, slots, up = len(a.sales), slots_of(a), a.sweep_up
    size = (len(slots.starts) - 1, n)
    down_of = sparse.csr_array((slots.shares, slots.ends[: len(slots.shares)], slots.starts), shape=size)
    up_of = sparse.csr_array((up.shares, up.ends[: len(up.shares)], up.starts), shape=(n, n))
    buyers = np.flatnonzero(np.diff(slots.of))
    scores, steps = np.empty(len(firms)), np.empty(len(firms), np.int32)
    for first in range(0, len(firms), BATCH):
        batch = np.arange(first, min(first + BATCH, len(firms)))
        down = np.zeros((n, len(batch)))
        down[firms[batch], np.arange(len(batch))] = 1
        lost_sales, step = down.copy(), 0
        while len(batch):
            new_down, new_up = down.copy(), np.minimum(1, np.maximum(lost_sales, up_of @ lost_sales))
            worst = np.maximum.reduceat(down_of @ _counted(a, down), slots.of[buyers], axis=0)
            new_down[buyers] = np.minimum(1, np.maximum(down[buyers], worst))
            change = np.maximum((new_down - down).max(axis=0), (new_up - lost_sales).max(axis=0))
            down, lost_sales, step = new_down, new_up, step + 1
            done = change <= eps
            if done.any():
                scores[batch[done]] = a.weights[:, 0] @ np.maximum(down[:, done], lost_sales[:, done])
                steps[batch[done]] = step
                batch, down, lost_sales = batch[~done], down[:, ~done], lost_sales[:, ~done]
    return scores, steps


def _counted(a: Arrays, down: Any) -> Any:
    """Return what each loss counts for: less where its market can take over."""
    left = np.add.reduceat((1 - down) * a.sales[:, None], a.markets[:-1], axis=0)
    left[left <= 1e-10] = 1
    return np.minimum(1, a.sales[:, None] / left[a.market]) * down
