"""Disruptions: the list, one of them, entering by hand, by file and from notices, and what a person decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.events import actions, files, queries
from liandesk.assess.events.forms import EndForm, EventForm, FileForm, MatchForm, NoticeForm, WithdrawForm
from liandesk.assess.events.listing import EVENTS, questions
from liandesk.assess.events.matching import title_of
from liandesk.assess.events.models import Event, EventHit
from liandesk.assess.events.policies import EVENT
from liandesk.assess.events.wording import STATES
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.base.ui.listing_pages import list_context, send_copy
from liankit.tables import UnreadableFile, write_template


@require_safe
@page
def events(request: Request) -> HttpResponse:
    """All disruptions."""
    context = list_context(request, EVENTS, queries.events(request.viewer), questions())
    context |= {"may_enter": can(request.viewer, EVENT, "enter")}
    return render(request, "events/events.html", context)


@require_safe
@page
def events_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    return send_copy(request, EVENTS, queries.events(request.viewer), kind, questions())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def event_new(request: Request) -> HttpResponse:
    """Enter one disruption; names of the address fill the form."""
    check(request.viewer, EVENT, "enter")
    form = EventForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_valid():
        try:
            return redirect("event", actions.enter(form.said(), by=request.viewer).pk)
        except UserError as error:
            form.add_error(None, str(error))
    return render(request, "events/event_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@page
def event(request: Request, pk: int) -> HttpResponse:
    """One disruption: what is hit, the sentence that says so, what can be decided."""
    return _event_page(request, pk)


def _event_page(request: Request, pk: int, refused: forms.Form | None = None) -> HttpResponse:
    found = queries.event(request.viewer, pk)
    may_change = queries.may_change(request.viewer, found) and found.state != "withdrawn"
    context = {
        "event": found,
        "state": STATES[found.state],
        "before": found.text[: found.span_start] if found.sentence else found.text,
        "after": found.text[found.span_end :] if found.sentence else "",
        "hits": [_shown(hit, found, may_change, refused) for hit in found.hits.all()],
        "may_change": may_change,
        "end_form": _or_new(refused, EndForm, found) if may_change and found.state == "open" else None,
        "withdraw_form": _or_new(refused, WithdrawForm, found) if may_change else None,
        "names": names_of([found.entered_by, found.confirmed_by, found.withdrawn_by]),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "events/event.html", context, status=400 if refused else 200)


def _shown(
    hit: EventHit, found: Event, may_change: bool, refused: forms.Form | None
) -> tuple[EventHit, str, MatchForm | None]:
    """Return a hit, what it is called where it is matched, and the form that says which thing it is."""
    title = title_of(hit.kind, hit.object_id) if hit.object_id else ""
    if not may_change:
        return hit, title, None
    if isinstance(refused, MatchForm) and refused.hit.pk == hit.pk:
        return hit, title, refused
    return hit, title, MatchForm(hit, initial={"version": found.version, "choice": hit.object_id})


def _or_new(refused: forms.Form | None, kind: type[forms.Form], found: Event) -> forms.Form:
    return refused if isinstance(refused, kind) else kind(initial={"version": found.version})


def _decide(request: Request, pk: int, form: forms.Form, do: Callable[[dict[str, Any]], object]) -> HttpResponse:
    """Do what a form of the event's page asks for; what is refused is shown beside the form."""
    check(request.viewer, EVENT, "change", {"office": queries.event(request.viewer, pk).office})
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("event", pk)
    return _event_page(request, pk, form)


@require_POST
@page
def event_end(request: Request, pk: int) -> HttpResponse:
    """Say since when it is over."""
    return _decide(
        request,
        pk,
        EndForm(request.POST),
        lambda said: actions.end(pk, said["ended_on"], by=request.viewer, version=said["version"]),
    )


