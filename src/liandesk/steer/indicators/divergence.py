"""Where the computed light is not the reported one: told to the office first, to the others with its reply.

Others than the office see it once it has replied, or when the working days it has for that are over.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.steer.indicators.definitions import light_rules
from liandesk.steer.indicators.models import Colour, Divergence, Report
from liandesk.steer.indicators.policies import LIGHT
from liankit.calendars import add_working_days


def divergences(viewer: Viewer) -> QuerySet[Divergence]:
    """Return the divergences that the viewer is told of, newest first."""
    at_once = visibility(viewer, LIGHT)
    rows = at_once.as_q()
    if not at_once.everything:
        rows |= visibility(viewer, LIGHT, "told").as_q() & _told()
    return Divergence.objects.filter(rows).select_related("report").order_by("-id")


def told_to_all() -> dict[str, bool | None]:
    """Return for each target with a reported light whether another one was computed; for programs.

    None, unknown, where the office may still reply: nobody else is told then what it reported.
    """
    standing = Divergence.objects.filter(closed_on=None)
    told = frozenset(standing.filter(_told()).values_list("target", flat=True))
    waiting = frozenset(standing.exclude(_told()).values_list("target", flat=True))
    return {target: None if target in waiting else target in told for target in latest_reports()}


def _told() -> Q:
    return Q(replied_at__isnull=False) | Q(reply_due__lt=today())


def hidden_targets(viewer: Viewer) -> frozenset[str]:
    """Return the targets whose reported light this viewer is not shown yet: the office may still reply."""
    waiting = Divergence.objects.filter(closed_on=None).exclude(pk__in=divergences(viewer).values("pk"))
    return frozenset(waiting.values_list("target", flat=True))


def latest_reports() -> dict[str, Report]:
    """Return the standing report of each target; for programs and queries."""
    return {one.target: one for one in Report.objects.order_by("pk")}


def compare(report: Report, computed: str) -> Divergence | None:
    """Open a divergence where the computed light is known and another one; return it."""
    if computed in (Colour.GREY, report.colour):
        return None
    return Divergence.objects.create(
        target=report.target,
        office=report.office,
        report=report,
        computed=computed,
        opened_on=today(),
        reply_due=add_working_days(today(), light_rules().reply_working_days).on,
        is_synthetic=report.is_synthetic,
    )


def compare_all(computed: dict[str, str]) -> int:
    """Open and settle divergences by the lights as they are computed now; return how many were opened."""
    standing = {one.target: one for one in Divergence.objects.filter(closed_on=None)}
    opened = 0
    for target, report in latest_reports().items():
        light = computed.get(target, Colour.GREY)
        if target in standing and light == report.colour:
            Divergence.objects.filter(pk=standing[target].pk).update(closed_on=today())
        elif target not in standing:
            opened += compare(report, light) is not None
    return opened
