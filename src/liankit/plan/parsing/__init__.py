"""A plan's text into sections, programmes, targets, measures, units, places and names, each with its stretch."""

from __future__ import annotations

from liankit.plan.parsing.found import Found, rows
from liankit.plan.parsing.offices import Offices
from liankit.plan.parsing.parse import PARSER_VERSION, parse

__all__ = ["PARSER_VERSION", "Found", "Offices", "parse", "rows"]
