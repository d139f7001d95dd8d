"""The pack's plan with a few approved values, its lights computed, and reports made of it without a worker."""

from __future__ import annotations

from datetime import date

from tests.liandesk.indicators_world import enter_by_hand

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import now, today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.jobs import actions as jobs
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import put_bytes
from liandesk.steer.indicators.jobs import compute_now
from liandesk.steer.indicators.models import Claim, State
from liandesk.steer.reports import actions
from liandesk.steer.reports.jobs import make
from liandesk.steer.reports.models import Report
from liankit.plan.report.bundle import pack as sealed
from liankit.plan.report.ledger import Ledger
from liankit.texts import Language

BY = system_viewer("test")
PLACE = {"office": officers_office(pack())}
"""To whom the marked letter goes."""
VALUES = {
    date(2022, 12, 31): 28,
    date(2023, 6, 30): 37,
    date(2023, 12, 31): 49,
    date(2024, 6, 30): 61,
    date(2024, 9, 30): 66,
}


def measured() -> None:
    """Take over the pack and approve values of the projects brought to market."""
    take_over_packs(by=BY)
    enter_by_hand()
    evidence = put_bytes("凭证".encode())
    for on, value in VALUES.items():
        Claim.objects.create(
            indicator="conversion_projects",
            on=on,
            value=value,
            evidence=evidence,
            evidence_name="证明.txt",
            office="economy",
            offices="|economy|",
            owner="economy",
            state=State.APPROVED,
            claimed_by="user:1",
            recorded_at=now(),
            verified_by="user:2",
            verified_at=now(),
            approved_by="user:3",
            approved_at=now(),
            is_synthetic=True,
        )
    compute_now()


def made(kind: str, *, by: Viewer = BY, language: Language = "zh", office: str = "") -> Report:
    """Return a report that is there."""
    ordered = actions.order(kind, by=by, language=language, office=office)
    job = jobs.claim("test", job_id=ordered.job_id)
    assert job is not None
    jobs.finish(job, result=make(job))
    return Report.objects.select_related("job").get(pk=ordered.pk)


def marked() -> Report:
    """Return a letter to the officer's office that is there, its texts marked; nothing was drawn for it."""
    ledger = Ledger()
    ledger.number("MarkNumber", {"do": "take", "of": ledger.input("MarkInput", 1, "test")})
    content, head = sealed({"title": "MarkReport"}, ledger, {})
    files = dict.fromkeys(("docx", "pdf", "xlsx", "zip"), put_bytes(content))
    ordered = {"kind": "letter", "day": today(), "language": "zh", "ordered_by": BY.actor, "ordered_at": now(), **PLACE}
    job = jobs.enqueue(actions.JOB, by=BY, params={"marked": True})
    return Report.objects.create(
        **ordered, job=job, title="MarkReport", files=files, head=head, numbers=1, recomputed=1, is_synthetic=True
    )
