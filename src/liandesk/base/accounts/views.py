"""Sign in by a link; one's own account, tokens and sessions."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liandesk.base.accounts import actions, queries
from liandesk.base.accounts.forms import TokenForm
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.models import User


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: Request, token: str) -> HttpResponse:
    """Show whom the link signs in; only the button burns it, so a browser that fetches ahead does not."""
    if request.method == "POST":
        try:
            user = actions.use_sign_in_link(token)
        except actions.DeadLink:
            return _dead_link(request)
        return perform_login(request, user)
    link = queries.open_link(token)
    if link is None:
        return _dead_link(request)
    return render(request, "accounts/sign_in.html", {"person": link.user})


def _dead_link(request: Request) -> HttpResponse:
    return render(request, "accounts/dead_link.html", status=actions.DeadLink.status)


@never_cache
@require_GET
def me(request: Request) -> HttpResponse:
    """Show the viewer's own account."""
    return _me_page(request, TokenForm())


@never_cache
@require_POST
def make_token(request: Request) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _me_page(request, form, status=422)
    token = actions.make_api_token(_person(request), by=request.viewer, **form.cleaned_data)
    return _me_page(request, TokenForm(), new_token=token)


@require_POST
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    actions.revoke_api_token(token_id, by=request.viewer)
    messages.success(request, _("The token was revoked."))
    return redirect("me")


@require_POST
def end_sessions(request: Request) -> HttpResponse:
    """Sign out everywhere, here included."""
    actions.end_sessions(_person(request), by=request.viewer)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")


def _person(request: Request) -> User:
    assert request.user.is_authenticated  # the middleware lets nobody else through
    return request.user


def _me_page(request: Request, form: TokenForm, *, new_token: str = "", status: int = 200) -> HttpResponse:
    context = {"profile": queries.profile(request.viewer), "form": form, "new_token": new_token}
    return render(request, "accounts/me.html", context, status=status)
