"""Answers become facts. What is declined or not known writes no number; that it was said so is kept beside it.

A record of a critical input says an enterprise's need of an item, and one supplier of it. An answer about the need
goes on every record of it, so that they do not contradict each other; an answer about the suppliers goes on one record
a supplier, and the records of those that are not named any more say that these ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from liandesk.base.facts.actions import Said
from liandesk.know.sources.declared import short_hash
from liandesk.know.sources.mentions import key_of
from liandesk.know.survey.known import Line, Supplier
from liandesk.know.survey.models import Answer, Asked

_KIND = "critical_input"
_PREFIX = "survey"
_ATTRIBUTES = {
    Asked.Code.SUPPLIERS: ("supplier", ""),
    Asked.Code.ANOTHER_SOURCE: ("another_source", ""),
    Asked.Code.OUTPUT: ("output_cny", "CNY"),
    Asked.Code.STOCK: ("stock_days", "days"),
    Asked.Code.SWITCH: ("switch_months", "months"),
}
"""Questions, the attribute an answer is kept as, and its unit."""


@dataclass(frozen=True)
class Need:
    """An enterprise's need of an item: its record, its permanent id, the item, and the records that say the need."""

    owner: str
    organisation: str
    item: str
    item_name: str
    lines: tuple[Line, ...] = ()
    product: str = ""

    def record(self, supplier: str = "", product: str = "") -> str:
        """Return the survey's own record of the need, or of one supplier of it."""
        text = "\x1f".join((self.organisation, self.item, product, supplier))
        return f"{_PREFIX}:{_KIND}:{short_hash(text)}"

    @property
    def products(self) -> list[str]:
        """Return what the item is needed for; "" where nobody said it."""
        return list(dict.fromkeys(line.product for line in self.lines)) or [self.product]


def facts_of(need: Need, answers: Sequence[Answer], earlier: Iterable[Supplier] = ()) -> list[Said]:
    """Return the facts of the answers about one need; ``earlier`` are suppliers that this form named before."""
    said: list[Said] = []
    for answer in answers:
        said += _kept(need, answer)
        if answer.value is None:
            continue
        if answer.asked.code == Asked.Code.SUPPLIERS:
            said += _suppliers(need, answer.value, earlier)
        else:
            said += _number(need, answer)
    return said


def introduced(need: Need, product: str = "", supplier: str = "") -> list[Said]:
    """Return the facts that make a record of a need: who needs what, and for what."""
    record, item = need.record(supplier, product), f"{_PREFIX}:item:{short_hash(key_of(need.item_name))}"
    links = [("organisation", need.owner), ("item", item), *([("used_for", product)] if product else [])]
    return [Said(item, "item", "name", need.item_name), *(Said(record, _KIND, name, text) for name, text in links)]


def suppliers_of(need: Need, suppliers: Iterable[Supplier]) -> list[Said]:
    """Return the facts that name suppliers of a need on records of the survey's own."""
    return [one for supplier in suppliers for one in _named(need, need.products[0], supplier)]


def _kept(need: Need, answer: Answer) -> Iterator[Said]:
    """Keep how the question was answered, on the survey's own record of the need."""
    attribute, _unit = _ATTRIBUTES[Asked.Code(answer.asked.code)]
    product = answer.asked.product or need.products[0]
    yield from introduced(need, product)
    yield Said(need.record("", product), _KIND, f"{attribute}.answer", answer.kind)


def _number(need: Need, answer: Answer) -> list[Said]:
    """Return what is said of the need itself, on every record of it; of an output on those of its product."""
    attribute, unit = _ATTRIBUTES[Asked.Code(answer.asked.code)]
    product = answer.asked.product
    value: Any = answer.value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    records = [line.record for line in need.lines if not product or line.product == product]
    records.append(need.record("", product or need.products[0]))
    return [Said(record, _KIND, attribute, value, unit) for record in dict.fromkeys(records)]


def _suppliers(need: Need, named: Sequence[Supplier], earlier: Iterable[Supplier]) -> list[Said]:
    """Return what is said of each supplier; whoever is not named any more ended."""
    names = {supplier["name"] for supplier in named}
    said: list[Said] = []
    for supplier in named:
        lines = [line for line in need.lines if line.supplier == supplier["name"]]
        said += [one for line in lines for one in _told(line.record, supplier)]
        said += [] if lines else _named(need, need.products[0], supplier)
    gone = [line.record for line in need.lines if line.supplier not in names]
    gone += [need.record(one["name"], need.products[0]) for one in earlier if one["name"] not in names]
    return said + [Said(record, _KIND, "supplier_ended", "yes") for record in dict.fromkeys(gone)]


def _named(need: Need, product: str, supplier: Supplier) -> list[Said]:
    record = need.record(supplier["name"], product)
    return [*introduced(need, product, supplier["name"]), *_told(record, supplier)]


def _told(record: str, supplier: Supplier) -> list[Said]:
    given: dict[str, Any] = {
        "supplier": supplier["name"],
        "supplier_is_alias": "yes" if supplier["is_alias"] else "no",
        "supplier_ended": "no",
        "supplier_country": supplier["country"] or None,
    }
    said = [Said(record, _KIND, name, text) for name, text in given.items() if text is not None]
    if supplier["share"] is not None:
        said.append(Said(record, _KIND, "share", supplier["share"], "share"))
    return said
