from __future__ import annotations

from django.apps import AppConfig


class LadderConfig(AppConfig):
    name = "liandesk.assess.ladder"
    label = "ladder"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.ladder import definitions, panels

        definitions.register()
        panels.register()
