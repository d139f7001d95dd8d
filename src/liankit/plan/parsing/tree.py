"""Which block belongs to what: sections, programmes with goal, tasks and units, measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from liankit.plan.parsing.actors import is_list, opener
from liankit.plan.parsing.blocks import DEPTHS, TITLE_MOST, Block, programme_name, title_of
from liankit.plan.parsing.offices import closing_list, notes, title_note
from liankit.plan.parsing.words import has, is_goal, tells

NodeKind = Literal["section", "programme", "goal", "measure", "units", "text"]
_UNIT_LABELS = ("units", "lead", "with")


@dataclass
class Node:
    """A block's part in the plan; ``parent`` is the place of its owner in the list of nodes."""

    kind: NodeKind
    start: int  # of the body, for sections and programmes of the heading; in the clean text
    end: int
    parent: int | None
    title: str = ""
    number: str = ""
    depth: int = 9
    label: str = ""
    is_goal: bool = False  # said where the text sets targets
    is_doubtful: bool = False  # the heading of the programme is lost
    children: int = 0
    document: int = 0  # of several in one file, parted by a line of signs


@dataclass
class _Programme:
    place: int
    depth: int  # numbering at this depth or above ends it
    phase: str = ""
    has_numbered_labels: bool = False


@dataclass
class _Grower:
    clean: str
    nodes: list[Node] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    programme: _Programme | None = None
    loose: list[int] = field(default_factory=list)  # tasks at the beginning of a fragment, before any heading
    context: str = ""  # the label that holds outside of a programme
    document: int = 0

    def start_document(self) -> None:
        """Forget everything above: another document begins."""
        self.sections, self.programme, self.loose, self.context = [], None, [], ""
        self.document += 1

    def add(self, kind: NodeKind, block: Block, start: int, end: int, **more: object) -> int:
        while end > start and self.clean[end - 1] in "\n\t ":
            end -= 1
        while start < end and self.clean[start] in "\n\t ":
            start += 1
        node = Node(kind, start, end, self._owner(kind), number=block.number, label=block.label, **more)  # type: ignore[arg-type]
        node.document = self.document
        self.nodes.append(node)
        if node.parent is not None:
            self.nodes[node.parent].children += kind == "measure"
        return len(self.nodes) - 1

    def _owner(self, kind: NodeKind) -> int | None:
        if self.programme and kind != "programme":
            return self.programme.place
        return self.sections[-1] if self.sections else None

    def titles(self) -> list[str]:
        return [self.nodes[place].title for place in self.sections]


def grow(clean: str, found: Sequence[Block]) -> list[Node]:
    """Return the nodes of the plan in order; every owner stands before what it owns."""
    grower = _Grower(clean)
    for block in found:
        if _parts_documents(clean, block):
            grower.start_document()
        if block.mark == "programme":
            _open_programme(grower, block)
        elif block.mark == "label" and block.label in _UNIT_LABELS:
            _take_units(grower, block)
        elif grower.programme and not _closes(grower.programme, block):
            _within_programme(grower, grower.programme, block)
        else:
            _outside(grower, block)
    return grower.nodes


def _parts_documents(clean: str, block: Block) -> bool:
    return block.mark == "text" and clean[block.start : block.start + 3] in ("===", "***", "___")


def _open_programme(grower: _Grower, block: Block) -> None:
    depth = DEPTHS.get(block.label, DEPTHS["pcn"])  # type: ignore[call-overload]
    grower.programme = None
    if block.label in DEPTHS:
        _leave_sections(grower, depth)
    title = programme_name(title_of(grower.clean, block))
    place = grower.add("programme", block, block.start, block.title_end, title=title, depth=depth)
    grower.programme = _Programme(place, depth)
    grower.loose, grower.context = [], ""
    if grower.clean[block.title_end : block.end].strip("。: \n"):
        _add_task(grower, block, block.title_end + 1)


def _closes(programme: _Programme, block: Block) -> bool:
    if block.mark == "text":
        return programme.phase == "told"
    depth = DEPTHS.get(block.mark)
    if depth is None:
        return False
    ends_lists = programme.has_numbered_labels or programme.phase in ("units", "told")
    return depth <= programme.depth or (block.mark == "num" and ends_lists)


