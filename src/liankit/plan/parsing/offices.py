"""Units responsible for a measure: names, second nameplates, roles, and where the list of them ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from liankit.plan.parsing.found import Role
from liankit.plan.parsing.words import any_of, has, pattern, words

_NOTE = re.compile(r"[(\[【〔](?P<inner>(?:[^()\[\]【】〔〕]|\([^()]*\)|\[[^\[\]]*\])*)[)\]】〕]")
# said of all tasks within the list of one
_ASIDE = re.compile(r"(?<=[。;])(?:(?:以下|上述|具体|其他|各项)任务|以下均)")
_EVERYBODY = re.compile(r"等(?=国务院|相关|有关|省|市|部门|单位|各)")
_DUE = re.compile(r"(?:20\d\d年)?\d{1,2}月|20\d\d年|年底前?|长期|持续|全年")
_SHORT = r"(?:牵头|主办|主责|配合|协办|参与):"  # labels within a note
_ORGAN = re.compile(r"(?:人民政府|政府|管委会|管理委员会)(?=[、,;。)]|等|$)")  # of the place named before it
_ROLES: tuple[tuple[str, Role], ...] = (("lead_verbs", "lead"), ("with_verbs", "with"), ("own_verbs", "presumed_lead"))
_BY_LABEL: Mapping[str, Role] = {"lead": "lead", "with": "with"}


@dataclass(frozen=True)
class Unit:
    """A unit named from ``start`` to ``end`` of the clean text."""

    start: int
    end: int
    name: str
    nameplate: str | None
    role: Role
    confidence: float


@dataclass(frozen=True)
class Offices:
    """Names of the offices of a place, former and short ones included, each to its key."""

    keys: Mapping[str, str]

    @classmethod
    def from_body(cls, body: Sequence[Mapping[str, Any]]) -> Offices:
        """Read the offices of a pack: ``[{code, zh, aliases: [{name, from, until}], nameplates: […]}]``."""
        keys: dict[str, str] = {}
        for office in body:
            aliases = [alias["name"] for alias in office.get("aliases", ())]
            for name in (office["zh"], *aliases, *office.get("nameplates", ())):
                keys[name] = keys[_plates(name)[0]] = office["code"]
        return cls(keys)

    def key(self, name: str) -> str | None:
        """Return the key of the office of that name, with or without 区, 县, 市 before it; None if there is none."""
        for shorter in (name, re.sub(r"^(?:[一-龥]{2})?[区县市省]", "", name)):
            if shorter in self.keys:
                return self.keys[shorter]
        return None


def notes(clean: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the insides of the end notes that name units: (…牵头,…按职责分工负责), (责任单位:…)."""
    for found in _NOTE.finditer(clean, start, end):
        if _note_pattern().search(found["inner"]) or _is_bare_note(clean, found, start, end):
            yield found.start("inner"), found.end("inner")


def _is_bare_note(clean: str, found: re.Match[str], start: int, end: int) -> bool:
    """Say whether parentheses after a sentence, or at the end of a line, hold offices and perhaps a date alone."""
    parts = [part for part in re.split("[,;。](?![^()]*\\))", found["inner"]) if not _DUE.match(part)]
    if not parts or not all(are_offices(part) for part in parts) or found.start() == start:
        return False
    if clean[found.start() - 1] in "。;":
        return True
    closes = found.end() >= end or clean[found.end()] in "\n。;"
    is_list = "、" in found["inner"] or found["inner"].startswith(tuple("省市县区州各"))
    return closes and is_list and not _office_end().search(clean, max(start, found.start() - 8), found.start())


