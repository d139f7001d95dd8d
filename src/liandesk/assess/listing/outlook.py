"""The number listed by the day of the target, counted and kept of every day; what came is written when it has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from liandesk.assess.listing.models import Outlook, Prospect, Stage
from liandesk.assess.listing.standing import standings
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liankit.rules.listed import CountingRule, chance_by, distribution
from liankit.rules.trajectory import FORECASTS, outcomes

_OVER = (Stage.LISTED, Stage.DELISTED, Stage.ACQUIRED, Stage.ACQUIRER)
"""States after which nobody is on the way any more."""
_UNNAMED = (0.0, 1.0)  # the chance in a state of which the rule says nothing


def keep_outlook(snapshot: Snapshot, rule: CountingRule, on: date) -> Outlook:
    """Count the number on a day from the forecasts of a snapshot and what officers keep; of one day the last counts."""
    settle(rule, on)
    years = snapshot.tables["listing_years"]
    chances, counted = _chances(rule, store.get_frame(years), on)
    made, _is_new = Outlook.objects.update_or_create(
        made_on=on,
        defaults={
            "snapshot": snapshot.key,
            "until": rule.by,
            "goal": rule.goal,
            "counted": counted,
            "numbers": {side: _trimmed(some) for side, some in chances.items()},
            "years": years,
            "is_synthetic": snapshot.is_synthetic,
        },
    )
    return made


def settle(rule: CountingRule, on: date) -> None:
    """Write what the number was in the end of the outlooks whose day has come."""
    for one in Outlook.objects.filter(until__lte=on, came=None):
        one.came = sum(found.verdict == "counted" for found in standings(rule, one.until))
        one.save(update_fields=["came"])


def keep_outcomes(made: Outlook) -> None:
    """Keep with an outlook what came of the forecasts of enterprises in earlier years; of each year the first word."""
    earlier = Outlook.objects.filter(made_on__year__lt=made.made_on.year).order_by("made_on")
    if not earlier.exists():
        return
    kept = pl.concat([_said(one) for one in [*earlier, made]])
    made.outcomes = store.put_frame(outcomes(kept))
    made.save(update_fields=["outcomes"])


def _said(one: Outlook) -> pl.DataFrame:
    return store.get_frame(one.years).select(*FORECASTS).with_columns(made_on=pl.lit(one.made_on))


def by_target(years: pl.DataFrame, rule: CountingRule) -> dict[str, tuple[float, float]]:
    """Return how likely each meets a board that counts by the year of the target: as known, and at most."""
    due = years.filter(pl.col("grants").is_in(rule.boards), pl.col("year") <= rule.by.year)
    most = due.group_by("enterprise").agg(pl.col("probability", "possible").max())
    return {str(key): (float(low), float(high)) for key, low, high in most.iter_rows()}


def _chances(rule: CountingRule, years: pl.DataFrame, on: date) -> tuple[dict[str, np.ndarray], int]:
    """Return the number listed by the day of the target as two distributions, and how many are listed on the day."""
    counted = {one.prospect.pk for one in standings(rule, on) if one.verdict == "counted"}
    ends = list(_on_the_way(rule, by_target(years, rule), on, counted))
    sure = [1.0] * len(counted)
    return {
        side: distribution([*sure, *filter(None, some)])
        for side, some in zip(("low", "high"), zip(*ends, strict=True) if ends else ((), ()), strict=True)
    }, len(counted)


def _on_the_way(
    rule: CountingRule, standards: dict[str, tuple[float, float]], on: date, counted: set[str]
) -> Iterator[tuple[float, float]]:
    stages = {one.key: one for one in rule.stages}
    idle = [key for key, one in stages.items() if not one.chance]
    rows = Prospect.objects.filter(is_current=True).exclude(stage__in=[*_OVER, *idle]).exclude(pk__in=counted)
    for one in rows.order_by("pk"):
        low, high = standards.get(one.pk, (0.0, 1.0))
        stage = stages.get(one.stage)
        yield (chance_by(stage, on, rule.by, low), chance_by(stage, on, rule.by, high)) if stage else _UNNAMED


def _trimmed(numbers: np.ndarray) -> list[float]:
    kept = np.flatnonzero(numbers > 1e-9)
    return [float(value) for value in numbers[: int(kept.max()) + 1]]
