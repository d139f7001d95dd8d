from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "liandesk.base.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.audit import triggers
        from liandesk.base.work import challenge_views, challenges, metrics, migration_panels, objections, panels

        triggers.TABLES.append("work_caseevent")
        metrics.register()
        panels.register()
        migration_panels.register()
        challenges.register()
        challenge_views.register()
        objections.register()
