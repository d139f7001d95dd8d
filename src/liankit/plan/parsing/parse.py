"""From a text to findings: the one function that puts the rules together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from liankit.plan.parsing import names as naming
from liankit.plan.parsing.actors import actors
from liankit.plan.parsing.assignments import Assignment, assignments
from liankit.plan.parsing.blocks import blocks
from liankit.plan.parsing.deadlines import Period, deadlines, due_of, period, year_of_title
from liankit.plan.parsing.found import Found
from liankit.plan.parsing.indicators import Row, table_rows
from liankit.plan.parsing.offices import (
    Offices,
    Unit,
    closing_list,
    notes,
    says_first_leads,
    title_note,
    unit_of_title,
    units,
)
from liankit.plan.parsing.targets import Context, Target, targets
from liankit.plan.parsing.tree import Node, grow
from liankit.plan.parsing.view import View, view
from liankit.plan.parsing.words import has, tells

PARSER_VERSION = "3"

_LETTERS = {"section": "s", "programme": "p", "target": "t", "measure": "m", "unit": "u", "place": "l", "entity": "e"}
_HEADING_MOST = 120  # signs of a line that may name the period of the plan
_RANKS = {kind: rank for rank, kind in enumerate(_LETTERS)}
_STRUCTURE = ("section", "programme", "measure")


@dataclass(frozen=True)
class Own:
    """A finding with the place of its own node, where it is one, and of the node that owns it."""

    found: Found
    owner: int | None = None
    place: int | None = None


def parse(text: str, *, file: str = "", offices: Offices | None = None) -> tuple[Found, ...]:
    """Return what the text says, in order of where it says it; a text that is no plan gives little, never an error.

    ``offices`` adds the key of the office to each unit whose name, old name or nameplate it knows.
    """
    seen = view(text)
    nodes = grow(seen.clean, blocks(seen.clean))
    table, tasks = list(table_rows(seen.clean)), list(assignments(seen.clean))
    year = next((found for node in nodes if (found := year_of_title(seen.clean[node.start : node.end]))), None)
    prose = _outside_tables(nodes, [*table, *tasks])
    things = [
        *_structure(seen, nodes, prose),
        *(Own(_of_row(seen, row), _owner_at(nodes, row.start)) for row in table),
        *(own for place, task in enumerate(tasks) for own in _of_task(seen, nodes, task, -1 - place, offices, year)),
        *_targets(seen, nodes, prose),
        *_units(seen, nodes, prose, offices),
        *_names(seen),
    ]
    things = _led_by_told(things)
    return _numbered(_led_by_first(things) if says_first_leads(seen.clean) else things, file)


def _led_by_told(things: Sequence[Own]) -> list[Own]:
    """Presume no lead where another list of the same owner names one: 牵头单位:甲局 above 责任单位:乙局."""
    led = {own.owner for own in things if own.found.role == "lead"}
    return [
        replace(own, found=replace(own.found, role="with"))
        if own.found.role == "presumed_lead" and own.owner in led
        else own
        for own in things
    ]


def _led_by_first(things: Sequence[Own]) -> list[Own]:
    return [
        replace(own, found=replace(own.found, role="lead")) if own.found.role == "presumed_lead" else own
        for own in things
    ]


def _outside_tables(nodes: Sequence[Node], rows: Sequence[Row | Assignment]) -> list[int]:
    """Return the places of the nodes that no row of a table overlaps; a section's heading may stand in one."""
    return [
        place
        for place, node in enumerate(nodes)
        if not any(row.start < node.end and node.start < row.end for row in rows) and node.start < node.end
    ]


def _found(seen: View, kind: str, start: int, end: int, confidence: float, **more: object) -> Found:
    first, last = seen.span(start, end)
    return Found(kind, seen.source[first:last], first, last, confidence, **more)  # type: ignore[arg-type]


def _structure(seen: View, nodes: Sequence[Node], prose: Sequence[int]) -> Iterator[Own]:
    """Yield sections, programmes and measures."""
    ends = _body_ends(nodes)
    for place in prose:
        node = nodes[place]
        if node.kind not in _STRUCTURE:
            continue
        body = seen.span(node.start, max(ends[place], node.end))
        confidence = 0.6 if node.is_doubtful else 0.9 if node.kind == "programme" and not node.label else 0.85
        more = {"title": node.title or None, "number": node.number or None, "body_start": body[0], "body_end": body[1]}
        level = node.depth if node.kind == "section" else None
        found = _found(seen, node.kind, node.start, node.end, confidence, level=level, **more)
        yield Own(found, node.parent, place)


