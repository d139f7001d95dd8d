"""The portrait of one organisation, and what is done from it: correct, disown, merge, split, consent, revoke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.facts.policies import FACT, LANDING
from liandesk.base.ui import panels
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.know.registry import actions, consents, correction_actions
from liandesk.know.registry.attributes import CONSENT_ITEMS
from liandesk.know.registry.forms import ConsentForm, CorrectForm, KnownOnForm, MergeForm, ReasonForm
from liandesk.know.registry.models import JudgementKind
from liandesk.know.registry.policies import CONSENT, JUDGEMENT
from liandesk.know.registry.portrait_copies import send_portrait
from liandesk.know.registry.portrait_queries import Portrait, current_id, portrait
from liandesk.know.registry.queries import find_organisation
from liandesk.know.registry.review_queries import names_of_records
from liandesk.know.registry.review_views import replaying

FORMS: dict[str, type[forms.Form]] = {
    "correct": CorrectForm,
    "consent": ConsentForm,
    "merge": MergeForm,
    "split": ReasonForm,
    "disown": ReasonForm,
}


@require_safe
@page
def organisation(request: Request, organisation_id: str) -> HttpResponse:
    now = current_id(request.viewer, organisation_id)
    if now != organisation_id:
        return redirect("organisation", organisation_id=now)
    return _page(request, organisation_id)


@require_safe
@page
def organisation_export(request: Request, organisation_id: str, form: str) -> FileResponse:
    """Send the portrait, now or as known on a day, as a file."""
    asked = KnownOnForm(request.GET)
    found = portrait(request.viewer, organisation_id, asked.cleaned_data["on"] if asked.is_valid() else None)
    if found is None:
        raise Http404
    return send_portrait(found, form, by=request.viewer)


def _page(
    request: Request, organisation_id: str, *, name: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    asked = KnownOnForm(request.GET if request.method == "GET" else None)
    on = asked.cleaned_data["on"] if asked.is_valid() else None
    found = portrait(request.viewer, organisation_id, on)
    if found is None:
        raise Http404
    refused = {name: form} if form is not None else {}
    context = {
        "organisation": found.organisation,
        "portrait": found,
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
        "asked": asked,
        "forms": {code: refused.get(code) or kind(auto_id=f"{code}-%s") for code, kind in FORMS.items()},
        "refused": name,
        "names": _names(request, found),
        "consent_items": CONSENT_ITEMS,
        "different": JudgementKind.DIFFERENT,
        "may_see_loads": can(request.viewer, LANDING, "read"),
        "panels": [] if on else panels.panels("organisation", request.viewer, organisation_id),
    }
    return render(request, "registry/organisation.html", context, status=status)


def _names(request: Request, found: Portrait) -> dict[str, str]:
    return names_of_records(request.viewer, {record for line in found.judgements for record in (line.left, line.right)})


def _act(request: Request, organisation_id: str, name: str, do: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Do what a form asks; when it is refused the page comes back with what the person typed."""
    form = FORMS[name](request.POST, auto_id=f"{name}-%s")
    status = UserError.status
    if form.is_valid():
        try:
            messages.success(request, do(form.cleaned_data))
        except (NotThere, NotAllowed):
            raise
        except UserError as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            return redirect("organisation", organisation_id=organisation_id)
    return _page(request, organisation_id, name=name, form=form, status=status)


@require_POST
@page
def organisation_correct(request: Request, organisation_id: str) -> HttpResponse:
    check(request.viewer, FACT, "state", {"organisation": organisation_id})

    def correct(said: dict[str, Any]) -> str:
        correction_actions.correct(organisation_id, by=request.viewer, **said)
        return _("Your word is kept beside what the sources said. Lists follow with the next refresh.")

    return _act(request, organisation_id, "correct", correct)


@require_POST
@page
def organisation_disown(request: Request, organisation_id: str) -> HttpResponse:
    check(request.viewer, FACT, "state", {"organisation": organisation_id})

    def disown(said: dict[str, Any]) -> str:
        record = request.POST.get("record", "")
        correction_actions.disown(organisation_id, record=record, by=request.viewer, **said)
        return _("The chain office was told that this record is not yours.")

    return _act(request, organisation_id, "disown", disown)


@require_POST
@page
def organisation_merge(request: Request, organisation_id: str) -> HttpResponse:
    check(request.viewer, JUDGEMENT, "judge")

    def merge(said: dict[str, Any]) -> str:
        other = find_organisation(request.viewer, said["other"])
        actions.merge(organisation_id, other.pk, by=request.viewer, reason=said["reason"])
        return _("Judged.") + f" {replaying()}"

    return _act(request, organisation_id, "merge", merge)


@require_POST
@page
def organisation_split(request: Request, organisation_id: str) -> HttpResponse:
    check(request.viewer, JUDGEMENT, "judge")

    def split(said: dict[str, Any]) -> str:
        records = request.POST.getlist("record")
        actions.split(organisation_id, records, by=request.viewer, reason=said["reason"])
        return _("Judged.") + f" {replaying()}"

    return _act(request, organisation_id, "split", split)


@require_POST
@page
def organisation_consent(request: Request, organisation_id: str) -> HttpResponse:
    check(request.viewer, CONSENT, "give", {"organisation": organisation_id})

    def give(said: dict[str, Any]) -> str:
        consents.give_consent(organisation_id, by=request.viewer, **said)
        return _("The consent is kept.")

    return _act(request, organisation_id, "consent", give)


@require_POST
@page
def consent_revoke(request: Request, pk: int) -> HttpResponse:
    given = consents.revoke_consent(pk, by=request.viewer)
    messages.success(request, _("Revoked: the item is in no computation from the next refresh on."))
    return redirect("organisation", organisation_id=given.organisation)
