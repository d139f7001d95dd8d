"""The page of one case; each step is one post, and what is refused comes back with what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import Conflict
from liandesk.base.snapshots import store
from liandesk.base.ui import panels
from liandesk.base.ui.copies import send_evidence
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work import actions, queries, shown, subjects
from liandesk.base.work.forms import (
    AssignForm,
    CorrectForm,
    FillForm,
    PauseForm,
    ProofForm,
    SeenForm,
    StepForm,
    start,
    step_form,
)
from liandesk.base.work.migration_queries import versions_of_log
from liandesk.base.work.models import Case
from liandesk.base.work.policies import OFFICIALS
from liandesk.base.work.wording import said, titles
from liankit.process import Process, State
from liankit.process.definition import FormField, Role
from liankit.process.state import EventKind

Sent = Mapping[str, forms.Form]


def _opened(request: Request, pk: int) -> queries.Opened:
    found = queries.opened(request.viewer, pk)
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    return _page(request, _opened(request, pk))


def _page(request: Request, found: queries.Opened, sent: Sent | None = None, status: int = 200) -> HttpResponse:
    """Render a case; ``sent`` are forms that were sent and refused, by what they are for."""
    sent = sent or {}
    history = shown.history(found.events)
    versions = versions_of_log(found.case, [queries.as_event(row) for row in found.events])
    context = {
        "opened": found,
        "viewer": request.viewer,
        "titles": {key: title for version in versions for key, title in titles(version).items()},
        "questions": {key: question for version in versions for key, question in version.fields.items()},
        "names": names_of(event.actor for event in found.events),
        "steps": [
            (step, sent.get(step.transition.key) or step_form(found, step, request.viewer, step.transition.key))
            for step in shown.in_order(found.mine)
        ],
        "more": _more(request.viewer, found, sent),
        "hand_over": _hand_over(request.viewer, found, sent),
        "stages": shown.stage_line(found.process, found.state),
        "waits": shown.waits(found),
        "pause": found.state.pauses[-1] if found.state.is_paused else None,
        "history": [(entry, shown.may_correct(found, entry)) for entry in reversed(history)],
        "subject": subjects.named(request.viewer, found.case.subject_kind, found.case.subject_id),
        "panels": _panels(request.viewer, found.case),
    }
    return render(request, "work/case.html", context, status=status)


def _panels(viewer: Viewer, case: Case) -> list[panels.Panel]:
    """Return what other apps put on a case: those of its process, then those of every case."""
    pages = (f"case:{case.process}", "case")
    return [panel for page in pages for panel in panels.panels(page, viewer, str(case.pk))]


def _more(viewer: Viewer, found: queries.Opened, sent: Sent) -> list[tuple[str, str, str, forms.Form]]:
    """Return what a party may do beside the steps: the route, the words, the verb, the form."""
    if not found.roles or found.state.ended:
        return []
    offered = [("case_prove", _("Give evidence"), _("Keep it"), _proof_form(found))]
    if shown.may_write(found, "pause"):
        offered += [
            ("case_fill", _("Fill in what was left open"), _("Fill in"), _fill_form(viewer, found)),
            ("case_pause", _("Stop the clocks"), _("Stop them"), _pause_form(found)),
            ("case_resume", _("Let the clocks run on"), _("Let them run"), _resume_form(found)),
        ]
    return [(route, title, verb, sent.get(route) or form) for route, title, verb, form in offered if form]


def _proof_form(found: queries.Opened) -> forms.Form | None:
    return ProofForm(found.process, **start(found, "case_prove")) if found.process.evidence else None


def _fill_form(viewer: Viewer, found: queries.Opened) -> forms.Form | None:
    left = left_open(found.process, found.state)
    return FillForm(left, viewer, **start(found, "case_fill")) if left else None


def _pause_form(found: queries.Opened) -> forms.Form | None:
    can_pause = found.process.pauses and not found.state.is_paused
    return PauseForm(found.process, **start(found, "case_pause")) if can_pause else None


def _resume_form(found: queries.Opened) -> forms.Form | None:
    return SeenForm(**start(found, "case_resume")) if found.state.is_paused else None


def _hand_over(viewer: Viewer, found: queries.Opened, sent: Sent) -> list[tuple[Role, forms.Form]]:
    """Return the roles that the viewer may hand to others, each with its form."""
    if viewer.roles.isdisjoint(OFFICIALS):
        return []
    roles = (role for role in found.process.roles if shown.may_write(found, "assign", role.key))
    return [(role, sent.get(role.key) or AssignForm(role, viewer, **start(found, role.key))) for role in roles]


def left_open(process: Process, state: State) -> list[FormField]:
    """Return the questions that the opening and the steps taken asked and nobody answered."""
    taken = {one.transition for one in state.taken}
    asked = [process.form, *(step.form for step in process.transitions if step.key in taken)]
    return [question for form in asked for question in form if state.fields.get(question.key) in (None, "")]


def _written(request: Request, pk: int, place: str, form: forms.Form, step: actions.Step, done: str) -> HttpResponse:
    """Write a step and go back to the case; what is refused is said, and what was typed is still in its form."""
    try:
        actions.act(pk, step, by=request.viewer)
    except (Conflict, actions.IllegalStep) as refused:
        found = _opened(request, pk)
        form.data = {**form.data.dict(), "seen": found.case.events_count}  # type: ignore[attr-defined]
        messages.error(request, str(refused))
        return _page(request, found, {place: form}, refused.status)
    messages.success(request, done)
    return redirect("home") if form.cleaned_data.get("back") == "home" else redirect("case", pk)


@signed_in
@require_POST
def case_do(request: Request, pk: int, transition: str) -> HttpResponse:
    found = _opened(request, pk)
    step = found.process.transition(transition)
    if step is None:
        raise Http404
    form = StepForm(found.process, step, request.viewer, request.POST, auto_id=f"{transition}_%s")
    if not form.is_valid():
        return _page(request, found, {transition: form}, 400)
    seen, reason = form.cleaned_data["seen"], form.cleaned_data.get("reason", "")
    taken = actions.Step("do", seen, transition, form.answers, reason)
    return _written(request, pk, transition, form, taken, _("Done: %(step)s") % {"step": said(step.title)})


@signed_in
@require_POST
def case_answer(request: Request, pk: int, transition: str) -> HttpResponse:
    """Agree to what another person proposed, or not."""
    found, form = _opened(request, pk), SeenForm(request.POST, auto_id=f"{transition}_%s")
    if not form.is_valid():
        return _page(request, found, {transition: form}, 400)
    kind: EventKind = "approve" if request.POST.get("answer") == "approve" else "refuse"
    done = _("Agreed.") if kind == "approve" else _("Not agreed; whoever proposed it sees it.")
    return _written(request, pk, transition, form, actions.Step(kind, form.cleaned_data["seen"], transition), done)


@signed_in
@require_POST
def case_prove(request: Request, pk: int) -> HttpResponse:
    found = _opened(request, pk)
    form = ProofForm(found.process, request.POST, request.FILES, auto_id="case_prove_%s")
    if not form.is_valid():
        return _page(request, found, {"case_prove": form}, 400)
    given = form.cleaned_data
    data = {"hash": store.put_bytes(given["file"].read()), "title": given["title"], "file": given["file"].name}
    step = actions.Step("prove", given["seen"], given["name"], data)
    return _written(request, pk, "case_prove", form, step, _("The evidence is kept with its hash."))


@signed_in
@require_POST
def case_fill(request: Request, pk: int) -> HttpResponse:
    found = _opened(request, pk)
    form = FillForm(left_open(found.process, found.state), request.viewer, request.POST, auto_id="case_fill_%s")
    if not form.is_valid():
        return _page(request, found, {"case_fill": form}, 400)
    step = actions.Step("fill", form.cleaned_data["seen"], data=form.answers)
    return _written(request, pk, "case_fill", form, step, _("Filled in."))


@signed_in
@require_POST
def case_pause(request: Request, pk: int) -> HttpResponse:
    found = _opened(request, pk)
    form = PauseForm(found.process, request.POST, auto_id="case_pause_%s")
    if not form.is_valid():
        return _page(request, found, {"case_pause": form}, 400)
    step = actions.Step("pause", form.cleaned_data["seen"], form.cleaned_data["name"])
    return _written(request, pk, "case_pause", form, step, _("The clocks stand still."))


@signed_in
@require_POST
def case_resume(request: Request, pk: int) -> HttpResponse:
    found, form = _opened(request, pk), SeenForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"case_resume": form}, 400)
    step = actions.Step("resume", form.cleaned_data["seen"])
    return _written(request, pk, "case_resume", form, step, _("The clocks run on."))


@signed_in
@require_POST
def case_assign(request: Request, pk: int, role: str) -> HttpResponse:
    """Hand a role of the case to somebody."""
    found = _opened(request, pk)
    asked = next((one for one in found.process.roles if one.key == role), None)
    if asked is None:
        raise Http404
    form = AssignForm(asked, request.viewer, request.POST, auto_id=f"{role}_%s")
    if not form.is_valid():
        return _page(request, found, {role: form}, 400)
    holders = {role: form.holders(found.state.holders.get(role, ()))}
    step = actions.Step("assign", form.cleaned_data["seen"], role, holders=holders)
    return _written(request, pk, role, form, step, _("Handed over."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case_correct(request: Request, pk: int, number: int) -> HttpResponse:
    """Say an entry of the log anew; whoever may not act in the case is refused by the action."""
    found = _opened(request, pk)
    entry = next((one for one in shown.history(found.events) if one.row.number == number), None)
    if entry is None:
        raise Http404
    form = _correct_form(request, found, entry)
    if request.method == "POST" and form.is_valid():
        step = actions.Step("correct", form.cleaned_data["seen"], str(number), form.changes)
        return _written(request, pk, "", form, step, _("Corrected; what was said before stays visible."))
    context = {"opened": found, "entry": entry, "form": form, "titles": titles(found.process)}
    return render(request, "work/case_correct.html", context, status=400 if form.errors else 200)


def _correct_form(request: Request, found: queries.Opened, entry: shown.Entry) -> CorrectForm:
    known, sent = found.process.fields, request.POST if request.method == "POST" else None
    questions = [known[key] for key in questions_of(found.process, entry) if key in known]
    at = timezone.localtime(entry.at).replace(second=0, microsecond=0)
    start = {**entry.data, "seen": found.case.events_count, "at": at}
    return CorrectForm(questions, request.viewer, sent, initial=start)


def questions_of(process: Process, entry: shown.Entry) -> list[str]:
    """Return the keys of the questions that an entry answered or could have."""
    step = process.transition(entry.row.name) if entry.row.kind == "do" else None
    asked = process.form if entry.row.kind == "open" else step.form if step else ()
    return list(dict.fromkeys([*(question.key for question in asked), *entry.data]))


@signed_in
@require_safe
def case_evidence(request: Request, pk: int, number: int) -> HttpResponse:
    """Send a piece of evidence, never shown inside a page."""
    found = _opened(request, pk)
    row = next((event for event in found.events if event.number == number and event.kind == "prove"), None)
    if row is None:
        raise Http404
    return send_evidence(str(row.data.get("file", "evidence")), row.data["hash"])
