from __future__ import annotations

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "liandesk.act.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.services import panels

        panels.register()
