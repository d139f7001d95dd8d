"""A declared list as a table on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.db.models import Model, QuerySet

from liandesk.base.ui.listing import NUMERIC, ListColumn, Listing


class RowColumn(tables.Column):
    """One declared column; it is rendered from the row, and what is unknown is sorted last."""

    empty_values = ()

    def __init__(self, column: ListColumn) -> None:
        super().__init__(verbose_name=column.head, accessor="pk", attrs=_attrs(column))
        self.declared = column

    def render(self, record: Model) -> Any:
        return self.declared.render(record)

    def order(self, queryset: QuerySet[Model], is_descending: bool) -> tuple[QuerySet[Model], bool]:
        return queryset.order_by(self.declared.order(is_descending), "pk"), True


def _attrs(column: ListColumn) -> dict[str, dict[str, str]]:
    if column.kind in NUMERIC:
        return {"td": {"class": "num"}, "th": {"class": "num"}}
    return {"td": {"class": "text-nowrap"}} if column.kind == "date" else {}


class ListTable(tables.Table):
    """One page of a declared list."""

    def __init__(self, listing: Listing, rows: QuerySet[Any], shown: Sequence[ListColumn]) -> None:
        self.caption = str(listing.title)
        columns = [(column.name, RowColumn(column)) for column in shown]
        super().__init__(rows.order_by(*listing.order), extra_columns=columns)
