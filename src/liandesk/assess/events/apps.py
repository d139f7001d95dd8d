from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "liandesk.assess.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.events import ledger, panels
        from liandesk.assess.lists.queries import RISKS
        from liandesk.base.snapshots.actions import register_projection

        panels.register()
        register_projection(RISKS, ledger.keep_published)
