"""The risk list, one entry, and what people do to it. Each view asks the domain once; pages say what was refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.assess.lists import actions, levels, queries, wording
from liandesk.assess.lists.export_actions import export_list
from liandesk.assess.lists.filters import EntryFilter
from liandesk.assess.lists.forms import FORM_TITLES, FORMS, BulkForm, EntryForm
from liandesk.assess.lists.models import EntryState
from liandesk.assess.lists.policies import ENTRY
from liandesk.assess.lists.tables import SHOWN, EntryTable, chosen_columns, export_codes, offered_columns
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.facts.policies import LANDING
from liandesk.base.pack import pack
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data

PER_PAGE = 50


@require_safe
@page
def risk_list(request: Request) -> HttpResponse:
    check(request.viewer, ENTRY, "read")
    bulk, selected = _refused_bulk(request)
    found = EntryFilter(request.GET, viewer=request.viewer)
    may_judge = can(request.viewer, ENTRY, "judge")
    shown = chosen_columns(request.GET.getlist("columns"), found.tab, queries.hidden(request.viewer))
    table = EntryTable(found.qs, shown=shown, may_select=may_judge and found.tab in _BULK, selected=selected)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    if "page" in request.GET.getlist("select"):
        table.selected = {row.record.key for row in table.paginated_rows}
    context = {
        "filter": found,
        "columns": [(name, SHOWN[name][0], name in shown) for name in offered_columns(queries.hidden(request.viewer))],
        "table": table,
        "counts": queries.counts(queries.current(request.viewer)),
        "gone": queries.gone(request.viewer).count() if may_judge else 0,
        "bulk": bulk if may_judge else None,
        "bulk_actions": _BULK.get(found.tab, ()),
        "query": request.GET.urlencode(),
        "may_see_changes": can(request.viewer, ENTRY, "compare"),
        "classification": pack().classifications[-1],
    }
    return render(request, "lists/risk_list.html", context)


_BULK: dict[str, tuple[str, str]] = {
    EntryState.PROPOSED: ("admit", "decline"),
    EntryState.ADMITTED: ("assign", "decline"),
}
"""Which actions are offered for selected entries, by tab."""


@require_POST
@page
def risks_bulk(request: Request) -> HttpResponse:
    """Do one action to the selected entries; what was refused waits in the session and comes back with the list."""
    check(request.viewer, ENTRY, "judge")
    bulk, versions = BulkForm(request.POST), _selected(request)
    refused = ""
    if bulk.is_valid():
        try:
            _tell_many(request, _do_many(request, versions, bulk.cleaned_data))
        except UserError as error:
            refused = str(error)
    if refused or not bulk.is_valid():
        request.session[_REFUSED] = {"data": request.POST.dict(), "selected": list(versions), "why": refused}
    return redirect(f"{reverse('risks')}?{request.GET.urlencode()}")


_REFUSED = "risks_bulk_refused"


def _refused_bulk(request: Request) -> tuple[BulkForm, Collection[str]]:
    """Return the bulk form and the selection that were refused just now, else an empty form."""
    waiting = request.session.pop(_REFUSED, None)
    if waiting is None:
        return BulkForm(), ()
    bulk = BulkForm(waiting["data"])
    if bulk.is_valid():
        bulk.add_error(None, waiting["why"])
    return bulk, set(waiting["selected"])


def _selected(request: Request) -> dict[str, int]:
    pairs = (value.partition(":") for value in request.POST.getlist("entry"))
    return {key: int(version) for version, _colon, key in pairs if version.isdigit()}


def _do_many(request: Request, versions: dict[str, int], said: dict[str, Any]) -> actions.Many:
    by, owner, due = request.viewer, said["owner_office"], said["due_date"]
    asked = request.POST.get("do")
    if asked == "decline":
        return actions.decline_many(versions, by=by, reason=said["reason"])
    if asked == "assign":
        return actions.assign_many(versions, by=by, owner_office=owner, due_date=due)
    return actions.admit_many(versions, by=by, owner_office=owner, due_date=due)


def _tell_many(request: Request, done: actions.Many) -> None:
    count = len(done.done)
    messages.success(request, ngettext("%(count)s entry done.", "%(count)s entries done.", count) % {"count": count})
    for key, why in done.left.items():
        messages.warning(request, _("Left as it is: %(key)s. %(why)s") % {"key": key, "why": why})


@require_safe
@page
def risks_export(request: Request, kind: str) -> FileResponse:
    """Send exactly what the page shows: its filters, columns and order, without its paging."""
    check(request.viewer, ENTRY, "read")
    found = EntryFilter(request.GET, viewer=request.viewer)
    shown = chosen_columns(request.GET.getlist("columns"), found.tab, queries.hidden(request.viewer))
    table = EntryTable(found.qs, shown=shown)
    RequestConfig(request, paginate=False).configure(table)
    return send(
        kind,
        lambda path: export_list(
            table.data.data,
            export_codes(shown, kind),
            path,
            by=request.viewer,
            kind=kind,
            language=language(),
            seen_as=found.said(),
        ),
    )


@require_safe
@page
def risk(request: Request, key: str) -> HttpResponse:
    return _entry_page(request, key)


def _entry_page(
    request: Request, key: str, *, name: str = "", form: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    opened = queries.opened(request.viewer, key)
    if form is not None and status == Conflict.status:
        form.renew(opened.entry)
    offered = [
        (action, form if form is not None and action == name else FORMS[action].of(opened.entry))
        for action in actions.possible(opened.entry, may_judge=opened.may_judge, may_report=opened.may_report)
    ]
    if form is not None and name not in dict(offered):
        offered.append((name, form))  # its state has changed meanwhile: what was typed is still shown
    context = {
        **_drawer(opened),
        "opened": opened,
        "entry": opened.entry,
        "forms": [(action, FORM_TITLES[action], shown, action == name) for action, shown in offered],
        "names": names_of(event.actor for event in opened.events),
        "hidden": queries.hidden(request.viewer),
        **_standing(opened),
        "least": pack().cascade_coverage,
        "may_see_loads": can(request.viewer, LANDING, "read"),
        "classification": pack().classifications[-1],
    }
    return render(request, "lists/risk.html", context, status=status)


def _standing(opened: queries.Opened) -> dict[str, Any]:
    """Return the level that counts and why, how old the facts are, and the case in which the entry is worked on."""
    entry = opened.entry
    return {
        "shown_level": levels.shown_level(entry),
        "after_evidence": levels.after_evidence(entry),
        "staleness_state": levels.staleness(entry.facts_on, levels.scheme()),
        "case": opened.case,
    }


def _drawer(opened: queries.Opened) -> dict[str, str]:
    """Return what the reasons drawer says beside the reasons: whose they are, what would settle it, whom to ask."""
    entry = opened.entry
    said = wording.question(entry.question_code, entry.question_params, language())
    to = wording.asked(entry.question_to, entry.organisation_name, entry.owner_office, language())
    return {"drawer_title": format_html("{} · {}", _("Reasons"), data(str(entry))), "question": said, "question_to": to}


@require_safe
@page
def risk_reasons(request: Request, key: str) -> HttpResponse:
    """The reasons alone: the drawer of the list, or a page where there is no script."""
    opened = queries.opened(request.viewer, key)
    template = "lists/_drawer.html" if request.htmx else "lists/reasons.html"
    return render(request, template, {**_drawer(opened), "opened": opened, "entry": opened.entry})


@require_POST
@page
def risk_act(request: Request, action: str, key: str) -> HttpResponse:
    """Do one action to one entry; when it is refused the page comes back with what the person typed."""
    form = FORMS[action](request.POST)
    status = UserError.status
    if form.is_valid():
        try:
            getattr(actions, action)(key, by=request.viewer, **form.cleaned_data)
        except (NotThere, NotAllowed):
            raise
        except UserError as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Saved."))
            return redirect("risk", key=key)
    return _entry_page(request, key, name=action, form=form, status=status)
