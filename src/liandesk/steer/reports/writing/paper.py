"""What a report says, before it is Word, PDF or Excel: sections of paragraphs, tables and charts over one ledger.

Any text may hold marks of numbers (``ledger.mark``); each writer prints the number and keeps its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
class Chart:
    """Bars of numbers, a group a label: ``series`` gives for each label the id of a number. ``says`` is the finding."""

    title: str
    says: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]
    unit: str
    is_stacked: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading."""

    title: str
    blocks: Sequence[str | Rows | Chart]


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
        return [block for section in self.sections for block in section.blocks if isinstance(block, Chart)]


def unknown(language: Language) -> str:
    """Return how an unknown number is printed."""
    return "未知" if language == "zh" else "unknown"


def numbered(place: int, language: Language) -> str:
    """Return the number of a section, from 1, as official papers write it."""
    return f"{'一二三四五六七八九十'[place - 1]}、" if language == "zh" else f"{place}. "


def annex(paper: Paper) -> Rows:
    """Return the annex of all numbers: id, what it is, value with unit, how it follows or where it comes from."""
    heads = [_("Id"), _c("report", "Number"), _("Value"), _("Unit"), _("How it follows, or its source")]
    cells = [
        [one.id, one.label, paper.printed(one.id), one.unit, expressed(one.how, one.source)]
        for one in paper.ledger.numbers.values()
    ]
    return Rows(_("Annex 1: numbers of this report"), heads, cells, (3, 9, 3, 2, 9))


def annex_inputs(paper: Paper) -> Rows:
    """Return the annex of the inputs: id, what it is, value as stated, source."""
    heads = [_("Id"), _c("report", "Computed from"), _("Value"), _("Source")]
    cells = [
        [one.id, one.label, unknown(paper.language) if one.value is None else one.value, one.source]
        for one in paper.ledger.inputs.values()
    ]
    return Rows(_("Annex 2: what they were computed from"), heads, cells, (3, 9, 4, 9))


def expressed(how: Expression | None, source: str) -> str:
    """Return how a number follows from others, or, where it does not, its source."""
    if how is None:
        return source
    said = [value if isinstance(value, str) else ", ".join(_short(value)) for value in how.values()]
    return f"{said[0]}({'; '.join(said[1:])})"


def _short(ids: Sequence[str]) -> list[str]:
    """Return a list of ids, its middle left out where it is long: the bundle has them all."""
    return list(ids) if len(ids) <= 4 else [*ids[:2], "…", ids[-1]]
