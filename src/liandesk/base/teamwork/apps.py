from __future__ import annotations

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "liandesk.base.teamwork"
    label = "teamwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.audit import triggers
        from liandesk.base.teamwork import panels

        triggers.TABLES.extend(["teamwork_comment", "teamwork_commentversion"])
        panels.register()
