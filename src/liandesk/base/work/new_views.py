"""Open a case: which process, then its form; ``about=kind:id`` is what it concerns."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work import actions, subjects
from liandesk.base.work.forms import OpenForm
from liandesk.base.work.opening import openable
from liandesk.base.work.policies import CASE
from liandesk.base.work.wording import said
from liankit.process import Process


@signed_in
@require_safe
def case_start(request: Request) -> HttpResponse:
    """Choose the process of a new case."""
    check(request.viewer, CASE, "open")
    processes = [(process.key, said(process.title)) for _definition, process in openable(request.viewer)]
    return render(request, "work/case_start.html", {"processes": processes, "subject": _subject(request)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: Request, process: str) -> HttpResponse:
    check(request.viewer, CASE, "open")
    found = next((one for _definition, one in openable(request.viewer) if one.key == process), None)
    if found is None:
        raise Http404
    subject = _subject(request)
    sent = request.POST if request.method == "POST" else None
    form = OpenForm(found, request.viewer, sent, initial=_known(found, subject) | _said(request, found))
    if sent is not None and form.is_valid():
        made = actions.open_case(_new_case(found, form, subject), by=request.viewer)
        messages.success(request, _("The case is open; whoever takes the next step has it in the inbox."))
        return redirect("case", made.pk)
    context = {"form": form, "title": said(found.title), "subject": subject}
    return render(request, "work/case_new.html", context, status=400 if form.errors else 200)


def _subject(request: Request) -> subjects.Named | None:
    """Return what the new case is to be about, as far as the viewer sees it."""
    kind, _colon, object_id = request.GET.get("about", "").partition(":")
    return subjects.named(request.viewer, kind, object_id)


def _known(process: Process, subject: subjects.Named | None) -> dict[str, str]:
    """Return what the form need not ask again: the organisation that the case is about."""
    if subject is None or subject.kind != "organisation":
        return {}
    roles = (f"{role.key}_organisation" for role in process.roles if "organisation" in role.held_by)
    asked = (field.key for field in process.form if field.kind == "organisation")
    return dict.fromkeys([*roles, *asked], subject.title)


def _said(request: Request, process: Process) -> dict[str, str]:
    """Return what the page that leads here has written into the form already, for the person to change."""
    asked = ("title", *(field.key for field in process.form if field.kind in ("text", "long_text", "choice")))
    return {name: request.GET[name] for name in asked if name in request.GET}


def _new_case(process: Process, form: OpenForm, subject: subjects.Named | None) -> actions.NewCase:
    return actions.NewCase(
        process.key,
        form.called,
        form.parties,
        form.answers,
        (subject.kind, subject.id) if subject else ("", ""),
        form.cleaned_data.get("is_restricted", False),
    )
