"""How long others take, as one group, beside one's own: told only where nobody can be made out in it.

``may_be_told`` is the one rule of every page and answer that shows such a group. What is told are quantiles in whole
days, no mean and no sum: from these and their number one case could be computed when it is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from liankit.insight import Log, time_in_stage
from liankit.insight.tables import moment
from liankit.process import Process

LEAST_CASES = 5
LEAST_ORGANISATIONS = 3
WHOLE = ""
"""The stage of a line that is about whole cases."""


def may_be_told(behind: Sequence[Collection[str]]) -> bool:
    """Say whether numbers of some cases may be told, given the organisations of each.

    There are at least ``LEAST_CASES``, among them ``LEAST_ORGANISATIONS`` no two of which share an organisation, as a
    hospital and all its sponsors are one hospital still; and none is in more than half: it would be its number.
    """
    most = max(Counter(name for case in behind for name in set(case)).values(), default=0)
    return len(behind) >= LEAST_CASES and _apart(behind) >= LEAST_ORGANISATIONS and 2 * most <= len(behind)


def _apart(behind: Sequence[Collection[str]]) -> int:
    """Count cases that share no organisation, taken as they come, those of few first: there may be more."""
    taken: set[str] = set()
    count = 0
    for case in sorted(behind, key=len):
        if case and taken.isdisjoint(case):
            taken |= set(case)
            count += 1
    return count


@dataclass(frozen=True)
class Spread:
    """Quantiles in whole days by the product-limit estimate, None where too few ended, and how many cases ended."""

    ended: int
    lower: int | None
    median: int | None
    upper: int | None


@dataclass(frozen=True)
class Compared:
    """One's own time in a stage, or of whole cases (``WHOLE``), beside the group's; None: not known, or not told."""

    stage: str
    own: Spread | None
    group: Spread | None


def compared(
    process: Process, own: Log, others: Log, organisations: Mapping[int, Collection[str]], at: datetime
) -> list[Compared]:
    """Return own times beside those of the other cases: whole cases first, then stage by stage of the process."""
    mine, theirs = _spreads(own, at), _spreads(others, at)
    behind = {key: [organisations.get(case, ()) for case in cases] for key, (_spread, cases) in theirs.items()}
    told = {key: spread for key, (spread, _cases) in theirs.items() if may_be_told(behind[key])}
    order = (WHOLE, *(stage.key for stage in process.stages))
    return [
        Compared(key, mine[key][0] if key in mine else None, told.get(key))
        for key in order
        if key in mine or key in told
    ]


def _spreads(log: Log, at: datetime) -> dict[str, tuple[Spread, list[int]]]:
    """Return of whole cases and of each stage the quantiles, and the cases whose ended stays they rest on."""
    whole = log.cases.select("case", entered="opened", left="ended", stage=pl.lit(WHOLE))
    stays = pl.concat([whole, log.visits.select(whole.columns)])
    ended = stays.filter(pl.col("left") <= moment(at)).group_by("stage").agg(cases=pl.col("case").unique())
    found = time_in_stage(stays, at).join(ended, on="stage", how="left")
    return {row["stage"]: (spread_of(row, len(row["cases"] or ())), row["cases"] or []) for row in found.to_dicts()}


def spread_of(row: Mapping[str, float | None], ended: int) -> Spread:
    """Return the quantiles of a row of ``time_in_stage`` in whole days."""
    days = [row[name] for name in ("lower_quartile", "median", "upper_quartile")]
    return Spread(ended, *(None if one is None else round(one) for one in days))
