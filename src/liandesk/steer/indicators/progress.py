"""Read how targets stand: what was computed of each, the light its office reports, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.snapshots import store
from liandesk.base.snapshots.queries import published
from liandesk.steer.indicators.divergence import divergences, hidden_targets, latest_reports
from liandesk.steer.indicators.models import Colour, Divergence, Forecast, Report
from liandesk.steer.indicators.policies import INDICATOR
from liandesk.steer.indicators.queries import SNAPSHOT
from liandesk.steer.plan.queries import plan
from liankit.reasons import Reason, reasons_by_entry


@dataclass(frozen=True)
class Progress:
    """How a target stands. ``light`` is computed; ``report`` is what its office says (None: nothing, or not yet told).

    ``computed`` is the row of the snapshot: goal, value, completion, interval of the forecast and so on.
    """

    target: str
    indicator: str
    light: str
    computed: dict[str, Any]
    reasons: tuple[Reason, ...]
    report: Report | None
    divergence: Divergence | None
    is_withheld: bool  # the office may still reply: its report is not shown to this viewer yet

    @property
    def is_synthetic(self) -> bool:
        return bool(self.computed["is_synthetic"])

    @property
    def value(self) -> float | None:
        found: float | None = self.computed["value"]
        return found

    @property
    def value_on(self) -> date | None:
        found: date | None = self.computed["value_on"]
        return found

    @property
    def completion(self) -> float | None:
        found: float | None = self.computed["completion"]
        return found

    @property
    def time_progress(self) -> float:
        return float(self.computed["time_progress"])

    @property
    def expected(self) -> float | None:
        found: float | None = self.computed["expected"]
        return found

    @property
    def probability(self) -> tuple[float, float, float] | None:
        """Least, middle and most likely probability of reaching the target by its day; None: unknown."""
        ends = [self.computed[f"probability{end}"] for end in ("_low", "", "_high")]
        return None if None in ends else (ends[0], ends[1], ends[2])

    @property
    def interval(self) -> tuple[float, float, float] | None:
        """Low, median and high of the forecast for the target's day; None: unknown."""
        ends = [self.computed[name] for name in ("low", "median", "high")]
        return None if None in ends else (ends[0], ends[1], ends[2])

    @property
    def to_green(self) -> dict[str, float]:
        """What would turn the light green: the value to reach, the pace a year, the age of evidence, the rating."""
        needs = {"value": "needs_value", "evidence_days": "needs_evidence_days", "rating": "needs_rating"}
        found = {name: self.computed[column] for name, column in needs.items()}
        if found["value"] is not None and self.computed["pace_needed"] is not None:
            found["pace"] = self.computed["pace_needed"]
        return {name: value for name, value in found.items() if value is not None}


def progress_of(viewer: Viewer, target: str) -> Progress | None:
    """Return how a target stands; None where nothing is computed of it, or not for this viewer."""
    return next(iter(_progress(viewer, pl.col("row") == target)), None)


def progress_of_indicator(viewer: Viewer, key: str) -> Progress | None:
    """Return how the first target that an indicator measures stands; None as ``progress_of``."""
    return next(iter(_progress(viewer, pl.col("indicator") == key)), None)


def progress_of_all(viewer: Viewer) -> list[Progress]:
    """Return how every measured target stands, in the order of the plan."""
    return _progress(viewer)


def _progress(viewer: Viewer, *wanted: pl.Expr) -> list[Progress]:
    snapshot = published(SNAPSHOT) if can(viewer, INDICATOR, "read") else None
    if snapshot is None:
        return []
    rows = _frame(snapshot.tables["target_lights"]).filter(*wanted)
    reasons = _reasons(snapshot.tables["target_reasons"])
    told = {one.target: one for one in divergences(viewer).filter(closed_on=None)}
    hidden, reports = hidden_targets(viewer), latest_reports()
    return [
        Progress(
            row["row"],
            row["indicator"],
            row["colour"],
            row,
            reasons.get(row["row"], ()),
            None if row["row"] in hidden else reports.get(row["row"]),
            told.get(row["row"]),
            row["row"] in hidden,
        )
        for row in rows.to_dicts()
    ]


def fan_of(viewer: Viewer, target: str) -> pl.DataFrame | None:
    """Return the forecast of a target on the days up to its own: until, low, median, high, model, points."""
    fans = _table("target_fans") if can(viewer, INDICATOR, "read") else None
    return None if fans is None else fans.filter(pl.col("row") == target).sort("until")


def computed_light(target: str) -> str:
    """Return the computed light of a target as it is published; grey where there is none. For actions."""
    lights = _table("target_lights")
    found = [] if lights is None else lights.filter(pl.col("row") == target)["colour"].to_list()
    return found[0] if found else Colour.GREY.value


def lead_of(target: str) -> str | None:
    """Return the office that leads a target of the plan in force; None where there is no such target or no lead."""
    found = plan(system_viewer("indicators"))
    if found is None or target not in found.targets:
        return None
    return next((unit.office for unit in found.units_of(target) if unit.is_lead), None)


def forecasts(viewer: Viewer, target: str) -> list[Forecast]:
    """Return what was forecast of a target month by month, with the scores of those that are over."""
    return list(Forecast.objects.filter(target=target)) if can(viewer, INDICATOR, "read") else []


def _table(name: str) -> pl.DataFrame | None:
    snapshot = published(SNAPSHOT)
    return None if snapshot is None else _frame(snapshot.tables[name])


@lru_cache(maxsize=16)
def _frame(digest: str) -> pl.DataFrame:
    """Read a small table once: what has a hash never changes."""
    return store.get_frame(digest)


@lru_cache(maxsize=4)
def _reasons(digest: str) -> dict[str, tuple[Reason, ...]]:
    return reasons_by_entry(_frame(digest))
