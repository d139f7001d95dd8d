"""Read projects: those a viewer may see, their cohorts, whose credit they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from liandesk.act.pipeline.cohorts import Cohort, Intake, cohorts, intakes
from liandesk.act.pipeline.models import Dispute, LeadCredit, Project
from liandesk.act.pipeline.policies import PROJECT
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.work.queries import seen_by


@dataclass(frozen=True)
class TownCredit:
    """What a town has of the projects that somebody sees, in shares of credit."""

    town: str
    signed: float
    landed: float
    produced: float


def projects(viewer: Viewer) -> QuerySet[Project]:
    """Return the projects that the viewer may see; of those of restricted cases only where these name them."""
    seen = Project.objects.filter(visibility(viewer, PROJECT).as_q())
    return seen.filter(Q(case__is_restricted=False) | seen_by(viewer, "case"))


def dispute(viewer: Viewer, case: int) -> Dispute | None:
    """Return the dispute of a case with its lead, where the viewer may see that lead."""
    return Dispute.objects.select_related("project").filter(case=case, project__in=projects(viewer)).first()


def credit(project: Project) -> list[LeadCredit]:
    """Return the shares of a project, the largest first."""
    return list(LeadCredit.objects.filter(case=project.case_id).order_by("-share", "town"))


def is_open(asked: str) -> Q:
    """Return the condition of projects that are under way ("yes"), or have ended."""
    return Q(ended_on__isnull=asked == "yes")


def recorded_in(year: str) -> Q:
    """Return the condition of projects recorded in a year."""
    return Q(opened_on__year=int(year))


def years(viewer: Viewer) -> list[int]:
    """Return the years in which the projects that the viewer may see were recorded, the last first."""
    return [day.year for day in projects(viewer).dates("opened_on", "year", order="DESC")]


def reached(rows: QuerySet[Project], milestones: Iterable[str]) -> dict[str, int]:
    """Return how many of some projects came to each milestone."""
    return rows.order_by().aggregate(**{name: Count(name) for name in milestones})


def intakes_of(viewer: Viewer, months: int, town: str) -> list[Intake]:
    """Return how many leads of each year were signed, of those that the viewer may see."""
    check(viewer, PROJECT, "read")
    return intakes(_hosted(viewer, town), months, today())


def cohorts_of(viewer: Viewer, months: int, town: str) -> list[Cohort]:
    """Return the cohorts of the projects that the viewer may see, of one host where one is asked for."""
    check(viewer, PROJECT, "read")
    return cohorts(_hosted(viewer, town), months, today())


def credits(viewer: Viewer, town: str) -> list[TownCredit]:
    """Return what each town has of the projects that the viewer may see, by its code."""
    check(viewer, PROJECT, "read")
    found = {row.case_id: row for row in _hosted(viewer, town)}
    many: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one in LeadCredit.objects.filter(case__in=list(found)):
        row = found[one.case_id]
        for place, day in enumerate((row.signed_on, row.landed_on, row.produced_on)):
            many[one.town][place] += float(one.share) if day else 0.0
    return [TownCredit(town, *held) for town, held in sorted(many.items())]


def _hosted(viewer: Viewer, town: str) -> QuerySet[Project]:
    rows = projects(viewer)
    return rows.filter(town=town) if town else rows
