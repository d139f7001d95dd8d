"""The column contracts of our sheets.

One contract serves the template, the reading of whatever comes back, the form that mends a row, and the reference page.
What the district calls its towns, zones and kinds of item comes from the pack.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from liandesk.know.sources.contracts.common import said
from liandesk.know.sources.contracts.links import products, relations, supply_links
from liandesk.know.sources.contracts.listed import leads, resources, sites, space, technologies, titles, trials
from liandesk.know.sources.contracts.survey import critical_inputs, enterprises, facts
from liankit.tables import Column, Table

__all__ = ["IDENTITY", "QUARANTINE_ID", "accepted", "enterprises", "said", "sheets", "workbook_tables"]

QUARANTINE_ID = Column(
    "quarantine_id",
    pl.Int64,
    said("待改行编号", "Waiting row"),
    note=said("系统填写，请勿改动", "Filled in by the system"),
)
"""Comes back with an export of waiting rows and says which of them a row mends; never in a template."""


def workbook_tables() -> tuple[Table, ...]:
    """Return the sheets that enterprises fill in, in their order."""
    return enterprises(), facts(), critical_inputs()


def sheets() -> tuple[Table, ...]:
    """Return every sheet: those of enterprises, of the chain, then of the bureaus' lists."""
    of_chain = products(), supply_links(), relations()
    of_lists = technologies(), leads(), space(), resources(), titles(), trials(), sites()
    return (*workbook_tables(), *of_chain, *of_lists)


def accepted() -> tuple[Table, ...]:
    """Return what may come back: the sheets, with the number of the waiting row that a row mends."""
    return tuple(replace(table, columns=(*table.columns, QUARANTINE_ID)) for table in sheets())


IDENTITY = {
    "enterprises": ("name",),
    "facts": ("enterprise", "attribute", "as_of"),
    "critical_inputs": ("enterprise", "item", "used_for", "supplier"),
    "products": ("organisation", "name"),
    "supply_links": ("supplier", "buyer", "item"),
    "relations": ("from", "to", "relation"),
    "technologies": ("name",),
    "leads": ("name",),
    "space": ("name",),
    "resources": ("name",),
    "titles": ("organisation", "title"),
    "trials": ("trial", "hospital"),
    "sites": ("organisation", "name"),
}
"""Under which columns a row that was wrong is known again; not the code, which may be what was wrong."""
