"""The stays and cases of a process as tables in memory: read once, then only what was written since.

Restricted cases are in none of them: what is counted could tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import NullIf

from liandesk.base.work.models import Case, Party, Stay
from liankit.insight import CASES, VISITS, Log
from liankit.insight.tables import MOMENT
from liankit.process import Process

MOST_KEPT = 8
"""Of how many processes the tables are kept; about 100 MB each million stays."""


@dataclass(frozen=True)
class _Kept:
    until: datetime | None
    log: Log
    holders: pl.DataFrame


_KEPT: dict[str, _Kept] = {}
_HOLDERS: Mapping[str, Any] = {"case": pl.Int64, "role": pl.String, "kind": pl.String, "holder": pl.String}


def log_of(process: Process) -> tuple[Log, pl.DataFrame]:
    """Return the log of all cases of a process, and who holds which role in each."""
    cases = Case.objects.filter(process=process.key, is_restricted=False)
    until = cases.aggregate(until=Max("changed_at"))["until"]
    kept = _KEPT.pop(process.key, None)
    if kept is None or kept.log.cases.height > cases.count():
        kept = _Kept(until, *_read(process, cases))
    elif kept.until != until:
        fresh = cases.filter(changed_at__gte=kept.until) if kept.until else cases
        kept = _Kept(until, *_joined(kept, *_read(process, fresh)))
    _KEPT[process.key] = kept
    while len(_KEPT) > MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)))
    return kept.log, kept.holders


def _read(process: Process, cases: QuerySet[Case]) -> tuple[Log, pl.DataFrame]:
    ends = [stage.key for stage in process.stages if stage.outcome]
    wanted = cases.values("pk")
    stays = Stay.objects.filter(process=process.key, case__in=wanted).exclude(stage__in=ends)
    step = NullIf("step", Value(""))
    visits = stays.values_list("case", "number", "stage", "entered_at", "left_at", step)
    outcome = NullIf("outcome", Value(""))
    heads = cases.order_by().values_list("pk", "opened_at", "ended_at", outcome)
    parties = Party.objects.filter(case__in=wanted).values_list("case", "role", "scope_kind", "scope_id")
    return Log(_frame(visits, VISITS), _frame(heads, CASES)), _frame(parties, _HOLDERS)


def _frame(rows: QuerySet[Any, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Read rows as the database gives them: Django's own conversion of a million moments takes longer than the rest."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    moments = {name for name, dtype in schema.items() if dtype == MOMENT}
    is_naive = any(
        row[place].tzinfo is None
        for row in found[:1]
        for place, name in enumerate(schema)
        if name in moments and row[place]
    )
    read = {name: pl.Datetime("us") if name in moments and is_naive else dtype for name, dtype in schema.items()}
    frame = pl.DataFrame(found, schema=read, orient="row")
    return frame.with_columns(pl.col(name).dt.replace_time_zone("UTC") for name in moments) if is_naive else frame


def _joined(kept: _Kept, log: Log, holders: pl.DataFrame) -> tuple[Log, pl.DataFrame]:
    """Return what was kept with the cases that were read anew in the place of what was known of them."""
    stale = log.cases.select("case")

    def renewed(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([old.join(stale, on="case", how="anti"), new])

    joined = Log(renewed(kept.log.visits, log.visits), renewed(kept.log.cases, log.cases))
    return joined, renewed(kept.holders, holders)
