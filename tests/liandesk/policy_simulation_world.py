"""A simulation of a policy in force, answered without a worker of its own."""

from __future__ import annotations

from datetime import date

from liandesk.assess.policies.definitions import policies_on
from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.simulation_actions import ask
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs.actions import claim
from liandesk.refresh.worker import do


def answered(asked: Simulation) -> Simulation:
    """Do the job of a simulation in the test's own transaction."""
    job = claim("test", job_id=asked.job_id)
    assert job is not None
    do(job)
    return Simulation.objects.select_related("job").get(pk=asked.pk)


def marked(by: Viewer) -> Simulation:
    """Return the answer to the first policy in force as its own draft, its title marked."""
    body = policies_on()[0].model_dump(mode="json", by_alias=True, exclude_none=True)
    return answered(ask("MarkSimulated", body, date(2025, 1, 1), by=by))
