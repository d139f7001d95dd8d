from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "liandesk.act.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.insight import panels

        panels.register()
