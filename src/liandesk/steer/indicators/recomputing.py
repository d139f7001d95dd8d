"""Compute every indicator and every light anew, in the worker: tables of a snapshot of their own.

Values are counted by the metrics of other apps, at the end of each period since the plan began and today; what people
claimed counts once it is approved. The same values give the same tables and so the same snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

import polars as pl
from django.utils import timezone

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.clock import today
from liandesk.base.metrics import METRICS, Metric
from liandesk.steer.indicators import definitions
from liandesk.steer.indicators.claims import standing_claims
from liandesk.steer.indicators.ratings import rating_table
from liandesk.steer.plan.queries import plan as plan_in_force
from liankit.plan.indicators import MONTHS, Computed, Indicator
from liankit.plan.lights import recompute
from liankit.plan.model import Plan, Target
from liankit.plan.outlook import forecast_all

Tables = dict[str, pl.DataFrame]
VALUE_SCHEMA = {
    "indicator": pl.String,
    "scope": pl.String,
    "on": pl.Date,
    "value": pl.Float64,  # null: the records say nothing of that day
    "evidence_on": pl.Date,
    "is_synthetic": pl.Boolean,
    "ids": pl.String,  # JSON list of the records that were counted
}
TARGET_SCHEMA = {
    "row": pl.String,
    "goal": pl.Float64,
    "comparator": pl.String,
    "counting": pl.String,
    "direction": pl.String,
    "baseline": pl.Float64,
    "start": pl.Date,
    "until": pl.Date,
    "whole": pl.Float64,
}
PATH_SCHEMA = {"row": pl.String, "on": pl.Date, "value": pl.Float64}
_AHEAD = 91  # days between two points of the fan


def tables_of(day: date | None = None) -> Tables:
    """Return the tables of the snapshot: counted values, lights, their reasons, and the fans of the forecasts.

    Of a day that is past they follow from the claims and ratings that were known then.
    """
    day = day or today()
    plan = plan_in_force(system_viewer("indicators"))
    known = definitions.all_indicators()
    counted = pl.DataFrame(list(_counted(known, plan, day)), schema=VALUE_SCHEMA, orient="row")
    targets = _measured(plan, known) if plan else {}
    values = _of_targets(targets, known, counted, day)
    return {"indicator_values": counted, **_lights(targets, known, plan, values, day)}


def _known_at(day: date) -> datetime | None:
    """Return the last moment of a past day; None for today: all that is known."""
    return timezone.make_aware(datetime.combine(day, time.max)) if day < today() else None


def _counted(known: Mapping[str, Indicator], plan: Plan | None, day: date) -> Iterator[tuple[object, ...]]:
    start = plan.period.start if plan else day
    for key, indicator in known.items():
        if isinstance(indicator.source, Computed) and indicator.source.metric in METRICS:
            for on in period_ends(start, day, MONTHS[indicator.period]):
                yield from (_row(key, on, one) for one in _counts(indicator, indicator.source, on))


def _counts(indicator: Indicator, source: Computed, on: date) -> Iterator[Metric]:
    count = METRICS[source.metric]
    yield from count(on, by="none", of=source.of)
    if indicator.disaggregation != "none":
        yield from count(on, by=indicator.disaggregation, of=source.of)


def _row(key: str, on: date, one: Metric) -> tuple[object, ...]:
    return (key, one.scope, on, one.value, one.evidence_on, one.is_synthetic, json.dumps(one.ids))


def period_ends(start: date, until: date, months: int) -> list[date]:
    """Return the last days of the periods that ended since a day, and ``until`` itself.

    >>> period_ends(date(2024, 1, 1), date(2024, 8, 15), 3)
    [datetime.date(2024, 3, 31), datetime.date(2024, 6, 30), datetime.date(2024, 8, 15)]
    """
    ends, month = [], start.year * 12 + (start.month - 1) // months * months + months
    while (end := date(month // 12, month % 12 + 1, 1) - timedelta(1)) < until:
        ends.append(end)
        month += months
    return [*ends, until]


def _measured(plan: Plan, known: Mapping[str, Indicator]) -> dict[str, Target]:
    return {name: target for name, target in plan.targets.items() if target.indicator in known}


def _of_targets(
    targets: Mapping[str, Target], known: Mapping[str, Indicator], counted: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Return the values of the district that each target is judged by: ``row`` is its id."""
    of = pl.DataFrame({"row": list(targets), "indicator": [one.indicator for one in targets.values()]}, _ROWS)
    standing = standing_claims(known, _known_at(day))
    claimed = pl.DataFrame(
        [(c.indicator, c.scope, c.on, c.value, c.on, c.is_synthetic, "[]") for c in standing],
        schema=VALUE_SCHEMA,
        orient="row",
    )
    said = pl.concat([counted, claimed]).filter(pl.col("scope") == "", pl.col("value").is_not_null())
    return of.join(said.drop("scope", "ids"), on="indicator").sort("row", "on")


_ROWS = {"row": pl.String, "indicator": pl.String}


def _lights(
    targets: Mapping[str, Target], known: Mapping[str, Indicator], plan: Plan | None, values: pl.DataFrame, day: date
) -> Tables:
    asked = pl.DataFrame([_asked(*pair, known, plan) for pair in targets.items()], schema=TARGET_SCHEMA)
    paths = pl.DataFrame(
        [(name, step.on, step.value) for name, target in targets.items() for step in target.path],
        schema=PATH_SCHEMA,
        orient="row",
    )
    judged = values.select("row", "on", "value", "evidence_on")
    rules = definitions.light_rules()
    ratings = rating_table(rules, _known_at(day))
    asked_for = ratings if rules.grades else None
    found = recompute(judged, asked, day, rules.built, paths=paths, ratings=asked_for)
    said = pl.concat(table.select("row", "is_synthetic") for table in (values, ratings))
    synthetic = said.group_by("row").agg(pl.col("is_synthetic").any())
    named = pl.DataFrame({"row": list(targets), "indicator": [one.indicator for one in targets.values()]}, _ROWS)
    lights = found.progress.join(named, on="row").join(synthetic, on="row", how="left")
    lights = lights.with_columns(pl.col("is_synthetic").fill_null(False), day=pl.lit(day))
    return {"target_lights": lights, "target_reasons": found.reasons, "target_fans": _fans(judged, asked, day)}


def _asked(name: str, target: Target, known: Mapping[str, Indicator], plan: Plan | None) -> dict[str, object]:
    assert plan is not None  # it has the targets
    assert target.indicator is not None
    indicator = known[target.indicator]
    return {
        "row": name,
        "goal": target.value,
        "comparator": target.comparator,
        "counting": target.counting,
        "direction": indicator.direction,
        "baseline": target.baseline.value,
        "start": target.baseline.on or plan.period.start,
        "until": target.by,
        "whole": 1.0,
    }


def _fans(judged: pl.DataFrame, asked: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the forecast of each target on the days that lie between today and its own."""
    columns = ("row", "counting", "start", "until", "whole", "goal", "comparator")
    lines = [
        {**row, "until": until} for row in asked.select(columns).to_dicts() for until in _days_ahead(day, row["until"])
    ]
    schema = {name: TARGET_SCHEMA[name] for name in columns}
    return forecast_all(judged.select("row", "on", "value"), pl.DataFrame(lines, schema=schema))


def _days_ahead(day: date, until: date) -> Iterable[date]:
    count = max(0, (until - day).days)
    return [*(day + timedelta(ahead) for ahead in range(_AHEAD, count, _AHEAD)), *([until] if count else [])]
