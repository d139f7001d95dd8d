"""When an open case will end, as a page says it and as it is kept: in whole days, as dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from liandesk.act.insight.frames import Learnt
from liankit.insight.forecast import Finish
from liankit.insight.tables import DAY

LEAST_ENDED = 5
"""Below so many cases that ended nothing is forecast: it would be a guess with an interval."""
FAR = timedelta(36_525)
"""What lies beyond a century is no day at all: somebody will have changed the process by then."""


@dataclass(frozen=True)
class Foreseen:
    """The days between which a case ends with the chance of the forecast's level, and the middle; None: unknown."""

    low: date | None
    median: date | None
    high: date | None


def aged(stays: Iterable[tuple[str, datetime]], at: datetime) -> tuple[tuple[str, int], ...]:
    """Return where a case stands with the whole days it has been there, so that alike cases are forecast alike."""
    return tuple((stage, max(round((at - entered).total_seconds() / DAY), 0)) for stage, entered in stays)


def finish(learnt: Learnt, standing: Sequence[tuple[str, float]]) -> Finish | None:
    """Return when a case ends that stands so; None where too few have ended, or a stage is not one of today's."""
    stages = {stage.key for stage in learnt.model.process.stages}
    if learnt.ended < LEAST_ENDED or not standing or not stages.issuperset(stage for stage, _age in standing):
        return None
    return learnt.model.finish(standing)


def foreseen(found: Finish, day: date) -> Foreseen:
    """Return the days that a forecast of a day means."""
    return Foreseen(*(_day(days, day) for days in (found.low, found.median, found.high)))


def _day(days: float | None, day: date) -> date | None:
    return None if days is None or days > FAR.days else day + timedelta(round(days))
