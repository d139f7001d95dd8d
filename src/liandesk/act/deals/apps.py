from __future__ import annotations

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "liandesk.act.deals"
    label = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.deals import effects, metrics, panels

        effects.register()
        metrics.register()
        panels.register()
