from __future__ import annotations

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "liandesk.assess.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.policies import definitions, effects, panels, pleas

        definitions.register()
        effects.register()
        panels.register()
        pleas.register()
