"""The table of organisations."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.columns import DataColumn, TermColumn
from liandesk.know.registry.models import Organisation
from liandesk.know.registry.queries import KINDS


class OrganisationTable(tables.Table):
    name = DataColumn(linkify=("organisation", [tables.A("id")]), verbose_name=_("Name"))
    uscc = DataColumn(verbose_name=_("Credit code"))
    kind = tables.Column(verbose_name=_("Kind"))
    town = TermColumn("towns", verbose_name=_("Town"))
    segment = DataColumn(verbose_name=_("Segment"))

    def render_kind(self, value: str) -> object:
        return KINDS.get(value, value)

    class Meta:
        model = Organisation
        fields = ("name", "uscc", "kind", "town", "segment")
        order_by = ("name",)
