from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "liandesk.assess.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.incidents import effects, panels, playbook

        playbook.register()
        effects.register()
        panels.register()
