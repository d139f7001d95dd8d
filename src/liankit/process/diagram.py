"""The picture of a process, drawn from its definition: stages as boxes, steps on the lines between them, ends doubled.

SVG as text, without style sheets: it is drawn in the colour of the text around it, so it serves on a page, in a file
and in print. What it shows is said in words too: a description for screen readers, and ``steps`` as a table.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from liankit.process.definition import Coded, Process, Stage, Transition
from liankit.process.layout import Layout, Point, Size, place
from liankit.texts import Language, render

LINE = 16.0  # height of a line of text
GAP = Size(22.0, 26.0)
MARGIN = 8.0
WRAP = 26  # half-width characters in a line
COLUMN = 7.5  # width of one of them, in bold
FONT = "system-ui, 'Noto Sans SC', 'Microsoft YaHei', sans-serif"


class Step(NamedTuple):
    """One row of the table that says what the picture shows, in one language."""

    stages: tuple[str, ...]
    step: str
    roles: tuple[str, ...]
    second: str  # the role of the second person, empty where there is none
    needs: tuple[str, ...]
    hands_over: tuple[str, ...]  # the roles it hands over
    opens: str  # the key of the process of which it opens a case
    leads_to: tuple[str, ...]


def steps(process: Process, language: Language) -> list[Step]:
    """Return every step of a process in words, in the order of the definition."""
    roles, stages = _titles(process.roles, language), _titles(process.stages, language)
    evidence = _titles(process.evidence, language)
    return [
        Step(
            tuple(stages[key] for key in step.taken),
            _said(step, language),
            tuple(roles[key] for key in process.roles_of(step)),
            roles[step.approval.role] if step.approval else "",
            tuple(evidence[key] for key in step.needs),
            tuple(roles[key] for key in step.assigns),
            step.opens.process if step.opens else "",
            tuple(stages[key] for key in step.given),
        )
        for step in process.transitions
    ]


def draw(process: Process, language: Language, current: Collection[str] = ()) -> str:
    """Return the picture of a process as SVG; ``current`` are the stages that are marked as those a case is in."""
    boxes = {stage.key: _stage_lines(process, stage, language, current) for stage in process.stages}
    labels = {name: _step_lines(process, group, language) for name, group in _groups(process).items()}
    sizes = {key: _size(lines, 24.0, 14.0) for key, lines in boxes.items()}
    sizes = {process.start: sizes[process.start], **sizes}
    sizes |= {key: _size(lines, 10.0, 4.0) for key, lines in labels.items()}
    layout = place(sizes, _edges(process), GAP)
    if layout.nodes[process.start].x > layout.size.width / 2:
        layout = layout.mirrored()  # where only the left part is seen at first, it shows how it begins
    parts = [
        *_lines(layout, sizes, boxes, f"arrow-{process.key}"),
        *(_text(layout.nodes[key], lines) for key, lines in labels.items()),
        *(_box(process.stage(key), layout.nodes[key], sizes[key], boxes[key], key in current) for key in boxes),
    ]
    return _picture(process, language, layout.size, parts, current)


def _said(part: Coded, language: Language) -> str:
    return part.title.zh if language == "zh" else part.title.en


def _titles(parts: Iterable[Coded], language: Language) -> dict[str, str]:
    return {part.key: _said(part, language) for part in parts}


def _groups(process: Process) -> dict[str, list[Transition]]:
    """Return the steps that lead from the same stages to the same stages, under one name, loops left out."""
    groups: dict[str, list[Transition]] = {}
    for step in process.transitions:
        if not _is_loop(step):
            groups.setdefault(f"{','.join(step.taken)} > {','.join(step.given)}", []).append(step)
    return groups


def _is_loop(step: Transition) -> bool:
    return set(step.taken) == set(step.given)


def _edges(process: Process) -> Iterator[tuple[str, str]]:
    for name, group in _groups(process).items():
        yield from ((key, name) for key in group[0].taken)
        yield from ((name, key) for key in group[0].given)


def _stage_lines(process: Process, stage: Stage, language: Language, current: Collection[str]) -> list[str]:
    """Return the title of a stage, who leads it, the steps that stay in it."""
    here = render("process.diagram.here", {"stage": _said(stage, language)}, language)
    title = here if stage.key in current else _said(stage, language)
    lead = [f"({_titles(process.roles, language)[stage.lead]})"] if stage.lead else []
    loops = [f"↻ {_said(step, language)}" for step in process.transitions if _is_loop(step) and stage.key in step.taken]
    return [line for text in (title, *lead, *loops) for line in _wrapped(text)]


def _step_lines(process: Process, group: Iterable[Transition], language: Language) -> list[str]:
    return [line for step in group for line in _wrapped(_step_text(process, step, language))]


def _step_text(process: Process, step: Transition, language: Language) -> str:
    """Return a step with who takes it where it is not the lead, and who must agree."""
    roles = _titles(process.roles, language)
    text = _said(step, language)
    if step.roles:
        text += f" ({'/'.join(roles[key] for key in step.roles)})"
    if step.approval:
        text += " " + render("process.diagram.second", {"role": roles[step.approval.role]}, language)
    if step.assigns:
        handed = "/".join(roles[key] for key in step.assigns)
        text += " " + render("process.diagram.hands_over", {"roles": handed}, language)
    return text


def _wrapped(text: str) -> list[str]:
    """Break a text into lines of about the same width, at blanks where it has them."""
    if _columns(text) <= WRAP:
        return [text]
    wide = _columns(text) / len(text)
    return textwrap.wrap(text, max(1, int(WRAP / wide)))


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def _size(lines: Sequence[str], wide: float, high: float) -> Size:
    return Size(max(map(_columns, lines)) * COLUMN + wide, len(lines) * LINE + high)


def _lines(layout: Layout, sizes: Mapping[str, Size], stages: Collection[str], arrow_id: str) -> Iterator[str]:
    """Yield the lines from edge to edge of what they join; an arrow stands where one enters a stage."""
    for (tail, head), points in layout.edges.items():
        arrow = f' marker-end="url(#{arrow_id})"' if head in stages else ""
        first = _border(points[0], points[1], sizes[tail])
        last = _border(points[-1], points[-2], sizes[head])
        path = _curve([first, *points[1:-1], last])
        yield f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.6"{arrow}/>'


def _border(middle: Point, towards: Point, size: Size) -> Point:
    """Return where a line from the middle of a node leaves it: below or above."""
    return Point(middle.x, middle.y + (size.height if towards.y > middle.y else -size.height) / 2)


def _curve(points: Sequence[Point]) -> str:
    """Return a path that leaves and enters vertically."""
    path = [f"M{points[0].x:.1f},{points[0].y:.1f}"]
    for last, point in pairwise(points):
        middle = (last.y + point.y) / 2
        path.append(f"C{last.x:.1f},{middle:.1f} {point.x:.1f},{middle:.1f} {point.x:.1f},{point.y:.1f}")
    return " ".join(path)


def _box(stage: Stage, at: Point, size: Size, lines: Sequence[str], is_current: bool) -> str:
    """Return a stage: an end with a double frame, a current one with a thick one."""
    frames = [_frame(at, size, 3 if is_current else 1)]
    if stage.outcome:
        frames.append(_frame(at, Size(size.width - 6, size.height - 6), 1))
    return f"<g>{''.join(frames)}{_text(at, lines, is_titled=True)}</g>"


def _frame(at: Point, size: Size, width: int) -> str:
    corner = f'x="{at.x - size.width / 2:.1f}" y="{at.y - size.height / 2:.1f}"'
    sides = f'width="{size.width:.1f}" height="{size.height:.1f}" rx="6"'
    return f'<rect {corner} {sides} fill="none" stroke="currentColor" stroke-width="{width}"/>'


def _text(at: Point, lines: Sequence[str], *, is_titled: bool = False) -> str:
    """Return lines of text around a middle; the first is heavier where it is a title."""
    top = at.y - (len(lines) - 1) * LINE / 2 + 4.5
    weights = [' font-weight="600"' if is_titled else "", *[""] * len(lines)]
    spans = (
        f'<tspan x="{at.x:.1f}" y="{top + number * LINE:.1f}"{weight}>{escape(line)}</tspan>'
        for number, (line, weight) in enumerate(zip(lines, weights, strict=False))
    )
    return f"<text>{''.join(spans)}</text>"


def _picture(process: Process, language: Language, size: Size, parts: Iterable[str], current: Collection[str]) -> str:
    """Return the whole SVG with its title and its description."""
    width, height = size.width + 2 * MARGIN, size.height + 2 * MARGIN
    described = {
        "stages": len(process.stages),
        "steps": len(process.transitions),
        "start": _said(process.stage(process.start), language),
        "ends": [_said(stage, language) for stage in process.stages if stage.outcome],
    }
    words = render("process.diagram.description", described, language)
    if current:
        here = [_said(process.stage(key), language) for key in current]
        words += render("process.diagram.now", {"stages": here}, language)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{language}"'
        f' width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="{-MARGIN} {-MARGIN} {width:.1f} {height:.1f}" font-family="{FONT}" font-size="13"'
        f' text-anchor="middle" fill="currentColor">'
        f"<title>{escape(_said(process, language))}</title><desc>{escape(words)}</desc>"
        f'<defs><marker id="arrow-{process.key}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
        f' orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>{"".join(parts)}</svg>'
    )
