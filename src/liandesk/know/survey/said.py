"""Answers become facts. What is declined says nothing of the value: what was known before stays. What the form showed
and the answer leaves empty, or says is not known, is unknown from then on. How it was answered is kept beside it.

A record of a critical input says an enterprise's need of an item, and one supplier of it. An answer about the need
goes on every record of it, so that they do not contradict each other; an answer about the suppliers goes on one record
a supplier, and the records of those that are not named any more say that these ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liandesk.base.facts.actions import Said
from liandesk.base.facts.schema import UNKNOWN
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


def facts_of(need: Need, answers: Sequence[Answer], earlier: Mapping[int, Any]) -> list[Said]:
    """Return the facts of the answers about one need; ``earlier`` is what this form said before, by question."""
    said: list[Said] = []
    for answer in answers:
        said += _kept(need, answer)
        if answer.kind == Answer.Kind.DECLINED:
            continue
        shown = [value for value in (answer.asked.known, earlier.get(answer.asked_id)) if value is not None]
        if answer.asked.code == Asked.Code.SUPPLIERS:
            before = [supplier for suppliers in shown for supplier in suppliers]
            said += _forgotten(need, before) if answer.value is None else _suppliers(need, answer.value, before)
        elif answer.value is not None or shown:
            said += _of_need(need, answer)
    return said


def introduced(need: Need, product: str = "", supplier: str = "") -> list[Said]:
    """Return the facts that make a record of a need: who needs what, and for what."""
    record, item = need.record(supplier, product), f"{_PREFIX}:item:{short_hash(key_of(need.item_name))}"
    links = [("organisation", need.owner), ("item", item), *([("used_for", product)] if product else [])]
    return [Said(item, "item", "name", need.item_name), *(Said(record, _KIND, name, text) for name, text in links)]


def suppliers_of(need: Need, suppliers: Iterable[Supplier]) -> list[Said]:
    """Return the facts that name suppliers of a need on records of the survey's own."""
    return [one for supplier in suppliers for one in _named(need, need.products[0], supplier, ())]


def _kept(need: Need, answer: Answer) -> Iterator[Said]:
    """Keep how the question was answered, on the survey's own record of the need."""
    attribute, _unit = _ATTRIBUTES[Asked.Code(answer.asked.code)]
    product = answer.asked.product or need.products[0]
    yield from introduced(need, product)
    yield Said(need.record("", product), _KIND, f"{attribute}.answer", answer.kind)


def _of_need(need: Need, answer: Answer) -> list[Said]:
    """Return what is said of the need itself, on every record of it; of an output on those of its product."""
    attribute, unit = _ATTRIBUTES[Asked.Code(answer.asked.code)]
    product = answer.asked.product
    value: Any = UNKNOWN if answer.value is None else answer.value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    records = [line.record for line in need.lines if not product or line.product == product]
    records.append(need.record("", product or need.products[0]))
    return [Said(record, _KIND, attribute, value, unit) for record in dict.fromkeys(records)]


def _suppliers(need: Need, named: Sequence[Supplier], before: Sequence[Supplier]) -> list[Said]:
    """Return what is said of each supplier; whoever is not named any more ended. ``before``: those the form showed."""
    names = {supplier["name"] for supplier in named}
    said: list[Said] = []
    for supplier in named:
        lines = [line for line in need.lines if line.supplier == supplier["name"]]
        said += [one for line in lines for one in _told(line.record, supplier, before)]
        said += [] if lines else _named(need, need.products[0], supplier, before)
    gone = [line.record for line in need.lines if line.supplier not in names]
    gone += [need.record(one["name"], need.products[0]) for one in before if one["name"] not in names]
    return said + [Said(record, _KIND, "supplier_ended", "yes") for record in dict.fromkeys(gone)]


def _forgotten(need: Need, before: Sequence[Supplier]) -> list[Said]:
    """Return that it is not known any more who supplies: the need stays, those the form showed are not said to end."""
    names = {supplier["name"] for supplier in before}
    records = [line.record for line in need.lines if line.supplier in names]
    records += [need.record(name, need.products[0]) for name in sorted(names)]
    asked = [("supplier", ""), *_BESIDE.values()]
    return [Said(record, _KIND, name, UNKNOWN, unit) for record in dict.fromkeys(records) for name, unit in asked]


def _named(need: Need, product: str, supplier: Supplier, before: Sequence[Supplier]) -> list[Said]:
    record = need.record(supplier["name"], product)
    return [*introduced(need, product, supplier["name"]), *_told(record, supplier, before)]


_BESIDE = {"country": ("supplier_country", ""), "share": ("share", "share")}
"""What is said of a supplier beside its name: the attribute it is kept as, and its unit."""


def _told(record: str, supplier: Supplier, before: Sequence[Supplier]) -> list[Said]:
    """Return what is said of one supplier; a country or a share that the form showed and is left empty is unknown."""
    given = {
        "supplier": supplier["name"],
        "supplier_is_alias": "yes" if supplier["is_alias"] else "no",
        "supplier_ended": "no",
    }
    said = [Said(record, _KIND, name, text) for name, text in given.items()]
    shown = [one for one in before if one["name"] == supplier["name"]]
    for key, (attribute, unit) in _BESIDE.items():
        if _is_said(supplier[key]):
            said.append(Said(record, _KIND, attribute, supplier[key], unit))
        elif any(_is_said(one[key]) for one in shown):
            said.append(Said(record, _KIND, attribute, UNKNOWN, unit))
    return said


def _is_said(value: str | float | None) -> bool:
    return value not in (None, "")  # a share of 0 is said
