"""How far the order of a list holds when its data are resampled: the rank sets of its entries, measure by measure.

What is unknown makes the score of an entry an interval, which is never resampled; what is resampled are the units that
its impact sums over, enterprises. An entry of one enterprise does not move. The sets hold all true ranks at once.
"""

from __future__ import annotations

import polars as pl

from liankit.reasons import Claim, tell_claims
from liankit.risk.ranks import LEVEL, rank_sets
from liankit.risk.resampling import DRAWS, draw_scores

MEASURES = ("output_cny", "products")
"""In the order of the list: entries of the second stand below those of the first."""

_KLEIN = "Klein, Wright, Wieczorek 2020, doi:10.1111/rssa.12521"


def rank_again(
    entries: pl.DataFrame, parts: pl.DataFrame, *, level: float = LEVEL, draws: int = DRAWS, seed: int = 0
) -> pl.DataFrame:
    """Return the entries with ``rank_low``, ``rank_high`` as simultaneous sets, ``rank_width``, and what they rest on.

    ``entries``: ``exposure.ENTRY_SCHEMA``; ``parts``: ``entry``, ``unit``, ``amount``, see ``draw_scores``. The width
    counts the ranks of the set beyond the first; ``parts`` counts the units of an entry; ``unknowns_low`` and
    ``unknowns_high`` keep the set that came in. Entries without an impact have no rank. The sets of one measure hold
    with ``level`` at once.
    """
    ranked, before = [], 0
    for measure in MEASURES:
        mine = entries.filter(pl.col("impact_measure") == measure)
        ranked.append(_sets(mine, parts, level, draws, seed, before))
        before += mine.height
    counts = parts.filter(pl.col("amount").is_not_null()).group_by("entry").agg(parts=pl.len().cast(pl.Int64))
    before_draws = entries.drop("rank_width").rename({"rank_low": "unknowns_low", "rank_high": "unknowns_high"})
    joined = before_draws.join(pl.concat(ranked), on="entry", how="left", maintain_order="left")
    counted = joined.join(counts, on="entry", how="left", maintain_order="left")
    return counted.with_columns(parts=pl.col("parts").fill_null(1))


def _sets(mine: pl.DataFrame, parts: pl.DataFrame, level: float, draws: int, seed: int, before: int) -> pl.DataFrame:
    """Return the set of each entry of one measure; ``before`` entries of another measure stand above them."""
    scores = mine.select("entry", low="impact_low", high="impact_high")
    low, high = (scores[end].cast(pl.Float64).fill_null(float("nan")).to_numpy() for end in ("low", "high"))
    found = rank_sets(low, high, *draw_scores(parts, scores, draws=draws, seed=seed), level=level)
    ends = {"rank_low": found.rank_low, "rank_high": found.rank_high}
    series = [pl.Series(name, end).fill_nan(None).cast(pl.Int64) + before for name, end in ends.items()]
    width = (series[1] - series[0]).alias("rank_width")
    return mine.select("entry").with_columns(*series, width)


def tell_stability(entries: pl.DataFrame, *, level: float = LEVEL, draws: int = DRAWS) -> pl.DataFrame:
    """Return one reason an entry with a rank: the set, the level at which all sets hold at once, what was resampled."""
    ends = pl.col("rank_low").cast(pl.Float64), pl.col("rank_high").cast(pl.Float64)
    before = (pl.col("unknowns_low"), pl.col("unknowns_high"))
    params = (pl.lit(level).alias("level"), pl.lit(draws).alias("draws"), pl.col("parts"), *before)
    is_one = pl.when(pl.col("rank_low").is_not_null()).then(pl.col("rank_low") == pl.col("rank_high"))
    ranked = pl.col("rank_low").is_not_null()
    return tell_claims(entries, [Claim("rank_set", is_one, *ends, "", None, params, _KLEIN, when=ranked)])
