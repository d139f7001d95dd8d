"""Grades as tables of a snapshot: how each organisation stands under each scheme, and each of its clauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from liandesk.assess.rules.facts import TITLES
from liandesk.base.facts.schema import Schema
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Scheme, Score
from liankit.rules.shortfall import shortfall
from liankit.rules.versions import in_force
from liankit.rules.vocabulary import Vocabulary

GRADES: Schema = {
    "organisation": pl.String,
    "scheme": pl.String,
    "grants": pl.String,
    "family": pl.String,
    "application": pl.String,  # new | recheck
    "outcome": pl.Boolean,  # null: unknown
    "failed": pl.Int16,  # clauses that have to turn, at the least
    "unknown": pl.Int16,  # and unknown ones to be settled
    "points": pl.Float64,  # of its score table; null: there is none, or not all is known
}
CLAUSES: Schema = {
    "organisation": pl.String,
    "scheme": pl.String,
    "application": pl.String,
    "place": pl.Int16,  # in the scheme
    "clause": pl.String,
    "holds": pl.Boolean,  # null: unknown
    "low": pl.Float64,
    "high": pl.Float64,
    "threshold": pl.Float64,
}
NEW, RECHECK = "new", "recheck"
APPLICATIONS = (NEW, RECHECK)


def grade_all(
    facts: pl.DataFrame, words: Vocabulary, schemes: Iterable[Scheme], on: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``GRADES`` and ``CLAUSES`` of all organisations of the facts, by the law of a day.

    New applications are graded for everybody, re-checks for those who hold the title.
    """
    schemes = list(schemes)
    grades, clauses = [pl.DataFrame(schema=GRADES)], [pl.DataFrame(schema=CLAUSES)]
    for application in APPLICATIONS if facts.height else ():
        for one in grade(in_force(schemes, application, on), build_panel(facts, words, on)):
            whose = _asked(one, application, facts, on)
            grades.append(grades_table(one, application).filter(pl.col("organisation").is_in(whose.implode())))
            clauses.append(clauses_table(one, application).filter(pl.col("organisation").is_in(whose.implode())))
    return pl.concat(grades), pl.concat(clauses)


def grades_table(found: Grades, application: str) -> pl.DataFrame:
    """Return one line of ``GRADES`` an enterprise of the panel."""
    failed, unknown = shortfall(found)
    outcome = pl.Series(found.outcome)
    scheme = found.scheme
    return pl.DataFrame({"organisation": found.panel.enterprises}).select(
        "organisation",
        scheme=pl.lit(scheme.key),
        grants=pl.lit(scheme.grants),
        family=pl.lit(scheme.family),
        application=pl.lit(application),
        outcome=(outcome == 1).set(outcome < 0, None),
        failed=pl.Series(failed),
        unknown=pl.Series(unknown),
        points=pl.Series(_points(found)).fill_nan(None),
    )


def clauses_table(found: Grades, application: str) -> pl.DataFrame:
    """Return one line of ``CLAUSES`` an enterprise of the panel and clause, in the scheme's order."""
    keys = pl.Series([one.node.key for one in found.clauses], dtype=pl.String)
    bounds = pl.Series([one.threshold for one in found.clauses], dtype=pl.Float64).fill_nan(None)
    return found.table().select(
        organisation=_gathered(found.panel.enterprises, "row"),
        scheme=pl.lit(found.scheme.key),
        application=pl.lit(application),
        place=pl.col("clause").cast(pl.Int16),
        clause=_gathered(keys, "clause"),
        holds="holds",
        low="low",
        high="high",
        threshold=_gathered(bounds, "clause"),
    )


def _gathered(values: pl.Series, places: str) -> pl.Expr:
    return pl.lit(values).gather(pl.col(places))


def _points(found: Grades) -> npt.NDArray[np.float64]:
    """Return the points of the scheme's first score; NaN where there is none or not all is known."""
    score = next((one for one in found.clauses if isinstance(one.node, Score)), None)
    if score is None:
        return np.full(len(found.panel), np.nan)
    return np.where(score.low == score.high, score.low, np.nan)


def _asked(found: Grades, application: str, facts: pl.DataFrame, on: date) -> pl.Series:
    """Return who is graded: everybody for a new application, for a re-check who holds the title on the day."""
    if application == NEW:
        return found.panel.enterprises
    return holders(facts, on).filter(text=found.scheme.grants)["enterprise"]


def holders(facts: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return the titles held on a day: lines of the facts, of each title of an organisation the longest."""
    begun = pl.col("date").is_null() | (pl.col("date") <= on)
    lasts = pl.col("until").is_null() | (pl.col("until") >= on)
    held = facts.filter(pl.col("input") == TITLES, begun, lasts)
    return held.sort("until", descending=True, nulls_last=False).unique(["enterprise", "text"], keep="first")
