"""The picture of own times beside the group's: for each line the quartiles as a bar, the median as a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liandesk.act.insight.groups import Compared, Spread

DAYS, ROW, TOP, RIGHT = 440, 40, 28, 20
_LETTER = 8  # width of a Latin letter; a Chinese character takes two
_STEPS = (1, 2, 5, 10, 20, 30, 60, 90, 180, 365, 730, 1_825, 3_650)
_MOST_MARKS = 7


@dataclass(frozen=True)
class Mark:
    """The own or the group's half of a line: a bar where both quartiles are known, a point where the median is."""

    y: int
    left: float | None
    width: float
    x: float | None


@dataclass(frozen=True)
class Row:
    """One line of the picture: its name, own times above, the group's below."""

    name: str
    y: int
    own: Mark
    group: Mark


@dataclass(frozen=True)
class Picture:
    """Everything the template draws; days from 0 on the left."""

    rows: list[Row]
    marks: list[tuple[float, int]]
    beside: int  # where the names end
    width: int
    height: int
    top: int = TOP


def picture_of(lines: Sequence[tuple[str, Compared]]) -> Picture | None:
    """Draw named lines of which the group may be told; None where there is none."""
    drawn = [(name, line) for name, line in lines if line.group and line.group.median is not None]
    if not drawn:
        return None
    most = max(1, *(day for _name, line in drawn for spread in (line.own, line.group) for day in _known(spread)))
    beside = 20 + _LETTER * max(sum(1 if char.isascii() else 2 for char in name) for name, _line in drawn)
    scale = (DAYS - RIGHT) / most
    rows = [_row(name, line, TOP + ROW * place + ROW // 2, beside, scale) for place, (name, line) in enumerate(drawn)]
    step = next((step for step in _STEPS if most / step < _MOST_MARKS), most)
    marks = [(round(beside + day * scale, 1), day) for day in range(0, most + 1, step)]
    return Picture(rows, marks, beside, beside + DAYS, TOP + ROW * len(rows))


def _known(spread: Spread | None) -> list[int]:
    days = (spread.lower, spread.median, spread.upper) if spread else ()
    return [day for day in days if day is not None]


def _row(name: str, line: Compared, y: int, beside: int, scale: float) -> Row:
    def mark(spread: Spread | None, height: int) -> Mark:
        if spread is None:
            return Mark(height, None, 0, None)
        lower, median, upper = (
            None if day is None else round(beside + day * scale, 1)
            for day in (spread.lower, spread.median, spread.upper)
        )
        width = 0.0 if lower is None or upper is None else max(round(upper - lower, 1), 2)
        return Mark(height, lower if upper is not None else None, width, median)

    return Row(name, y, mark(line.own, y - 8), mark(line.group, y + 8))