def _within_programme(grower: _Grower, programme: _Programme, block: Block) -> None:
    if block.mark == "label":
        programme.phase = block.label
        programme.has_numbered_labels |= block.number[:1].isdigit()
        if not grower.clean[block.head : block.end].strip():
            return
    if programme.phase in _UNIT_LABELS and block.mark == "text":
        grower.add("units", block, block.head, block.end)
        programme.phase = "told"
    elif programme.phase == "goal":
        grower.add("goal", block, block.head, block.end, is_goal=True)
    else:
        _add_task(grower, block, block.head)


def _add_task(grower: _Grower, block: Block, start: int) -> None:
    if _is_unit_note(grower.clean[start : block.end]) or _is_unit_line(grower, block):
        _take_note(grower, block, start)
    elif _goes_on(grower, block):
        _lengthen(grower, block)
    else:
        title = title_of(grower.clean, block) if block.mark != "programme" and block.has_body else ""
        grower.add("measure", block, start, block.end, title=title, is_goal=_in_goal(grower))


def _is_unit_note(text: str) -> bool:
    inner = text.strip(" \n。")
    return inner[:1] in ("(", "[", "【", "〔") and inner[-1:] in (")", "]", "】", "〕")


def _is_unit_line(grower: _Grower, block: Block) -> bool:
    """Say whether a block is a line of offices without numbering, below something that they can answer for."""
    is_below = bool(grower.nodes) and grower.nodes[-1].kind in ("measure", "text", "units")
    return block.mark == "text" and is_below and is_list(grower.clean[block.start : block.end])


def _goes_on(grower: _Grower, block: Block) -> bool:
    """Say whether a paragraph is what the numbered heading before it, alone on its line, is about."""
    last = grower.nodes[-1] if grower.nodes else None
    if not last or last.kind != "measure" or not last.number or last.title or block.mark != "text":
        return False
    heading = grower.clean[last.start : last.end]
    return len(heading) <= TITLE_MOST and not re.search("[。;:!?\n]", heading)


def _lengthen(grower: _Grower, block: Block) -> None:
    last = grower.nodes[-1]
    last.title = grower.clean[last.start : last.end].strip()
    last.end = block.start + len(grower.clean[block.start : block.end].rstrip())


def _take_note(grower: _Grower, block: Block, start: int) -> None:
    """A note of units on a line of its own is about the list above it, or about the one measure before it."""
    node = grower.add("units", block, start, block.end)
    last = grower.nodes[node - 1] if node else None
    if last and last.kind == "text" and last.number and block.mark != "dash":
        last.kind = "measure"  # what has units of its own is a task, whatever the heading above says
        grower.nodes[node].parent = node - 1
    elif last and last.kind == "units":
        grower.nodes[node].parent = last.parent
    elif last and last.kind == "measure" and (_is_inline(grower.clean, block) or _is_of_last(grower, last)):
        grower.nodes[node].parent = node - 1


def _is_inline(clean: str, block: Block) -> bool:
    return block.start > 0 and clean[block.start - 1] != "\n"


def _is_of_last(grower: _Grower, last: Node) -> bool:
    """Say whether a note is about the measure before it: the only one, or others of the list have their own notes."""
    if last.parent is None:
        return True
    owner = grower.nodes[last.parent]
    if owner.kind == "programme" and not last.number:
        return False
    siblings = {
        place for place, node in enumerate(grower.nodes) if node.kind == "measure" and node.parent == last.parent
    }
    noted = any(node.kind == "units" and node.parent in siblings for node in grower.nodes)
    return len(siblings) == 1 or noted or any(_has_note(grower, place) for place in siblings)


def _has_note(grower: _Grower, place: int) -> bool:
    node = grower.nodes[place]
    return next(notes(grower.clean, node.start, node.end), None) is not None


