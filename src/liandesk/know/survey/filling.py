"""The page of one form, by the link or by an account: the same questions, the same checks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.know.survey import answering, queries, wording
from liandesk.know.survey.forms import WholeForm, countries
from liandesk.know.survey.models import Invitation
from liandesk.know.survey.policies import FORM


def fill_in(request: HttpRequest, found: Invitation, by: Viewer, *, sheet_url: str) -> HttpResponse:
    """Show a form and take what is sent: a draft, the whole, a refusal, a confirmation."""
    asked = queries.questions(found)
    if request.method != "POST":
        return _page(request, found, by, WholeForm(found, asked), sheet_url)
    data = request.POST
    whole = WholeForm(found, asked, data)
    try:
        said = _take(found, whole, data, by)
    except (Conflict, UserError) as error:
        return _page(request, found, by, whole, sheet_url, problem=str(error), status=error.status)
    if said is None:
        return _page(request, found, by, whole, sheet_url, status=400)
    messages.success(request, said)
    return redirect(request.path)


def _take(found: Invitation, whole: WholeForm, data: Any, by: Viewer) -> str | None:
    """Do what was asked; return what to say, None where the form has to be mended."""
    seen = int(data["seen"]) if data.get("seen", "").isdecimal() else -1
    if data.get("do") == "draft":
        answering.save_draft(found.pk, whole.draft(data), seen=seen, by=by)
        return _("Kept. You can close the page and go on later by the same link.")
    if data.get("do") == "decline":
        answering.decline(found.pk, data.get("why", ""), seen=seen, by=by)
        return _("Noted: you do not take part in this round.")
    if data.get("do") == "confirm":
        answering.confirm(found.pk, seen=seen, by=by)
        return _("Confirmed. Thank you.")
    if not whole.is_valid():
        return None
    answering.send(found.pk, whole.filled(), seen=seen, by=by)
    return _("Returned. Thank you. You can change your answers until the round is closed.")


def _page(
    request: HttpRequest,
    found: Invitation,
    by: Viewer,
    whole: WholeForm,
    sheet_url: str,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row = {"organisation": found.organisation, "town": found.town}
    is_open = found.round.closed_at is None and found.round.opens_on <= today()
    may_answer = is_open and can(by, FORM, "answer", row)
    context = {
        "found": found,
        "round": found.round,
        "whole": whole,
        "answers": [(one, wording.answer(one, getattr(one, "answer", None))) for one in whole.asked],
        "stands": wording.stands(found),
        "requests": queries.requests_before(found),
        "is_official": answering.is_official(by),
        "may_answer": may_answer,
        "is_editing": may_answer and (not found.is_settled or "change" in request.GET or request.method == "POST"),
        "problem": problem,
        "countries": countries(),
        "sheet_url": sheet_url,
        "by_link": by.user_id is None,
        "is_synthetic": found.round.is_synthetic,
    }
    return render(request, "survey/form.html", context, status=status)
