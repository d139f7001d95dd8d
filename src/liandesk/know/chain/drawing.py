"""Draw what lies around something as a picture in columns: what goes in to the left, what comes out to the right.

Each column holds a limited number of boxes; what has no room is counted in a box of its own, so that the picture never
becomes a hairball. Lengths are in CSS pixels.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

BOX_WIDTH, BOX_HEIGHT = 150, 34
GAP, ROW_GAP, MARGIN = 84, 12, 10
MOST_IN_COLUMN = 12
MOST_OF_PARENT = 8
LONGEST = 20  # half-widths of text that a box holds


@dataclass(frozen=True)
class Thing:
    """What is drawn as a box: ``column`` is its place along the flow, ``parent`` what it hangs on, "" for the start."""

    key: str
    name: str
    column: int
    parent: str
    url: str
    classes: str = ""


@dataclass(frozen=True)
class Tie:
    """What is drawn as a line from one thing to another, with words on it."""

    source: str
    target: str
    label: str
    classes: str = ""


@dataclass(frozen=True)
class Box:
    """A placed box; ``more`` is how many things it stands for, 0 when it is one."""

    text: str
    title: str
    url: str
    classes: str
    x: int
    y: int
    more: int = 0

    width = BOX_WIDTH
    height = BOX_HEIGHT

    @property
    def text_x(self) -> int:
        return self.x + BOX_WIDTH // 2

    @property
    def text_y(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True)
class Line:
    """A placed line and where its words stand."""

    path: str
    label: str
    classes: str
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """A drawing: its size, boxes and lines."""

    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def is_shrinkable(self) -> bool:
        """Whether it is a little wider than a page and stays readable when it is drawn as wide as the page."""
        return 900 < self.width < 1250


@dataclass(frozen=True)
class _Rest:
    """The things of one parent that have no room in a column."""

    parent: Thing
    column: int
    count: int


Counts = Mapping[tuple[str, int], int]


def draw(things: Sequence[Thing], ties: Iterable[Tie], counts: Counts | None = None) -> Picture:
    """Place the things, the first being the start, and the ties between those that found room.

    Of each parent the first things in their order are drawn; the others are one box that leads to the parent.
    ``counts`` says how many a parent has in a column where ``things`` holds only the first of them.
    """
    drawn, rests = _choose(things, counts or {})
    columns = sorted({thing.column for thing in drawn} | {rest.column for rest in rests})
    rows: dict[int, list[Thing | _Rest]] = {column: [] for column in columns}
    for thing in drawn:
        rows[thing.column].append(thing)
    for rest in rests:
        rows[rest.column].append(rest)
    tallest = max(len(column) for column in rows.values())
    places = {
        id(one): (_left(columns.index(column)), _top(row, len(those), tallest))
        for column, those in rows.items()
        for row, one in enumerate(those)
    }
    at = {thing.key: places[id(thing)] for thing in drawn}
    boxes = [_box(thing, *places[id(thing)]) for thing in drawn] + [
        _rest_box(rest, *places[id(rest)]) for rest in rests
    ]
    lines = [_line(tie, at[tie.source], at[tie.target]) for tie in ties if tie.source in at and tie.target in at]
    lines += [_rest_line(rest, at[rest.parent.key], places[id(rest)]) for rest in rests]
    return Picture(_left(len(columns)) - GAP + MARGIN, _top(tallest, tallest, tallest) - ROW_GAP + MARGIN, boxes, lines)


def _choose(things: Sequence[Thing], counts: Counts) -> tuple[list[Thing], list[_Rest]]:
    """Return what is drawn, parents before children, and what is left over of each parent and column."""
    children: dict[str, list[Thing]] = {}
    for thing in things[1:]:
        children.setdefault(thing.parent, []).append(thing)
    drawn: list[Thing] = [things[0]]
    rests: list[_Rest] = []
    room = dict.fromkeys({thing.column for thing in things}, MOST_IN_COLUMN)
    room[things[0].column] -= 1
    for parent in drawn:  # grows while it is walked
        for column in sorted({thing.column for thing in children.get(parent.key, ())}):
            those = [thing for thing in children[parent.key] if thing.column == column]
            count = counts.get((parent.key, column), len(those))
            fits = count <= min(MOST_OF_PARENT, room[column])
            shown = those if fits else those[: max(0, min(MOST_OF_PARENT, room[column] - 1))]
            drawn.extend(shown)
            room[column] -= len(shown)
            if len(shown) < count and room[column] > 0:
                rests.append(_Rest(parent, column, count - len(shown)))
                room[column] -= 1
    return drawn, rests


def _left(column: int) -> int:
    return MARGIN + column * (BOX_WIDTH + GAP)


def _top(row: int, rows: int, tallest: int) -> int:
    """Return the upper edge of a row; shorter columns stand in the middle."""
    return MARGIN + row * (BOX_HEIGHT + ROW_GAP) + (tallest - rows) * (BOX_HEIGHT + ROW_GAP) // 2


def _box(thing: Thing, x: int, y: int) -> Box:
    return Box(shorten(thing.name), thing.name, thing.url, thing.classes, x, y)


def _rest_box(rest: _Rest, x: int, y: int) -> Box:
    return Box("", rest.parent.name, rest.parent.url, "is-rest", x, y, rest.count)


def _line(tie: Tie, source: tuple[int, int], target: tuple[int, int]) -> Line:
    start = source[0] + BOX_WIDTH, source[1] + BOX_HEIGHT // 2
    end = target[0] - 7, target[1] + BOX_HEIGHT // 2
    bend = max(GAP // 2, abs(end[0] - start[0]) // 3)
    path = f"M{start[0]},{start[1]} C{start[0] + bend},{start[1]} {end[0] - bend},{end[1]} {end[0]},{end[1]}"
    return Line(path, shorten(tie.label, 12), tie.classes, (start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 4)


def _rest_line(rest: _Rest, parent: tuple[int, int], place: tuple[int, int]) -> Line:
    goes_in = rest.column < rest.parent.column
    ends = (place, parent) if goes_in else (parent, place)
    return _line(Tie("", "", "", "is-rest"), *ends)


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return a text that a box holds; signs of full width count twice.

    >>> shorten("层析填料"), shorten("重组人粒细胞刺激因子注射液")
    ('层析填料', '重组人粒细胞刺激因…')
    """
    width = 0
    for place, sign in enumerate(text):
        width += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if width > longest:
            return f"{text[: max(place - 1, 1)]}…"
    return text
