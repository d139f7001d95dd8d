"""How clauses read: their condition in words and signs, and how an organisation stands under each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isnan

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.clock import today
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liankit.process.definition import Text
from liankit.rules.evaluate import Grades, Judged
from liankit.rules.formulas import inputs_of
from liankit.rules.scheme import (
    AllOf,
    AnyOf,
    Bound,
    Clause,
    Compare,
    Item,
    LeastOf,
    Parameter,
    Scheme,
    Score,
    parts_of,
    sources_of,
)
from liankit.rules.scheme import Source as RuleSource
from liankit.rules.vocabulary import Input, Quantity, Vocabulary

CONFIDENCE = {
    "verified": _c("confidence", "read in a public text"),
    "recalled_high": _c("confidence", "from memory, sure"),
    "recalled_medium": _c("confidence", "from memory, fairly sure"),
    "recalled_low": _c("confidence", "from memory, unsure"),
    "synthetic": _c("confidence", "made up here, no ground for a claim"),
}
FAMILIES = {
    "ladder": _c("family of schemes", "Ladder of enterprises"),
    "size": _c("family of schemes", "Size of enterprises"),
    "listing": _c("family of schemes", "Listing"),
    "talent": _c("family of schemes", "Talent"),
    "brand": _c("family of schemes", "Brands and products"),
    "policy": _c("family of schemes", "Policies"),
}
_UNITS = {
    "percent": "%",
    "count": "",
    "people": _c("unit", "people"),
    "years": _c("unit", "years"),
    "days": _c("unit", "days"),
    "points": _c("unit", "points"),
    "shares": _c("unit", "shares"),
    "mu": _c("unit", "mu"),
    "rank": "",
    "level": "",
}
_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}


def said(text: Text | None) -> str:
    """Return a text of a definition in the reader's language."""
    return getattr(text, language()) if text else ""


def value_said(value: float, unit: str) -> str:
    """Return a number in the unit of an input or a quantity."""
    if unit == "CNY":
        return numbers.money(value, language())
    word = str(_UNITS.get(unit, unit))
    return f"{numbers.plain(value)}{numbers.NO_BREAK}{word}" if word else numbers.plain(value)


def unit_said(unit: str) -> str:
    """Return the unit of an input as it stands beside a field: money in whole yuan."""
    return _("yuan") if unit == "CNY" else str(_UNITS.get(unit, unit))


@dataclass(frozen=True)
class Line:
    """One clause, veto or item of a scheme for a page: the text, and beside it the rule."""

    node: Clause | Item
    depth: int
    title: str
    text: str
    condition: str
    source: RuleSource
    is_veto: bool
    judged: Judged | None = None
    value: str = ""
    threshold: str = ""
    questions: tuple[str, ...] = ()

    @property
    def holds(self) -> bool | None:
        """Whether it holds for the organisation that is looked at; None: unknown, or nobody is looked at."""
        return None if self.judged is None or self.judged.holds[0] < 0 else bool(self.judged.holds[0])

    @property
    def is_item(self) -> bool:
        return isinstance(self.node, Item)


