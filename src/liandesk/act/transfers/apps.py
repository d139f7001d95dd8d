from __future__ import annotations

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "liandesk.act.transfers"
    label = "transfers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.transfers import effects, metrics, panels

        effects.register()
        metrics.register()
        panels.register()