def _body_ends(nodes: Sequence[Node]) -> list[int]:
    ends = [node.end for node in nodes]
    for place in reversed(range(len(nodes))):
        parent = nodes[place].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[place])
    for place in reversed(range(len(nodes))):  # an orphan programme stands after what it owns
        parent = nodes[place].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[place])
    return ends


def _targets(seen: View, nodes: Sequence[Node], prose: Sequence[int]) -> Iterator[Own]:
    """Yield numeric targets of sentences, and the goals that have no number."""
    dates: dict[tuple[int, int | None], date] = {}
    years: dict[int, Period | None] = {}
    for place in prose:
        node = nodes[place]
        text = seen.clean[node.start : node.end]
        if len(text) <= _HEADING_MOST or node.is_goal:
            years[node.document] = _period(text, years.get(node.document))
        is_item = node.kind == "section" and seen.clean[node.end : node.end + 1] == "。"  # one sentence, no heading
        is_item = is_item and not (place + 1 < len(nodes) and nodes[place + 1].start < node.end)  # told again below
        if not (is_item or node.kind in ("goal", "measure", "text")) or has("boilerplate", text):
            continue
        owner = place if is_item or node.kind == "measure" else node.parent
        above = (node.document, node.parent)
        context = Context(node.is_goal, _tells(nodes, node), dates.get(above), years.get(node.document))
        found = list(targets(seen.clean, node.start, node.end, context))
        yield from (Own(_of_target(seen, one), owner) for one in found)
        if not found and node.kind == "goal":
            yield Own(_goal(seen, node), owner)
        if context.first and node.kind != "measure":  # a lead-in dates what follows; one measure not the next
            is_lead_in = re.search("目标[:↓]?$", text.rstrip()) is not None
            dates[above] = context.first if is_lead_in else dates.get(above, context.first)


def _period(text: str, above: Period | None) -> Period | None:
    """Return the years of the plan after a short line: a title tells them, a sentence only where none has."""
    if above and text.endswith(("。", ";")):
        return above
    return period(text) or above or year_of_title(text)


def _tells(nodes: Sequence[Node], node: Node) -> bool:
    """Say whether the section above tells of the situation or of principles, not of goals."""
    place = node.parent
    while place is not None:
        if nodes[place].kind != "programme" and tells(nodes[place].title):
            return not node.is_goal
        place = nodes[place].parent
    return False


def _owner_at(nodes: Sequence[Node], place: int) -> int | None:
    owners = [node.parent for node in nodes if node.start <= place < node.end]
    return owners[0] if owners else None


def _of_target(seen: View, one: Target) -> Found:
    quantity = one.quantity
    return _found(
        seen, "target", one.start, one.end, one.confidence,
        indicator=one.indicator, comparator=one.comparator, value=quantity.value, high=quantity.high,
        unit=quantity.unit or None, amount=quantity.amount, amount_unit=quantity.amount_unit or None,
        deadline=one.deadline, deadline_from=one.deadline_from, per=one.per, counting=one.counting,
        direction=one.direction, binding=one.binding, commitment=one.commitment, baseline=one.baseline,
    )  # fmt: skip


def _of_row(seen: View, row: Row) -> Found:
    falls = re.search("(?:降低|下降|减少|压减)[率幅度]*$", row.name) is not None
    counting = "growth" if row.per or falls else "within" if row.is_sum else "rate" if "%" in row.unit else "level"
    return _found(
        seen, "target", row.start, row.end, 0.85 if row.binding == "unstated" else 0.95,
        indicator=row.name, comparator=row.comparator, value=row.value, unit=row.unit or None, amount=row.value,
        amount_unit=row.unit or None, deadline=row.on, deadline_from="section", per=row.per, counting=counting,
        direction="down" if falls or row.comparator.startswith("<") else "up", binding=row.binding, commitment="plain",
        baseline=row.baseline, baseline_on=row.baseline_on,
    )  # fmt: skip


