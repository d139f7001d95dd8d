from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "liandesk.base.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.audit import triggers
        from liandesk.base.work import migration_panels, objections, panels

        triggers.TABLES.append("work_caseevent")
        panels.register()
        migration_panels.register()
        objections.register()
