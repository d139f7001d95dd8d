"""What would have come of a change: the log replayed with it, every other stay as long as it was.

A stay begins when the last of those before it in its case has ended (in the log each begins where others end). Moving
one forward moves what follows; a join goes on with the latest of its branches. Nothing is modelled of queues: who is
free earlier takes nobody else's turn, so a replay says what the same cases would have gained and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from liankit.insight.tables import Log, days


@dataclass(frozen=True)
class Replayed:
    """What a change gives: a row a case that had ended, with its days ``before`` and ``after``."""

    cases: pl.DataFrame

    @property
    def summary(self) -> dict[str, float | int | None]:
        """Return how many cases there are, how many gain, and the mean and median days before and after."""
        table = self.cases.select(
            cases=pl.len(),
            gain=(pl.col("before") - pl.col("after") > 1e-6).sum(),
            mean_before=pl.col("before").mean(),
            mean_after=pl.col("after").mean(),
            median_before=pl.col("before").median(),
            median_after=pl.col("after").median(),
        )
        return table.row(0, named=True)


def more_meetings(log: Log, stage: str, least_days: float) -> Replayed:
    """Replay with one more meeting a month that lets cases out of a stage.

    The days on which cases left the stage are its meetings; each month gets one more, in the middle of the longest gap
    that begins in it. A case is ready for a meeting ``least_days`` after it came; it gains what lies between the first
    meeting of the new calendar and the first of the old one. If it was put off to a later one, it still is for as long.
    A case that left before it was ready gains nothing. Where cases leave on most days there is no meeting to add, and
    none gain.
    """
    stays = _stays(log)
    here = stays.filter(stage=stage)
    old = here["left"].dt.date().unique().sort()
    ready = pl.col("entered") + pl.duration(microseconds=int(least_days * 86_400e6))
    asked = here.select("row", "left", on=ready.dt.date()).filter(pl.col("on") <= pl.col("left").dt.date()).sort("on")
    saved = (_first_from(asked, old) - _first_from(asked, _with_one_more(old))).dt.total_days().fill_null(0)
    gained = np.zeros(stays.height)
    gained[asked["row"].to_numpy()] = saved.to_numpy()
    length = np.maximum(stays["days"].to_numpy() - gained, 0.0)
    return Replayed(_replayed(stays, length, _edges(stays)))


def _first_from(asked: pl.DataFrame, meetings: pl.Series) -> pl.Series:
    """Return for each day that is asked the first meeting from it on."""
    calendar = meetings.alias("meeting").to_frame()
    return asked.join_asof(calendar, left_on="on", right_on="meeting", strategy="forward")["meeting"]


def _with_one_more(meetings: pl.Series) -> pl.Series:
    """Return days of meetings with one more a month, in the middle of its longest gap of at least two days."""
    gaps = pl.DataFrame({"day": meetings}).with_columns(gap=(pl.col("day").shift(-1) - pl.col("day")).dt.total_days())
    longest = (
        gaps.filter(pl.col("gap") >= 2)
        .sort("gap", descending=True)
        .unique(pl.col("day").dt.truncate("1mo"), keep="first", maintain_order=True)
    )
    new = longest.select(day=pl.col("day") + pl.duration(days=pl.col("gap") // 2))
    return pl.concat([meetings, new["day"].cast(pl.Date)]).unique().sort()


def in_parallel(log: Log, first: str, second: str) -> Replayed:
    """Replay with a stage begun together with the one right before it; what follows waits for both.

    Where the second did not come right after the first, nothing changes.
    """
    stays = _stays(log)
    edges = _edges(stays)
    stage = stays["stage"].to_numpy()
    swapped = edges[(stage[edges[:, 0]] == first) & (stage[edges[:, 1]] == second)]
    kept = edges[~((stage[edges[:, 0]] == first) & (stage[edges[:, 1]] == second))]
    begun = _chained(edges, swapped, "before")
    awaited = _chained(edges, swapped, "after")
    return Replayed(_replayed(stays, stays["days"].to_numpy(), np.concatenate([kept, begun, awaited])))


def _stays(log: Log) -> pl.DataFrame:
    """Return the stays of cases that ended, in the order of case and place, each with its ``row`` and ``days``."""
    over = log.cases.filter(pl.col("ended").is_not_null())
    inner = log.visits.join(over, on="case").filter(pl.col("left").is_not_null())
    return inner.sort("case", "number").with_columns(days=days("entered", "left")).with_row_index("row")


def _edges(stays: pl.DataFrame) -> np.ndarray:
    """Return (row, row) of each stay and those that began where it ended, of the same case and later in its log."""
    ends = stays.select("case", before="row", at="left")
    starts = stays.select("case", after="row", at="entered")
    met = ends.join(starts, on=["case", "at"]).filter(pl.col("before") < pl.col("after"))
    return met.select("before", "after").to_numpy().astype(np.int64)


def _chained(edges: np.ndarray, swapped: np.ndarray, way: str) -> np.ndarray:
    """Return the edges that let a second stay begin where the first did, or what is after it wait for the first."""
    known = pl.DataFrame(edges, schema={"before": pl.Int64, "after": pl.Int64}, orient="row")
    moved = pl.DataFrame(swapped, schema={"first": pl.Int64, "second": pl.Int64}, orient="row")
    if way == "before":
        found = moved.join(known, left_on="first", right_on="after").select("before", "second")
    else:
        found = moved.join(known, left_on="second", right_on="before").select("first", "after")
    return found.to_numpy()


def _replayed(stays: pl.DataFrame, length: np.ndarray, edges: np.ndarray) -> pl.DataFrame:
    """Return the days of each case before and after, its stays begun anew when those before them have ended.

    All first stays of all cases are moved at once, then all second ones …: as many rounds as a case has stays.
    """
    rank = stays.select(rank=pl.int_range(pl.len()).over("case"))["rank"].to_numpy()
    start, end = np.zeros(stays.height), np.zeros(stays.height)
    by_rank = np.argsort(rank[edges[:, 0]], kind="stable")
    edges = edges[by_rank]
    bounds = np.searchsorted(rank[edges[:, 0]], np.arange(rank.max(initial=-1) + 2))
    rows_by_rank = np.argsort(rank, kind="stable")
    row_bounds = np.searchsorted(rank[rows_by_rank], np.arange(rank.max(initial=-1) + 2))
    for turn in range(rank.max(initial=-1) + 1):
        rows = rows_by_rank[row_bounds[turn] : row_bounds[turn + 1]]
        end[rows] = start[rows] + length[rows]
        own = edges[bounds[turn] : bounds[turn + 1]]
        np.maximum.at(start, own[:, 1], end[own[:, 0]])
    moved = stays.with_columns(after=pl.Series(end), before=days("opened", "ended"))
    return moved.group_by("case", maintain_order=True).agg(pl.col("before").first(), pl.col("after").max())
