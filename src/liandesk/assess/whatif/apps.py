from __future__ import annotations

from django.apps import AppConfig


class WhatIfConfig(AppConfig):
    name = "liandesk.assess.whatif"
    label = "whatif"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.whatif import panels

        panels.register()
