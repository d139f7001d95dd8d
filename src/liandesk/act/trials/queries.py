"""Read the start-up of trials: the list, times of one's own and of the group, what waits for reviewers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import QuerySet

from liandesk.act.insight.groups import WHOLE, Compared, Spread, may_be_told, spread_of
from liandesk.act.trials.effects import key_of
from liandesk.act.trials.milestones import CLOSED, WAITS_FOR_REVIEW
from liandesk.act.trials.models import Startup
from liandesk.act.trials.policies import STARTUP
from liandesk.act.trials.times import Bar, Times, bars, times_by, times_of
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.display import language
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of, seen_by
from liandesk.base.work.tables import stage_titles
from liankit import calendars


def startups(viewer: Viewer) -> QuerySet[Startup]:
    """Return the trials that the viewer may see, the youngest first; of restricted cases those that name them."""
    seen = Startup.objects.filter(visibility(viewer, STARTUP).as_q(), seen_by(viewer, "case"))
    return seen.select_related("case__definition").defer("case__definition__body")


@dataclass(frozen=True)
class Distribution:
    """Start-up times as one viewer may know them.

    ``compared`` sets those that the viewer does not see, as one group, beside their own; None for who sees all.
    """

    day: date
    all: Times | None
    by_variant: list[Times]
    by_site: list[Times]
    bars: list[Bar]
    given_up: int
    sees_all: bool
    compared: Compared | None
    is_synthetic: bool


def distribution(viewer: Viewer) -> Distribution:
    """Return how long start-ups take, of the trials the viewer sees and, of enough others, as one group."""
    check(viewer, STARTUP, "read")
    own, day = list(startups(viewer)), today()
    sees_all = visibility(viewer, STARTUP).everything
    times = times_of(own, day)
    return Distribution(
        day,
        times,
        times_by(own, day, lambda one: one.variant),
        times_by(own, day, lambda one: one.site_name),
        bars(own, day),
        sum(one.ended_on is not None for one in own),
        sees_all,
        None if sees_all else Compared(WHOLE, _spread(times) if times else None, _others(own, day)),
        any(one.is_synthetic for one in own),
    )


def _others(own: Sequence[Startup], day: date) -> Spread | None:
    """Return the times of all others in one; None where somebody could be made out among those that have started."""
    found = Startup.objects.filter(case__is_restricted=False).exclude(pk__in=[one.pk for one in own])
    started = [one for one in found if one.days_by(day) is not None and one.has_started(day)]
    if not may_be_told([{one.site_key, key_of(one.sponsor_name)} for one in started]):
        return None
    times = times_of(found, day)
    return _spread(times) if times else None


def _spread(times: Times) -> Spread:
    return spread_of(asdict(times), times.started)


def waiting_for_reviewers(viewer: Viewer) -> list[Startup]:
    """Return the trials that wait for somebody's decision, the one due first first."""
    check(viewer, STARTUP, "convene")
    found = [one for one in startups(viewer).filter(case__ended_at=None) if WAITS_FOR_REVIEW & set(one.case.stages)]
    return sorted(found, key=lambda one: (one.case.due or date.max, one.pk))


def review_stages(one: Startup) -> str:
    """Return the titles of the stages in which a trial waits for reviewers."""
    return _titles(one, WAITS_FOR_REVIEW)


def standing(one: Startup) -> str:
    """Return the titles of the stages in which something goes on; of branches that are closed only if all are."""
    return _titles(one, set(one.case.stages) - set(CLOSED)) or _titles(one, CLOSED)


def _titles(one: Startup, stages: Collection[str]) -> str:
    titles = zip(one.case.stages, stage_titles(one.case), strict=True)
    between = "、" if language() == "zh" else ", "
    return between.join(title for stage, title in titles if stage in stages)


def days_left(case: Case) -> int | None:
    """Return the days to the end of the clock that is due first, in its own unit; negative: it is over."""
    if case.due is None:
        return None
    clock = next((clock for clock in process_of(case.definition).clocks if clock.key == case.due_clock), None)
    is_working = clock is None or clock.unit == "working_days"
    count = calendars.working_days if is_working else calendars.calendar_days
    day = today()
    return count(day, case.due).days if case.due >= day else -count(case.due, day).days
