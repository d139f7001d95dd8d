"""Pages of cases: those in hand, one opened, a new one; each step is one post."""

from __future__ import annotations

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.definitions.queries import in_force
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work import actions, queries
from liandesk.base.work.forms import OpenForm, ProofForm, StepForm
from liandesk.base.work.policies import CASE
from liandesk.base.work.tables import CaseTable
from liandesk.base.work.wording import said, titles
from liankit.process import NextAction
from liankit.process.state import EventKind


@signed_in
@require_safe
def case_list(request: Request) -> HttpResponse:
    shown = request.GET.get("show", "mine")
    rows = {"mine": queries.in_hand, "open": queries.open_cases, "ended": queries.ended_cases}
    table = CaseTable(rows.get(shown, queries.in_hand)(request.viewer))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "shown": shown, "may_open": can(request.viewer, CASE, "open"), "processes": _openable()}
    return render(request, "work/case_list.html", context)


def _openable() -> list[tuple[str, str]]:
    """Return the processes that an office opens by hand: those with an issuing and a leading role."""
    found = ((key, in_force("process", key)) for key in queries.process_keys())
    processes = ((key, queries.process_of(definition)) for key, definition in found if definition)
    return [(key, said(p.title)) for key, p in processes if {"issuer", "lead"} <= {role.key for role in p.roles}]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: Request, process: str) -> HttpResponse:
    check(request.viewer, CASE, "open")
    definition = in_force("process", process)
    if definition is None or process not in dict(_openable()):
        raise Http404
    found = queries.process_of(definition)
    form = OpenForm(found.form, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.open_case(_new_case(request, process, form), by=request.viewer)
        messages.success(request, _("The case is open; the leading office has it in its inbox."))
        return redirect("case", made.pk)
    status = 400 if form.errors else 200
    return render(request, "work/case_new.html", {"form": form, "title": said(found.title)}, status=status)


def _new_case(request: Request, process: str, form: OpenForm) -> actions.NewCase:
    said_ = form.cleaned_data
    parties = [("issuer", "office", _own_office(request)), ("lead", "office", said_["lead"])]
    parties += [("partner", "office", office) for office in said_["partners"]]
    return actions.NewCase(process, said_["title"], parties, form.answers)


def _own_office(request: Request) -> str:
    """Return the office somebody acts for; a leader's instructions are kept by the chain office."""
    held = sorted(grant.scope_id for grant in request.viewer.grants if grant.scope_kind == "office")
    return held[0] if held else pack().chain_office


def _opened(request: Request, pk: int) -> queries.Opened:
    found = queries.opened(request.viewer, pk)
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    return _page(request, _opened(request, pk))


def _page(request: Request, found: queries.Opened, bad: dict[str, forms.Form] | None = None) -> HttpResponse:
    """Render a case; ``bad`` are forms that were sent and refused, by step."""
    sent = bad or {}
    steps = [(action, sent.get(action.transition.key) or _form(found, action)) for action in found.mine]
    proof = sent.get("prove") or ProofForm(found.process, initial={"seen": found.case.events_count})
    context = {
        "opened": found,
        "titles": titles(found.process),
        "names": names_of(event.actor for event in found.events),
        "steps": steps,
        "proof": proof if found.roles and found.process.evidence else None,
    }
    return render(request, "work/case.html", context, status=400 if bad else 200)


def _form(found: queries.Opened, action: NextAction) -> StepForm:
    return StepForm(found.process, action.transition, initial={"seen": found.case.events_count})


@signed_in
@require_POST
def case_do(request: Request, pk: int, transition: str) -> HttpResponse:
    found = _opened(request, pk)
    step = found.process.transition(transition)
    if step is None:
        raise Http404
    form = StepForm(found.process, step, request.POST)
    if not form.is_valid():
        return _page(request, found, {transition: form})
    seen, reason = form.cleaned_data["seen"], form.cleaned_data.get("reason", "")
    actions.act(pk, actions.Step("do", seen, transition, form.answers, reason), by=request.viewer)
    messages.success(request, _("Done: %(step)s") % {"step": said(step.title)})
    return redirect("case", pk)


@signed_in
@require_POST
def case_answer(request: Request, pk: int, transition: str) -> HttpResponse:
    """Agree to what another person proposed, or not."""
    kind: EventKind = "approve" if request.POST.get("answer") == "approve" else "refuse"
    seen = _number(request.POST.get("seen"))
    actions.act(pk, actions.Step(kind, seen, transition), by=request.viewer)
    messages.success(request, _("Agreed.") if kind == "approve" else _("Not agreed; whoever proposed it sees it."))
    return redirect("case", pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else -1


@signed_in
@require_POST
def case_prove(request: Request, pk: int) -> HttpResponse:
    found = _opened(request, pk)
    form = ProofForm(found.process, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, {"prove": form})
    answered = form.cleaned_data
    data = {"hash": store.put_bytes(answered["file"].read()), "title": answered["title"], "file": answered["file"].name}
    actions.act(pk, actions.Step("prove", answered["seen"], answered["name"], data), by=request.viewer)
    messages.success(request, _("The evidence is kept with its hash."))
    return redirect("case", pk)


@signed_in
@require_safe
def case_evidence(request: Request, pk: int, number: int) -> HttpResponse:
    """Send a piece of evidence, never shown inside a page."""
    found = _opened(request, pk)
    row = next((event for event in found.events if event.number == number and event.kind == "prove"), None)
    if row is None:
        raise Http404
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(str(row.data.get('file', 'evidence')))}"}
    return HttpResponse(store.get_bytes(row.data["hash"]), content_type="application/octet-stream", headers=headers)
