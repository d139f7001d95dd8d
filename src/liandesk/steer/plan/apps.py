from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "liandesk.steer.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.steer.plan import panels, things

        panels.register()
        things.register_things()
