"""Which stages the time of a case goes to, as parts of the whole: they sum to the mean duration exactly.

At each age the cases still under observation tell where cases of that age stand; weighted by the share of cases that
get so old, and summed over all ages, that is the time a case spends in each stage. So open cases count with what is
known of them, loops and parallel branches need no model, and the parts add up to the restricted mean of the duration.
It is the estimate of state occupation by S. Datta and G. Satten ("Validity of the Aalen-Johansen estimators …", 2001),
in intervals as D. Lin and others do for costs ("Estimating medical costs from incomplete follow-up data", 1997).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    edges = np.linspace(0.0, float(cases["days"].max() or 0.0), AGES + 1)  # type: ignore[arg-type]
    held = _held(_aged(observed(log.visits, "entered", "left", at), cases), edges, waiting)
    parts = _parts(held, _alive(cases, edges))
    return parts.join(_visits(log, at), on="stage", how="left").sort("days", "stage", descending=[True, False])


def waits(process: Process) -> frozenset[str]:
    """Return the stages in which a branch waits for others, or runs beside them: it does not go on by itself.

    Every step that leaves them takes another stage too. Beside the others runs a branch with a step back into its own
    stage, as of reports; who is left together with such a one alone does not wait for it.
    """
    back = {one.taken[0] for one in process.transitions if one.taken == one.given and len(one.taken) == 1}
    leaving = [set(one.taken) for one in process.transitions if set(one.taken) != set(one.given)]
    steps = {stage.key: [taken for taken in leaving if stage.key in taken] for stage in process.stages}
    beside = {key for key in back if steps[key] and all(len(taken) > 1 for taken in steps[key])}
    return frozenset(
        key for key, out in steps.items() if key in beside or (out and all(taken - beside - {key} for taken in out))
    )


def _aged(stays: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Return the stays by the age of their case, ``start`` to ``end``."""
    aged = stays.join(cases.select("case", "opened"), on="case").with_columns(start=days("opened", "entered"))
    return aged.select("case", "stage", "start", end=pl.col("start") + pl.col("days"))


def _held(aged: pl.DataFrame, edges: np.ndarray, waiting: Collection[str]) -> dict[str, np.ndarray]:
    """Return the days that each stage holds within each interval, each moment of a case shared among those at work.

    All beginnings and ends of stays are put in one row, case by case; a stay counts from its beginning to its end.
    """
    cuts = pl.concat([aged.select("case", at="start"), aged.select("case", at="end")])
    order = cuts.select(pl.arg_sort_by("case", "at", maintain_order=True)).to_series().to_numpy()  # begin before end
    place = np.empty_like(order)
    place[order] = np.arange(len(order), dtype=order.dtype)
    first, past = place[: aged.height], place[aged.height :]
    ages = cuts["at"].to_numpy()[order]
    interval = np.searchsorted(edges, ages, side="left")
    works = ~aged["stage"].is_in(list(waiting)).to_numpy()
    here, working = _count(first, past, len(order)), _count(first[works], past[works], len(order))
    part = 1 / np.maximum(working, 1)
    part_waiting = np.where(working == 0, 1 / np.maximum(here, 1), 0.0)
    held = {}
    for (stage,), rows in aged.with_row_index("row").select("row", "stage").group_by("stage"):
        mine = rows["row"].to_numpy()
        weight = _count(first[mine], past[mine], len(order)) * (part_waiting if stage in waiting else part)
        held[str(stage)] = np.diff(_ramps(ages, interval, np.diff(weight, prepend=0.0), edges))
    return held


def _count(first: np.ndarray, past: np.ndarray, many: int) -> np.ndarray:
    """Return how many stays go on from each place of the row to the next."""
    return np.cumsum(np.bincount(first, minlength=many) - np.bincount(past, minlength=many))


def _alive(cases: pl.DataFrame, edges: np.ndarray) -> np.ndarray:
    """Return the days that a case lasts within each interval of ages, in the mean."""
    curve = survival(cases.select("days", "over").with_columns(all=pl.lit(0)), ["all"])
    at = np.concatenate([[0.0], curve["days"].to_numpy()])
    height = np.concatenate([[1.0], curve["survival"].to_numpy()])
    area = np.concatenate([[0.0], np.cumsum(height[:-1] * np.diff(at))])
    return np.diff(np.interp(edges, at, area))


def _parts(held: Mapping[str, np.ndarray], alive: np.ndarray) -> pl.DataFrame:
    """Return the days of each stage: within each interval of ages, what it holds of all that was observed there."""
    parts = np.array(list(held.values())).clip(min=0.0)  # a sum of differences can miss zero by rounding
    whole = parts.sum(axis=0)
    shares = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
    found = (shares * alive).sum(axis=1)
    return pl.DataFrame({"stage": list(held), "days": found, "share": found / found.sum()})


def _ramps(start: np.ndarray, interval: np.ndarray, part: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return at each edge the sum of part × (edge - start), where it is positive; ``interval`` is where each starts."""
    many = len(edges) + 1
    begun = np.cumsum(np.bincount(interval, part, many))[:-1]
    moment = np.cumsum(np.bincount(interval, part * start, many))[:-1]
    return begun * edges - moment


def _visits(log: Log, at: datetime) -> pl.DataFrame:
    """Return how often cases that ended by then came to each stage, in the mean; null where none ended."""
    over = log.cases.filter(pl.col("ended") <= moment(at))
    came = log.visits.join(over, on="case", how="semi").group_by("stage").agg(count=pl.len())
    return came.select("stage", visits=pl.col("count") / max(over.height, 1))
