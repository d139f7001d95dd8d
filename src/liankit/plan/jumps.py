"""Whether what units add comes at the ends of quarters more than chance and the season of all of them would have it.

Reports are due at a quarter's end; whoever pulls work forward, or claims it early, adds much in the last month of a
quarter and little beside it. Of each unit:

1. what it adds in a month is divided by its usual month, and what all units add in that month (the median) is taken
   away: a season that they share is nobody's doing;
2. the last month of each quarter stands between the month before and the month after, three months that overlap with
   no other three. Without a habit each of the three is as likely to be the middle one, and an even trend does not
   matter. The excess of the middle over the others, summed over the quarters, is compared with the same sum when the
   three change places at random: an exact permutation test (Good 2005), by ``draws`` drawn;
3. of many units tested, some look guilty by chance: Benjamini and Hochberg (1995) hold the share of false ones among
   those flagged to ``fdr``.

A flag is a question to a unit, never a finding: deadlines, budgets and seasons of one trade jump, too. Where all units
jump, none is flagged. For the assessor. Uses scipy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

MIN_QUARTERS = 6
"""Fewer tell nothing: three changed places in each of five give no p below one in 243."""

JUMP_SCHEMA = {
    "quarters": pl.Int64,  # whose three months are all known and in which the unit added anything
    "jump": pl.Float64,  # mean excess of the last month over the two beside it, in usual months of the unit
    "p": pl.Float64,  # null: too few quarters
    "q": pl.Float64,  # the least false discovery rate at which it would be flagged
    "is_flagged": pl.Boolean,
}
"""Columns of the result, after unit and indicator."""


def added_of(running: pl.DataFrame) -> pl.DataFrame:
    """Return what was added, from running totals (unit, on, value; indicator): each value less the one before."""
    keys = _keys(running)
    ordered = running.drop_nulls("value").sort(*keys, "on")
    return ordered.with_columns(pl.col("value").diff().over(keys)).drop_nulls("value")


def quarter_end_jumps(added: pl.DataFrame, *, fdr: float = 0.1, draws: int = 9999, seed: int = 0) -> pl.DataFrame:
    """Return of each unit (and indicator) whether it jumps at quarters' ends, the surest first, with ``JUMP_SCHEMA``.

    ``added``: unit, on, value (what was added on that day or in that month), and ``indicator`` where units report
    several. A month without a row is unknown, not nothing. ``seed`` is of the drawn permutations.
    """
    keys = _keys(added)
    triples = _triples(_excess(added, keys), keys)
    rows = [_tested(unit, seed, draws) for unit in triples.partition_by(keys, maintain_order=True)]
    tested = pl.DataFrame(rows, schema={"quarters": pl.Int64, "jump": pl.Float64, "p": pl.Float64}, orient="row")
    units = added.select(keys).unique(maintain_order=True)
    found = pl.concat([triples.select(keys).unique(maintain_order=True), tested], how="horizontal")
    found = units.join(found, on=keys, how="left", maintain_order="left").with_columns(pl.col("quarters").fill_null(0))
    ranked = found.with_columns(q=_false_discovery(found["p"]))
    flagged = ranked.with_columns(is_flagged=(pl.col("q") <= fdr) & (pl.col("jump") > 0))
    return flagged.sort("p", "jump", descending=[False, True], nulls_last=True).select(*keys, *JUMP_SCHEMA)


def _keys(table: pl.DataFrame) -> list[str]:
    return ["unit", "indicator"] if "indicator" in table.columns else ["unit"]


def _excess(added: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return each month over the usual month of its unit, less the median of all units in that month."""
    months = added.drop_nulls("value").group_by(*keys, pl.col("on").dt.truncate("1mo").alias("month"))
    summed = months.agg(pl.col("value").sum())
    usual = summed.with_columns(usual=pl.col("value").abs().mean().over(keys)).filter(pl.col("usual") > 0)
    shares = usual.with_columns(share=pl.col("value") / pl.col("usual"))
    season = pl.col("share").median().over("month", *keys[1:])
    return shares.select(*keys, "month", excess=pl.col("share") - season, is_idle=pl.col("value") == 0)


def _triples(excess: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the last month of each quarter between its neighbours: keys, before, middle, after.

    Three months without anything tell nothing of when a unit works.
    """
    ends = excess.filter(pl.col("month").dt.month() % 3 == 0).rename({"excess": "middle"})
    for name, by in (("before", "1mo"), ("after", "-1mo")):
        moved = excess.with_columns(pl.col("month").dt.offset_by(by)).rename({"excess": name})
        ends = ends.join(moved, on=[*keys, "month"], suffix=f"_{name}")
    busy = ends.filter(~pl.all_horizontal("is_idle", "is_idle_before", "is_idle_after"))
    return busy.sort(*keys, "month").select(*keys, "before", "middle", "after")


def _tested(unit: pl.DataFrame, seed: int, draws: int) -> tuple[int, float, float | None]:
    """Return the quarters of a unit, its mean excess and the share of permutations that show as much or more."""
    three = unit.select("before", "middle", "after").to_numpy()
    jump = float((three[:, 1] - (three[:, 0] + three[:, 2]) / 2).mean())
    if len(three) < MIN_QUARTERS:
        return len(three), jump, None
    return len(three), jump, _share_as_high(three, seed, draws)


def _share_as_high(three: Floats, seed: int, draws: int) -> float:
    """Return the share of drawn permutations, itself among them, whose middle months sum to as much or more.

    The sum of three months stays, so the sum of the middle ones orders the permutations as their excess does.
    """
    picked = np.random.default_rng(seed).integers(0, 3, (draws, len(three)))
    sums = three[np.arange(len(three)), picked].sum(axis=1)
    return float((1 + (sums >= three[:, 1].sum() - 1e-12).sum()) / (1 + draws))


def _false_discovery(p: pl.Series) -> pl.Series:
    from scipy import stats

    known = p.is_not_null()
    q = np.full(len(p), np.nan)
    if known.any():
        q[known.to_numpy()] = stats.false_discovery_control(p.drop_nulls().to_numpy())
    return pl.Series("q", q, nan_to_null=True)
