"""Read schemes and vocabularies and say everything that is wrong with them: file, key, what, the nearest valid name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from liankit.process.check import DefinitionError, Fault, fault_of, unknown
from liankit.process.definition import Text
from liankit.rules.formulas import FormulaError, check_names, parse_formula
from liankit.rules.scheme import Compare, Item, Scheme, nodes_of
from liankit.rules.vocabulary import Vocabulary


def build_vocabulary(*bodies: Any) -> Vocabulary:
    """Return several vocabularies joined into one; raise DefinitionError with every mistake.

    An input's or a quantity's name stands once; a formula names what is there.
    """
    parts = [_part(body) for body in bodies]
    joined = Vocabulary(
        key="joined",
        title=Text(zh="全部", en="all"),
        inputs=tuple(one for part in parts for one in part.inputs),
        quantities=tuple(one for part in parts for one in part.quantities),
    )
    faults = list(_wrong_names(joined))
    if faults:
        raise DefinitionError("quantities", faults)
    return joined


def build_scheme(body: Any, file: str, vocabulary: Vocabulary) -> Scheme:
    """Return the scheme of a parsed body; raise DefinitionError with every mistake. ``file`` is only named."""
    try:
        scheme = Scheme.model_validate(body)
    except ValidationError as error:
        raise DefinitionError(file, [fault_of(one, Scheme) for one in error.errors()]) from None
    names = [one.key for one in (*vocabulary.inputs, *vocabulary.quantities)]
    faults = [
        fault
        for node in nodes_of(scheme)
        if isinstance(node, Compare | Item) and node.quantity
        for fault in unknown(f"{node.key}.quantity", [node.quantity], names, "quantity")
    ]
    if faults:
        raise DefinitionError(file, faults)
    return scheme


def _part(body: Any) -> Vocabulary:
    try:
        return Vocabulary.model_validate(body)
    except ValidationError as error:
        name = body.get("key", "quantities") if isinstance(body, dict) else "quantities"
        raise DefinitionError(
            f"quantities/{name}.yaml", [fault_of(one, Vocabulary) for one in error.errors()]
        ) from None


def _wrong_names(joined: Vocabulary) -> Iterator[Fault]:
    names = [one.key for one in (*joined.inputs, *joined.quantities)]
    for name, count in Counter(names).items():
        if count > 1:
            yield Fault(name, f"the key stands {count} times. Give each its own.")
    for one in joined.quantities:
        try:
            check_names(parse_formula(one.formula), names, one.formula)
        except FormulaError as error:
            yield Fault(one.key, str(error))
