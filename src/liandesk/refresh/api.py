"""Runs through the API."""

from __future__ import annotations

from django.http import Http404
from ninja import ModelSchema, Router
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.jobs import actions, queries
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import Job, JobStep
from liandesk.base.jobs.policies import RUN

router = Router(tags=["runs"])


class StepOut(ModelSchema):
    class Meta:
        model = JobStep
        fields = ["name", "attempt", "is_skipped", "rows_in", "rows_out", "lost", "seconds"]


class RunOut(ModelSchema):
    steps: list[StepOut]

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "state",
            "requested_at",
            "finished_at",
            "done",
            "total",
            "phase",
            "result",
            "error",
        ]

    @staticmethod
    def resolve_steps(job: Job) -> object:
        return job.steps.all()


@router.get("/runs", response=list[RunOut], url_name="runs")
@paginate(LimitOffsetPagination)
def list_runs(request: Request) -> object:
    check(request.viewer, RUN, "read")
    return queries.jobs(request.viewer).prefetch_related("steps")


@router.post("/runs", response=RunOut, url_name="run_start")
def start_run(request: Request) -> object:
    return actions.enqueue(REFRESH, by=request.viewer)


@router.get("/runs/{run_id}", response=RunOut, url_name="run")
def get_run(request: Request, run_id: int) -> object:
    job = queries.jobs(request.viewer).filter(pk=run_id).first()
    if job is None:
        raise Http404
    return job
