from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "liandesk.steer.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.steer.indicators import definitions, metrics, panels, risk_factors

        definitions.register()
        metrics.register()
        panels.register()
        risk_factors.register()
