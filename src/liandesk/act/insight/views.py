"""Pages of insight: every process with its open cases, and one: where its time goes, and what would change it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.act.insight import groups, queries, scores
from liandesk.act.insight.chart import picture_of
from liandesk.act.insight.copies import send_events, send_forecasts, send_stages
from liandesk.act.insight.forms import AtOnceForm, MeetingsForm
from liandesk.act.insight.shown import compared_lines, month_lines, part_lines, stage_lines
from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.work.wording import said

BY: tuple[queries.Group, ...] = ("", "office", "town")


@require_safe
@page
def insights(request: Request) -> HttpResponse:
    """Every process of which the viewer sees cases."""
    lines = [(line, said(line.process.title)) for line in queries.lines(request.viewer)]
    return render(request, "insight/insights.html", {"lines": lines})


@require_safe
@page
def insight(request: Request, process: str) -> HttpResponse:
    """One process: throughput, time in stage, parts of the whole, others as a group, a change replayed, scores."""
    found = queries.insight(request.viewer, process)
    by = _by(request)
    parts, lines = part_lines(found), compared_lines(found)
    context = {
        "found": found,
        "title": said(found.process.title),
        "by": by,
        "stages": stage_lines(found, by),
        "parts": parts,
        "whole": sum(part.days for part in parts),
        "months": month_lines(found),
        "total": found.log.cases.height,
        "standing": found.log.cases["ended"].null_count(),
        "worth": found.worth(),
        "least": scores.LEAST_CASES,
        "compared": lines,
        "picture": picture_of(lines),
        "least_cases": groups.LEAST_CASES,
        "least_organisations": groups.LEAST_ORGANISATIONS,
        "copies": COPY_KINDS,
        **_replays(request, found),
    }
    return render(request, "insight/insight.html", context)


def _by(request: Request) -> queries.Group:
    asked = request.GET.get("by", "")
    return next((by for by in BY if by == asked), "")


def _replays(request: Request, found: queries.Insight) -> dict[str, Any]:
    """Return the two questions, and the answer to the one that was asked."""
    asks_meetings, asks_both = "meet" in request.GET, "first" in request.GET
    meetings = MeetingsForm(found.process, request.GET if asks_meetings else None)
    both = AtOnceForm(found.process, request.GET if asks_both else None)
    answer = None
    if asks_meetings and meetings.is_valid():
        answer = found.with_more_meetings(meetings.cleaned_data["meet"], meetings.cleaned_data["least"])
    elif asks_both and both.is_valid():
        answer = found.with_both_at_once(both.cleaned_data["first"], both.cleaned_data["second"])
    return {"meetings": meetings, "both": both, "answer": answer.summary if answer else None}


@require_safe
@page
def insight_export(request: Request, process: str, kind: str) -> FileResponse:
    """Send the time in each stage as a file."""
    return send_stages(queries.insight(request.viewer, process), _by(request), kind, viewer=request.viewer)


@require_safe
@page
def insight_events(request: Request, process: str) -> FileResponse:
    """Send the log of events for process-mining tools."""
    return send_events(request.viewer, process)


@require_safe
@page
def insight_forecasts(request: Request, process: str, kind: str) -> FileResponse:
    """Send every kept forecast with what came as a file."""
    return send_forecasts(request.viewer, process, kind)
