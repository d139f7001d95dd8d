"""What an example says of an enterprise, as lines of the facts table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from liankit.errors import UserError
from liankit.process.check import hint
from liankit.rules.panel import FACTS, NOTHING
from liankit.rules.scheme import Example, Scheme
from liankit.rules.vocabulary import Input, Vocabulary

_FIELDS = ("date", "until", "number", "code")


class FactError(UserError):
    """A fact of an example that is not of the kind of its input."""


def facts_of(scheme: Scheme, examples: Sequence[Example], vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the facts of examples with ``panel.FACTS``; an example is an enterprise, named by its place.

    Raises FactError where a fact is not of the kind of its input.
    """
    inputs = {one.key: one for one in vocabulary.inputs}
    rows = [
        {"enterprise": str(place), "input": key, **row}
        for place, example in enumerate(examples)
        for key, value in known_of(scheme, example).items()
        for row in rows_of(inputs[key], value)
    ]
    return pl.DataFrame(rows, schema=FACTS)


def known_of(scheme: Scheme, example: Example) -> dict[str, Any]:
    """Return the facts of an example: its own in place of those of the example that it is like."""
    others = {one.name.en: one for one in scheme.examples}
    known, seen = dict(example.facts), {example.name.en}
    while example.like and example.like not in seen:
        seen.add(example.like)
        example = others[example.like]
        known = {**example.facts, **known}
    return known


def rows_of(one: Input, value: Any) -> list[dict[str, Any]]:
    """Return the lines that a fact comes to: date, until, number, text; none for null, which is not known.

    yearly: a mapping of year -> number; standing: a number; flag: yes or no; date: a day; category: a code; events: a
    list of {date, code, number, until}, empty where there are none.
    """
    if value is None:
        return []
    if one.kind == "yearly":
        return list(_yearly(value))
    if one.kind == "events":
        return list(_events(one, value))
    if one.kind == "standing":
        return [_row(number=_number(value))]
    return [_row(text=_text(one, value))]


def _row(**said: Any) -> dict[str, Any]:
    return {"date": None, "until": None, "number": None, "text": None, **said}


def _yearly(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise FactError("it is a number a year. Write it as {2023: 1200, 2022: 1000}.")
    for year, number in value.items():
        if not str(year).isdigit() or not 1900 <= int(year) <= 9998:
            raise FactError(f"'{year}' is no year. Write it as {{2023: 1200}}.")
        if number is not None:
            yield _row(date=date(int(year), 12, 31), number=_number(number))


def _events(one: Input, value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise FactError("it is a list. Write each as {date: 2023-05-01, code: x}, and [] where there are none.")
    if not value:
        yield _row(text=NOTHING)
    for event in value:
        if not isinstance(event, Mapping):
            raise FactError(f"'{event}' is no event. Write it as {{date: 2023-05-01, code: x}}.")
        for key in event:
            if key not in _FIELDS:
                raise FactError(f"an event has no '{key}'.{hint(key, _FIELDS)}")
        number = event.get("number")
        yield {
            "date": _day(event.get("date")),
            "until": _day(event.get("until")),
            "number": None if number is None else _number(number),
            "text": _code(one, event.get("code")),
        }


def _text(one: Input, value: Any) -> str:
    if one.kind == "flag":
        said = ("yes" if value else "no") if isinstance(value, bool) else value
        if said not in ("yes", "no"):
            raise FactError(f"'{value}' is neither yes nor no. Write one of them, or null where it is not known.")
        return str(said)
    if one.kind == "date":
        return str(_day(value))
    return _code(one, value) or ""


def _code(one: Input, value: Any) -> str | None:
    codes = [code.code for code in one.codes]
    if value is not None and not isinstance(value, str):
        raise FactError(f"'{value}' is no code. Write it as text.")
    if value not in (None, NOTHING) and codes and value not in codes:
        raise FactError(f"'{value}' is no code of '{one.key}'.{hint(value, codes)}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactError(f"'{value}' is no number. Write it in digits, and null where it is not known.")
    return float(value)


def _day(value: Any) -> date | None:
    if value is None or (isinstance(value, date)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise FactError(f"'{value}' is no day. Write it as 2024-09-30.") from None