class Words:
    """The words of a vocabulary for the clauses of a scheme on a day."""

    def __init__(self, scheme: Scheme, vocabulary: Vocabulary, on: date | None = None) -> None:
        self.scheme, self.on = scheme, on or today()
        self.parameters: Mapping[str, Parameter] = {one.key: one for one in scheme.parameters}
        self.inputs: Mapping[str, Input] = {one.key: one for one in vocabulary.inputs}
        self.quantities: Mapping[str, Quantity] = {one.key: one for one in vocabulary.quantities}

    @cached_property
    def formulas(self) -> dict[str, str]:
        return {key: one.formula for key, one in self.quantities.items()}

    @cached_property
    def sources(self) -> dict[str, RuleSource]:
        return sources_of(self.scheme)

    def lines(self) -> list[Line]:
        """Return the clauses in order, vetoes last, without an organisation."""
        rows = list(self._walk(self.scheme.clause, 0, False))
        for veto in self.scheme.vetoes:
            rows.extend(self._walk(veto, 0, True))
        return rows

    def graded(self, found: Grades) -> list[Line]:
        """Return the clauses as they stand for the first enterprise of a panel."""
        plain = {id(line.node): line for line in self.lines()}
        return [self._stands(plain[id(one.node)], one) for one in found.clauses if id(one.node) in plain]

    def asks(self, quantity: str) -> list[str]:
        """Return the questions of the inputs that a quantity rests on."""
        return [said(self.inputs[key].ask) for key in sorted(inputs_of(quantity, self.formulas)) if key in self.inputs]

    def title_of(self, quantity: str) -> str:
        """Return the name of a quantity or input."""
        found = self.quantities.get(quantity) or self.inputs.get(quantity)
        return said(found.title) if found else quantity

    def unit_of(self, quantity: str) -> str:
        found = self.quantities.get(quantity) or self.inputs.get(quantity)
        return found.unit if found else ""

    def _walk(self, node: Clause | Item, depth: int, is_veto: bool) -> Iterator[Line]:
        text = "" if isinstance(node, Item) else said(node.text)
        yield Line(node, depth, said(node.title), text, self.condition(node), self.sources[node.key], is_veto)
        for part in parts_of(node):
            yield from self._walk(part, depth + 1, is_veto)

    def condition(self, node: Clause | Item) -> str:
        """Return the condition of one clause, or how an item earns its points."""
        if isinstance(node, Compare):
            return self._compared(node)
        if isinstance(node, AllOf):
            return _("all of these")
        if isinstance(node, AnyOf):
            return _("one of these")
        if isinstance(node, LeastOf):
            return ngettext("at least %(count)s of these", "at least %(count)s of these", node.count) % {
                "count": node.count
            }
        if isinstance(node, Score):
            return _("points ≥ %(bound)s") % {"bound": self._bound(node.at_least, "points")}
        return self._earned(node)

    def _compared(self, node: Compare) -> str:
        name, unit = self.title_of(node.quantity), self.unit_of(node.quantity)
        if node.is_ is not None:
            return f"{name}: {_('yes') if node.is_ else _('no')}"
        if node.one_of is not None:
            return f"{name}: {' / '.join(self._coded(node.quantity, code) for code in node.one_of)}"
        way = next(way for way in _SIGNS if getattr(node, way) is not None)
        return f"{name} {_SIGNS[way]} {self._bound(getattr(node, way), unit)}"

    def _coded(self, quantity: str, code: str) -> str:
        found = self.inputs.get(quantity)
        return next((said(one.title) for one in found.codes if one.code == code), code) if found else code

    def _bound(self, bound: Bound, unit: str) -> str:
        if not isinstance(bound, str):
            return value_said(bound, unit)
        value = self.parameters[bound].on(self.on) if bound in self.parameters else None
        return value_said(value.value, self.parameters[bound].unit or unit) if value else _("nothing on this day")

    def _earned(self, item: Item) -> str:
        if item.per is not None:
            return _("%(name)s: %(points)s points for every %(per)s, at most %(most)s") % {
                "name": self.title_of(item.quantity or ""),
                "points": numbers.plain(item.points or 0),
                "per": value_said(item.per, self.unit_of(item.quantity or "")),
                "most": numbers.plain(item.most or 0),
            }
        if item.first or item.each:
            form = _("the first that holds counts") if item.first else _("all that hold count")
            points = ", ".join(numbers.plain(case.points) for case in (*item.first, *item.each))
            return f"{form}: {points}"
        sign, bands = ("≥", item.at_least) if item.at_least else ("≤", item.at_most)
        unit = self.unit_of(item.quantity or "")
        told = (f"{sign} {self._bound(band.bound, unit)}: {numbers.plain(band.points)}" for band in bands)
        return f"{self.title_of(item.quantity or '')} {'; '.join(told)}"

    def _stands(self, line: Line, judged: Judged) -> Line:
        node = line.node
        unit = self.unit_of(node.quantity) if isinstance(node, Compare) else "points"
        low, high = (float(side[0]) if len(side) else float("nan") for side in (judged.low, judged.high))
        value = "" if isinstance(node, Compare) and (node.is_ is not None) else _span(low, high, unit)
        threshold = "" if isnan(judged.threshold) else value_said(judged.threshold, unit)
        is_open = (judged.holds[0] < 0) if isinstance(node, Compare) else isinstance(node, Item) and low != high
        asks: Sequence[str] = self.asks(node.quantity) if is_open and _speaks(node) else ()  # type: ignore[union-attr, arg-type]
        return Line(
            node, line.depth, line.title, line.text, line.condition, line.source, line.is_veto,
            judged, value, threshold, tuple(asks),
        )  # fmt: skip


def _speaks(node: Clause | Item) -> bool:
    return isinstance(node, Compare | Item) and bool(node.quantity)


def _span(low: float, high: float, unit: str) -> str:
    if isnan(low) or isnan(high):
        return ""
    first, last = value_said(low, unit), value_said(high, unit)
    return first if first == last else f"{first} – {last}"
