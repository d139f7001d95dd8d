"""How many enterprises each class has under today's weights and under others, as bars of SVG."""

from __future__ import annotations

from dataclasses import dataclass

from liandesk.assess.per_mu.wording import class_said
from liankit.rules.per_mu import Assessment
from liankit.rules.per_mu_values import NONE

WIDTH, BAR, GAP, LEFT, RIGHT = 640, 16, 14, 48, 60


@dataclass(frozen=True)
class Bars:
    """A class with its counts before and after: lengths of the bars, and where they stand."""

    name: str
    before: int
    after: int
    y: int
    before_width: float
    after_width: float


@dataclass(frozen=True)
class ClassChart:
    """What the template draws."""

    rows: list[Bars]
    height: int
    width: int = WIDTH
    left: int = LEFT
    bar: int = BAR


def class_chart(before: Assessment, after: Assessment) -> ClassChart | None:
    """Draw the enterprises of each class whose class is certain; None where the method has no classes."""
    classes = before.method.classes
    if not classes:
        return None
    counts = [[_count(found, at) for found in (before, after)] for at in range(len(classes))]
    scale = (WIDTH - LEFT - RIGHT) / max(1, max(map(max, counts)))
    rows = [
        Bars(
            class_said(one.key, one.key) or "",
            then,
            now,
            at * (2 * BAR + GAP),
            round(then * scale, 1),
            round(now * scale, 1),
        )
        for at, (one, (then, now)) in enumerate(zip(classes, counts, strict=True))
    ]
    return ClassChart(rows, len(rows) * (2 * BAR + GAP))


def _count(found: Assessment, at: int) -> int:
    return int(((found.best == at) & (found.worst == at) & (found.best != NONE)).sum())
