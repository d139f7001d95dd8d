"""The table of runs."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from liandesk.base.jobs.models import Job

STATES = {
    "queued": _("waiting"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
}
KINDS = {
    "refresh": _("Refresh of the lists"),
    "load": _("Load of a file"),
    "digest": _("Digest of the day"),
    "what_if": _("What-if"),
    "policy_simulation": _("Simulation of a draft"),
    "indicators": _("Indicators and lights"),
    "case_forecasts": _("Forecasts of open cases"),
}


class RunTable(tables.Table):
    id = tables.Column(linkify=("run", [tables.A("id")]), verbose_name=_("Run"))
    kind = tables.Column(verbose_name=_("Kind"))
    state = tables.Column(verbose_name=_("State"))
    requested_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Asked for"))
    finished_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("Ended"))
    attempt = tables.Column(verbose_name=_("Attempt"), attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}})

    class Meta:
        model = Job
        fields = ("id", "kind", "state", "requested_at", "finished_at", "attempt")
        order_by = ("-id",)

    def render_state(self, value: str, record: Job) -> object:
        return STATES[record.state]

    def render_kind(self, value: str) -> object:
        return KINDS.get(value, value)
