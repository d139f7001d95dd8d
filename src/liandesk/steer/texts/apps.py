from __future__ import annotations

from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "liandesk.steer.texts"
    label = "texts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.jobs import handlers
        from liandesk.steer.texts import panels, parses

        handlers.register(parses.JOB, parses.run)
        panels.register()
