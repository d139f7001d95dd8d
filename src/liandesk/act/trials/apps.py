from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "liandesk.act.trials"
    label = "trials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.trials import effects, metrics, panels

        effects.register()
        metrics.register()
        panels.register()
