from __future__ import annotations

from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "liandesk.assess.listing"
    label = "listing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.listing import counting, metrics, panels

        counting.register()
        metrics.register()
        panels.register()
