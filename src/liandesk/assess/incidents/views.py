"""Incident rooms: open one, read it in a meeting, say what is done, write to enterprises, take a copy."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.assess.events import actions as event_actions
from liandesk.assess.events import queries as event_queries
from liandesk.assess.events.forms import EventForm
from liandesk.assess.incidents import actions, drafts, queries
from liandesk.assess.incidents.chart import picture_of, picture_says
from liandesk.assess.incidents.copies import KINDS, send_room
from liandesk.assess.incidents.forms import MessageForm, MoreForm, ReasonForm, RoomForm, TaskForm
from liandesk.assess.incidents.policies import INCIDENT
from liandesk.assess.incidents.tables import HitTable, ProductTable, RoomTable
from liandesk.assess.incidents.timeline import timeline
from liandesk.assess.incidents.wording import LEGEND
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.teamwork.task_actions import finish_task, reopen_task
from liandesk.base.ui.decorators import page
from liandesk.base.work.tables import stage_titles
from liandesk.know.chain.tables import FrameData

PER_PAGE = 50
MOST_OFFERED = 50
"""How many disruptions that go on are offered for a room, the latest first."""


@require_safe
@page
def incidents(request: Request) -> HttpResponse:
    """All rooms."""
    rooms = queries.incidents(request.viewer).annotate(
        reached=Count("entries", filter=~Q(entries__verdict=""), distinct=True),
        open_tasks=Count("tasks", filter=Q(tasks__task__done_at=None), distinct=True),
    )
    table = RoomTable(rooms)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "may_open": can(request.viewer, INCIDENT, "open")}
    return render(request, "incidents/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def incident_new(request: Request) -> HttpResponse:
    """Open a room about disruptions that are there, or about one that is typed at once; ``events`` chooses some."""
    check(request.viewer, INCIDENT, "open")
    offered = _offered(request.viewer)
    chosen, typed = RoomForm(offered, initial={"events": request.GET.getlist("events")}), EventForm(auto_id="typed_%s")
    if request.method == "POST" and "typed" in request.POST:
        typed = EventForm(request.POST, auto_id="typed_%s")
        if typed.is_valid() and (pk := _opened(typed, lambda: _typed(typed, request.viewer))):
            return redirect("incident", pk)
    elif request.method == "POST":
        chosen = RoomForm(offered, request.POST)
        if chosen.is_valid():
            said = chosen.cleaned_data
            room = partial(
                actions.open_room, [int(pk) for pk in said["events"]], by=request.viewer, title=said["title"]
            )
            if pk := _opened(chosen, lambda: room().pk):
                return redirect("incident", pk)
    status = 400 if chosen.errors or typed.errors else 200
    return render(request, "incidents/incident_new.html", {"chosen": chosen, "typed": typed}, status=status)


def _offered(viewer: Viewer) -> list[Any]:
    return list(event_queries.events(viewer).in_force()[:MOST_OFFERED])


def _opened(form: forms.Form, do: Any) -> int | None:
    """Return the room that was opened; where it is refused, the form says why."""
    try:
        return int(do())
    except UserError as error:
        form.add_error(None, str(error))
        return None


@transaction.atomic
def _typed(form: EventForm, by: Viewer) -> int:
    event = event_actions.enter(form.said(), by=by)
    return actions.open_room([event.pk], by=by).pk


@require_safe
@page
def incident(request: Request, pk: int) -> HttpResponse:
    """The page of a room, for a meeting."""
    return _page(request, pk)


def _page(request: Request, pk: int, refused: forms.Form | None = None) -> HttpResponse:
    found = queries.room(request.viewer, pk)
    hits, products = HitTable(found.hits), ProductTable(FrameData(found.products), prefix="products-")
    for table in (hits, products):
        RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    known = {event.pk for event in found.events}
    context = {
        "room": found,
        "incident": found.incident,
        "stage": "、".join(stage_titles(found.incident.case)),
        "tables": {"hits": hits, "products": products},
        "picture": picture_of(found.lines),
        "says": picture_says(found.products),
        "legend": LEGEND,
        "timeline": timeline(request.viewer, found),
        "reason_form": ReasonForm(),
        "task_form": _or(refused, TaskForm, found.hits),
        "more_form": _or(refused, MoreForm, [event for event in _offered(request.viewer) if event.pk not in known]),
        "names": names_of(task.task.done_by for task in found.tasks),
        "copies": KINDS,
        "is_synthetic": found.incident.case.is_synthetic,
    }
    return render(request, "incidents/incident.html", context, status=400 if refused else 200)


def _or(refused: forms.Form | None, kind: Any, *args: Any) -> forms.Form:
    return refused if isinstance(refused, kind) else kind(*args)


@require_POST
@page
def incident_retrace(request: Request, pk: int) -> HttpResponse:
    """Trace a room anew, perhaps with further disruptions."""
    _check_work(request.viewer, pk)
    form = MoreForm(_offered(request.viewer), request.POST)
    if form.is_valid():
        more = [int(event) for event in form.cleaned_data["events"]]
        return _done(request, pk, form, lambda: actions.retrace(pk, by=request.viewer, more=more))
    return _page(request, pk, form)


def _check_work(viewer: Viewer, pk: int) -> None:
    """Let only who works in a room go on; whoever does not see it finds none."""
    queries.incident(viewer, pk)
    check(viewer, INCIDENT, "work")


def _done(request: Request, pk: int, form: forms.Form | None, do: Any, anchor: str = "") -> HttpResponse:
    """Do it and go back to the room; what is refused is said beside its form, or above the page."""
    try:
        do()
    except UserError as error:
        if form is None:
            messages.error(request, str(error))
            return _page(request, pk)
        form.add_error(None, str(error))
        return _page(request, pk, form)
    answer = redirect("incident", pk)
    answer["Location"] += anchor
    return answer


@require_POST
@page
def incident_task(request: Request, pk: int) -> HttpResponse:
    """Give an office a further task."""
    _check_work(request.viewer, pk)
    form = TaskForm(queries.room(request.viewer, pk).hits, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        return _done(request, pk, form, lambda: actions.give_task(pk, by=request.viewer, **said), "#tasks")
    return _page(request, pk, form)


@require_POST
@page
def incident_tick(request: Request, pk: int, task: int) -> HttpResponse:
    """Tick a task of the room off, or take the tick off again."""
    _check_work(request.viewer, pk)
    change = reopen_task if request.POST.get("done") == "no" else finish_task
    return _done(request, pk, None, lambda: change(task, by=request.viewer), "#tasks")


@require_POST
@page
def incident_reason(request: Request, pk: int, entry: int) -> HttpResponse:
    """Say why nothing is done about an entry of the room."""
    _check_work(request.viewer, pk)
    said = request.POST.get("reason", "")
    return _done(request, pk, None, lambda: actions.state_reason(entry, said, by=request.viewer), "#closing")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def incident_message(request: Request, pk: int) -> HttpResponse:
    """Change a draft, or read what was sent."""
    found = queries.message(request.viewer, pk)
    if request.method == "POST":
        check(request.viewer, INCIDENT, "work")
    start = {"text": found.text, "answer_by": found.answer_by, "version": found.version}
    form = MessageForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            drafts.reword(pk, by=request.viewer, **form.cleaned_data)
            if "send" in request.POST:
                drafts.send(pk, by=request.viewer, version=found.version + 1)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("incident", found.incident_id)
    may_work = can(request.viewer, INCIDENT, "work") and not found.notice_id and not found.incident.case.ended_at
    context = {"message": found, "form": form, "may_work": may_work}
    return render(request, "incidents/message.html", context, status=400 if form.errors else 200)


@require_POST
@page
def incident_send(request: Request, pk: int) -> HttpResponse:
    """Send every draft of a room as it is."""
    _check_work(request.viewer, pk)
    found = queries.room(request.viewer, pk)
    waiting = [one for one in found.messages if one.notice_id is None]

    def do() -> None:
        with transaction.atomic():
            for one in waiting:
                drafts.send(one.pk, by=request.viewer, version=one.version)

    return _done(request, pk, None, do, "#messages")


@require_safe
@page
def lesson(request: Request, pk: int) -> HttpResponse:
    """What a closed room left behind."""
    found, entries = queries.lesson(request.viewer, pk)
    return render(request, "incidents/lesson.html", {"lesson": found, "entries": entries})


@require_safe
@page
def incident_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send a room as Word or Excel."""
    return send_room(queries.room(request.viewer, pk), kind, by=request.viewer)
