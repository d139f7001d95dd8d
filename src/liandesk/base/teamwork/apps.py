from __future__ import annotations

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "liandesk.base.teamwork"
    label = "teamwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.audit import triggers
        from liandesk.base.jobs import handlers
        from liandesk.base.teamwork import digest_actions, metrics, panels, risk, risk_factors

        triggers.TABLES.extend(["teamwork_comment", "teamwork_commentversion"])
        handlers.register(digest_actions.JOB, digest_actions.run)
        handlers.DAILY.append(digest_actions.JOB)
        metrics.register()
        panels.register()
        risk.register_kind()
        risk_factors.register()
