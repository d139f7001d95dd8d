"""Every request carries its viewer; every route but the public ones asks for an account and its second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from liandesk.base.accounts.policies import PUBLIC_ROUTES
from liandesk.base.accounts.roles import viewer_of

API_PREFIX = "/api/"
_OPEN_PREFIXES = ("/accounts/", "/sign-in/", "/static/", "/i18n/", "/healthz")


class SignedInMiddleware(LoginRequiredMiddleware):
    """Send strangers to the sign-in page from every route that is not public; the API answers 401 by itself."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.path.startswith(API_PREFIX) or (match and match.view_name in PUBLIC_ROUTES):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ViewerMiddleware:
    """Set ``request.viewer``; enforce the second factor for everybody but the demo's cast."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_of(request.user))  # type: ignore[attr-defined]
        if not self._needs_second_factor(request):
            return self.get_response(request)
        if request.path.startswith(API_PREFIX):
            message = _("Set up your second factor on the account page first.")
            return JsonResponse({"code": "second_factor_required", "message": message}, status=403)
        return redirect("mfa_activate_totp")

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        if not settings.REQUIRE_MFA or request.path.startswith(_OPEN_PREFIXES):
            return False
        user = request.user
        return user.is_authenticated and not user.is_demo and not is_mfa_enabled(user)
