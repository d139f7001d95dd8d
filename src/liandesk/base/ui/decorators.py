"""What every page view has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase

from liandesk.base.accounts.http import Request
from liandesk.base.errors import NotThere

View = Callable[..., HttpResponseBase]

signed_in = login_required
"""A visitor who is not signed in is sent to sign in and comes back."""


def page(view: View) -> View:
    """Ask for an account; what is not there, or not for the viewer, is a page not found."""

    @signed_in
    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotThere as error:
            raise Http404(str(error)) from error

    return wrapped
