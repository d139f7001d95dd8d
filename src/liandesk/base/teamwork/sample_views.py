"""Samples of evidence: draw one, look into its pieces, say what each proves, take the result as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.teamwork import risk, sampling
from liandesk.base.teamwork.forms import SampleForm
from liandesk.base.teamwork.models import Sample, SampleItem
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.ui.copies import send, send_evidence, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing

PER_PAGE = 50
COLUMNS = (
    ListColumn("case_id", _("Case"), "number"),
    ListColumn("number", _("Entry"), "number"),
    ListColumn("title", _("Evidence")),
    ListColumn("given_on", _("Given on"), "date"),
    ListColumn("found", _("File"), "choice", choices=dict(SampleItem.Found.choices)),
    ListColumn("chance", _("Chance of being drawn"), "share"),
    ListColumn("weight", _c("sample", "Weight"), "number", may_be_empty=True),
    ListColumn("why", _("Reasons of the weight"), may_be_empty=True),
    ListColumn("answer", _("Content"), "choice", choices=dict(SampleItem.Answer.choices), may_be_empty=True),
    ListColumn("note", _("Note"), may_be_empty=True),
    ListColumn("hash", _("Content hash"), may_be_empty=True),
)
FRAME_COLUMNS = (
    ListColumn("case_id", _("Case"), "number"),
    ListColumn("number", _("Entry"), "number"),
    ListColumn("weight", _c("sample", "Weight"), "number"),
    ListColumn("chance", _("Chance of being drawn"), "share"),
)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def sample_list(request: Request) -> HttpResponse:
    """List the samples; draw one."""
    check(request.viewer, SAMPLE, "draw" if request.method == "POST" else "read")
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("sample", sampling.draw(sampling.Wanted(**form.cleaned_data), by=request.viewer).pk)
    shown = Paginator(sampling.samples(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    names = names_of(sample.drawn_by for sample in shown.object_list)
    context = {"page": shown, "names": names, "form": form, "may_draw": can(request.viewer, SAMPLE, "draw")}
    return render(request, "teamwork/sample_list.html", context, status=400 if form.errors else 200)


def _sample(request: Request, pk: int) -> Sample:
    found = sampling.samples(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _explained(found: Sample, items: Iterable[SampleItem]) -> list[SampleItem]:
    """Return the pieces with the reasons of their weights, as titles and strengths (``weighed``) and in words."""
    rules = risk.build_rules(found.rules.body, str(found.rules)) if found.rules else None
    known = list(items)
    for item in known:
        told = risk.reasons(rules, item.reasons) if rules else []
        weighed = [(getattr(title, language()), strength) for title, strength in told]
        why = "; ".join(f"{title} ({_strength(strength)})" for title, strength in weighed)
        vars(item).update(weighed=weighed, why=why)
    return known


def _said_of(found: Sample) -> dict[str, str]:
    """Return whence the weights are, in the reader's language."""
    return {"source": found.rules.body["source"][language()]} if found.rules else {}


def _strength(strength: float | None) -> str:
    return str(_("unknown, counts 1")) if strength is None else f"×{strength:g}"


@page
@require_safe
def sample(request: Request, pk: int) -> HttpResponse:
    found = _sample(request, pk)
    items = _explained(found, sampling.items(request.viewer, pk))
    names = names_of(actor for item in items for actor in (item.given_by, item.checked_by))
    may_judge = can(request.viewer, SAMPLE, "draw")
    context = {
        "sample": found,
        "items": items,
        "rules": _said_of(found),
        "result": sampling.result(items),
        "names": names,
        "may_judge": may_judge,
        "own_actor": request.viewer.actor,
    }
    return render(request, "teamwork/sample.html", context)


@page
@require_POST
def sample_judge(request: Request, pk: int, item: int) -> HttpResponse:
    sampling.judge(item, request.POST.get("answer", ""), by=request.viewer, note=request.POST.get("note", ""))
    return redirect("sample", pk)


@page
@require_safe
def sample_file(request: Request, pk: int, item: int) -> HttpResponse:
    """Send the file of a piece, never shown inside a page."""
    found = sampling.items(request.viewer, pk).filter(pk=item).exclude(found=SampleItem.Found.MISSING).first()
    if found is None:
        raise Http404
    name = str(found.case.events.get(number=found.number).data.get("file") or "evidence")
    return send_evidence(name, found.hash)


@page
@require_safe
def sample_export(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """Send the sample with its results; the cover says how it was drawn."""
    found = _sample(request, pk)
    listing = Listing("sample", _("Sample of evidence"), COLUMNS, (), "", (), "")
    period = f"{found.process or '*'} {found.first}–{found.last}"
    drawn = f"{period}, {found.size}/{found.population}, seed {found.seed}, {found.get_design_display()}"
    rows = _explained(found, sampling.items(request.viewer, pk))
    return send(
        kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=request.viewer, kind=kind, seen_as=drawn)
    )


@page
@require_safe
def sample_frame(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """Send every piece that a sample by risk was drawn of, with its weight and chance: what drawing again takes."""
    found = _sample(request, pk)
    if found.design != Sample.Design.RISK:
        raise Http404
    listing = Listing("sample_frame", _("Pieces a sample was drawn of"), FRAME_COLUMNS, (), "", (), "")
    drawn = f"{found.size}/{found.population}, seed {found.seed}"
    rows = sampling.frame(found)
    return send(
        kind, lambda path: write_copy(listing, rows, FRAME_COLUMNS, path, by=request.viewer, kind=kind, seen_as=drawn)
    )
