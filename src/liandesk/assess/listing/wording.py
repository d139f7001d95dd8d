"""Titles of boards, how a forecast reads, what is missing, and why somebody does not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.listing.queries import Board, board_schemes
from liandesk.assess.rules.wording import Line, Words, said, value_said
from liandesk.base.clock import today
from liankit.rules.scheme import Compare
from liankit.rules.versions import in_force

VERDICTS = {
    "counted": _c("counting of listed companies", "counted"),
    "not_listed": _c("counting of listed companies", "not counted: not listed yet"),
    "other_market": _c("counting of listed companies", "not counted: quoted on NEEQ only"),
    "relocated": _c("counting of listed companies", "not counted: moved here after it was listed"),
    "delisted": _c("counting of listed companies", "not counted: delisted"),
    "subsidiary": _c("counting of listed companies", "not counted: a listed group's, itself not listed"),
    "acquired": _c("counting of listed companies", "not counted: acquired by a listed company, itself not listed"),
    "acquirer": _c("counting of listed companies", "not counted: controls a listed company, itself not listed"),
}
SPECIAL_CASES = {
    "relocated": _c("counting of listed companies", "Moved here after it was listed"),
    "delisted": _c("counting of listed companies", "Delisted"),
    "subsidiaries": _c("counting of listed companies", "Subsidiary of a listed group, itself not listed"),
    "acquired": _c("counting of listed companies", "Acquired by a listed company, itself not listed"),
    "acquirers": _c("counting of listed companies", "Took control of a listed company, itself not listed"),
}
"""Circumstances of which a counting rule says whether they count: its ``counts_…``."""


def board_titles() -> dict[str, str]:
    """Return the titles of the schemes in force today, by what they grant."""
    return {one.grants: said(one.title) for one in in_force(board_schemes(), "new", today())}


def cell_said(cell: Mapping[str, Any]) -> str:
    """Return in a few words how an enterprise stands under one board, as ``Prospect.boards`` has it."""
    if cell["holds"]:
        return _("met")
    if cell["median"]:
        return year_said(cell)
    short = ngettext("%(count)s clause short", "%(count)s clauses short", cell["failed"]) % {"count": cell["failed"]}
    if cell["is_open"] is False and cell["until"] and cell["until"] > today().year:
        return _("%(short)s, not by %(year)s") % {"short": short, "year": cell["until"]}
    return short


def when(board: Board) -> str:
    """Return in words when a board's standards are met."""
    span = board.span
    if board.holds:
        return _("met today")
    if span is None or span["until"] is None or span["until"] == today().year:
        return _("no forecast: two years of revenue are needed")
    if span["is_open"]:
        return _("no forecast: it rests on what is not known")
    return year_said(span) if span["low"] else _("not by %(year)s") % {"year": span["until"]}


def year_said(span: Mapping[str, Any]) -> str:
    """Return the year with its interval of 80 %."""
    later = _("after %(year)s") % {"year": span["until"]}
    return _("%(median)s (%(low)s – %(high)s)") % {
        "median": span["median"] or later,
        "low": span["low"],
        "high": span["high"] or later,
    }


@dataclass(frozen=True)
class Gap:
    """A clause that is missing: as a line of the scheme, and how much is missing, where it is a number."""

    line: Line
    short: str


def gaps(board: Board, words: Words) -> tuple[list[Gap], list[str]]:
    """Return the clauses that fail on the way that asks least, and the questions that are still to be answered."""
    lines = {id(line.node): line for line in words.graded(board.grades)}
    failed = [Gap(line, _short(line, words)) for one in board.missing.failed if (line := lines.get(id(one.node)))]
    asked = [ask for one in board.missing.unknown if (line := lines.get(id(one.node))) for ask in line.questions]
    return failed, list(dict.fromkeys(asked))


def _short(line: Line, words: Words) -> str:
    """Return how far a number is from its bound; empty where nothing is measured."""
    judged = line.judged
    if judged is None or not isinstance(line.node, Compare) or line.node.is_ is not None or isnan(judged.threshold):
        return ""
    value = float(judged.low[0]) if len(judged.low) else float("nan")
    return "" if isnan(value) else value_said(abs(judged.threshold - value), words.unit_of(line.node.quantity))
