"""The backup list: read it, one row, what people do to its backups and drills, candidates and proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.assess.backups import actions, proposals, queries
from liandesk.assess.backups.copies import COPIES, send_lines
from liandesk.assess.backups.forms import BackupForm, HeldForm, PlanForm, ReasonForm, RecordForm, TechnologyForm
from liandesk.assess.backups.lines import lines
from liandesk.assess.backups.listing import BACKUPS, LineFilter, LineTable
from liandesk.assess.backups.models import Technology
from liandesk.assess.backups.policies import BACKUP, CANDIDATE
from liandesk.assess.backups.shown import CandidateTable, steps_of
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.ui.decorators import page
from liandesk.know.chain.tables import FrameData

PER_PAGE = 50
MOST_CANDIDATES = 10


@require_safe
@page
def backups(request: Request) -> HttpResponse:
    """The list, as it is filtered."""
    check(request.viewer, BACKUP, "read")
    found = LineFilter(request.GET)
    shown = BACKUPS.shown(request.GET.getlist("columns"))
    every = lines(request.viewer)
    table = LineTable(found.let_through(every), shown)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "listing": BACKUPS,
        "filter": found,
        "table": table,
        "columns": [(column.name, column.title, column in shown) for column in BACKUPS.columns],
        "copies": COPIES,
        "query": request.GET.urlencode(),
        "classification": pack().classifications[-1],
        "may_list": can(request.viewer, BACKUP, "list"),
        "overdue": sum(line.drill == "overdue" for line in every),
        "unbacked": sum(not line.is_backed for line in every),
        "is_synthetic": any(line.is_synthetic for line in every),
    }
    return render(request, "backups/backups.html", context)


@require_safe
@page
def backups_export(request: Request, kind: str) -> FileResponse:
    """Send exactly what the page shows: its filters, columns and order, without its paging."""
    check(request.viewer, BACKUP, "read")
    found = LineFilter(request.GET)
    shown = BACKUPS.shown(request.GET.getlist("columns"))
    table = LineTable(found.let_through(lines(request.viewer)), shown)
    RequestConfig(request, paginate=False).configure(table)
    return send_lines(table.data.data, shown, kind, by=request.viewer, seen_as=found.said())


@require_safe
@page
def backup_row(request: Request, pk: int) -> HttpResponse:
    """One row with its backups, drills, candidates and history."""
    found = queries.opened(request.viewer, pk)
    row = found.technology
    sees_candidates = can(request.viewer, CANDIDATE, "read")
    offered = queries.candidates_of(request.viewer, [row.item]) if sees_candidates else None
    context = {
        "opened": found,
        "row": row,
        "backups": [(one, steps_of(one.backup)) for one in found.backups],
        "names": names_of(event.actor for event in found.events),
        "candidates": offered.head(MOST_CANDIDATES).to_dicts() if offered is not None else [],
        "more_candidates": max(0, offered.height - MOST_CANDIDATES) if offered is not None else 0,
        "may_read_entry": bool(row.item),
    }
    return render(request, "backups/row.html", context)


def _asked(
    request: Request,
    form: Form,
    title: str,
    back: str,
    do: Callable[[dict[str, Any]], object],
    row: Technology | None = None,
) -> HttpResponse:
    """Do what a form asks and go back, or show the form with what is wrong; what was typed is kept."""
    status = 200
    if form.is_bound:
        status = UserError.status
        if form.is_valid():
            try:
                done = do(form.cleaned_data)
            except (NotThere, NotAllowed):
                raise
            except UserError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect(back or reverse("backup_row", args=[getattr(done, "pk", None)]))
    context = {"form": form, "title": title, "back": back or reverse("backups"), "row": row}
    return render(request, "backups/form.html", context, status=status)


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


_both = require_http_methods(["GET", "HEAD", "POST"])


@_both
@page
def backup_new(request: Request) -> HttpResponse:
    """Put a row on the list."""
    check(request.viewer, BACKUP, "list")
    form = TechnologyForm(_sent(request), initial={"owner_office": pack().chain_office})

    def do(said: dict[str, Any]) -> Technology:
        return actions.add_technology({name: said[name] for name in said if name != "version"}, by=request.viewer)

    return _asked(request, form, _("Put a technology on the list"), "", do)


def _kept(request: Request, pk: int, right: str = "keep") -> Technology:
    """Return a row that the person may write."""
    row = queries.technology(request.viewer, pk)
    check(request.viewer, BACKUP, right, queries.as_row(row) if right == "keep" else None)
    return row


@_both
@page
def backup_change(request: Request, pk: int) -> HttpResponse:
    """Change what is said of a row."""
    row = _kept(request, pk)
    form = TechnologyForm(_sent(request)) if _sent(request) else TechnologyForm.of(row)

    def do(said: dict[str, Any]) -> object:
        version = said.pop("version")
        return actions.change_technology(pk, said, by=request.viewer, version=version or 0)

    return _asked(request, form, _("Change the row"), reverse("backup_row", args=[pk]), do, row)


@_both
@page
def backup_retire(request: Request, pk: int) -> HttpResponse:
    """Take a row off the list."""
    row = _kept(request, pk, "list")
    form = ReasonForm(_sent(request), initial={"version": row.version})
    return _asked(
        request,
        form,
        _("Take it off the list"),
        reverse("backups"),
        lambda said: actions.retire(pk, by=request.viewer, **said),
        row,
    )


@_both
@page
def backup_add(request: Request, pk: int) -> HttpResponse:
    """Add a backup to a row."""
    row = _kept(request, pk)
    form = BackupForm(
        _sent(request), viewer=request.viewer, initial={"version": row.version, "owner_office": row.owner_office}
    )

    def do(said: dict[str, Any]) -> object:
        return actions.add_backup(pk, form.said, by=request.viewer, version=said["version"])

    return _asked(request, form, _("Add a backup"), reverse("backup_row", args=[pk]), do, row)


@_both
@page
def held_change(request: Request, pk: int) -> HttpResponse:
    """Change a backup, or confirm it as it stands."""
    held = queries.backup(request.viewer, pk)
    row = _kept(request, held.technology_id)
    form = HeldForm(_sent(request), held=held, viewer=request.viewer)

    def do(said: dict[str, Any]) -> object:
        return actions.change_backup(pk, form.said, by=request.viewer, version=said["version"])

    return _asked(request, form, _("Change or confirm the backup"), reverse("backup_row", args=[row.pk]), do, row)


@_both
@page
def held_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a backup away."""
    held = queries.backup(request.viewer, pk)
    row = _kept(request, held.technology_id)
    form = ReasonForm(_sent(request), initial={"version": row.version})
    back = reverse("backup_row", args=[row.pk])
    return _asked(
        request,
        form,
        _("Withdraw the backup"),
        back,
        lambda said: actions.withdraw_backup(pk, by=request.viewer, **said),
        row,
    )


