from __future__ import annotations

from django.apps import AppConfig


class PerMuConfig(AppConfig):
    name = "liandesk.assess.per_mu"
    label = "per_mu"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.per_mu import definitions, objections, panels

        definitions.register()
        objections.register()
        panels.register()
