"""Read task sheets, rows with how they stand, judgements, the seal. Who may not see them finds none, by no door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.pack import pack
from liandesk.base.teamwork.models import Task
from liandesk.steer.supervision.models import Judgement, Row, RowComment, Seal, TaskSheet
from liandesk.steer.supervision.policies import EVALUATION, TASK_SHEET
from liandesk.steer.supervision.reports import Report, Told, last_quarter, quarter_end, told_of
from liankit.plan.judgement import Grade, Judged, Margins, judge
from liankit.plan.progress import time_progress
from liankit.reasons import Reason


@dataclass(frozen=True)
class Milestone:
    """One milestone of a row: when it is due, and when it was ticked off (None: not yet)."""

    title: str
    due: date | None
    done_on: date | None = None

    @property
    def is_late(self) -> bool:
        """Say whether its day has passed and it is not done."""
        return self.done_on is None and self.due is not None and self.due < today()


@dataclass(frozen=True)
class RowState:
    """A row with how it stands today: the level, why, and what its case says."""

    row: Row
    standing: Grade
    reasons: tuple[Reason, ...]
    milestones: tuple[Milestone, ...]
    told: Told
    ended_on: date | None
    is_report_missing: bool  # of the last quarter that is over

    @property
    def last_report(self) -> Report | None:
        return self.told.last

    @property
    def milestones_done(self) -> int:
        return sum(one.done_on is not None for one in self.milestones)

    @property
    def is_behind(self) -> bool:
        """Say whether somebody has to look at it: behind, a milestone missed, or a report missing."""
        is_late = any(one.is_late for one in self.milestones)
        return self.standing == "behind" or (self.ended_on is None and (is_late or self.is_report_missing))


def sheets(viewer: Viewer) -> QuerySet[TaskSheet]:
    """Return the sheets of which the viewer sees a row, the latest year first."""
    check(viewer, TASK_SHEET, "read")
    seen = visibility(viewer, TASK_SHEET)
    found = TaskSheet.objects.select_related("case", "case__definition").order_by("-year", "-id")
    return found if seen.everything else found.filter(pk__in=Row.objects.filter(seen.as_q()).values("sheet"))


def sheet(viewer: Viewer, pk: int) -> TaskSheet:
    """Return one sheet; raise NotThere when there is none for the viewer."""
    found = sheets(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such task sheet. The page of task sheets shows all."))
    return found


def standing_sheet(viewer: Viewer, plan: str, year: int) -> TaskSheet | None:
    """Return the sheet of a plan and a year that was not dropped."""
    return sheets(viewer).filter(plan=plan, year=year).exclude(case__outcome="dropped").first()


def seen_rows(viewer: Viewer) -> QuerySet[Row]:
    """Return the rows that the viewer sees: an office those in which it takes part."""
    check(viewer, TASK_SHEET, "read")
    found = Row.objects.filter(visibility(viewer, TASK_SHEET).as_q())
    return found.select_related("sheet", "sheet__case", "case").order_by("sheet", "number")


def row(viewer: Viewer, pk: int) -> Row:
    """Return one row; raise NotThere when there is none for the viewer."""
    found = seen_rows(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such task for you."))
    return found


def rows(viewer: Viewer, of: TaskSheet) -> list[RowState]:
    """Return the rows of a sheet that the viewer sees, each with how it stands."""
    return states(seen_rows(viewer).filter(sheet=of))


def rows_of(viewer: Viewer, subject_id: str) -> list[RowState]:
    """Return the rows of a target or a clause of the plan, in all years, that the viewer sees."""
    return states(seen_rows(viewer).filter(subject_id=subject_id))


def rows_of_office(viewer: Viewer, office: str) -> list[RowState]:
    """Return the rows of frozen sheets that an office leads."""
    return states(seen_rows(viewer).filter(lead=office, case__isnull=False))


def behind(viewer: Viewer) -> list[RowState]:
    """Return the rows of frozen sheets that somebody has to look at, the earliest due first; none for an outsider."""
    if not can(viewer, TASK_SHEET, "read"):
        return []
    found = states(seen_rows(viewer).filter(case__isnull=False))
    return sorted((one for one in found if one.is_behind), key=lambda one: (one.row.due, one.row.pk))


def comments(viewer: Viewer, found: Row) -> QuerySet[RowComment]:
    """Return what offices said about a row that the viewer sees."""
    return RowComment.objects.filter(row__in=seen_rows(viewer).filter(pk=found.pk))


def unanswered(of: TaskSheet) -> QuerySet[RowComment]:
    """Return the comments on a sheet that nobody has answered; for the programs that freeze it."""
    return RowComment.objects.filter(row__sheet=of, answered_at=None)


def states(found: Iterable[Row]) -> list[RowState]:
    """Return how rows stand today; the caller has read them by a viewer. Three reads however many there are."""
    rows_, day = list(found), today()
    cases = [row.case_id for row in rows_ if row.case_id]
    told, tasks = told_of(cases), _tasks(cases)
    return [_state(row, told.get(row.case_id or 0, Told()), tasks.get(row.case_id or 0, ()), day) for row in rows_]


def _tasks(cases: Sequence[int]) -> dict[int, list[Milestone]]:
    """Return the checklists of cases: the milestones, once a sheet is frozen."""
    found: dict[int, list[Milestone]] = {}
    for task in Task.objects.filter(case__in=cases).order_by("due", "id"):
        done = localdate(task.done_at) if task.done_at else None
        found.setdefault(task.case_id, []).append(Milestone(task.title, task.due, done))
    return found


def _state(row: Row, told: Told, tasks: Sequence[Milestone], day: date) -> RowState:
    ended = localdate(row.case.ended_at) if row.case and row.case.ended_at else None
    milestones = tuple(tasks) if row.case_id else planned(row)
    judged = _judged(row, told, milestones, day, ended)
    period = last_quarter(day)
    is_asked = row.case is not None and ended is None and localdate(row.case.opened_at) <= quarter_end(period)
    is_missing = is_asked and told.of(period) is None
    return RowState(row, judged.grade, judged.reasons, milestones, told, ended, is_missing)


def planned(row: Row) -> tuple[Milestone, ...]:
    """Return the milestones as the sheet says them."""
    return tuple(Milestone(one["title"], date.fromisoformat(one["due"])) for one in row.milestones)


def margins() -> Margins:
    """Return how far a task may be from its time and still be on track, as the pack says."""
    ahead, behind_ = pack().judgement_margins
    return Margins(ahead, behind_)


def _judged(row: Row, told: Told, milestones: Sequence[Milestone], day: date, ended: date | None) -> Judged:
    if row.case is None:
        return Judged("unknown", ())
    done = ended if row.case.outcome == "done" else None
    if ended and done is None:
        return Judged("unknown", ())
    completion, due = _so_far(row, told, milestones, day)
    return judge(completion, due, margins(), reached_on=done, due=row.due)


def _so_far(row: Row, told: Told, milestones: Sequence[Milestone], day: date) -> tuple[float | None, float]:
    """Return the share done (None: unknown) and the share that is due by a day.

    Of a goal in numbers: what was reported of it, and the time that is over; else of the milestones: those done and
    those whose day has passed.
    """
    over = time_progress(day, row.starts, row.due)
    if row.goal_value and told.value is not None:
        return told.value / row.goal_value, over
    if not milestones:
        return None, over
    done = sum(one.done_on is not None for one in milestones)
    passed = sum(one.due is not None and one.due < day for one in milestones)
    return done / len(milestones), passed / len(milestones)


def judgements(viewer: Viewer, plan: str, kind: str) -> dict[str, Judgement]:
    """Return the judgement that stands of each target and clause in an evaluation."""
    check(viewer, EVALUATION, "read")
    found = Judgement.objects.filter(plan=plan, kind=kind).order_by("subject_id", "number")
    return {one.subject_id: one for one in found}


def seal_of(viewer: Viewer, plan: str) -> Seal | None:
    """Return the seal of a plan; None while it is open."""
    check(viewer, EVALUATION, "read")
    handovers = Prefetch("handovers")
    return Seal.objects.filter(plan=plan).prefetch_related(handovers).first()


def is_sealed(plan: str) -> bool:
    """Say whether a plan is sealed; for the programs that then write nothing more of it."""
    return Seal.objects.filter(plan=plan).exists()
