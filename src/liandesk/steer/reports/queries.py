"""Read reports. Who may not see one finds none, by no door."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now
from liandesk.base.errors import NotThere
from liandesk.base.snapshots.store import get_bytes
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.policies import REPORT
from liankit.plan.report.bundle import Record, Verdict, records_of, verify


def reports(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports that the viewer may read, newest first."""
    check(viewer, REPORT, "read")
    return Report.objects.select_related("job").filter(visibility(viewer, REPORT).as_q())


def report(viewer: Viewer, pk: int) -> Report:
    """Return one report; raise NotThere when there is none for the viewer."""
    found = reports(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such report for you. The page of reports shows all you may read."))
    return found


def content(viewer: Viewer, pk: int, kind: str) -> tuple[Report, bytes]:
    """Return a report with one of its files; raise NotThere when there is no such file."""
    found = report(viewer, pk)
    if kind not in found.files:
        raise NotThere(_("This report has no such file. Its page shows those it has."))
    return found, get_bytes(found.files[kind])


def numbers(viewer: Viewer, pk: int) -> list[Record]:
    """Return the numbers of a report, each with its id, value and how it follows."""
    _found, bundle = content(viewer, pk, "zip")
    return [one for one in records_of(bundle) if one["record"] == "number"]


def checked(viewer: Viewer, bundle: bytes, name: str) -> tuple[Verdict, Report | None]:
    """Check a bundle; return the verdict and, where its last link is registered here for the viewer, its report."""
    verdict = verify(bundle, name)
    return verdict, reports(viewer).filter(head=verdict.head).exclude(head="").first()


def just_made(viewer: Viewer) -> QuerySet[Report]:
    """Return what was made within a day: the viewer's own orders, and letters to others of their office."""
    is_own = Q(ordered_by=viewer.actor) | Q(kind=Kind.LETTER)
    return reports(viewer).filter(is_own, job__finished_at__gte=now() - timedelta(days=1)).exclude(head="")
