"""Routes: links, one's own account, and those pages of allauth that exist here.

Nobody signs up and no mail is sent, so allauth's routes for sign-up, addresses and reset by mail are left out.
"""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from liandesk.base.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/<str:token>", views.sign_in, name="sign_in"),
    path("me", views.me, name="me"),
    path("me/tokens", views.make_token, name="make_token"),
    path("me/tokens/<int:token_id>/revoke", views.revoke_token, name="revoke_token"),
    path("me/sessions/end", views.end_sessions, name="end_sessions"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
