from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "liandesk.base.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.accounts import signals

        signals.connect()
