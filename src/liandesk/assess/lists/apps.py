from __future__ import annotations

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "liandesk.assess.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.lists import effects, metrics, panels

        metrics.register()
        panels.register()
        effects.register()