def _goal(seen: View, node: Node) -> Found:
    dated = [one for one in deadlines(seen.clean, node.start, node.end) if one.is_aim]
    deadline = dated[-1].on if dated else None
    return _found(
        seen, "target", node.start, node.end, 0.7, deadline=deadline, binding="unstated",
        deadline_from="sentence" if deadline else None,
    )  # fmt: skip


def _units(seen: View, nodes: Sequence[Node], prose: Sequence[int], offices: Offices | None) -> Iterator[Own]:
    for place in prose:
        node = nodes[place]
        if node.kind in _STRUCTURE and node.kind != "measure":
            yield from (Own(_of_unit(seen, one, offices), place) for one in _of_title(seen.clean, node))
            continue
        owner = _answerable(nodes, place if node.kind == "measure" else node.parent)
        yield from (Own(_of_unit(seen, one, offices), owner) for one in _named_in(seen.clean, node))


def _of_title(clean: str, node: Node) -> list[Unit]:
    """Return the units that a heading gives all below it: 甲局牵头工作, or a note at its end."""
    note = title_note(clean, node.start, node.end)
    return units(clean, *note) if note else unit_of_title(clean, node.start, node.end)


def _named_in(clean: str, node: Node) -> list[Unit]:
    """Return the units of a list, or those of the end notes of a text, or else those that its sentences tell of."""
    noted = list(notes(clean, node.start, node.end))
    if node.kind == "units":
        is_note = bool(noted) and noted[0][0] == node.start + 1
        return units(clean, *(noted[0] if is_note else (node.start, node.end)), node.label)
    closing = closing_list(clean, node.start, node.end)
    if closing and not noted:
        noted = [closing]
    found = [one for start, end in noted for one in units(clean, start, end)]
    return found or actors(clean, node.start, node.end)


def _answerable(nodes: Sequence[Node], place: int | None) -> int | None:
    """Return whose units those of a node are: of its heading where the node is all that stands below it."""
    if place is None or nodes[place].kind != "measure":
        return place
    node, parent = nodes[place], nodes[place].parent
    if parent is None or nodes[parent].children != 1:
        return place
    owner = nodes[parent]
    numbers = ("", owner.number) if owner.kind == "programme" else ("",)
    return parent if node.number in numbers and (owner.kind == "programme" or not node.title) else place


def _of_task(
    seen: View, nodes: Sequence[Node], task: Assignment, place: int, offices: Offices | None, year: Period | None
) -> Iterator[Own]:
    """Yield a row of a table of tasks: a measure with its units and targets, under a place of its own."""
    start, end = task.task
    if start >= end:
        return
    yield Own(
        _found(seen, "measure", start, end, 0.85, title=task.title(seen.clean)), _owner_at(nodes, task.start), place
    )
    due = due_of(seen.clean, *task.due, year) if task.due else None
    context = Context(False, False, due, year)
    yield from (Own(_of_target(seen, one), place) for one in targets(seen.clean, start, end, context))
    for cell, label in task.units:
        yield from (Own(_of_unit(seen, one, offices), place) for one in units(seen.clean, *cell, label))


def _of_unit(seen: View, one: Unit, offices: Offices | None) -> Found:
    office = offices.key(one.name) if offices else None
    more = {"name": one.name, "nameplate": one.nameplate, "office": office, "role": one.role}
    return _found(seen, "unit", one.start, one.end, one.confidence, **more)


def _names(seen: View) -> Iterator[Own]:
    for kind, start, end, confidence in naming.names(seen.clean):
        yield Own(_found(seen, kind, start, end, confidence))


def _numbered(seen: Sequence[Own], file: str) -> tuple[Found, ...]:
    """Order by place, give ids, and turn places of owners into their ids."""
    ordered = sorted(seen, key=lambda own: (own.found.start, _RANKS[own.found.kind], -own.found.end))
    counts: Counter[str] = Counter()
    ids: list[str] = []
    for own in ordered:
        counts[own.found.kind] += 1
        ids.append(f"{_LETTERS[own.found.kind]}{counts[own.found.kind]}")
    holders: dict[int | None, str] = {
        own.place: one for own, one in zip(ordered, ids, strict=True) if own.place is not None
    }
    return tuple(
        replace(own.found, file=file, id=one, parent=holders.get(own.owner))
        for own, one in zip(ordered, ids, strict=True)
    )
