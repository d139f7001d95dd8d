from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "liandesk.steer.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        from liandesk.steer.cockpit import panels

        panels.register()
