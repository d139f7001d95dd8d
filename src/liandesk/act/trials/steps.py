"""Lead one case on by the dates of a row: a step a date, in the order of the days, each as a person would take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from liandesk.act.trials.milestones import BREAKS, CLOSED, ENDS, MILESTONES, REFUSED, Milestone, Way
from liandesk.act.trials.models import Startup
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.work.actions import IllegalStep, Step, act
from liandesk.base.work.columns import zone
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of, state_of
from liankit.process import Process

_NOON = time(12)


class BadCell(UserError):
    """A cell that is not taken; ``column`` names it."""

    def __init__(self, why: str, column: str) -> None:
        super().__init__(why)
        self.column = column


def moment(day: date, column: str) -> datetime:
    """Return noon of a day; BadCell for one that has not come."""
    if day > today():
        raise BadCell(_("'%(day)s' has not come yet. Enter what has happened.") % {"day": day}, column)
    return datetime.combine(day, _NOON, zone())


@dataclass
class Walk:
    """One case that is led on by its writer, by the version of the process that it runs by."""

    case: Case
    by: Viewer

    @cached_property
    def row(self) -> Startup:
        """The row as it stands before the walk."""
        return Startup.objects.get(case=self.case)

    @property
    def process(self) -> Process:
        return process_of(self.case.definition)

    def to(self, cells: Mapping[str, Any]) -> Case:
        """Take every step that the dates of a row tell and the case does not have yet; return the case."""
        for day, milestone in sorted(self._new(cells), key=lambda pair: pair[0]):
            way = self._way(milestone, cells)
            answer = way.answer or ("genetic_result", cells.get("genetic_way"))
            self._take(way, day, milestone.name, answer if way.answer or way.step == "settle_genetic" else None)
            self._join(day)
        if "ended_on" in cells:
            self._end(cells)
        elif "end_reason" in cells:
            raise BadCell(_("Why it ended stands there, but not when. Enter the day."), "ended_on")
        return self.case

    def _new(self, cells: Mapping[str, Any]) -> Iterator[tuple[date, Milestone]]:
        """Yield the milestones that a row adds; BadCell for a day other than the one that stands."""
        for milestone in MILESTONES:
            told, stands = cells.get(milestone.name), getattr(self.row, milestone.name)
            if told is not None and stands is None:
                yield told, milestone
            elif told is not None and told != stands:
                said = _("%(day)s stands there already. Correct that entry on the page of the case.")
                raise BadCell(said % {"day": stands}, milestone.name)

    def _way(self, milestone: Milestone, cells: Mapping[str, Any]) -> Way:
        """Return the step by which a milestone is reached from where the case stands; BadCell where there is none."""
        ways = [way for stage in self.case.stages for way in milestone.ways.get(stage, ())]
        found = next((way for way in ways if self._goes_with(way)), None)
        if found is None:
            said = _("This milestone cannot be reached yet, or not by this variant: an earlier one is missing.")
            raise BadCell(said, milestone.name)
        if found.step == "settle_genetic" and cells.get("genetic_way") not in ("not_needed", "filed"):
            said = _("Say whether nothing is needed or it is filed; a permit is asked for first.")
            raise BadCell(said, "genetic_way")
        return found

    def _goes_with(self, way: Way) -> bool:
        """Say whether a step is one of this variant."""
        step, variant = self.process.transition(way.step), self.row.variant
        return step is not None and variant in step.when.get("variant", (variant,))

    def _take(self, way: Way, day: date, column: str, answer: tuple[str, Any] | None = None) -> None:
        data = {answer[0]: answer[1]} if answer else {}
        step = Step("do", self.case.events_count, way.step, data, way.reason, moment(day, column))
        try:
            self.case = act(self.case.pk, step, by=self.by)
        except IllegalStep as refused:
            raise BadCell(str(refused), column) from None

    def _join(self, day: date) -> None:
        """Once the last branch is closed and all went well, the case goes on."""
        step = self.process.transition("make_ready")
        if step is None or set(self.case.stages) != set(CLOSED):
            return
        fields = state_of(self.case).fields
        if all(fields.get(key) in values for key, values in step.when.items()):
            self._take(Way("make_ready"), day, "initiated_on")

    def _end(self, cells: Mapping[str, Any]) -> None:
        """Close what is open with why it ended, then end the case; an ended one says so already."""
        day, reason = cells["ended_on"], cells.get("end_reason", "")
        if not reason:
            raise BadCell(_("When it ended stands there, but not why. Choose the reason."), "end_reason")
        if self.case.ended_at:
            self._check_end(day, reason)
            return
        for stage in [stage for stage in self.case.stages if stage in BREAKS]:
            way = next(way for way in BREAKS[stage] if self._goes_with(way))
            assert way.answer is not None  # each way of BREAKS has one
            field, broken = way.answer
            answer = (field, "refused" if stage in REFUSED.get(reason, ()) else broken)
            self._take(way, day, "ended_on", answer)
        step = next((ENDS[stage] for stage in self.case.stages if stage in ENDS), "end_in_branches")
        self._take(Way(step, reason=reason), day, "ended_on")

    def _check_end(self, day: date, reason: str) -> None:
        if (self.row.ended_on, self.case.reason) != (day, reason):
            raise BadCell(_("It has ended otherwise already. Correct that entry on the page of the case."), "ended_on")
