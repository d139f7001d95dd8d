"""Read schemes and vocabularies and say everything that is wrong: file, key, what, and the nearest valid name."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from liankit.process.check import DefinitionError, Fault, doubled, faults_of, unknown
from liankit.process.definition import Part
from liankit.rules.example_facts import FactError, rows_of
from liankit.rules.scheme import (
    Band,
    Bound,
    Clause,
    Compare,
    Item,
    LeastOf,
    Scheme,
    Score,
    nodes_of,
)
from liankit.rules.vocabulary import Vocabulary
from liankit.rules.vocabulary_check import check_vocabulary, kinds_of, units_of

_Built = TypeVar("_Built", bound=Part)
_FORMS = ("AllOf", "AnyOf", "LeastOf", "Compare", "Score")
_WAYS = ("at_least", "more_than", "at_most", "less_than")
_JOINED: Mapping[str, Any] = {"key": "joined", "title": {"zh": "全部指标", "en": "All quantities"}}


class _Dated(Protocol):
    @property
    def start(self) -> date | None: ...

    @property
    def until(self) -> date | None: ...


def build_vocabulary(*bodies: Any, file: str = "quantities") -> Vocabulary:
    """Return the vocabularies of parsed bodies joined into one; raise DefinitionError with every mistake.

    ``file`` is only named in messages; the place of a mistake begins with the key of its vocabulary.
    """
    families: list[Vocabulary] = []
    faults: list[Fault] = []
    for body in bodies:
        built, found = _built(body, Vocabulary)
        prefix = str(body.get("key", "")) if isinstance(body, Mapping) else ""
        faults += [Fault(f"{prefix}.{one.where}", one.what) for one in found]
        families += [built] if built else []
    faults += check_vocabulary(families)
    if faults:
        raise DefinitionError(file, faults)
    inputs = tuple(one for family in families for one in family.inputs)
    quantities = tuple(one for family in families for one in family.quantities)
    return Vocabulary.model_validate({**_JOINED, "inputs": inputs, "quantities": quantities})


def build_scheme(body: Any, file: str, vocabulary: Vocabulary) -> Scheme:
    """Return the scheme of a parsed body; raise DefinitionError with every mistake.

    ``file`` is only named in messages. Every quantity has to be one of the vocabulary, of a kind and unit that fit.
    """
    scheme, faults = _built(body, Scheme)
    if scheme is not None:
        faults += [
            *_doubled(scheme),
            *_dates(scheme),
            *_parameters(scheme),
            *_clauses(scheme, vocabulary),
            *_examples(scheme, vocabulary),
        ]
    if faults or scheme is None:
        raise DefinitionError(file, faults)
    return scheme


def _built(body: Any, whole: type[_Built]) -> tuple[_Built | None, list[Fault]]:
    """Build a body; where only keys too many or texts too few stand in the way, build what is left of it, too."""
    try:
        return whole.model_validate(body), []
    except ValidationError as error:
        errors: list[Any] = error.errors()
    faults = faults_of([{**one, "loc": _named(body, one["loc"])} for one in errors], whole)
    try:
        return whole.model_validate(_mended(body, errors)), faults
    except (ValidationError, KeyError, IndexError, TypeError, ValueError):
        return None, faults


def _named(body: Any, path: Sequence[str | int]) -> list[str | int]:
    """Return the path of a mistake with the keys of parts in place of their numbers, without the names of forms."""
    named: list[str | int] = []
    for step in path:
        if step in _FORMS:
            continue
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            body = None
        named.append((_name_of(body) if isinstance(step, int) else "") or step)
    return named


def _name_of(body: Any) -> str:
    """Return the key of a part, or the name of an example; empty where it has none."""
    name = (body.get("key") or body.get("name")) if isinstance(body, Mapping) else None
    return str(name.get("en", "") if isinstance(name, Mapping) else name or "")


def _mended(body: Any, errors: Iterable[Any]) -> Any:
    """Return a body without the keys that nobody reads and with a mark for a missing text, to look at the rest."""
    mended = copy.deepcopy(body)
    for error in errors:
        *way, last = (step for step in error["loc"] if step not in _FORMS)
        place = mended
        for step in way:
            place = place[step]
        if error["type"] == "extra_forbidden":
            del place[last]
        elif error["type"] == "missing" and last in ("zh", "en"):
            place[last] = "?"
    return mended


def _doubled(scheme: Scheme) -> Iterator[Fault]:
    groups: dict[str, Iterable[str]] = {
        "parameters": (one.key for one in scheme.parameters),
        "clauses": (one.key for one in nodes_of(scheme)),
        "examples": (one.name.en for one in scheme.examples),
    }
    return doubled(groups)


def _dates(scheme: Scheme) -> Iterator[Fault]:
    """Days stand in order: of each kind of application none twice, of a parameter none twice and none left out."""
    for application in ("new", "recheck"):
        spans = [one for one in scheme.applies if one.application == application]
        yield from _spans(f"applies.{application}", spans)
    for parameter in scheme.parameters:
        place = f"parameters.{parameter.key}"
        yield from _spans(place, parameter.values)
        for before, after in pairwise(sorted(parameter.values, key=_start)):
            if before.until and after.start and before.until + timedelta(days=1) < after.start:
                yield Fault(place, f"it has no value between {before.until} and {after.start}. Let one end later.")


def _spans(where: str, spans: Sequence[_Dated]) -> Iterator[Fault]:
    for one in spans:
        if one.start and one.until and one.until < one.start:
            yield Fault(where, f"it ends on {one.until}, before it begins on {one.start}. Mend one of them.")
    for before, after in pairwise(sorted(spans, key=_start)):
        if before.until is None or after.start is None or after.start <= before.until:
            said = f"from {_start(after)} on two hold at once. End the one before the other begins."
            yield Fault(where, said if after.start else "two hold from the beginning. Give one of them a first day.")


def _start(span: _Dated) -> date:
    return span.start or date.min


def _parameters(scheme: Scheme) -> Iterator[Fault]:
    """Every parameter that is named is there, and every one that is there is named."""
    keys = [one.key for one in scheme.parameters]
    used: set[str] = set()
    for node in nodes_of(scheme):
        named = [one for one in bounds_of(node) if isinstance(one, str)]
        used.update(named)
        yield from unknown(f"clauses.{node.key}", named, keys, "parameter")
    for key in keys:
        if key not in used:
            yield Fault(f"parameters.{key}", "no clause names this parameter. Name it, or leave it out.")


def bounds_of(node: Clause | Item) -> Iterator[Bound]:
    """Yield the bounds of a clause or item itself: numbers, and keys of parameters."""
    if isinstance(node, Compare):
        yield from (bound for name in _WAYS if (bound := getattr(node, name)) is not None)
    elif isinstance(node, Score):
        yield from (node.at_least, *node.parts_at_least.values())
    elif isinstance(node, Item):
        yield from (band.bound for band in (*node.at_least, *node.at_most))


def _clauses(scheme: Scheme, vocabulary: Vocabulary) -> Iterator[Fault]:
    kinds, units, valid = kinds_of(vocabulary), units_of(vocabulary), list(vocabulary.names)
    codes = {one.key: [code.code for code in one.codes] for one in vocabulary.inputs}
    for node in nodes_of(scheme):
        place = f"clauses.{node.key}"
        if isinstance(node, LeastOf) and node.count > len(node.parts):
            yield Fault(place, f"at least {node.count} of {len(node.parts)} parts never hold. Lower it, or add parts.")
        elif isinstance(node, Score):
            parts = sorted({item.part for item in node.items if item.part})
            yield from unknown(f"{place}.parts_at_least", node.parts_at_least, parts, "part of the score")
        elif isinstance(node, Item):
            yield from _bands(place, node, scheme)
        if isinstance(node, Compare | Item) and node.quantity:
            yield from unknown(f"{place}.quantity", [node.quantity], valid, "quantity or input")
            if node.quantity in kinds:
                yield from _kind(place, node, kinds[node.quantity], codes.get(node.quantity, []))
                yield from _units(place, node, units[node.quantity], scheme)


_INSTEAD = {
    "date": "is a day: compare a quantity with years_since or days_since of it",
    "events": "is a list of events: compare a quantity with count, amount or holds of it",
}


def _kind(place: str, node: Compare | Item, kind: str, codes: list[str]) -> Iterator[Fault]:
    """A flag is compared by ``is``, a category by ``one_of``, a number by a bound."""
    said = _INSTEAD.get(kind)
    is_flag = isinstance(node, Compare) and node.is_ is not None
    is_coded = isinstance(node, Compare) and node.one_of is not None
    if kind == "flag" and not is_flag:
        said = "is yes or no: compare it by `is`"
    elif kind == "category" and not is_coded:
        said = "is a category: compare it by `one_of`"
    elif kind == "number" and (is_flag or is_coded):
        said = "is a number: compare it by at_least, more_than, at_most or less_than"
    if said:
        yield Fault(place, f"'{node.quantity}' {said}.")
    elif isinstance(node, Compare) and node.one_of and codes:
        yield from unknown(f"{place}.one_of", node.one_of, codes, "code")


def _units(place: str, node: Compare | Item, unit: str, scheme: Scheme) -> Iterator[Fault]:
    units = {one.key: one.unit for one in scheme.parameters}
    for bound in bounds_of(node):
        said = units.get(bound, "") if isinstance(bound, str) else ""
        if said and unit and said != unit:
            what = f"the parameter '{bound}' is in {said}, '{node.quantity}' in {unit}. Give both one unit."
            yield Fault(place, what)


def _bands(place: str, item: Item, scheme: Scheme) -> Iterator[Fault]:
    """Of two bands the one that is harder to reach earns more, and they stand in order."""
    values = {one.key: one.values[-1].value for one in scheme.parameters}
    for bands, is_more in ((item.at_least, True), (item.at_most, False)):
        known = [(_number(band, values), band.points) for band in bands]
        bounds = [(bound if is_more else -bound, points) for bound, points in known if bound is not None]
        is_down = all(first > then and most > least for (first, most), (then, least) in pairwise(bounds))
        is_up = all(first < then and least < most for (first, least), (then, most) in pairwise(bounds))
        if not (is_down or is_up):
            yield Fault(place, "the bands are not in order: a bound that is harder to reach earns more. Sort them.")


def _number(band: Band, values: Mapping[str, float]) -> float | None:
    return values.get(band.bound) if isinstance(band.bound, str) else band.bound


def _examples(scheme: Scheme, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What examples name is there, and the facts are of the kind of their input."""
    clauses = [one.key for one in nodes_of(scheme)]
    points = [one.key for one in nodes_of(scheme) if isinstance(one, Score | Item)]
    inputs = {one.key: one for one in vocabulary.inputs}
    names = [one.name.en for one in scheme.examples]
    for example in scheme.examples:
        place = f"examples.{example.name.en}"
        yield from unknown(f"{place}.clauses", example.clauses, clauses, "clause")
        yield from unknown(f"{place}.points", example.points, points, "score or item")
        yield from unknown(f"{place}.facts", example.facts, list(inputs), "input")
        if example.like:
            yield from _alike(place, example.like, [name for name in names if name != example.name.en])
        for key, value in example.facts.items():
            if key in inputs:
                try:
                    rows_of(inputs[key], value)
                except FactError as error:
                    yield Fault(f"{place}.facts.{key}", str(error))


def _alike(place: str, like: str, names: Collection[str]) -> Iterator[Fault]:
    yield from unknown(f"{place}.like", [like], list(names), "other example")
