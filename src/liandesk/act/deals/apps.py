from __future__ import annotations

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "liandesk.act.deals"
    label = "deals"
    default_auto_field = "django.db.models.BigAutoField"
