"""Where a clean text is cut: at numbering, labels and headings, also where line breaks were lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from liankit.plan.parsing.words import any_of, has, is_goal, words

Mark = Literal["chapter", "cn", "pcn", "num", "pnum", "circle", "dash", "label", "programme", "text"]
DEPTHS: dict[Mark, int] = {"chapter": 0, "cn": 1, "pcn": 2, "num": 3, "pnum": 4, "circle": 5}

_CN = "[一二三四五六七八九十]{1,3}"
# Numbering that opens a block at the start of a line, and where it may do so within one because the break was lost.
_NUMBERING: tuple[tuple[Mark, str, str], ...] = (
    ("chapter", rf"第{_CN}[章篇节]|第{_CN}部分", r"(?<=[。;])"),
    ("cn", rf"{_CN}、", r"(?<=[。;!?:)\]】])"),
    ("pcn", rf"\({_CN}\)", r"(?<![第条款项表])"),
    ("num", r"\d{1,3}(?:[.．](?!\d)|、)", r"(?<=[。;:)])"),
    ("num", r"\d{1,2} (?=[一-龥]{2})", r"(?!)"),  # of a table that lost its tabs
    ("pnum", r"\(\d{1,2}\)", r"(?<=[。;:])"),
    ("circle", r"[①-⑳]", r"(?<=[。;:,])"),
    ("dash", r"[—\-]{1,3}(?=[^\d—\-])|[●◆■•]", r"(?!)"),
)
TITLE_MOST = 42  # signs; a longer first sentence is no heading


@dataclass(frozen=True)
class Block:
    """A stretch of the clean text from one mark to the next; ``head`` ends the mark, ``title`` the heading."""

    mark: Mark
    number: str
    start: int
    head: int
    title_end: int
    end: int
    label: str = ""

    @property
    def has_body(self) -> bool:
        """Say whether more than a heading stands in the block."""
        return self.end > self.title_end + 1


@dataclass(frozen=True)
class _Cut:
    mark: Mark
    start: int
    head: int
    number: str
    label: str = ""


def blocks(clean: str) -> list[Block]:
    """Return the blocks of a clean text, in order and without gaps (line breaks apart)."""
    cuts = _sorted_cuts(clean)
    if not cuts or cuts[0].start > 0:
        cuts.insert(0, _Cut("text", 0, 0, ""))
    ends = [cut.start for cut in cuts[1:]] + [len(clean)]
    found = [_block(clean, cut, end) for cut, end in zip(cuts, ends, strict=True)]
    found = [block for block in found if block.mark == "label" or clean[block.head : block.end].strip()]
    return _with_lost_headings(clean, found)


def title_of(clean: str, block: Block) -> str:
    """Return the heading of a block without its numbering; empty where its first sentence is too long for one."""
    return clean[block.head : block.title_end].strip(" \t\n:。;.,、")


def _sorted_cuts(clean: str) -> list[_Cut]:
    """Return the marks in order; of two in one place the one that says more: a programme, a label, then numbering."""
    found = [*_programme_cuts(clean), *_label_cuts(clean), *_numbering_cuts(clean), *_line_cuts(clean)]
    cuts: list[_Cut] = []
    for cut in sorted(found, key=lambda cut: cut.start):  # a stable sort: the list is in order of what goes first
        if not cuts or cut.start >= max(cuts[-1].head, cuts[-1].start + 1):
            cuts.append(cut)
    return cuts


def _numbering_cuts(clean: str) -> list[_Cut]:
    return [
        _Cut(mark, found.start(), found.end(), found[0])
        for mark, shape, within in _NUMBERING
        for found in re.finditer(rf"(?:^|{within})(?:{shape})", clean, re.MULTILINE)
    ]


@cache
def _labels() -> dict[str, str]:
    return {name: label for label, names in words()["labels"].items() for name in names}


@cache
def _label_pattern() -> re.Pattern[str]:
    inline = r"(?<![,;、“《(\[【〔])"  # "(责任单位:…)" is an end note and stays with its sentence
    numbering = rf"(?:\d[.、]|\(\d\)|\({_CN}\)|[①-⑳])?"
    return re.compile(
        rf"{inline}(?P<number>{numbering})(?P<open>[【\[]?)(?P<name>{any_of(_labels())})(?P<colon>[:】\]]*)"
    )


def _label_cuts(clean: str) -> list[_Cut]:
    found = (one for one in _label_pattern().finditer(clean) if _is_label(clean, one))
    return [_Cut("label", one.start(), one.end(), one["number"], _labels()[one["name"]]) for one in found]


def _is_label(clean: str, found: re.Match[str]) -> bool:
    """Say whether the word opens a part: by its colon, by its number where the colon is lost, or alone on a line."""
    if found["open"] and found["colon"].startswith(":"):
        return False  # "【责任单位:…】" is an end note
    begins_line = found.start() == 0 or clean[found.start() - 1] == "\n"
    if found["colon"]:
        return begins_line or len(found["name"]) > 2
    ends_line = found.end() == len(clean) or clean[found.end()] == "\n"
    return (begins_line and ends_line) or (found["number"][:1].isdigit() and _labels()[found["name"]] != "tasks")


@cache
def _programme_pattern() -> re.Pattern[str]:
    ends = any_of(words()["programme_ends"])
    number = rf"(?:\d{{1,2}}|{_CN})?"
    name = rf"[^\n。;:,、|\t]{{2,34}}?{ends}"
    box = rf"专栏{number}[:、.\s]?"
    return re.compile(
        rf"(?:^|(?<=[。;)]))(?P<mark>(?:重点|重大)?工程(?P<number>{number})[:、.\s]?|{box})[“\"]?{name}[”\"]?"
        rf"(?=\n|$|\d[.、]|\(\d\)|\({_CN}\)|{any_of(words()['labels']['goal'])}|[。:])",
        re.MULTILINE,
    )


def _programme_cuts(clean: str) -> list[_Cut]:
    """Return headings of the form 工程N…工程 or 专栏N…工程, number and colon perhaps lost."""
    cuts = []
    for found in _programme_pattern().finditer(clean):
        number = re.search(rf"\d+|{_CN}", found["mark"])
        cuts.append(_Cut("programme", found.start(), found.end("mark"), number[0] if number else ""))
    return cuts


def _line_cuts(clean: str) -> list[_Cut]:
    return [_Cut("text", found.start(), found.start(), "") for found in re.finditer(r"^.", clean, re.MULTILINE)]


def _block(clean: str, cut: _Cut, end: int) -> Block:
    line = clean.find("\n", cut.head, end)
    stop = line if line >= 0 else end
    sentence = re.search("[。;!?]", clean[cut.head : stop])
    title_end = cut.head + sentence.start() if sentence else stop
    if cut.mark == "programme":
        title_end = _programme_end(clean, cut.head, stop)
    if cut.mark in ("label", "text", "dash", "circle") or title_end - cut.head > TITLE_MOST:
        title_end = cut.head
    return Block(cut.mark, cut.number.strip(), cut.start, cut.head, title_end, end, cut.label)


def _programme_end(clean: str, start: int, stop: int) -> int:
    colon = re.search("[。:]", clean[start:stop])
    return start + colon.start() if colon else stop


def _with_lost_headings(clean: str, found: list[Block]) -> list[Block]:
    """Make programmes of headings that are known by their name or by the goal that follows them."""
    out = []
    for place, block in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        out.append(_as_programme(clean, block) if _names_programme(clean, block, following) else block)
    return out


def _as_programme(clean: str, block: Block) -> Block:
    end = block.title_end if block.title_end > block.head else len(clean[: block.end].rstrip())
    return replace(block, mark="programme", title_end=end, label=block.mark)


def _names_programme(clean: str, block: Block, following: Block | None) -> bool:
    if block.mark in ("programme", "label", "dash", "circle"):
        return False
    title = title_of(clean, block) if block.mark != "text" else clean[block.start : block.end].strip()
    if not 4 <= len(title) <= TITLE_MOST - 8 or "\n" in title or re.search("[。;:,\t]", title):
        return False
    if is_goal(title) or _is_over_several(programme_name(title)):
        return False
    opens_goal = following is not None and following.label == "goal" and following.number != ""
    is_heading = block.mark != "text" or programme_name(title) != title
    return (opens_goal and block.mark != "chapter") or (is_heading and is_programme_name(title))


def _is_over_several(name: str) -> bool:
    """Say whether a heading stands over several programmes: 六大工程, 重点行动."""
    kinds = any_of(words()["programme_ends"])
    return re.match(rf"[一二三四五六七八九十\d]+大|(?:重点|重大|主要|[一二三五]年)(?:行动)?{kinds}", name) is not None


def programme_name(title: str) -> str:
    """Return the name without the verb before it: 实施品牌提升工程 is 品牌提升工程."""
    return re.sub(f"^{any_of(words()['programme_starts'])}(?=.{{4}})", "", title)


def is_programme_name(title: str) -> bool:
    """Say whether a heading is the name of a programme: 企业上市工程 is one, 重点工程 and 加快重大工程建设 are not."""
    name = programme_name(title).rstrip('”"」 ')
    if not re.search(any_of(words()["programme_ends"]) + "$", name):
        return False
    return (
        not re.search(any_of(words()["not_programmes"]) + "$", name)
        and not _is_over_several(name)
        and not has("no_measures", name[:2])
    )
