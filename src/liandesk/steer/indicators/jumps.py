"""Who adds much at the ends of quarters: what towns and offices added month by month, tested for the assessor.

Tested is what adds up and is told of towns or offices: counted from records at each month's end, or claimed and
approved. With few months the test says nothing, which is shown as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.metrics import METRICS
from liandesk.base.snapshots.queries import published, table
from liandesk.steer.indicators.claims import standing_claims
from liandesk.steer.indicators.definitions import all_indicators
from liandesk.steer.indicators.policies import JUMP
from liandesk.steer.indicators.queries import SNAPSHOT
from liandesk.steer.indicators.recomputing import period_ends
from liandesk.steer.indicators.shown import scope_name, title_of
from liandesk.steer.plan.queries import plan as plan_in_force
from liankit.plan.indicators import Computed, Indicator
from liankit.plan.jumps import JUMP_SCHEMA, added_of, quarter_end_jumps

TABLE = "unit_jumps"
FALSE_DISCOVERY = 0.1
"""Share of those flagged that may be innocent."""

MONTHS = 36
"""How far back the test looks: offices and their people change."""

_RUNNING = {"unit": pl.String, "indicator": pl.String, "on": pl.Date, "value": pl.Float64, "is_synthetic": pl.Boolean}
_KEYS = ["unit", "indicator"]


@dataclass(frozen=True)
class Jump:
    """What the test says of a town or office in one indicator; ``p`` and ``q`` are None where it was not tested."""

    scope: str
    indicator: Indicator
    quarters: int
    jump: float | None  # in usual months of the unit
    p: float | None
    q: float | None
    is_flagged: bool | None
    is_synthetic: bool

    @property
    def unit(self) -> str:
        return scope_name(self.scope)

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def verdict(self) -> str:
        if self.p is None:
            return "untested"
        return "flagged" if self.is_flagged else "quiet"


def jumps(viewer: Viewer) -> list[Jump]:
    """Return what was tested, the most striking first; for those who appraise."""
    check(viewer, JUMP, "read")
    snapshot, known = published(SNAPSHOT), all_indicators()
    if snapshot is None or TABLE not in snapshot.tables:
        return []
    rows = table(snapshot, TABLE).collect().to_dicts()
    return [
        Jump(scope=row.pop("unit"), indicator=known[row.pop("indicator")], **row)
        for row in rows
        if row["indicator"] in known
    ]


def jump_tables(day: date | None = None) -> dict[str, pl.DataFrame]:
    """Return the table of the snapshot: a row a unit and indicator, with what the test says. For the job."""
    day, plan = day or today(), plan_in_force(system_viewer("indicators"))
    known = {key: one for key, one in all_indicators().items() if _is_tested(one)}
    months = period_ends(plan.period.start, day, 1)[-MONTHS - 1 :] if plan else []
    running = pl.DataFrame([*_counted(known, months), *_claimed(known)], schema=_RUNNING, orient="row")
    found = quarter_end_jumps(added_of(running), fdr=FALSE_DISCOVERY)
    synthetic = running.group_by(_KEYS).agg(pl.col("is_synthetic").any())
    return {TABLE: found.join(synthetic, on=_KEYS, maintain_order="left").select(*_KEYS, *JUMP_SCHEMA, "is_synthetic")}


def _is_tested(one: Indicator) -> bool:
    return one.counting in ("cumulative", "within") and one.disaggregation != "none"


def _counted(known: Mapping[str, Indicator], months: list[date]) -> Iterator[tuple[object, ...]]:
    for key, one in known.items():
        if isinstance(one.source, Computed) and one.disaggregation != "none" and one.source.metric in METRICS:
            count = METRICS[one.source.metric]
            for on in months:
                told = count(on, by=one.disaggregation, of=one.source.of)
                yield from ((found.scope, key, on, found.value, found.is_synthetic) for found in told if found.scope)


def _claimed(known: Mapping[str, Indicator]) -> Iterator[tuple[object, ...]]:
    for one in standing_claims(known):
        if one.scope:
            yield (one.scope, one.indicator, one.on, one.value, one.is_synthetic)
