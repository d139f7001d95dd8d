"""The mid-term and the final evaluation: of each target and clause the level that follows, and what people judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.display import language
from liandesk.steer.indicators.progress import Progress, progress_of_all
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision import queries
from liandesk.steer.supervision.models import Judgement
from liandesk.steer.supervision.policies import EVALUATION
from liandesk.steer.supervision.queries import RowState
from liankit.plan.judgement import Judged, judge, worst
from liankit.plan.model import Plan, Target
from liankit.plan.progress import time_progress
from liankit.process.definition import Text


@dataclass(frozen=True)
class Evaluated:
    """A target or a clause: the level that is proposed and why, the judgement that stands (None: nobody judged)."""

    subject_id: str
    title: str
    is_target: bool
    proposed: Judged
    judgement: Judgement | None
    is_synthetic: bool = False

    @property
    def seen(self) -> int:
        """Return how many judgements of it there are."""
        return self.judgement.number if self.judgement else 0


def evaluated(viewer: Viewer, kind: str) -> list[Evaluated]:
    """Return every target and clause of the plan that counts today, targets first."""
    check(viewer, EVALUATION, "read")
    plan = the_plan(viewer)
    judged = queries.judgements(viewer, plan.key, kind)
    found = [*_targets(viewer, plan), *_clauses(viewer, plan)]
    return [replace(one, judgement=judged.get(one.subject_id)) for one in found]


def _targets(viewer: Viewer, plan: Plan) -> Iterator[Evaluated]:
    known = {one.target: one for one in progress_of_all(viewer)}
    for key, target in plan.targets.items():
        stands = known.get(key)
        is_synthetic = stands is not None and stands.is_synthetic
        yield Evaluated(key, _said(target.text), True, _of_target(plan, target, stands), None, is_synthetic)


def _of_target(plan: Plan, target: Target, stands: Progress | None) -> Judged:
    """A target is judged by its value against the time of its own, from the plan's first day to the day it is due."""
    over = time_progress(today(), plan.period.start, target.by)
    return judge(stands.completion if stands else None, over, queries.margins())


def _clauses(viewer: Viewer, plan: Plan) -> Iterator[Evaluated]:
    rows = queries.seen_rows(viewer).filter(sheet__plan=plan.key, case__isnull=False)
    states: dict[str, list[RowState]] = {}
    for state in queries.states(rows):
        states.setdefault(state.row.subject_id, []).append(state)
    for key, clause in plan.clauses.items():
        of = states.get(key, [])
        is_synthetic = any(state.row.sheet.is_synthetic for state in of)
        yield Evaluated(key, _said(clause.text), False, _of_clause(of), None, is_synthetic)


def _of_clause(states: Sequence[RowState]) -> Judged:
    """A clause stands as the worst of its tasks of the latest year; without a task nothing is known of it."""
    year = max((state.row.sheet.year for state in states), default=None)
    latest = [state for state in states if state.row.sheet.year == year]
    grade = worst([state.standing for state in latest])
    return Judged(grade, tuple(reason for state in latest if state.standing == grade for reason in state.reasons))


def _said(text: Text) -> str:
    return str(getattr(text, language()))
