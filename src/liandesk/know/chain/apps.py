from __future__ import annotations

from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "liandesk.know.chain"
    label = "chain"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.know.chain import panels

        panels.register()
