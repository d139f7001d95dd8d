"""The request as our middleware leaves it, for annotations."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from liandesk.base.accounts.roles import Viewer


class Request(HttpRequest):
    """A request with its viewer, set by ``ViewerMiddleware``, and what htmx said, set by its own middleware."""

    viewer: Viewer
    htmx: HtmxDetails