def _take_units(grower: _Grower, block: Block) -> None:
    if grower.programme is None and grower.loose:
        _found_orphan(grower, block)
    programme = grower.programme
    has_text = bool(grower.clean[block.head : block.end].strip())
    if programme:
        programme.phase = "told" if has_text else block.label
        programme.has_numbered_labels |= block.number[:1].isdigit()
    else:
        grower.context = block.label
    if has_text and programme:
        grower.add("units", block, block.head, block.end)
    elif has_text:
        _take_note(grower, block, block.head)
        grower.context = ""


def _found_orphan(grower: _Grower, block: Block) -> None:
    """Make a programme of a list whose heading is lost: it has units of its own, so it was one."""
    first = grower.nodes[grower.loose[0]]
    node = Node("programme", first.start, grower.nodes[grower.loose[-1]].end, first.parent, is_doubtful=True)
    grower.nodes.append(node)
    place = len(grower.nodes) - 1
    for child in grower.loose:
        grower.nodes[child].parent = place
    node.children = len(grower.loose)
    grower.programme, grower.loose = _Programme(place, DEPTHS["num"]), []


def _outside(grower: _Grower, block: Block) -> None:
    grower.programme = None
    if block.mark == "label":
        grower.context = block.label
        if not grower.clean[block.head : block.end].strip():
            return
    if block.mark in ("chapter", "cn", "pcn", "num"):
        grower.context = ""
        _open_section(grower, block)
    elif grower.context in _UNIT_LABELS and block.mark == "text":
        _take_note(grower, replace(block, label=grower.context), block.head)
        grower.context = ""
    elif block.mark in ("pnum", "circle") or _is_unit_note(grower.clean[block.head : block.end]):
        _remember_loose(grower, block)
        _add_task(grower, block, block.head)
    else:
        _add_text(grower, block)


def _remember_loose(grower: _Grower, block: Block) -> None:
    if block.mark == "pnum" and not grower.sections:
        grower.loose.append(len(grower.nodes))


def _open_section(grower: _Grower, block: Block) -> None:
    depth = DEPTHS[block.mark]
    _leave_sections(grower, depth)
    grower.loose = []
    title = title_of(grower.clean, block)
    body = grower.clean[block.title_end : block.end].strip("。: \n")
    note = title_note(grower.clean, block.head, block.title_end)
    if title and note:
        title = grower.clean[block.head : note[0] - 1].strip()
        body = body or (grower.clean[slice(*note)] if block.mark == "num" else "")  # a task, no heading over tasks
    if title and (block.mark != "num" or not body):
        place = grower.add(
            "section", block, block.start, block.title_end, title=title, depth=depth, is_goal=_in_goal(grower)
        )
        grower.sections.append(place)
    if body or not title:
        start = block.head if title else block.start
        kind: NodeKind = "text" if _tells(grower) and not _names_units(grower.clean, block) else "measure"
        grower.add(kind, block, start, block.end, title=title, is_goal=_in_goal(grower))


def _names_units(clean: str, block: Block) -> bool:
    noted = next(notes(clean, block.head, block.end), None)
    return noted is not None or closing_list(clean, block.head, block.end) is not None


def _leave_sections(grower: _Grower, depth: int) -> None:
    while grower.sections and grower.nodes[grower.sections[-1]].depth >= depth:
        grower.sections.pop()


def _add_text(grower: _Grower, block: Block) -> None:
    if _is_unit_line(grower, block):
        _take_note(grower, block, block.start)
        return
    text = grower.clean[block.start : block.end].rstrip()
    is_task = grower.sections and not _tells(grower) and not has("boilerplate", text) and "\t" not in text
    is_given = _names_units(grower.clean, block) or opener(grower.clean, block.head, block.end) is not None
    kind: NodeKind = "measure" if is_given or (is_task and text.endswith(("。", ";", ")", "】"))) else "text"
    grower.add(kind, block, block.head, block.end, is_goal=_in_goal(grower))


def _tells(grower: _Grower) -> bool:
    """Say whether the place is one where a plan tells rather than tasks: the situation, principles, goals."""
    return any(tells(title) for title in grower.titles())


def _in_goal(grower: _Grower) -> bool:
    return grower.context == "goal" or any(is_goal(title) for title in grower.titles())
