from __future__ import annotations

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "liandesk.know.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.know.sources import panels

        panels.register()
