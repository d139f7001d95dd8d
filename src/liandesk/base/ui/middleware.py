"""A user's error becomes a page with its status that says what happened and what became of the person's work."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.base.errors import UserError
from liankit.errors import UserError as KitError


class Outcome(NamedTuple):
    """The heading of an error's page, and what became of the person's work and what to do next."""

    heading: Promise
    consequence: Promise


OUTCOMES: dict[int, Outcome] = {
    400: Outcome(
        _("This could not be done"),
        _("Nothing was changed. Go back, mend it and send it again; what you had entered is still there."),
    ),
    403: Outcome(
        _("You may not do this"),
        _("Nothing was changed. If it is part of your work, ask the chain office for the role."),
    ),
    409: Outcome(
        _("Somebody else changed this first"),
        _("Their change is kept, yours was not written. Go back, reload the page, and enter yours again."),
    ),
    507: Outcome(
        _("The disk is full"),
        _("What was being written was taken back. Tell the operator; try again when there is space."),
    ),
}
"""By status; another status of a user's error reads as 400."""


class UserErrorMiddleware:
    """Render the errors that a person can mend; everything else is left to Django's handlers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, UserError | KitError):
            return None
        status = getattr(error, "status", UserError.status)
        outcome = OUTCOMES.get(status, OUTCOMES[400])
        context = {**outcome._asdict(), "message": str(error)}
        return render(request, "ui/error.html", context, status=status)
