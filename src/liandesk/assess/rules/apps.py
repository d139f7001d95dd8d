from __future__ import annotations

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "liandesk.assess.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.rules import definitions, panels

        definitions.register()
        panels.register()
