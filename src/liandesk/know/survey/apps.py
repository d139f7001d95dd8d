from __future__ import annotations

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    name = "liandesk.know.survey"
    label = "survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.know.survey import metrics, panels

        metrics.register()
        panels.register()
