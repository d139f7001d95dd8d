"""Where time goes as files: stages, kept forecasts with what came, and the log of events for process-mining tools."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.act.insight.queries import Group, Insight, events, forecasts
from liandesk.act.insight.shown import forecast_line, stage_lines
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.wording import said

COLUMNS = (
    ListColumn("group", _("Office or town"), may_be_empty=True),
    ListColumn("stage", _c("case", "Stage")),
    ListColumn("stays", _("Stays"), "number"),
    ListColumn("standing", _("Still there"), "number"),
    ListColumn("median", _("Median days"), "number"),
    ListColumn("median_low", _("Median days, at least"), "number"),
    ListColumn("median_high", _("Median days, at most"), "number"),
    ListColumn("lower_quartile", _("Days of the faster quarter"), "number"),
    ListColumn("upper_quartile", _("Days of the slower quarter"), "number"),
    ListColumn("mean", _("Mean days, open ones counted in"), "number"),
    ListColumn("naive_mean", _("Mean days of those that left"), "number"),
    ListColumn("median_age", _("Median days of those still there"), "number", may_be_empty=True),
    ListColumn("oldest", _("Days of the oldest still there"), "number", may_be_empty=True),
)
VERDICTS = {
    "waiting": _c("forecast", "not due yet"),
    "within": _c("forecast", "within the interval"),
    "outside": _c("forecast", "outside the interval"),
}
STAGES = Listing("time_in_stage", _("Time in each stage"), COLUMNS, (), "", (), "")
FORECASTS = Listing(
    "case_forecasts",
    _("Forecasts of open cases"),
    (
        ListColumn("case_id", _("Number of the case")),
        ListColumn("title", _("Case")),
        ListColumn("made_on", _("Forecast on"), "date"),
        ListColumn("age", _("Days since opened"), "number"),
        ListColumn("low_on", _("Not before (80 %)"), "date"),
        ListColumn("median_on", _("Middle"), "date"),
        ListColumn("high_on", _("Not after (80 %)"), "date"),
        ListColumn("naive_on", _("Naive: median of ended cases"), "date"),
        ListColumn("ended_on", _("Ended on"), "date", may_be_empty=True),
        ListColumn("verdict", _c("forecast", "What came"), "choice", choices=VERDICTS),
    ),
    (),
    "",
    (),
    "",
)


def send_stages(found: Insight, by: Group, kind: str, *, viewer: Viewer) -> FileResponse:
    """Send the table of the page."""
    rows = stage_lines(found, by)
    seen_as = said(found.process.title)
    return send(kind, lambda path: write_copy(STAGES, rows, COLUMNS, path, by=viewer, kind=kind, seen_as=seen_as))


def send_forecasts(viewer: Viewer, key: str, kind: str) -> FileResponse:
    """Send what was forecast of the cases that the viewer sees, with what came."""
    rows = [forecast_line(one, today()) for one in forecasts(viewer, key)]

    def write(path: Path) -> str:
        return write_copy(FORECASTS, rows, FORECASTS.columns, path, by=viewer, kind=kind, seen_as=key)

    return send(kind, write)


def send_events(viewer: Viewer, key: str) -> FileResponse:
    """Send what was done in the cases that the viewer sees, a line an event."""
    return send("csv", lambda path: _write_events(viewer, key, path))


def _write_events(viewer: Viewer, key: str, path: Path) -> str:
    table = events(viewer, key)
    table.write_csv(path, include_bom=True)
    record("insight.events", "process", key, by=viewer, rows=table.height, file=file_digest(path))
    return f"events_{key}_{today():%Y-%m-%d}.csv"
