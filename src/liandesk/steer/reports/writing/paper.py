"""What a report says, before it is Word, PDF or Excel: sections of paragraphs, tables and charts over one ledger.

Any text may hold marks of numbers (``ledger.mark``); each writer prints the number and keeps its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liankit.plan.report.language import Expression
from liankit.plan.report.ledger import Ledger, parts
from liankit.texts import Language


@dataclass(frozen=True)
class Rows:
    """A table: its title, its heads, its cells as texts; ``widths`` are relative."""

    title: str
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    widths: Sequence[int] = ()

    @property
    def shares(self) -> list[float]:
        """The share of the width that each column takes."""
        widths = self.widths or [1] * len(self.heads)
        return [width / sum(widths) for width in widths]


@dataclass(frozen=True)
class Bars:
    """Bars of numbers, a group a label: ``series`` gives for each label the id of a number. ``says`` is the finding."""

    title: str
    says: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]
    unit: str
    is_stacked: bool = False


@dataclass(frozen=True)
class Trace:
    """A line over time: the day and the id of the number at each of its points."""

    kind: Literal["path", "values", "forecast"]
    name: str
    points: Sequence[tuple[date, str]]


@dataclass(frozen=True)
class Lines:
    """Lines over time; ``band`` gives for a day the ids of a least and a most, ``ends`` words beside a last number."""

    title: str
    says: str
    unit: str
    traces: Sequence[Trace]
    band: Sequence[tuple[date, str, str]] = ()
    ends: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Sub:
    """A heading of the second level."""

    title: str


Chart = Bars | Lines
Block = str | Rows | Bars | Lines | Sub


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading."""

    title: str
    blocks: Sequence[Block]

    def headings(self, language: Language) -> Mapping[int, str]:
        """Return the headings of the second level, numbered, by the place of their block."""
        places = [place for place, block in enumerate(self.blocks) if isinstance(block, Sub)]
        titles = [block.title for block in self.blocks if isinstance(block, Sub)]
        return {
            place: f"{subnumbered(count, language)}{title}"
            for count, (place, title) in enumerate(zip(places, titles, strict=True), start=1)
        }


@dataclass(frozen=True)
class Paper:
    """A report: ``mark`` stands above every page, ``about`` says what it was made from."""

    title: str
    subtitle: str
    mark: str
    language: Language
    sections: Sequence[Section]
    ledger: Ledger
    about: Sequence[tuple[str, str]] = field(default_factory=list)

    def printed(self, name: str) -> str:
        """Return a number as it is printed; unknown in the report's language."""
        value = self.ledger.numbers[name].value
        return unknown(self.language) if value is None else value

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the pieces of a text: (id or "", words to print)."""
        for name, words in parts(text):
            yield name, self.printed(name) if name else words

    def charts(self) -> list[Chart]:
        """Return the charts in the order of the report."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Bars | Lines)]


def unknown(language: Language) -> str:
    """Return how an unknown number is printed."""
    return "未知" if language == "zh" else "unknown"


def numbered(place: int, language: Language) -> str:
    """Return the number of a section, from 1, as official papers write it."""
    return f"{_chinese(place)}、" if language == "zh" else f"{place}. "


def subnumbered(place: int, language: Language) -> str:
    """Return the number of a heading of the second level, from 1."""
    return f"（{_chinese(place)}）" if language == "zh" else f"({place}) "


def _chinese(place: int) -> str:
    """Return a number below 100 in Chinese, as headings write it."""
    tens, ones = divmod(place, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens - 1]}十"
    return lead + (_DIGITS[ones - 1] if ones else "")


_DIGITS = "一二三四五六七八九"


def annex(paper: Paper) -> Rows:
    """Return the annex of all numbers: id, what it is, value with unit, how it follows or where it comes from."""
    heads = [_("Id"), _c("report", "Number"), _("Value"), _("Unit"), _("How it follows, or its source")]
    cells = [
        [one.id, one.label, paper.printed(one.id), one.unit, expressed(one.how, one.source)]
        for one in paper.ledger.numbers.values()
    ]
    return Rows(_("Annex 1: numbers of this report"), heads, cells, (4, 9, 3, 3, 8))


def annex_inputs(paper: Paper) -> Rows:
    """Return the annex of the inputs: id, what it is, value as stated, source."""
    heads = [_("Id"), _c("report", "Computed from"), _("Value"), _("Source")]
    cells = [
        [one.id, one.label, unknown(paper.language) if one.value is None else one.value, one.source]
        for one in paper.ledger.inputs.values()
    ]
    return Rows(_("Annex 2: what they were computed from"), heads, cells, (4, 9, 4, 8))


def expressed(how: Expression | None, source: str) -> str:
    """Return how a number follows from others, or, where it does not, its source."""
    if how is None:
        return source
    said = [value if isinstance(value, str) else ", ".join(_short(value)) for value in how.values()]
    return f"{said[0]}({'; '.join(said[1:])})"


def _short(ids: Sequence[str]) -> list[str]:
    """Return a list of ids, its middle left out where it is long: the bundle has them all."""
    return list(ids) if len(ids) <= 3 else [ids[0], "…", ids[-1]]
