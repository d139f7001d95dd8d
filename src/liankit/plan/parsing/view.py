"""The text with its noise taken out, each sign knowing its place in the text as read.

Rules look at the clean text; what they find is reported by its stretch of the text as read, noise included.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from liankit.plan.parsing.spaced import with_tabs

_LINE = re.compile(r"[^\n]*\n?")
_PAGE_NUMBER = re.compile(r"[-—\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—\s]*|第\s*\d+\s*页\s*共\s*\d+\s*页")
# addresses, and the words that copying sites splice into a text so that it is not found to be a copy
_SPLICE = re.compile(
    r"https?://[A-Za-z0-9_./?=&%#-]+|www\.[A-Za-z0-9_./-]+|[a-z]{2,4}电子(?:娱乐|官方|官网|游戏|平台|网站|入口|登录)+的?"
)
_JOINED = re.compile(r"(?<![A-Za-z0-9%.)\]〕])[ ]|(?<!^\d)(?<!^\d\d)[ ](?![A-Za-z0-9(\[〔.+-])")
_POINT = re.compile(r"(?<=.{4}[一-龥%])\.(?=\s|$)")  # a full stop of another keyboard
_ENDS = tuple("。;:!?…")
_OPENING = re.compile(
    r"第[一二三四五六七八九十百]+[章篇节]|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,3}(?:、|\.(?!\d))"
    r"|[①-⑳]|[—\-*•●◆■]|专栏|工程(?:\d|.{2,30}工程$)|(?:责任单位|牵头单位|配合单位|实施目标|实施重点)[:】]"
)
_WIDEST = 60  # signs of a line of print; a longer one is a paragraph that nobody wrapped
_BROKEN = 2  # so many full lines without an end of sentence show that lines were broken
_FULL = 0.85  # of the widest line; a line that long without an end of sentence runs on


@dataclass(frozen=True)
class View:
    """``clean`` is the text to look at; ``places[i]`` the place of its sign i in ``source``."""

    source: str
    clean: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clean stretch, not empty, stands in the source."""
        return self.places[start], self.places[end - 1] + 1


def view(source: str) -> View:
    """Return the clean view: half-width signs, no stray spaces, wrapped lines joined, splices and page numbers out."""
    kept = _joined(_lines(with_tabs(source)))
    signs = "".join(sign for sign, _ in kept)
    dropped = {place for found in _SPLICE.finditer(signs) for place in range(found.start(), found.end())}
    kept = [pair for place, pair in enumerate(kept) if place not in dropped]
    return View(source, "".join(sign for sign, _ in kept), tuple(place for _, place in kept))


Signs = list[tuple[str, int]]


def _lines(source: str) -> list[Signs]:
    """Return the lines that say something, as pairs of a half-width sign and its place."""
    lines = []
    for found in _LINE.finditer(source):
        line = _tidy([(_narrow(sign), found.start() + place) for place, sign in enumerate(found[0])])
        if line and not _PAGE_NUMBER.fullmatch("".join(sign for sign, _ in line)):
            lines.append(line)
    return lines


def _narrow(sign: str) -> str:
    if sign.isspace() and sign != "\t":
        return " "
    if "①" <= sign <= "⑳":
        return sign
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 else sign


def _tidy(line: Signs) -> Signs:
    """Take out the invisible, what indents, and spaces between Chinese signs; those that part numbers stay."""
    line = [pair for pair in line if unicodedata.category(pair[0]) not in ("Cf", "Cc") or pair[0] == "\t"]
    line = [
        pair
        for place, pair in enumerate(line)
        if pair[0] != " " or (place > 0 and line[place - 1][0] not in (" ", "\t"))
    ]
    text = "".join(sign for sign, _ in line)
    stops = {found.start() for found in _POINT.finditer(text)}
    line = [("。" if place in stops else sign, at) for place, (sign, at) in enumerate(line)]
    outer = range(len(text) - len(text.lstrip()), len(text.rstrip()))
    loose = {found.start() for found in _JOINED.finditer(text)}
    return [line[place] for place in outer if place not in loose]


def _joined(lines: list[Signs]) -> Signs:
    """Put the lines one after the other, a line break between those that do not run on."""
    texts = ["".join(sign for sign, _ in line) for line in lines]
    width = _printed_width(texts)
    signs: Signs = []
    for place, line in enumerate(lines):
        signs += line
        after = texts[place + 1] if place + 1 < len(texts) else ""
        if after and not _runs_on(texts[place], after, width):
            signs.append(("\n", line[-1][1]))
    return signs


def _printed_width(texts: list[str]) -> int | None:
    """Return the width at which lines were broken; None where each paragraph is a line of its own."""
    widest = max((len(text) for text in texts if "\t" not in text), default=0)
    broken = sum(len(text) >= _FULL * widest and not text.endswith(_ENDS) for text in texts)
    return widest if widest <= _WIDEST and broken >= _BROKEN else None


def _runs_on(line: str, after: str, width: int | None) -> bool:
    if "\t" in line or "\t" in after or _OPENING.match(after):
        return False
    if width and len(line) >= (width - 1 if line.endswith(_ENDS) else _FULL * width):
        return True
    return line.endswith((",", "、"))
