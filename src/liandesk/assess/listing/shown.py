"""One board of one enterprise as pages show it: on its own page of listing, and beside its rungs."""

from __future__ import annotations

from typing import Any

from liandesk.assess.listing.queries import Board
from liandesk.assess.listing.wording import gaps, when
from liandesk.assess.rules.queries import vocabulary
from liandesk.assess.rules.wording import CONFIDENCE, Words, said
from liandesk.base.clock import today


def board_context(board: Board) -> dict[str, Any]:
    """Return what a template shows of a board: what is met, what is missing with its gap, what to ask, when."""
    words = Words(board.scheme, vocabulary(), today())
    lines = words.graded(board.grades)
    titles = {line.node.key: line.title for line in lines}
    failed, asked = gaps(board, words)
    return {
        "title": said(board.scheme.title),
        "key": board.scheme.key,
        "holds": board.holds,
        "counts": board.counts,
        "sets": [titles[key] for key in board.sets],
        "nearest": titles.get(board.nearest, ""),
        "gaps": failed,
        "questions": asked,
        "when": when(board),
        "lines": lines,
        "confidence": CONFIDENCE[board.scheme.source.confidence],
    }
