"""The stays and cases of a process as tables in memory: read once, then only what was written since.

Restricted cases are in none of them: what is counted could tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max, Q, QuerySet, Value
from django.db.models.functions import NullIf

from liandesk.act.insight.groups import may_be_told
from liandesk.act.insight.models import Forecast
from liandesk.base.accounts.roles import ScopeKind
from liandesk.base.clock import business_now, today
from liandesk.base.work.models import Case, Party, Stay
from liankit.insight import CASES, VISITS, Log, Model, fit, whole_stays
from liankit.insight.tables import MOMENT, moment
from liankit.process import Process

MOST_KEPT = 8
"""Of how many processes the tables are kept; about 100 MB each million stays."""


@dataclass(frozen=True)
class _Kept:
    until: datetime | None
    log: Log
    holders: pl.DataFrame


_KEPT: dict[str, _Kept] = {}
_STAY = ("case", "number", "stage", "entered_at", "left_at", NullIf("step", Value("")))
_FORECASTS: Mapping[str, Any] = {"pk": pl.Int64, "case": pl.Int64} | dict.fromkeys(
    ("made_on", "low_on", "median_on", "high_on", "naive_on"), pl.Date
)
_HOLDERS: Mapping[str, Any] = {"case": pl.Int64, "role": pl.String, "kind": pl.String, "holder": pl.String}


def log_of(process: Process) -> tuple[Log, pl.DataFrame]:
    """Return the log of all cases of a process, and who holds which role in each."""
    cases = Case.objects.filter(process=process.key, is_restricted=False)
    until = cases.aggregate(until=Max("changed_at"))["until"]
    kept = _KEPT.pop(process.key, None)
    if kept and kept.until and kept.until != until:
        kept = _Kept(until, *_joined(kept, *_read(process, cases.filter(changed_at__gte=kept.until))))
    if kept is None or kept.log.cases.height != cases.count():  # one that was kept is restricted now
        kept = _Kept(until, *_read(process, cases))
    _KEPT[process.key] = kept
    while len(_KEPT) > MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)))
    return kept.log, kept.holders


@dataclass(frozen=True)
class Learnt:
    """What the cases of a process taught on a day, how many of them had ended, and whether organisations may be told.

    ``is_of_many``: no organisation had a part in those that had ended, or nobody can be made out among them.
    """

    day: date
    model: Model
    ended: int
    is_of_many: bool


_LEARNT: dict[str, Learnt] = {}


def learnt_of(process: Process) -> Learnt:
    """Return the model of a process, learnt once a day: a page of one case waits for a million stays but once."""
    found = _LEARNT.get(process.key)
    if found is None or found.day != today() or found.model.process is not process:
        (log, holders), at = log_of(process), business_now()
        ended = log.cases.filter(pl.col("ended") <= moment(at))["case"].to_list()
        organisations = organisations_of(holders)
        behind = [organisations.get(case, ()) for case in ended]
        found = Learnt(today(), fit(process, log, at), len(ended), not any(behind) or may_be_told(behind))
        _LEARNT[process.key] = found
    return found


def organisations_of(holders: pl.DataFrame) -> dict[int, list[str]]:
    """Return the organisations that hold a role, by case."""
    held = holders.filter(kind=str(ScopeKind.ORGANISATION)).group_by("case").agg("holder")
    return dict(held.iter_rows())


def standing_in(process: Process, case: Case) -> pl.DataFrame:
    """Return the stays of one open case that go on."""
    stays = _frame(case.stays.values_list(*_STAY), VISITS)
    return whole_stays(process, stays).filter(pl.col("left").is_null())


_SAID: dict[str, pl.DataFrame] = {}


def forecasts_of(key: str) -> pl.DataFrame:
    """Return what was forecast of the cases of a process, restricted ones among them: join it with their log.

    Forecasts are never changed, so what was read is kept and only later ones are read.
    """
    known = _SAID.pop(key, pl.DataFrame(schema=dict(_FORECASTS)))
    later = Forecast.objects.filter(case__process=key, pk__gt=known["pk"].max() or 0).order_by("pk")
    found = pl.concat([known, _frame(later.values_list(*_FORECASTS), _FORECASTS)])
    _SAID[key] = found
    while len(_SAID) > MOST_KEPT:
        _SAID.pop(next(iter(_SAID)))
    return found


def _read(process: Process, cases: QuerySet[Case]) -> tuple[Log, pl.DataFrame]:
    wanted = cases.values("pk")
    is_end = Q(left_at=None, case__ended_at__isnull=False)
    visits = Stay.objects.filter(~is_end, case__in=wanted).values_list(*_STAY)
    outcome = NullIf("outcome", Value(""))
    heads = cases.order_by().values_list("pk", "opened_at", "ended_at", outcome)
    parties = Party.objects.filter(case__in=wanted).values_list("case", "role", "scope_kind", "scope_id")
    return Log(whole_stays(process, _frame(visits, VISITS)), _frame(heads, CASES)), _frame(parties, _HOLDERS)


def _frame(rows: QuerySet[Any, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Read rows as the database gives them: Django's own conversion of a million moments takes longer than the rest."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    moments = [name for name, dtype in schema.items() if dtype == MOMENT]
    first = list(schema).index(moments[0]) if moments else 0
    if not (moments and found and found[0][first].tzinfo is None):  # SQLite gives moments without their zone
        return pl.DataFrame(found, schema=dict(schema), orient="row")
    naive = {name: pl.Datetime("us") if name in moments else dtype for name, dtype in schema.items()}
    frame = pl.DataFrame(found, schema=naive, orient="row")
    return frame.with_columns(pl.col(name).dt.replace_time_zone("UTC") for name in moments)


def _joined(kept: _Kept, log: Log, holders: pl.DataFrame) -> tuple[Log, pl.DataFrame]:
    """Return what was kept with the cases that were read anew in the place of what was known of them."""
    stale = log.cases.select("case")

    def renewed(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([old.join(stale, on="case", how="anti"), new])

    joined = Log(renewed(kept.log.visits, log.visits), renewed(kept.log.cases, log.cases))
    return joined, renewed(kept.holders, holders)
