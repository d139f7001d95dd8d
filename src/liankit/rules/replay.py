"""What was owed by the law of one day with what was known on another, against what was paid.

Two times: the day of the law, and the day of knowledge. A fact has both: the day it speaks of and the day it was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from liankit.rules.benefits import Policy
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.policies import Entitled, Places, entitle
from liankit.rules.policy_check import needed_by
from liankit.rules.vocabulary import Vocabulary

TOLD = {**FACTS, "known": pl.Date}
"""Columns of facts with the day on which each was told; of two that say the same thing the later counts."""
PAYMENTS = {"enterprise": pl.String, "policy": pl.String, "clause": pl.String, "fen": pl.Int64}
CAME = {"enterprise": pl.String, "policy": pl.String, "clause": pl.String}
"""Columns of who came for which clause, the first first."""
_CLAUSE = ["enterprise", "policy", "clause"]


@dataclass(frozen=True)
class Known:
    """What was known on a day: facts with ``FACTS``, as ``known_by`` gives them, and who had come, with ``CAME``."""

    facts: pl.DataFrame
    came: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CAME))


def known_by(facts: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what was known on a day, with ``FACTS``: what was told later is not there, what was replaced neither.

    A number replaces that of the same input and date; an event that of the same code and date.
    """
    told = facts.filter(pl.col("known") <= day).sort("known", maintain_order=True)
    event = pl.when(pl.col("number").is_null() | pl.col("text").is_not_null()).then("text")
    latest = told.with_columns(event=event).unique(
        ["enterprise", "input", "date", "event"], keep="last", maintain_order=True
    )
    return latest.select(*FACTS)


def owed(
    policies: Sequence[Policy], facts: pl.DataFrame, vocabulary: Vocabulary, *, law: date, known: date
) -> Entitled:
    """Return what enterprises were owed by the law of a day, with what was known on a day; ``facts`` with ``TOLD``."""
    enterprises = facts["enterprise"].unique(maintain_order=True)
    return entitle(policies, build_panel(known_by(facts, known), vocabulary, law, enterprises))


def reconcile(entitled: Entitled, payments: pl.DataFrame) -> pl.DataFrame:
    """Return a line for everything owed or paid: low_fen, high_fen, paid_fen, and what is surely over or under.

    Payments for a clause that is not in force, or to somebody who is not entitled, are over in full.
    """
    paid = payments.group_by(_CLAUSE).agg(paid_fen=pl.col("fen").sum())
    sums = ("low_fen", "high_fen", "paid_fen")
    table = entitled.table.drop("outcome").join(paid, on=_CLAUSE, how="full", coalesce=True)
    return (
        table.with_columns(pl.col(*sums).fill_null(0))
        .with_columns(
            over_fen=(pl.col("paid_fen") - pl.col("high_fen")).clip(lower_bound=0),
            under_fen=(pl.col("low_fen") - pl.col("paid_fen")).clip(lower_bound=0),
        )
        .sort(_CLAUSE)
    )


def replay(
    policies: Sequence[Policy],
    vocabulary: Vocabulary,
    before: Known,
    after: Known,
    payments: pl.DataFrame,
    *,
    law: date,
) -> pl.DataFrame:
    """Return what was owed by what was known before and is owed by what is known after, against what was paid.

    Quotas and budgets count: both states of knowledge hold every enterprise that shares them, and who came. Columns of
    ``reconcile`` by what is known after, ``then_low_fen`` and ``then_high_fen``, and ``changed``: the inputs of the
    clause of which something else is known after.
    """
    enterprises = pl.concat([before.facts["enterprise"], after.facts["enterprise"]]).unique(maintain_order=True)
    then, now = (
        entitle(policies, build_panel(one.facts, vocabulary, law, enterprises), places_of(one.came, enterprises))
        for one in (before, after)
    )
    was = then.table.select(*_CLAUSE, then_low_fen="low_fen", then_high_fen="high_fen")
    table = reconcile(now, payments).join(was, on=_CLAUSE, how="full", coalesce=True)
    told = changes(before.facts, after.facts).join(_rests_on(policies, vocabulary), on="input").group_by(_CLAUSE)
    changed = told.agg(changed=pl.col("input").unique().sort())
    numbers = pl.col("^.*_fen$").fill_null(0)
    return table.with_columns(numbers).join(changed, on=_CLAUSE, how="left").sort(_CLAUSE)


def places_of(came: pl.DataFrame, enterprises: pl.Series) -> dict[tuple[str, str], Places]:
    """Return in which order enterprises came for each clause, int64[enterprises]; -1: did not come.

    ``came`` has the columns ``CAME``; the first of its lines came first.
    """
    rows = {name: row for row, name in enumerate(enterprises)}
    places: dict[tuple[str, str], Places] = {}
    for place, (enterprise, policy, clause) in enumerate(came.select(*CAME).iter_rows()):
        if enterprise in rows:
            order = places.setdefault((policy, clause), np.full(len(enterprises), -1))
            order[rows[enterprise]] = place
    return places


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the enterprises and inputs of which something else is known after than before."""
    keys = list(FACTS)
    new = after.join(before, on=keys, how="anti", nulls_equal=True)
    gone = before.join(after, on=keys, how="anti", nulls_equal=True)
    return pl.concat([new, gone]).select("enterprise", "input").unique(maintain_order=True)


def _rests_on(policies: Sequence[Policy], vocabulary: Vocabulary) -> pl.DataFrame:
    """Return which clause rests on which input."""
    formulas = {one.key: one.formula for one in vocabulary.quantities}
    lines = [
        (policy.key, clause.key, name)
        for policy in policies
        for clause in policy.clauses
        for name in sorted({name for key in needed_by(policy, clause) for name in inputs_of(key, formulas)})
    ]
    schema = {"policy": pl.String, "clause": pl.String, "input": pl.String}
    return pl.DataFrame(lines, schema=schema, orient="row")
