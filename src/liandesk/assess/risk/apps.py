from __future__ import annotations

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "liandesk.assess.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"
