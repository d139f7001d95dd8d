"""The board of one process: a column for each stage with its count, the cases that stand there longest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from liandesk.base.accounts.roles import Viewer
from liandesk.base.work import queries
from liandesk.base.work.desk import age
from liandesk.base.work.models import Case
from liandesk.base.work.wording import said
from liankit.process import Process

CARDS = 50
"""How many cases a column shows; the rest are in the table."""


@dataclass(frozen=True)
class Card:
    """One case on the board, with how long it is in its youngest stage."""

    case: Case
    age: str


@dataclass(frozen=True)
class Column:
    """One stage: how many cases stand in it, and the first of them."""

    key: str
    title: str
    count: int
    cards: tuple[Card, ...]

    @property
    def rest(self) -> int:
        return self.count - len(self.cards)


def columns(viewer: Viewer, process: Process) -> Iterator[Column]:
    """Yield the stages in the order of the definition, without the ends: what has ended is in the table."""
    stages = [stage for stage in process.stages if stage.outcome is None]
    counts = queries.stage_counts(viewer, process.key, [stage.key for stage in stages])
    for stage in stages:
        found = queries.in_stage(viewer, process.key, stage.key)[:CARDS] if counts.get(stage.key) else ()
        cards = tuple(Card(case, age(case)) for case in found)
        yield Column(stage.key, said(stage.title), counts.get(stage.key, 0), cards)
