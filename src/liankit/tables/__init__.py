"""Tables that cross a boundary: their contracts, and reading and writing them as CSV files and Excel workbooks.

A contract (``Table`` of ``Column``) says what a table holds and how people write it. ``read_table`` takes a real, dirty
file to good rows, rejected rows and ``Problem``s; ``write_template``, ``write_workbook`` and ``write_csv`` go the other
way. What they write, ``read_table`` reads.
"""

from __future__ import annotations

from liankit.tables.contract import Choice, Column, ContractError, Counts, Limits, Table
from liankit.tables.problems import PROBLEM_SCHEMA, Problem, UnreadableFile
from liankit.tables.read import TableRead, read_table
from liankit.tables.styles import Page
from liankit.tables.template import describe, write_template
from liankit.tables.write import Cover, Sheet, UnwritableTable, write_csv, write_workbook

__all__ = [
    "PROBLEM_SCHEMA",
    "Choice",
    "Column",
    "ContractError",
    "Counts",
    "Cover",
    "Limits",
    "Page",
    "Problem",
    "Sheet",
    "Table",
    "TableRead",
    "UnreadableFile",
    "UnwritableTable",
    "describe",
    "read_table",
    "write_csv",
    "write_template",
    "write_workbook",
]
