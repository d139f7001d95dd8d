from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "liandesk.steer.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.steer.reports import panels

        panels.register()
