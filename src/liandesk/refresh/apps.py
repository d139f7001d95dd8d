from __future__ import annotations

from django.apps import AppConfig


class RefreshConfig(AppConfig):
    name = "liandesk.refresh"
    label = "refresh"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.refresh import panels

        panels.register()
