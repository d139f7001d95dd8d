from __future__ import annotations

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "liandesk.assess.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.backups import metrics, panels, rules

        metrics.register()
        rules.register()
        panels.register()
