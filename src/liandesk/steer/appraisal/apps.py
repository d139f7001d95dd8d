from __future__ import annotations

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "liandesk.steer.appraisal"
    label = "appraisal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.base.audit import triggers
        from liandesk.steer.appraisal import panels

        triggers.TABLES.extend(["appraisal_formula", "appraisal_given", "appraisal_result"])
        panels.register()
