"""What people say of one thing found in a text: a page of its own, and the presses of the review page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.ui.decorators import page
from liandesk.steer.texts import actions, queries
from liandesk.steer.texts.forms import FoundForm, MergeForm
from liandesk.steer.texts.policies import PLAN_TEXT
from liandesk.steer.texts.reviews import Review
from liandesk.steer.texts.wording import VERDICTS
from liankit.plan.review import Reviewed

AROUND = 160
"""Signs of the text shown on each side of a thing."""

_DECISIONS = {"accept": actions.accept, "reject": actions.reject, "reopen": actions.reopen}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def plan_found(request: Request, pk: int, key: str) -> HttpResponse:
    """Correct one thing, with the words around it."""
    check(request.viewer, PLAN_TEXT, "review")
    review, found = _opened(request, pk, key)
    form = FoundForm(found, _version(review, key), request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = UserError.status
        if form.is_valid():
            try:
                version = form.cleaned_data["version"]
                held = actions.correct(pk, key, form.said(), by=request.viewer, version=version)
            except (NotAllowed, NotThere):
                raise
            except UserError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect("plan_found", pk, key) if "kind" in held.said else _back(pk, key)
    return render(request, "texts/found.html", _context(review, found, form), status=status)


def _context(review: Review, found: Reviewed, form: FoundForm) -> dict[str, object]:
    start, end = found.row["start"], found.row["end"]
    held = review.corrections.get(found.key)
    others = [one for one in review.found if one.kind == found.kind and one.key != found.key]
    standing = [one for one in others if one.verdict not in ("rejected", "merged")]
    return {
        "review": review,
        "text": review.text,
        "found": found,
        "form": form,
        "join": MergeForm(standing, held.version if held else 0) if standing else None,
        "before": review.content[max(0, start - AROUND) : start],
        "after": review.content[end : end + AROUND],
        "held": held,
        "verdict": VERDICTS[found.verdict],
        "by": names_of([held.by]).get(held.by, held.by) if held else "",
        "back": f"{reverse('plan_text', args=[review.text.pk])}#found-{found.key}",
    }


@require_POST
@page
def plan_found_decide(request: Request, pk: int, key: str) -> HttpResponse:
    """Accept, reject, or take back what was said; the press says which."""
    check(request.viewer, PLAN_TEXT, "review")
    do = _DECISIONS.get(request.POST.get("do", ""))
    if do is None:
        raise UserError(_("Say what is to be done: accept, reject or reopen."))
    do(pk, key, by=request.viewer, version=_sent_version(request))
    return _back(pk, key, request.POST.get("show", ""))


@require_POST
@page
def plan_found_join(request: Request, pk: int, key: str) -> HttpResponse:
    """Join one thing to another of its kind."""
    check(request.viewer, PLAN_TEXT, "review")
    into = request.POST.get("into", "")
    actions.merge(pk, key, into, by=request.viewer, version=_sent_version(request))
    messages.success(request, _("Joined."))
    return _back(pk, into)


@require_POST
@page
def plan_found_below(request: Request, pk: int, key: str) -> HttpResponse:
    """Accept what is undecided of a programme or a section."""
    check(request.viewer, PLAN_TEXT, "review")
    count = actions.accept_below(pk, key, by=request.viewer)
    said = ngettext("%(count)s was accepted.", "%(count)s were accepted.", count)
    messages.success(request, said % {"count": count})
    return _back(pk, key, request.POST.get("show", ""))


@require_POST
@page
def plan_orphan_drop(request: Request, pk: int, orphan: int) -> HttpResponse:
    """Forget what was said of a place that is gone."""
    actions.drop_orphan(pk, orphan, by=request.viewer)
    return redirect("plan_text", pk)


def _opened(request: Request, pk: int, key: str) -> tuple[Review, Reviewed]:
    review = queries.review(request.viewer, pk)
    found = review.one(key)
    if found is None:
        raise NotThere(_("The text no longer has this place. Look at it again."))
    return review, found


def _version(review: Review, key: str) -> int:
    held = review.corrections.get(key)
    return held.version if held else 0


def _sent_version(request: Request) -> int:
    sent = request.POST.get("version", "")
    if not sent.isdecimal():
        raise UserError(_("The version that you saw is missing. Open the page again."))
    return int(sent)


def _back(pk: int, key: str, show: str = "") -> HttpResponse:
    query = "?show=open" if show == "open" else ""
    return redirect(f"{reverse('plan_text', args=[pk])}{query}#found-{key}")
