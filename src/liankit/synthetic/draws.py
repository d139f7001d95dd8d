"""Draws that keep their marginals in small samples, from uniform numbers alone.

Only ``Generator.random`` and ``Generator.permutation`` of numpy are used, and every quantity is rounded when it is
written, so that a seed gives the same district on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def stream(seed: int, part: int) -> np.random.Generator:
    """Return the generator of one part of the district, so that a change in one part leaves the others alone."""
    return np.random.default_rng([seed, part])


def stratified(rng: np.random.Generator, size: int) -> Floats:
    """Return ``size`` numbers in (0, 1) in random order, one from the middle half of each of ``size`` equal strata.

    Independent draws would make thirty enterprises all small one time in a few; strata keep every share within
    one row of what it should be.
    """
    return (rng.permutation(size) + 0.25 + 0.5 * rng.random(size)) / max(size, 1)


def pick(uniform: Floats, weights: Sequence[float]) -> Ints:
    """Return the index into ``weights`` at which each uniform number falls; weights need not sum to one.

    >>> pick(np.array([0.1, 0.9]), [3, 1]).tolist()
    [0, 1]
    """
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], uniform, side="right").clip(max=len(weights) - 1)


def skewed(uniform: Floats, median: float, shape: float, top: float = np.inf) -> Floats:
    """Return log-logistic values below ``top``: half under ``median``, upper tail of Pareto with index ``shape``.

    The quantile has a closed form, and a tail index near 1 is that of the sizes of firms (Axtell, Science 2001).

    >>> float(skewed(np.array([0.5]), 12.0, 1.15)[0])
    12.0
    """
    reach = 1.0 / (1.0 + (median / top) ** shape)
    inner = uniform * reach
    return median * (inner / (1.0 - inner)) ** (1.0 / shape)


def exact_counts(weights: Sequence[float], size: int) -> Ints:
    """Return how many of ``size`` fall to each weight: at least one each, the rest to the first.

    >>> exact_counts([92, 3, 1], 30).tolist()
    [28, 1, 1]
    """
    shares = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    counts = np.maximum(1, np.round(shares * size)).astype(np.int64)
    counts[0] += size - counts.sum()
    return counts
