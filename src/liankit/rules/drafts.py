"""The numbers of a policy that a draft changes: rates, limits, bounds, quotas, budgets and days, each at its place.

A place is the keys on the way, joined by dots; parts of a list without keys go by their number.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel

from liankit.process.definition import Text
from liankit.rules.benefits import Policy, PolicyClause

AMOUNTS = ("amount_cny", "percent", "most_cny", "at_least")
"""The numbers of a benefit."""
BOUNDS = ("at_least", "more_than", "at_most", "less_than")
"""The numbers of a condition."""
DAYS = ("from", "to")


class Number(NamedTuple):
    """One number (or ISO day) of a policy: where, of what (the title of its part), its name, and what it is today.

    ``part`` is the clause it belongs to, "" for the whole policy. None: there is none, and one can be given.
    """

    place: str
    part: str
    title: Text
    name: str
    value: float | str | None
    unit: str = ""
    quantity: str = ""  # of a bound, what is compared with it


class Change(NamedTuple):
    """What differs between two versions: of which clause ("" for the whole policy), of what, and from what to what.

    ``name`` is that of a number, or "clause" (which came or went: None before, or after), "text", "condition",
    "benefit", "group", "review" or "source", which say that it reads otherwise, without values.
    """

    part: str
    title: Text
    name: str
    before: float | str | None
    after: float | str | None
    unit: str = ""
    quantity: str = ""


def numbers_of(policy: Policy, law: date) -> list[Number]:
    """Return the numbers of a policy as the law of a day, in the order of its text; parameters once, by their name."""
    body = policy.model_dump(mode="json", by_alias=True, exclude_none=True)
    found = [Number(f"period.{day}", "", policy.title, day, body["period"].get(day)) for day in DAYS]
    found.append(_budget("", "", policy.title, body))
    for parameter in policy.parameters:
        value = parameter.on(law)
        told = value.value if value else None
        found.append(Number(f"parameters.{parameter.key}", "", parameter.title, "value", told, parameter.unit))
    for group in body["groups"]:
        if isinstance(group.get("most_cny"), int | float):
            title = Text.model_validate(group["title"])
            found.append(Number(f"groups.{group['key']}.most_cny", "", title, "most_cny", group["most_cny"]))
    return [*found, *(number for clause in body["clauses"] for number in _of_clause(clause))]


def _budget(place: str, part: str, title: Text, body: Mapping[str, Any]) -> Number:
    return Number(f"{place}budget.amount_cny", part, title, "budget", body.get("budget", {}).get("amount_cny"))


def _of_clause(clause: Mapping[str, Any]) -> Iterator[Number]:
    place, key, title = f"clauses.{clause['key']}.", clause["key"], Text.model_validate(clause["title"])
    for group, names in (("when", BOUNDS), ("benefit", AMOUNTS)):
        for where, of, name, value, quantity in _leaves(f"{place}{group}", title, clause[group], names):
            yield Number(where, key, of, name, value, quantity=quantity if name in BOUNDS else "")
    yield Number(f"{place}quota", key, title, "quota", clause.get("quota"))
    yield _budget(place, key, title, clause)
    yield Number(f"{place}town_percent", key, title, "town_percent", clause.get("town_percent", 0))
    for window in ("period", "claims"):
        for day in DAYS:
            yield Number(f"{place}{window}.{day}", key, title, f"{window}_{day}", clause.get(window, {}).get(day))


def _leaves(
    place: str, title: Text, part: Mapping[str, Any], names: tuple[str, ...], quantity: str = ""
) -> Iterator[tuple[str, Text, str, float, str]]:
    """Yield the numbers of a part and those below it; what names a parameter is none of them."""
    title = Text.model_validate(part["title"]) if "title" in part else title
    quantity = part.get("quantity", quantity)
    for name, value in part.items():
        if isinstance(value, list):
            for at, one in enumerate(value):
                if isinstance(one, Mapping):
                    yield from _leaves(f"{place}.{name}.{one.get('key', at)}", title, one, names, quantity)
        elif name in names and isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{place}.{name}", title, name, value, quantity


def with_numbers(policy: Policy, changes: Mapping[str, float | str | None], law: date) -> dict[str, Any]:
    """Return the body of a copy with other numbers at their places, in force from a day; None takes a number away.

    A parameter has its new value from ``law`` on, and the old one until the day before. Raises KeyError for a place
    that the policy has not.
    """
    body = copy.deepcopy(policy.model_dump(mode="json", by_alias=True, exclude_none=True))
    for place, value in changes.items():
        *way, name = place.split(".")
        if way == ["parameters"]:
            _replace(_step(body["parameters"], name), value, law)
        else:
            _set(body, way, name, value)
    return body


def _set(body: dict[str, Any], way: list[str], name: str, value: float | str | None) -> None:
    part: Any = body
    for step in way[:-1] if way and way[-1] == "budget" else way:
        part = _step(part, step)
    if way and way[-1] == "budget":
        if value is None:
            part.pop("budget", None)
        else:
            part.setdefault("budget", {"when_short": "proportional"})["amount_cny"] = value
    elif value is None:
        part.pop(name, None)
    else:
        part[name] = value


def _step(part: Any, step: str) -> Any:
    """Return a part by its key, or its number in a list without keys; of a mapping, a new one where there is none."""
    if isinstance(part, list):
        keyed = {one["key"]: one for one in part if "key" in one}
        return keyed[step] if keyed else part[int(step)]
    return part.setdefault(step, {})


def _replace(parameter: dict[str, Any], value: float | str | None, law: date) -> None:
    """End the values of a parameter before a day, and give another one from it on."""
    before = (law - timedelta(days=1)).isoformat()
    kept = [one for one in parameter["values"] if one.get("from", "") <= before]
    ended = [{**one, "to": min(one.get("to", before), before)} for one in kept]
    given = [] if value is None else [{"value": value, "from": law.isoformat()}]
    parameter["values"] = [*ended, *given]


def changes(before: Policy, on: date, after: Policy, law: date) -> list[Change]:
    """Return what differs between a version as the law of one day and another as that of another day."""
    old, new = ({clause.key: clause for clause in one.clauses} for one in (before, after))
    came = [Change(key, one.title, "clause", None, "") for key, one in new.items() if key not in old]
    went = [Change(key, one.title, "clause", "", None) for key, one in old.items() if key not in new]
    both = old.keys() & new.keys()
    words = [
        Change(key, new[key].title, name, None, None)
        for key in new
        if key in both
        for name in _told_otherwise(old[key], new[key])
    ]
    return [*came, *went, *_numbers(before, on, after, law, both), *words]


def _numbers(before: Policy, on: date, after: Policy, law: date, both: Collection[str]) -> Iterator[Change]:
    """Yield the numbers that differ, of the whole policy and of clauses that both have."""
    was, now = ({one.place: one for one in numbers_of(*pair)} for pair in ((before, on), (after, law)))
    for place in [*now, *(place for place in was if place not in now)]:
        one = now.get(place) or was[place]
        old, new = (found[place].value if place in found else None for found in (was, now))
        if (not one.part or one.part in both) and old != new:
            yield Change(one.part, one.title, one.name, old, new, one.unit, one.quantity)


def _told_otherwise(before: PolicyClause, after: PolicyClause) -> Iterator[str]:
    """Yield what of a clause differs beside its numbers."""
    for name in ("text", "group", "review", "source"):
        if getattr(before, name) != getattr(after, name):
            yield name
    for name, part in (("condition", "when"), ("benefit", "benefit")):
        if _without_numbers(getattr(before, part)) != _without_numbers(getattr(after, part)):
            yield name


def _without_numbers(part: BaseModel) -> Any:
    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(one) for name, one in value.items()}
        if isinstance(value, list):
            return [kept(one) for one in value]
        return None if isinstance(value, int | float) and not isinstance(value, bool) else value

    return kept(part.model_dump(mode="json", by_alias=True))
