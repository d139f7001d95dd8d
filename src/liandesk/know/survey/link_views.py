"""What a link opens: one form and its workbook, without an account; nothing else can be reached by it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liandesk.base.accounts.queries import token_digest
from liandesk.know.survey import answering
from liandesk.know.survey.filling import fill_in
from liandesk.know.survey.limits import is_too_often
from liandesk.know.survey.links import holder, invitation_of
from liandesk.know.survey.models import Invitation
from liandesk.know.survey.workbook_views import workbook


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the form of a link; slow down who tries many, and keep the address out of indexes and referrers."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponseBase:
        if is_too_often(request, token_digest(token)):
            return _closed(render(request, "429.html", status=429))
        found = invitation_of(token)
        if found is None:
            return _closed(render(request, "survey/dead_link.html", status=404))
        return _closed(view(request, token, found))

    return wrapped


def _closed(answer: Any) -> HttpResponseBase:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "same-origin"  # no-referrer would make the browser's Origin null, which CSRF refuses
    response: HttpResponseBase = answer
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def survey_link(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    """Show the form of a link and take what is sent."""
    if request.method == "GET":
        answering.opened(found.pk, by=holder(found))
    return fill_in(request, found, holder(found), sheet_url=reverse("survey_link_sheet", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def survey_link_sheet(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    """Send the form as a workbook and take it back."""
    back = reverse("survey_link", args=[token])
    return workbook(request, [found], holder(found), title=_("My form"), back=back)
