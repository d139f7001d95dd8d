"""Titles of boards, and how a forecast reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liandesk.assess.listing.queries import Board, board_schemes
from liandesk.assess.rules.wording import said
from liandesk.base.clock import today
from liankit.rules.versions import in_force


def board_titles() -> dict[str, str]:
    """Return the titles of the schemes in force today, by what they grant."""
    return {one.grants: said(one.title) for one in in_force(board_schemes(), "new", today())}


def when(board: Board) -> str:
    """Return in words when a board's standards are met."""
    span = board.span
    if board.holds:
        return _("met today")
    if span is None or span["until"] == today().year:
        return _("no forecast: two years of revenue are needed")
    if span["is_open"]:
        return _("no forecast: it rests on what is not known")
    if span["low"] is None:
        return _("not by %(year)s") % {"year": span["until"]}
    later = _("after %(year)s") % {"year": span["until"]}
    return _("%(median)s (%(low)s – %(high)s)") % {
        "median": span["median"] or later,
        "low": span["low"],
        "high": span["high"] or later,
    }