def title_note(clean: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the note of units stands that closes a heading: 一、壮大产业(甲局牵头)."""
    noted = list(notes(clean, start, end))
    return noted[-1] if noted and not clean[noted[-1][1] + 1 : end].strip() else None


def closing_list(clean: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where a list of offices stands that closes a paragraph after its last sentence, as tables flatten to."""
    text = clean[start:end].rstrip()
    if text.endswith("。"):  # a sentence: a cell has no full stop
        return None
    place = max(text.rfind("。"), text.rfind(";")) + 1
    return (start + place, start + len(text)) if place and are_offices(text[place:].strip()) else None


def unit_of_title(clean: str, start: int, end: int) -> list[Unit]:
    """Return the office that a heading gives all below it to: 一、甲局牵头工作."""
    found = re.search(
        rf"(?:、|\)|^)(?P<name>[^、()]{{2,20}}?)(?:{any_of(words()['lead_verbs'])})的?(?:工作|任务|事项)",
        clean[start:end],
    )
    return units(clean, start + found.start("name"), start + found.end("name"), "lead") if found else []


def says_first_leads(clean: str) -> bool:
    """Say whether a text says once, for all its lists, that the first-named leads: 列首位的为牵头单位,下同."""
    return re.search(any_of(words()["first_leads"]) + "[^。;()]{0,12}下同", clean) is not None


def units(clean: str, start: int, end: int, label: str = "") -> list[Unit]:
    """Return the units of a list between two places; ``label`` is what the list was headed by, ``lead`` or ``with``."""
    told = pattern("first_leads").search(clean, start, end)
    last = min([end, *(one.start() for one in (told, _ASIDE.search(clean, start, end)) if one)])
    found = [one for part in _parts(clean, start, last, label) for one in _of_part(clean, *part)]
    if found and all(one.role != "lead" for one in found) and label != "with":
        place = next((place for place, one in enumerate(found) if one.role == "presumed_lead"), None)
        first: Role = "lead" if told else "presumed_lead"
        return [replace(one, role=first if index == place else "with") for index, one in enumerate(found)]
    return [replace(one, role="with") if one.role == "presumed_lead" else one for one in found]


@cache
def _note_pattern() -> re.Pattern[str]:
    verbs = any_of((*words()["lead_verbs"], *words()["with_verbs"], *words()["own_verbs"]))
    own = r"\((?:牵头|主办|配合|协办)(?:单位|部门)?\)"
    leads = rf"{any_of(words()['lead_verbs'])}[,,;、]|{any_of(words()['first_leads'])}"
    return re.compile(rf"{verbs}[。;]?$|{own}|(?:^|[,;])(?:{_labels()}[::]?|{_SHORT})|{leads}")


@cache
def _labels() -> str:
    labels = words()["labels"]
    return any_of((*labels["units"], *labels["lead"], *labels["with"]))


def _parts(clean: str, start: int, end: int, label: str) -> Iterator[tuple[int, int, Role]]:
    """Yield the stretches that share a role: they end at a comma, semicolon or full stop outside parentheses."""
    for found in re.finditer(r"(?:[^,;。()\n]|\([^()]*\))+", clean[start:end]):
        first, last = start + found.start(), start + found.end()
        head = re.match(rf"\s*(?:{_labels()}(?:[::]|为)?|{_SHORT})", clean[first:last])
        stretch_label = _label_role(head[0]) if head else label
        first += len(head[0]) if head else 0
        role, last = _role(clean, first, last, stretch_label)
        label = stretch_label
        joint = clean.find("会同", first, last)
        yield first, joint if joint > first else last, "lead" if joint > first else role
        if joint > first:  # 甲局会同乙局负责
            yield joint + 2, last, "with"


def _label_role(text: str) -> str:
    labels = {"lead": ("牵头:", "主办:", "主责:"), "with": ("配合:", "协办:", "参与:")}
    return next(
        (name for name in labels if any(word in text for word in (*words()["labels"][name], *labels[name]))), "units"
    )


def _role(clean: str, first: int, last: int, label: str) -> tuple[Role, int]:
    """Return the role that the verb at the end of a stretch gives, and where the names end before it."""
    for name, role in _ROLES:
        found = re.search(rf"(?:等(?:单位|部门)?)?{any_of(words()[name])}$", clean[first:last].rstrip())
        if found and found.start() > 0:
            return role, first + found.start()
    return _BY_LABEL.get(label, "presumed_lead"), last


def _of_part(clean: str, start: int, end: int, role: Role) -> Iterator[Unit]:
    for first, last in _names(clean, start, end):
        written = clean[first:last]
        own = re.search(r"\((牵头|主办|配合|协办)(?:单位|部门)?\)$", written)
        if own:
            last -= len(own[0])
            written = written[: -len(own[0])]
        said: Role = role if not own else "lead" if own[1] in ("牵头", "主办") else "with"
        name, plate = _plates(written)
        if is_office(name):
            yield Unit(first, last, name, plate, said, 0.95 if said != "presumed_lead" else 0.85)


def _names(clean: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the names of a list: parted by 、, by 及 and 以及, by 和 where an office ends before it."""
    depth, first = 0, start
    for place in range(start, end + 1):
        sign = clean[place] if place < end else "、"
        depth += (sign == "(") - (sign == ")")
        width = _joint(clean, first, place, end) if depth <= 0 else 0
        if width:
            yield from _trimmed(clean, first, place)
            first = place + width


def _joint(clean: str, first: int, place: int, end: int) -> int:
    """Return how many signs part two names at ``place``; 0 where none do."""
    if place >= end or clean[place] in "、/ \t\n":
        return 1
    if clean.startswith("以及", place):
        return 2
    if clean[place] == "及" and not clean.startswith("及其", place):
        return 1
    if clean[place] in "和与" and is_office(clean[first:place]) and not _ORGAN.match(clean, place + 1, end):
        is_whole = clean[first:place].endswith(("部门", "单位")) and not clean.startswith(
            tuple("各省市县区"), place + 1
        )
        return 0 if is_whole else 1
    return 1 if _EVERYBODY.match(clean, place, end) else 0


def _trimmed(clean: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first < last and clean[first] in " ::由\t\n":
        first += 1
    tail = re.search(r"(?:等)?\s*$", clean[first:last])
    last = first + tail.start() if tail else last
    if last - first >= 2:
        yield first, last


def _plates(written: str) -> tuple[str, str | None]:
    """Part an office from its second nameplate: 市场监管局(知识产权局) is one office."""
    found = re.fullmatch(r"(?P<name>[^()]+)\((?P<plate>[^()]+)\)", written)
    if not found or written.startswith("各") or not is_office(found["plate"]):
        return written, None
    return found["name"], found["plate"]


@cache
def _office_end() -> re.Pattern[str]:
    return re.compile(any_of(words()["office_ends"]) + r"(?:\([^()]*\))?$")


def are_offices(names: str) -> bool:
    """Say whether a list consists of names of offices and nothing else."""
    each = [re.sub(r"等(?:单位|部门)?$", "", name) for name in re.split(r"、(?![^()]*\))", names)]
    return all(is_office(name) and not has("name_verbs", name) for name in each)


def is_office(name: str) -> bool:
    """Say whether a name ends as those of offices, towns and the like do."""
    return 2 <= len(name) <= 30 and _office_end().search(name) is not None
