"""Projects in the sketch of the district: by the town or zone that hosts each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liandesk.act.pipeline import queries
from liandesk.act.pipeline.policies import PROJECT
from liandesk.base.accounts.roles import Viewer
from liandesk.know.registry import cartogram
from liandesk.know.registry.cartogram import Measure

CODE = "project"


class Projects(Measure):
    """Projects that have not ended. A host is a town or a zone, and one column tells both."""

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        return queries.projects(viewer).filter(ended_on=None).annotate(zone=F("town"))

    def url(self, group: str, code: str) -> str:
        return f"{reverse(self.route)}?{urlencode({**self.query, 'town': code})}"


def register() -> None:
    cartogram.MORE.append(_measure)


def _measure() -> Mapping[str, Measure]:
    return {CODE: Projects(_("Projects under way"), PROJECT, "pipeline", {"is_open": "yes"}, CODE)}
