"""Words of reports: how tasks stand, the states and phases of making one, the faults of a bundle."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.jobs.models import JobState

STANDINGS: Mapping[str, Promise] = {
    "early": _c("standing", "reached early"),
    "ahead": _c("standing", "ahead"),
    "on_track": _c("standing", "on track"),
    "behind": _c("standing", "behind"),
    "unknown": _c("standing", "not known"),
}
"""The four levels of an evaluation, and that nothing is known."""

STATES: Mapping[str, Promise] = {
    JobState.QUEUED: _c("report", "waits for the worker"),
    JobState.RUNNING: _c("report", "is being made"),
    JobState.DONE: _c("report", "made"),
    JobState.FAILED: _c("report", "could not be made"),
    JobState.CANCELLED: _c("report", "cancelled"),
}
PHASES: Mapping[str, Promise] = {"gather": _("gathering what is known"), "write": _("writing Word, PDF and Excel")}
FILES: Mapping[str, Promise] = {
    "docx": _("Word, to be edited"),
    "pdf": _("PDF, to be printed"),
    "xlsx": _("Excel, with charts"),
    "zip": _("Bundle, to be verified"),
}
