"""allauth with the door closed: accounts are made by the operator, never by strangers; secrets are sealed."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.models import User
from liandesk.base.errors import UserError
from liandesk.base.home import secret


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The cast is known to everybody, so it must never have a password to guess."""
        if user is not None and user.is_demo:
            raise ValidationError(_("The demo's cast sign in by links and have no password."))
        return super().clean_password(password, user=user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: accounts have no mail address."""


class SealedSecrets(DefaultMFAAdapter):
    """Second factors are kept encrypted under a key of the home folder: the database alone does not give them."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise UserError(
                _(
                    "The second factors were sealed with another key, as after a restore without the folder of "
                    "secrets. Ask the operator: liandesk user reset NAME"
                )
            ) from error


def _box() -> Fernet:
    key = hashlib.sha256(secret("second-factors").encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
