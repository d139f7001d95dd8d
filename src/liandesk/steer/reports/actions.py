"""Order a report; keep the files of one."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.jobs import actions as jobs
from liandesk.steer.plan.queries import plan
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.supervision.queries import is_sealed
from liankit.errors import nearest
from liankit.texts import Language

JOB = "report"


@transaction.atomic
def order(kind: str, *, by: Viewer, language: Language, office: str = "") -> Report:
    """Order a report of today; the worker makes it.

    Raises UserError where no plan is in force, for an unknown kind, for a letter to an office not in the plan, and for
    the final evaluation of a plan that is not sealed.
    """
    check(by, REPORT, "order")
    found = plan(by)
    if found is None:
        raise UserError(_("No plan is in force, so there is nothing to report on."))
    if kind not in Kind.values:
        raise UserError(_("There is no report '%(kind)s'.") % {"kind": kind} + nearest(kind, Kind.values))
    if (kind == Kind.LETTER) != (office in found.offices):
        raise UserError(_("A letter goes to one office of the plan, other reports to none. Choose the office."))
    if kind == Kind.FINAL and not is_sealed(found.key):
        raise UserError(_("The plan is not sealed, so there is no final evaluation of it. Seal it first."))
    moment = now()
    # the right to order is not the right to start runs: the system asks for the job, the log names who ordered
    job = jobs.enqueue(JOB, by=system_viewer("reports"), params={"ordered": moment.isoformat(), "by": by.actor})
    made = Report.objects.create(
        kind=kind, office=office, day=today(), language=language, ordered_by=by.actor, ordered_at=moment, job=job
    )
    record("report.order", "report", made.pk, by=by, kind=kind, office=office)
    return made


@transaction.atomic
def keep(
    found: Report,
    *,
    by: Viewer,
    title: str,
    files: Mapping[str, str],
    head: str,
    counts: tuple[int, int],
    is_synthetic: bool,
) -> None:
    """Keep what was made: the hashes of its files, the last link of its chain, how many numbers and recomputed ones."""
    found.title, found.files, found.head, found.is_synthetic = title, dict(files), head, is_synthetic
    found.numbers, found.recomputed = counts
    found.save(update_fields=["title", "files", "head", "numbers", "recomputed", "is_synthetic"])
    record("report.make", "report", found.pk, by=by, head=head, **files)


@transaction.atomic
def log_copy(found: Report, kind: str, *, by: Viewer) -> None:
    """Log that somebody took a file of a report."""
    check(by, REPORT, "read", {"office": found.office})
    record("report.export", "report", found.pk, by=by, kind=kind, file=found.files[kind])
