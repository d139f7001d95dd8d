from __future__ import annotations

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "liandesk.assess.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liandesk.assess.lists import evidence as lists_evidence
        from liandesk.assess.lists import following
        from liandesk.assess.lists.queries import RISKS
        from liandesk.assess.risk import evidence, panels, projection
        from liandesk.base.snapshots.actions import register_projection

        panels.register()
        register_projection(RISKS, projection.project)
        register_projection(RISKS, following.follow)
        lists_evidence.register(RISKS, lists_evidence.Evidence(evidence.columns, evidence.behind))
