"""Which stages the time of a case goes to, as parts of the whole: they sum to the mean duration exactly.

At each age the cases still under observation tell where cases of that age stand; weighted by the share of cases that
get so old, and summed over all ages, that is the time a case spends in each stage. So open cases count with what is
known of them, loops and parallel branches need no model, and the parts add up to the restricted mean of the duration.
It is the estimate of state occupation by S. Datta and G. Satten ("Validity of the Aalen-Johansen estimators …", 2001),
in intervals as D. Lin and others do for costs ("Estimating medical costs from incomplete follow-up data", 1997).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np
import polars as pl

from liankit.insight.stays import survival
from liankit.insight.tables import Log, days, moment, observed
from liankit.process import Process

AGES = 1_000
"""Into how many intervals the ages of cases are cut; more change the parts by less than a thousandth."""


def bottlenecks(log: Log, at: datetime, waiting: Collection[str] = ()) -> pl.DataFrame:
    """Return for each stage the ``days`` of a case that go to it and its ``share`` of the whole, the largest first.

    ``waiting`` are stages in which a branch only waits for others (``waits``): while another branch works, the moment
    is that branch's. Branches that work at once share the moment equally. The days sum to the mean duration of a case,
    restricted to the greatest age that was seen. ``visits`` is how often a case that was seen to its end came there.
    """
    cases = observed(log.cases, "opened", "ended", at)
    if cases.is_empty() or not cases["days"].max():
        return pl.DataFrame(schema={"stage": pl.String, "days": pl.Float64, "share": pl.Float64, "visits": pl.Float64})
    pieces = _pieces(observed(log.visits, "entered", "left", at), cases, waiting)
    edges = np.linspace(0.0, float(cases["days"].max() or 0.0), AGES + 1)  # type: ignore[arg-type]
    parts = _parts(pieces, edges, _alive(cases, edges))
    return parts.join(_visits(log, at), on="stage", how="left").sort("days", "stage", descending=[True, False])


def waits(process: Process) -> frozenset[str]:
    """Return the stages in which a branch only waits for others: every step out of them takes another stage too."""
    steps = {stage.key: [one for one in process.transitions if stage.key in one.taken] for stage in process.stages}
    return frozenset(key for key, out in steps.items() if out and all(len(one.taken) > 1 for one in out))


def _pieces(stays: pl.DataFrame, cases: pl.DataFrame, waiting: Collection[str]) -> pl.DataFrame:
    """Return stays as pieces of the age of their case, ``start`` to ``end``, each with its part in the moment."""
    aged = stays.join(cases.select("case", "opened"), on="case").with_columns(
        start=days("opened", "entered"), works=~pl.col("stage").is_in(list(waiting))
    )
    aged = aged.with_columns(end=pl.col("start") + pl.col("days")).select("case", "stage", "start", "end", "works")
    overlaps = aged.sort("case", "start").with_columns(
        later=pl.col("start") < pl.col("end").cum_max().shift(1).over("case") - 1e-9
    )
    at_once = overlaps.filter("later")["case"].unique()
    alone = aged.filter(~pl.col("case").is_in(at_once.implode())).with_columns(part=pl.lit(1.0))
    return pl.concat([alone.drop("case", "works"), _shared(aged.filter(pl.col("case").is_in(at_once.implode())))])


def _shared(aged: pl.DataFrame) -> pl.DataFrame:
    """Cut the stays of cases with branches wherever one begins or ends, and share each piece among those at work."""
    cuts = pl.concat([aged.select("case", at="start"), aged.select("case", at="end")]).unique().sort("case", "at")
    spans = cuts.with_row_index("span").with_columns(until=pl.col("at").shift(-1))
    first, last = spans.select("case", "span", start="at"), spans.select("case", past="span", end="at")
    held = (
        aged.join(first, on=["case", "start"])
        .join(last, on=["case", "end"])
        .filter(pl.col("span") < pl.col("past"))
        .select("stage", "works", span=pl.int_ranges("span", "past"))
        .explode("span")
    )
    counts = held.group_by("span").agg(here=pl.len(), working=pl.col("works").sum())
    part = pl.when(pl.col("working") == 0).then(1 / pl.col("here")).when("works").then(1 / pl.col("working"))
    shared = held.join(counts, on="span").select("stage", "span", part=part.otherwise(0.0))
    return shared.join(spans.with_columns(pl.col("span").cast(pl.Int64)), on="span").select(
        "stage", start="at", end="until", part="part"
    )


def _alive(cases: pl.DataFrame, edges: np.ndarray) -> np.ndarray:
    """Return the days that a case lasts within each interval of ages, in the mean."""
    curve = survival(cases.select("days", "over").with_columns(all=pl.lit(0)), ["all"])
    at = np.concatenate([[0.0], curve["days"].to_numpy()])
    height = np.concatenate([[1.0], curve["survival"].to_numpy()])
    area = np.concatenate([[0.0], np.cumsum(height[:-1] * np.diff(at))])
    return np.diff(np.interp(edges, at, area))


def _parts(pieces: pl.DataFrame, edges: np.ndarray, alive: np.ndarray) -> pl.DataFrame:
    """Return the days of each stage: within each interval of ages, what it holds of all that was observed there."""
    stages = pieces["stage"].unique().sort()
    held = np.array([_held(pieces.filter(pl.col("stage") == stage), edges) for stage in stages])
    whole = held.sum(axis=0)
    shares = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0)
    found = (shares * alive).sum(axis=1)
    return pl.DataFrame({"stage": stages, "days": found, "share": found / found.sum()})


def _held(pieces: pl.DataFrame, edges: np.ndarray) -> np.ndarray:
    """Return the days that pieces hold within each interval: the difference of two sums of ramps."""
    part = pieces["part"].to_numpy()
    return np.diff(_ramps(pieces["start"].to_numpy(), part, edges) - _ramps(pieces["end"].to_numpy(), part, edges))


def _ramps(start: np.ndarray, part: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return at each edge the sum over pieces of part × (edge - start), where it is positive."""
    place = np.searchsorted(edges, start, side="left")
    many = len(edges) + 1
    begun = np.cumsum(np.bincount(place, part, many))[:-1]
    moment = np.cumsum(np.bincount(place, part * start, many))[:-1]
    return begun * edges - moment


def _visits(log: Log, at: datetime) -> pl.DataFrame:
    """Return how often cases that ended by then came to each stage, in the mean; null where none ended."""
    over = log.cases.filter(pl.col("ended") <= moment(at))
    came = log.visits.join(over, on="case", how="semi").group_by("stage").agg(count=pl.len())
    return came.select("stage", visits=pl.col("count") / max(over.height, 1))
