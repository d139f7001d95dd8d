"""Every request carries its viewer; a person without the required second factor is sent to set it up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from liandesk.base.accounts.roles import viewer_of

_OPEN_PREFIXES = ("/accounts/", "/static/", "/i18n/", "/healthz")


class ViewerMiddleware:
    """Set ``request.viewer``; enforce the second factor for everybody but the demo's cast."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_of(request.user))  # type: ignore[attr-defined]
        if self._needs_second_factor(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        if not settings.REQUIRE_MFA or request.path.startswith(_OPEN_PREFIXES):
            return False
        user = request.user
        return user.is_authenticated and not user.is_demo and not is_mfa_enabled(user)
