from __future__ import annotations

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "liandesk.act.pipeline"
    label = "pipeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.act.pipeline import disputes, effects, metrics, panels

        disputes.register()
        effects.register()
        metrics.register()
        panels.register()
