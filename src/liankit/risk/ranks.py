"""Simultaneous confidence sets of ranks: how far the order of a list can be trusted when its data are resampled.

Every score is an interval, ``low`` to ``high``: what is unknown makes it wide and is never resampled. What is
resampled moves both ends. The sets hold all true ranks at once with the stated level: from the draws comes one
critical value for the greatest studentised deviation of any end of any entry, hence a joint region ``L <= low``,
``high <= U``, and an entry lies surely above another only where its ``L`` is above the other's ``U``
(Klein, Wright, Wieczorek 2020, doi:10.1111/rssa.12521). It needs no independence between entries and n log n time.

A percentile interval of each rank on its own is narrower and wrong: it misses the truth most where scores are tight
and at the top of the list (``benchmarks/bench_ranks.py`` counts it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.9
"""The usual simultaneous level of the sets."""


@dataclass(frozen=True)
class RankSets:
    """The best and the worst rank of each entry, 1 the greatest score, NaN where the score is unknown."""

    rank_low: Floats
    rank_high: Floats
    least: Floats  # the joint region of the scores, from which the ranks follow
    most: Floats
    level: float
    critical: float  # in standard deviations; inf: the draws are too few or too uneven to tell

    @property
    def width(self) -> Floats:
        """Return how many ranks each set holds beyond the first."""
        return self.rank_high - self.rank_low


def rank_sets(low: Floats, high: Floats, low_draws: Floats, high_draws: Floats, *, level: float = LEVEL) -> RankSets:
    """Return sets of ranks that hold all true ranks at once with probability ``level`` or more.

    ``low`` and ``high`` are the ends of each score, (n,): NaN ``low`` is an unknown score, which has no rank and
    stands outside those of the others; NaN or infinite ``high`` is no upper bound. The draws are (draws, n), the same
    ends after resampling. A score that no draw moves is exact: exact equals share one set. Scores that are positive
    in every draw are compared on the logarithmic scale, where the error of large ones is as even as that of small
    ones; a strictly rising change of scale changes no rank. Linear in the draws, n log n in the entries.

    Raises ``ValueError`` where shapes, the level or the number of draws (20 at least) do not fit.

    >>> score = np.array([9.0, 5.0, 5.0, 1.0])
    >>> sets = rank_sets(score, score, np.tile(score, (20, 1)), np.tile(score, (20, 1)))
    >>> sets.rank_low.tolist(), sets.rank_high.tolist()
    ([1.0, 2.0, 2.0, 4.0], [1.0, 3.0, 3.0, 4.0])
    """
    _check(low, high, low_draws, high_draws, level)
    known = ~np.isnan(low)
    bounded = known & np.isfinite(high)
    ends = [(low[known], low_draws[:, known]), (high[bounded], high_draws[:, bounded])]
    is_log = all(_is_positive(end, draws) for end, draws in ends)
    if is_log:
        ends = _logarithms(ends)
    spreads, worst = zip(*(_deviations(end, draws) for end, draws in ends), strict=True)
    critical = _critical(np.maximum(*worst), level)
    least = np.full(len(low), np.nan)
    most = np.where(known, np.inf, np.nan)
    least[known] = _shift(ends[0][0], -critical, spreads[0])
    most[bounded] = _shift(ends[1][0], critical, spreads[1])
    ranks = _ranks(least, most, known)
    if is_log:
        least, most = np.exp(least), np.exp(most)
    return RankSets(*ranks, least, most, level, critical)


def _check(low: Floats, high: Floats, low_draws: Floats, high_draws: Floats, level: float) -> None:
    if low.ndim != 1 or high.shape != low.shape or low_draws.shape != high_draws.shape:
        raise ValueError(f"Scores are {low.shape} and {high.shape}, draws {low_draws.shape} and {high_draws.shape}.")
    if low_draws.ndim != 2 or low_draws.shape[1] != len(low) or len(low_draws) < 20:
        raise ValueError(f"Draws are {low_draws.shape}: 20 or more rows of {len(low)} scores are needed.")
    if not 0 < level < 1:
        raise ValueError(f"The level {level} is not between 0 and 1.")


def _logarithms(ends: list[tuple[Floats, Floats]]) -> list[tuple[Floats, Floats]]:
    """Take logarithms of scores and draws, all of them positive, or zero for good."""
    with np.errstate(divide="ignore"):
        return [(np.log(end), np.log(draws)) for end, draws in ends]


def _is_positive(end: Floats, draws: Floats) -> bool:
    always_zero = (end == 0) & (draws == 0).all(axis=0)
    return bool(((end > 0) | always_zero).all() and ((draws > 0) | always_zero).all())


def _deviations(end: Floats, draws: Floats) -> tuple[Floats, Floats]:
    """Return the standard deviation of the draws around each estimate, (n,), and each draw's worst deviation in it.

    A bias of the draws so counts as spread. A draw is measured by the spread of the other draws: with its own in it no
    deviation could pass the root of their number, and the tail would be cut that a new sample has.
    """
    with np.errstate(invalid="ignore"):  # zero for good is -inf on the logarithmic scale and deviates by nothing
        squares = (draws - end) ** 2
    np.nan_to_num(squares, copy=False, nan=0.0)
    sums = squares.sum(axis=0)
    np.divide(squares, sums, out=squares, where=sums > 0)
    share = squares.max(axis=1, initial=0.0)
    with np.errstate(divide="ignore"):
        worst = np.sqrt((len(draws) - 1) * share / (1 - share))
    return np.sqrt(sums / len(draws)), worst


def _critical(worst: Floats, level: float) -> float:
    """Return the order statistic that a further draw stays below with at least ``level``; inf where draws are few."""
    place = int(np.ceil((len(worst) + 1) * level))
    return float(np.sort(worst)[place - 1]) if place <= len(worst) else np.inf


def _shift(end: Floats, critical: float, spread: Floats) -> Floats:
    """Move each end by so many standard deviations; what does not vary stays."""
    moves = spread > 0
    return end + np.where(moves, critical, 0.0) * np.where(moves, spread, 1.0)


def _ranks(least: Floats, most: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Count who lies wholly above each entry, and who reaches up to it."""
    best, last = np.full(len(known), np.nan), np.full(len(known), np.nan)
    n = np.count_nonzero(known)
    best[known] = 1 + n - np.searchsorted(np.sort(least[known]), most[known], side="right")
    last[known] = n - np.searchsorted(np.sort(most[known]), least[known], side="left")
    return best, last
