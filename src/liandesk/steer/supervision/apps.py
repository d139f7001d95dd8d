from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "liandesk.steer.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.steer.supervision import effects, metrics, panels

        effects.register()
        metrics.register()
        panels.register()
