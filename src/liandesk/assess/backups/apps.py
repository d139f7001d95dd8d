from __future__ import annotations

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "liandesk.assess.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.backups import panels, rules

        rules.register()
        panels.register()
