"""Editions: what waits for a signature, what was signed, how two differ, copies of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.lists import edition_actions, edition_queries
from liandesk.assess.lists.export_actions import export_edition
from liandesk.assess.lists.forms import PrepareForm, SignForm
from liandesk.assess.lists.models import Edition
from liandesk.assess.lists.policies import EDITION
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.pack import pack
from liandesk.base.ui.copies import send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language


@require_http_methods(["GET", "HEAD", "POST"])
@page
def edition_list(request: Request) -> HttpResponse:
    """Show the editions; prepare one. A draft that is refused comes back with what was typed."""
    check(request.viewer, EDITION, "read")
    form = PrepareForm(request.POST or None, initial={"title": _first_title()})
    if request.method == "POST" and form.is_valid():
        try:
            made = edition_actions.prepare_edition(by=request.viewer, **form.cleaned_data)
            return redirect("edition_draft", pk=made.pk)
        except NotAllowed:
            raise
        except UserError as error:
            form.add_error(None, str(error))
    may_prepare = can(request.viewer, EDITION, "prepare")
    found = list(edition_queries.editions(request.viewer))
    context = {
        "editions": found,
        "names": names_of(name for one in found for name in (one.prepared_by, one.signed_by)),
        "form": form if may_prepare else None,
        "checklist": edition_queries.candidate_checklist(request.viewer) if may_prepare else None,
    }
    return render(request, "lists/edition_list.html", context, status=400 if form.errors else 200)


def _first_title() -> str:
    return " · ".join((pack().name[language()], _("Supply disruption risk list")))


@require_safe
@page
def edition(request: Request, number: int) -> HttpResponse:
    return _edition_page(request, edition_queries.edition(request.viewer, number))


@require_safe
@page
def draft(request: Request, pk: int) -> HttpResponse:
    found = edition_queries.draft(request.viewer, pk)
    return _edition_page(request, found, SignForm())


def _edition_page(request: Request, found: Edition, form: SignForm | None = None, *, status: int = 200) -> HttpResponse:
    opened = edition_queries.opened(request.viewer, found)
    is_open = found.state == "draft"
    context: dict[str, Any] = {
        "opened": opened,
        "edition": found,
        "rows": opened.rows.to_dicts(),
        "names": names_of((found.prepared_by, found.signed_by, found.discarded_by)),
        "form": form if is_open and opened.may_sign else None,
        "may_discard": is_open and can(request.viewer, EDITION, "prepare"),
        "classification": pack().term("classifications", found.classification),
    }
    return render(request, "lists/edition.html", context, status=status)


@require_POST
@page
def sign(request: Request, pk: int) -> HttpResponse:
    """Sign a draft; when it is refused the page comes back saying what is missing."""
    form = SignForm(request.POST)
    status = UserError.status
    if form.is_valid():
        try:
            signed = edition_actions.sign_edition(pk, by=request.viewer, **form.cleaned_data)
        except UserError as error:
            if error.status in (403, 404):
                raise
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Signed as edition %(number)s.") % {"number": signed.number})
            return redirect("edition", number=signed.number)
    found = edition_queries.any_edition(request.viewer, pk)
    return _edition_page(request, found, form, status=status)


@require_POST
@page
def discard(request: Request, pk: int) -> HttpResponse:
    edition_actions.discard_edition(pk, by=request.viewer)
    messages.success(request, _("The draft was discarded; no number was used."))
    return redirect("editions")


@require_safe
@page
def edition_diff(request: Request, number: int, earlier: int) -> HttpResponse:
    later, before = (edition_queries.edition(request.viewer, each) for each in (number, earlier))
    found = edition_queries.edition_diff(request.viewer, before, later)
    return render(request, "lists/edition_diff.html", {"later": later, "earlier": before, "diff": found})


@require_safe
@page
def edition_export(request: Request, number: int, form: str, kind: str) -> FileResponse:
    return _send(request, edition_queries.edition(request.viewer, number), form, kind)


@require_safe
@page
def draft_export(request: Request, pk: int, form: str, kind: str) -> FileResponse:
    return _send(request, edition_queries.draft(request.viewer, pk), form, kind)


def _send(request: Request, found: Edition, form: str, kind: str) -> FileResponse:
    return send(
        kind,
        lambda path: export_edition(found, path, by=request.viewer, kind=kind, form=form, language=language()),
    )
