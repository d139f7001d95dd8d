"""Columns of tables that show data rather than interface."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables


class DataColumn(tables.Column):
    """A text that is data: it keeps its language whatever the page's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        attrs.setdefault("td", {})["translate"] = "no"
        super().__init__(*args, attrs=attrs, **kwargs)
