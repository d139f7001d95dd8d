from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "liandesk.know.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.know.registry import effects, metrics, panels

        metrics.register()
        panels.register()
        effects.register()