@_both
@page
def drill_plan(request: Request, pk: int) -> HttpResponse:
    """Plan the next drill of a backup, or move it."""
    held = queries.backup(request.viewer, pk)
    row = _kept(request, held.technology_id)
    form = PlanForm(_sent(request), initial={"version": row.version, "planned_on": held.next_drill})
    back = reverse("backup_row", args=[row.pk])
    return _asked(
        request, form, _("Plan a drill"), back, lambda said: actions.plan_drill(pk, by=request.viewer, **said), row
    )


@_both
@page
def drill_record(request: Request, pk: int) -> HttpResponse:
    """Record what came of a drill."""
    found = queries.drill(request.viewer, pk)
    row = _kept(request, found.backup.technology_id)
    form = RecordForm(_sent(request)) if _sent(request) else RecordForm.of(found)
    back = reverse("backup_row", args=[row.pk])
    return _asked(
        request,
        form,
        _("Record the drill"),
        back,
        lambda said: actions.record_drill(pk, by=request.viewer, **said),
        row,
    )


@_both
@page
def drill_cancel(request: Request, pk: int) -> HttpResponse:
    """Call a planned drill off."""
    found = queries.drill(request.viewer, pk)
    row = _kept(request, found.backup.technology_id)
    form = ReasonForm(_sent(request), initial={"version": row.version})
    back = reverse("backup_row", args=[row.pk])
    return _asked(
        request,
        form,
        _("Call the drill off"),
        back,
        lambda said: actions.cancel_drill(pk, by=request.viewer, **said),
        row,
    )


@require_safe
@page
def backup_candidates(request: Request) -> HttpResponse:
    """Who could stand in for the sources of one item; ``item`` of the address names it."""
    item = request.GET.get("item", "")
    found = queries.candidates_of(request.viewer, [item])
    table = CandidateTable(FrameData(found), may_accept=can(request.viewer, BACKUP, "list"), request=request)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    name = found["item_name"][0] if found.height else ""
    context = {"table": table, "item": item, "item_name": name, "is_synthetic": bool(found["is_synthetic"].any())}
    return render(request, "backups/candidates.html", context)


@require_POST
@page
def candidate_accept(request: Request) -> HttpResponse:
    """Make a candidate a backup at its first step."""
    sent = request.POST
    made = proposals.accept_candidate(
        sent.get("item", ""), sent.get("candidate", ""), sent.get("via_name", ""), by=request.viewer
    )
    messages.success(request, _("It is a backup now, at its first step."))
    return redirect("backup_row", made.technology_id)


@_both
@page
def backup_proposals(request: Request) -> HttpResponse:
    """What the data offers for the list; take up what is chosen."""
    check(request.viewer, BACKUP, "list")
    if request.method == "POST":
        made = proposals.take_proposals(request.POST.getlist("row"), by=request.viewer)
        count = len(made)
        messages.success(
            request,
            ngettext("%(count)s row was put on the list.", "%(count)s rows were put on the list.", count)
            % {"count": count},
        )
        return redirect("backups")
    return render(
        request, "backups/proposals.html", {"proposals": proposals.proposals(request.viewer), "today": today()}
    )
