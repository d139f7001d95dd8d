"""How a simulation reads: what a draft changes, in words; sizes; the finding of its chart."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from liandesk.assess.policies.wording import NUMBERS, TOLD_OTHERWISE
from liandesk.assess.rules.queries import schemes
from liandesk.assess.rules.wording import value_said
from liandesk.base.work.wording import said
from liankit.process.definition import Text
from liankit.rules.drafts import Change, Number
from liankit.rules.vocabulary import Vocabulary

_MONEY, _SHARES = ("amount_cny", "most_cny", "budget"), ("percent", "town_percent")


def unit_of(one: Number | Change, words: Vocabulary) -> str:
    """Return the unit of a number of a policy, as the vocabulary has them."""
    if one.name in _MONEY:
        return "CNY"
    if one.name in _SHARES:
        return "percent"
    return named_units(words).get(one.quantity, "") or one.unit


def named_units(words: Vocabulary) -> dict[str, str]:
    """Return the unit of each input and quantity."""
    inputs, quantities = ({one.key: one.unit for one in group} for group in (words.inputs, words.quantities))
    return inputs | quantities


def change_said(one: Change, clauses: dict[str, Text], words: Vocabulary) -> tuple[str, str, str, str]:
    """Return one change in words: of which clause, what, what it was, what it is."""
    of = said(clauses[one.part]) if one.part else _("The policy as a whole")
    if one.name == "clause":
        return of, _("the clause is new") if one.before is None else _("the clause is gone"), "", ""
    if one.name in TOLD_OTHERWISE:
        return of, str(TOLD_OTHERWISE[one.name]), "", ""
    unit = unit_of(one, words)
    title, own = said(one.title), str(NUMBERS[one.name])
    is_of_all = not one.part and one.name in ("from", "to", "budget")
    what = own if title == of or is_of_all else title if one.name == "value" else f"{title} · {own}"
    return of, what, _value(one.before, unit), _value(one.after, unit)


def _value(value: float | str | None, unit: str) -> str:
    if value is None:
        return _("none")
    return value if isinstance(value, str) else value_said(value, unit)


def size_titles() -> dict[str, str]:
    """Return the size classes by their code."""
    return {one.grants: said(one.title) for one in schemes() if one.family == "size"}


def chart_says(towns: Iterable[tuple[str, int, int]]) -> str:
    """Return the finding of the chart in words: the town with most that gain, and with most that lose."""
    rows = list(towns)
    most_gain, most_lose = max(rows, key=lambda row: row[1]), max(rows, key=lambda row: row[2])
    parts = []
    if most_gain[1]:
        parts.append(_("most that gain are in %(town)s (%(count)s)") % {"town": most_gain[0], "count": most_gain[1]})
    if most_lose[2]:
        parts.append(_("most that lose are in %(town)s (%(count)s)") % {"town": most_lose[0], "count": most_lose[2]})
    return "; ".join(parts) or _("Nobody surely gains or loses")
