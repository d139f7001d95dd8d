"""What the demo's chain office reports on its plan: this year's monitoring, and a letter the worker still makes."""

from __future__ import annotations

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.jobs.actions import claim
from liandesk.refresh.worker import do
from liandesk.steer.reports import actions, queries
from liandesk.steer.reports.models import Kind


def report_on_plan(people: dict[str, User]) -> int:
    """Make the annual monitoring and order a letter to the office that leads the listings; return the numbers."""
    office = viewer_of(people["ChainOffice"])
    if queries.reports(office).exists():
        return 0
    annual = actions.order(Kind.ANNUAL, by=office, language="zh")
    if job := claim("demo", job_id=annual.job_id):
        do(job)
    actions.order(Kind.LETTER, by=office, language="zh", office="development")
    return queries.report(office, annual.pk).numbers or 0