@require_POST
@page
def event_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take it back."""
    return _decide(
        request,
        pk,
        WithdrawForm(request.POST),
        lambda said: actions.withdraw(pk, said["reason"], by=request.viewer, version=said["version"]),
    )


@require_POST
@page
def event_match(request: Request, pk: int, hit: int) -> HttpResponse:
    """Say which thing a hit means."""
    found = queries.event(request.viewer, pk).hits.filter(pk=hit).first()
    if found is None:
        raise Http404
    return _decide(
        request,
        pk,
        MatchForm(found, request.POST),
        lambda said: actions.match(hit, said["choice"], by=request.viewer, version=said["version"]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def events_file(request: Request) -> HttpResponse:
    """Load a file of disruptions: good rows are kept, the others come back with what is wrong."""
    check(request.viewer, EVENT, "enter")
    form = FileForm(request.POST or None, request.FILES or None)
    found = _read_into(form, "file", lambda sent: files.read_events(sent.name, sent.read(), language()))
    return _received(request, "events/file.html", {"form": form}, found, are_confirmed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def events_notices(request: Request) -> HttpResponse:
    """Let notices be read, from a file or one that is pasted; what is found waits for a person."""
    check(request.viewer, EVENT, "enter")
    is_file = bool(request.FILES)
    upload = FileForm(request.POST if is_file else None, request.FILES if is_file else None)
    paste = NoticeForm(request.POST if request.method == "POST" and not is_file else None)
    found = _read_into(upload, "file", lambda sent: files.read_notices(sent.name, sent.read(), language()))
    if paste.is_valid():
        found = files.find_in_notices(_pasted(paste.cleaned_data), paste.cleaned_data["source_name"], [None])
    context = {"upload": upload, "form": paste}
    return _received(request, "events/notices.html", context, found, are_confirmed=False)


def _pasted(said: dict[str, Any]) -> pl.DataFrame:
    schema = {"product": pl.String, "licence": pl.String, "told_on": pl.Date, "text": pl.String}
    return pl.DataFrame([{name: said[name] for name in schema}], schema=schema)


def _read_into(form: forms.Form, field: str, read: Callable[[Any], files.Found]) -> files.Found | None:
    """Return what a sent file holds; what cannot be read is said beside the field."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return read(form.cleaned_data[field])
    except UnreadableFile as error:
        form.add_error(field, " ".join(error.problem.text(language())))
        return None


def _received(
    request: Request, template: str, context: dict[str, Any], found: files.Found | None, *, are_confirmed: bool
) -> HttpResponse:
    """Keep what was found and go there; stay where nothing is new or something was left out."""
    if found is None:
        is_wrong = any(one.errors for one in context.values() if one.is_bound)
        return render(request, template, context, status=400 if is_wrong else 200)
    kept = actions.enter_many(found.rows, by=request.viewer, are_confirmed=are_confirmed)
    if kept.new:
        count = ngettext("%(count)s disruption was found", "%(count)s disruptions were found", kept.new)
        messages.success(request, count % {"count": kept.new})
    if kept.new and not found.left_out:
        return redirect("events_batch", kept.batch)
    return render(request, template, {**context, "kept": kept, "left_out": found.left_out})


@require_safe
@page
def events_template(request: Request, name: str) -> FileResponse:
    """Send the workbook to fill in."""
    check(request.viewer, EVENT, "enter")
    if name not in files.TABLES:
        raise Http404

    def write(path: Path) -> str:
        write_template(path, (files.TABLES[name],), language=language())
        return f"{files.TABLES[name].titled(language())}.xlsx"

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def events_batch(request: Request, key: str) -> HttpResponse:
    """What one file or paste brought, each with its sentence; ticked ones are confirmed together."""
    check(request.viewer, EVENT, "enter")
    rows = list(queries.batch(request.viewer, key))
    if not rows:
        raise Http404
    if request.method == "POST":
        versions = {row.pk: row.version for row in rows}
        seen = {int(pk): int(version) for pk, _dash, version in map(_parted, request.POST.getlist("event"))}
        count = actions.confirm({pk: seen[pk] for pk in seen if pk in versions}, by=request.viewer)
        said = ngettext("%(count)s disruption counts now", "%(count)s disruptions count now", count)
        messages.success(request, said % {"count": count})
        return redirect("events_batch", key)
    return render(request, "events/batch.html", {"rows": [(row, STATES[row.state]) for row in rows]})


def _parted(text: str) -> tuple[str, str, str]:
    """Return the parts of "pk-version"; anything else is none."""
    pk, dash, version = text.partition("-")
    if not (pk.isdecimal() and version.isdecimal()):
        raise UserError(_("Tick the rows on the page and send it again."))
    return pk, dash, version
