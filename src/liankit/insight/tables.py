"""The two tables that insight reads: stays of cases in stages, and cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from liankit.process import Process, State

MOMENT = pl.Datetime("us", "UTC")

VISITS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "case": pl.Int64,
    "number": pl.Int32,  # the place among the stays of the case, from 1
    "stage": pl.String,
    "entered": MOMENT,
    "left": MOMENT,  # null: the case is there still
    "step": pl.String,  # the step by which it was left, null while it was not
}
"""One stay of a case in a stage that is no end. Further columns (office, town …) may be grouped by."""

CASES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "case": pl.Int64,
    "opened": MOMENT,
    "ended": MOMENT,  # null: it is open
    "outcome": pl.String,  # the key of the outcome, null while it is open
}
"""One case."""

DAY = 86_400.0


@dataclass(frozen=True)
class Log:
    """The stays and the cases of one process, as ``VISITS`` and ``CASES`` say."""

    visits: pl.DataFrame
    cases: pl.DataFrame


def as_log(process: Process, states: Mapping[int, State]) -> Log:
    """Return the tables of cases of one process, given by number with what their events give (``replay``)."""
    visits = [row for case, state in states.items() for row in visits_of(process, case, state)]
    cases = [(case, s.opened, s.ended, s.outcome or None) for case, s in states.items() if s.opened]
    return Log(
        whole_stays(process, pl.DataFrame(visits, schema=dict(VISITS), orient="row")),
        pl.DataFrame(cases, schema=dict(CASES), orient="row"),
    )


def visits_of(process: Process, case: int, state: State) -> Iterator[tuple[object, ...]]:
    """Yield the rows of ``VISITS`` of one case; its end is no stay."""
    ends = {stage.key for stage in process.stages if stage.outcome}
    stays = (visit for visit in state.visits if visit.stage not in ends)
    for number, visit in enumerate(stays, start=1):
        yield case, number, visit.stage, visit.entered, visit.left, visit.step or None


def whole_stays(process: Process, visits: pl.DataFrame) -> pl.DataFrame:
    """Return the stays with those made one between which a step only led back into the same stage.

    A report of progress is such a step: with it each stay would last from one report to the next. The columns of the
    first part stand, with the end of the last.
    """
    back = [(stage, step.key) for step in process.transitions for stage in {*step.taken} & {*step.given}]
    came_back = pl.any_horizontal(pl.lit(False), *(pl.col("stage").eq(s) & pl.col("step").eq(k) for s, k in back))
    ordered = visits.sort("case", "stage", "number").with_columns(goes_on=came_back.fill_null(False))
    is_same = (pl.col("case") == pl.col("case").shift(1)) & (pl.col("stage") == pl.col("stage").shift(1))
    marked = ordered.with_columns(begins=~(pl.col("goes_on").shift(1) & is_same).fill_null(False))
    first = marked.filter("begins").drop("left", "step")
    last = marked.filter(pl.col("begins").shift(-1, fill_value=True)).select("left", "step")
    return first.hstack(last).select(visits.columns).sort("case", "number")


def days(start: str, end: str | pl.Expr) -> pl.Expr:
    """Return the days between two moments as an expression."""
    last = pl.col(end) if isinstance(end, str) else end
    return (last - pl.col(start)).dt.total_microseconds() / (DAY * 1e6)


def moment(at: datetime) -> pl.Expr:
    """Return a moment of any time zone as an expression that compares with the tables."""
    return pl.lit(at.astimezone(UTC), dtype=MOMENT)


def observed(frame: pl.DataFrame, start: str, end: str, at: datetime) -> pl.DataFrame:
    """Return what had started by a moment, as it was known then, with its ``days`` and whether it was ``over``."""
    now = moment(at)
    known = frame.filter(pl.col(start) <= now).with_columns(over=(pl.col(end) <= now).fill_null(False))
    until = pl.when("over").then(pl.col(end)).otherwise(now)
    return known.with_columns(days=days(start, until))
