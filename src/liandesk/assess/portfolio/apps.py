from __future__ import annotations

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "liandesk.assess.portfolio"
    label = "portfolio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.portfolio import panels

        panels.register()
