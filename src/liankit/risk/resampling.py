"""Resampled scores: what the entries of a list would score had other units of the same kind been told of.

The draws feed ``ranks.rank_sets``. Unknown shares and outputs are not resampled: they are the interval of a score,
not its noise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.risk.ranks import Floats

DRAWS = 200
_CHUNK = 8  # draws at once: 8 x 150,000 parts are 10 MB
_LIMIT = 3.0  # standard deviations
_FARTHEST = 50.0  # of a factor's logarithm: all that need be told of e to the 50th is that it is anything


def draw_scores(
    parts: pl.DataFrame, entries: pl.DataFrame, *, draws: int = DRAWS, seed: int = 0
) -> tuple[Floats, Floats]:
    """Return resampled lower and upper ends of the scores, (draws, entries) each, in the order of ``entries``.

    ``entries`` has ``entry``, ``low``, ``high``; ``parts`` has ``entry``, ``unit``, ``amount`` (>= 0): what each score
    sums over, one row an entry and unit. One exponential weight a unit and draw, shared by all entries (the Bayesian
    bootstrap: Rubin 1981, doi:10.1214/aos/1176345338); an end is multiplied by the weighted mean of the entry's
    parts over their plain mean, widened where the parts are few (``_widening``). An entry of one part, or of none,
    does not move. A part of nothing, or unknown, is no part. Linear in draws x parts.

    >>> parts = pl.DataFrame({"entry": ["a", "a", "b"], "unit": ["x", "y", "x"], "amount": [1.0, 3.0, 2.0]})
    >>> low, high = draw_scores(parts, pl.DataFrame({"entry": ["a", "b"], "low": [4.0, 2.0], "high": [4.0, None]}))
    >>> low.shape, bool((low[:, 1] == 2).all()), bool((low[:, 0] > 0).all())
    ((200, 2), True, True)
    """
    low, high = (entries[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("low", "high"))
    factors = _factors(_several(parts, entries), entries.height, draws, np.random.default_rng(seed))
    return low * factors, high * factors


def draw_weighted(
    measures: Floats, weights: Floats, *, concentration: float = 50.0, draws: int = DRAWS, seed: int = 0
) -> Floats:
    """Return scores under resampled weights, (draws, entries): a Dirichlet around ``weights`` a draw.

    ``measures`` is (entries, measures), ``weights`` (measures,), at least 0, of any sum: the sum is kept. The
    ``concentration`` says how sure the weights are: a weight of 0.25 varies by 0.06 (standard deviation) at 50.
    """
    total = weights.sum()
    drawn = np.zeros((draws, len(weights)))
    given = weights > 0
    drawn[:, given] = np.random.default_rng(seed).dirichlet(weights[given] / total * concentration, draws) * total
    return drawn @ measures.T


def _several(parts: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of the entries that have several, sorted by the entry's place."""
    placed = entries.select("entry").with_row_index("place")
    found = parts.filter(pl.col("amount") > 0).join(placed, on="entry")
    return found.filter(pl.len().over("place") > 1).sort("place", "unit").with_columns(pl.col("unit").rank("dense") - 1)


def _factors(parts: pl.DataFrame, entries: int, draws: int, random: np.random.Generator) -> Floats:
    """Return the weighted over the plain mean of the parts of each entry, (draws, entries); 1 without parts."""
    factors = np.ones((draws, entries))
    if parts.is_empty():
        return factors
    places, starts, counts = np.unique(parts["place"].to_numpy(), return_index=True, return_counts=True)
    unit, amount = parts["unit"].to_numpy(), parts["amount"].cast(pl.Float64).to_numpy()
    plain, widening = np.add.reduceat(amount, starts) / counts, _widening(counts)
    for first in range(0, draws, _CHUNK):
        rows = slice(first, min(first + _CHUNK, draws))
        weight = random.standard_exponential((rows.stop - first, int(unit.max()) + 1))[:, unit]
        drawn = np.add.reduceat(weight * amount, starts, axis=1) / np.add.reduceat(weight, starts, axis=1)
        factors[rows, places] = np.exp(np.clip(np.log(drawn / plain) * widening, -_FARTHEST, _FARTHEST))
    return factors


def _widening(parts: npt.NDArray[np.int64]) -> Floats:
    """Return by how much the deviations of sums of so many parts (>= 2) are widened; near 1 for many.

    The bootstrap of k parts has (k - 1) / (k + 1) of their variance, and few parts tell little of their own spread:
    Student's t of k - 1 degrees over the normal, three standard deviations out, where simultaneous limits lie.
    """
    from scipy import stats

    kinds, places = np.unique(parts, return_inverse=True)
    student = stats.t.isf(stats.norm.sf(_LIMIT), kinds - 1) / _LIMIT
    return (np.sqrt((kinds + 1) / (kinds - 1)) * student)[places]
